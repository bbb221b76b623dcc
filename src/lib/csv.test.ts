import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CsvProblem, type CsvRecord, type CsvShape, joinFields, recordSplitter, splitFields } from './csv.ts'

const comma: CsvShape = { delimiter: ',', quoting: 'doubled', lineEnd: 'lf' }
const backslash: CsvShape = { ...comma, quoting: 'backslash' }

function readAll(bytes: Buffer, shape: CsvShape, cuts: number[] = []): CsvRecord[] {
  const splitter = recordSplitter(shape)
  const records: CsvRecord[] = []
  let from = 0
  for (const cut of [...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]) {
    records.push(...splitter.push(bytes.subarray(from, cut)))
    from = cut
  }
  const last = splitter.end()
  return last === null ? records : [...records, last]
}

const rowsOf = (text: string, shape: CsvShape = comma) =>
  readAll(Buffer.from(text), shape).map((record) => splitFields(record.raw.toString(), shape))

const field = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', ',', '"', '\\', '\n', '\r', '\t', '|', ' ', 'é', '语', '😀') }),
  fc.string({ unit: 'grapheme' }),
)
const shapes = fc.record({
  delimiter: fc.constantFrom(',', '\t', '|', ';'),
  quoting: fc.constantFrom('doubled' as const, 'backslash' as const),
  lineEnd: fc.constantFrom('lf' as const, 'cr' as const),
})
const rows = fc.array(fc.array(field, { minLength: 1, maxLength: 5 }), { maxLength: 8 })
const lineEnds = { lf: ['\n', '\r\n'], cr: ['\r', '\r'] }

test('any fields written by us come back equal, in every shape and with any line end', () => {
  fc.assert(
    fc.property(rows, shapes, fc.boolean(), fc.boolean(), (rows, shape, second, endsOpen) => {
      const lineEnd = lineEnds[shape.lineEnd][second ? 1 : 0]!
      const text = rows.map((row) => joinFields(row, shape)).join(lineEnd) + (endsOpen ? '' : lineEnd)
      expect(rowsOf(text, shape)).toEqual(rows)
    }),
    { numRuns: 1_000 },
  )
})

test('any chunking of any bytes gives the same records or the same problem', () => {
  const text = fc.string({ unit: fc.constantFrom('a', ',', '"', '\\', '\n', '\r', 'é'), maxLength: 80 })
  fc.assert(
    fc.property(text, shapes, fc.array(fc.nat(200), { maxLength: 12 }), (text, shape, cuts) => {
      const outcome = (cuts: number[]) => {
        try {
          return readAll(Buffer.from(text), shape, cuts).map(({ line, raw }) => ({ line, raw: raw.toString() }))
        } catch (error) {
          if (error instanceof CsvProblem) return { flaw: error.flaw, line: error.line }
          throw error
        }
      }
      expect(outcome(cuts)).toEqual(outcome([]))
    }),
    { numRuns: 2_000 },
  )
})

/** Whole records and their lines, by a walk from letter to letter. */
function walk(text: string, { delimiter, quoting, lineEnd }: CsvShape): [line: number, raw: string][] {
  const ending = lineEnd === 'cr' ? '\r' : '\n'
  const found: [number, string][] = []
  let [start, startLine, line, quoted] = [0, 1, 1, false]
  for (let i = 0; i < text.length; i++) {
    if (quoted && quoting === 'backslash' && text[i] === '\\') i++
    else if (quoted && text[i] === '"' && text[i + 1] === '"') i++
    else if (text[i] === '"') quoted = !quoted && (i === start || text[i - 1] === delimiter)
    if (text[i] !== ending) continue
    line++
    if (quoted) continue
    const raw = text.slice(start, i)
    if (raw !== '' && raw !== '\r') found.push([startLine, lineEnd === 'lf' ? raw.replace(/\r$/, '') : raw])
    start = i + 1
    startLine = line
  }
  return found
}

test('property: records with and without quotes end where a walk from letter to letter ends them', () => {
  const row = fc.string({ unit: fc.constantFrom('a', 'b', ',', ',', '"', '\\', '\r'), maxLength: 12 })
  fc.assert(
    fc.property(fc.array(row, { maxLength: 12 }), shapes, (rows, shape) => {
      const text = rows.map((row) => `${row}${shape.lineEnd === 'cr' ? '\r' : '\n'}`).join('')
      const records = recordSplitter(shape).push(Buffer.from(text))
      expect(records.map(({ line, raw }) => [line, raw.toString()])).toEqual(walk(text, shape))
    }),
    { numRuns: 2_000 },
  )
})

test('a record is told by the physical line on which it starts', () => {
  const records = readAll(Buffer.from('a,b\r\n\r\n1,"two\r\nlines"\r\n3,4'), comma)
  expect(records.map((record) => record.line)).toEqual([1, 3, 5])
  expect(records.map((record) => record.raw.toString())).toEqual(['a,b', '1,"two\r\nlines"', '3,4'])
})

test('a stray quote inside a field stays in its row, and a quote that text follows makes the row unreadable', () => {
  expect(rowsOf('a,5" pipe,b\nc,d,e\n')).toEqual([
    ['a', '5" pipe', 'b'],
    ['c', 'd', 'e'],
  ])
  expect(rowsOf('a,"Joe "Bud" Smith",b\nc,d,e\n')).toEqual([null, ['c', 'd', 'e']])
})

test('backslash quoting knows an escaped quote, an escaped backslash and an escaped line end', () => {
  expect(rowsOf('"Anna \\"Nan\\" Lee","C:\\\\","two\\\nlines",\\N\nb\n', backslash)).toEqual([
    ['Anna "Nan" Lee', 'C:\\', 'two\nlines', '\\N'],
    ['b'],
  ])
})

test('a quote left open is told with the line of its record', () => {
  expect(() => readAll(Buffer.from('a,b\n1,"two\n3,4\n'), comma)).toThrow(
    expect.objectContaining({ flaw: 'open-quote', line: 2 }),
  )
})

test('a quote that never closes is given up before it fills the memory', () => {
  const splitter = recordSplitter(comma)
  splitter.push(Buffer.from('a,b\n1,"'))
  const push = () => {
    for (let i = 0; i < 100; i++) splitter.push(Buffer.from('row,row\n'.repeat(10_000)))
  }
  expect(push).toThrow(expect.objectContaining({ flaw: 'open-quote', line: 2 }))
})

test('bytes that are no UTF-8 are told with their line', () => {
  expect(() => readAll(Buffer.from('a\nb\nJos\xe9\nd\n', 'latin1'), comma)).toThrow(
    expect.objectContaining({ flaw: 'not-utf8', line: 3 }),
  )
})
