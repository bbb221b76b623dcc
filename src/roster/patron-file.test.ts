import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseMapping } from './mapping.ts'
import { type FileOptions, type FileRecord, openPatronFile, type PatronFile } from './patron-file.ts'
import type { RosterLine } from './roster-line.ts'

let folder: string
let count = 0
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'patron-file-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function opened(content: string | Buffer, options: Partial<FileOptions> = {}): Promise<PatronFile> {
  const path = join(folder, `${++count}.csv`)
  await writeFile(path, content)
  return openPatronFile(path, { today: '2026-11-22', ...options })
}

async function recordsOf(file: PatronFile): Promise<FileRecord[]> {
  const records: FileRecord[] = []
  for await (const batch of file.records()) records.push(...batch)
  return records
}

async function linesOf(content: string | Buffer, options: Partial<FileOptions> = {}) {
  const file = await opened(content, options)
  return (await recordsOf(file)).map((record) => file.read(record))
}

const HEADER = 'patron_id,given_name,last_used_on'
const rosa = expect.objectContaining({ patronId: '1', givenName: 'Rosa' })
const josé = expect.objectContaining({ patronId: '2', givenName: 'José' })
const text = `${HEADER}\n1,Rosa,2026-07-14\n2,José,\n`

test.each<[string, string | Buffer, Partial<FileOptions>]>([
  ['line feeds', text, {}],
  ['carriage returns and line feeds', text.replaceAll('\n', '\r\n'), {}],
  ['carriage returns', text.replaceAll('\n', '\r'), {}],
  ['no last line end', text.slice(0, -1), {}],
  ['a byte order mark', `\ufeff${text}`, {}],
  ['tabs', text.replaceAll(',', '\t'), {}],
  ['pipes', text.replaceAll(',', '|'), {}],
  ['semicolons', text.replaceAll(',', ';'), {}],
  ['quotes', text.replace(/[^,\n]+/g, '"$&"'), {}],
  ['capitals in the header', text.replace(HEADER, HEADER.toUpperCase()), {}],
  ['gzip', gzipSync(text), {}],
  ['ISO-8859-1', Buffer.from(text, 'latin1'), { encoding: 'iso-8859-1' }],
  [
    'windows-1252 by the mapping',
    Buffer.from(text, 'latin1'),
    {
      mapping: parseMapping(
        'encoding: windows-1252\ncolumns: { patron_id: patron_id, given_name: given_name, last_used_on: last_used_on }',
      ),
    },
  ],
  ['UTF-16 with a mark', Buffer.from(`\ufeff${text}`, 'utf16le'), {}],
  ['UTF-16 declared', Buffer.from(text, 'utf16le'), { encoding: 'utf-16' }],
  ['UTF-16, big end first', Buffer.from(`\ufeff${text}`, 'utf16le').swap16(), {}],
  ['gzip of UTF-16', gzipSync(Buffer.from(`\ufeff${text}`, 'utf16le')), {}],
])('a file with %s is read', async (_, content, options) => {
  expect(await linesOf(content, options)).toEqual([rosa, josé])
})

test('backslash-escaped quotes are read where the file shows them, and where the mapping says so', async () => {
  expect(await linesOf(`${HEADER}\n1,"Rosa \\"Rosie\\" G.",\n`)).toMatchObject([{ givenName: 'Rosa "Rosie" G.' }])
})

test('a file is read again from the start, in batches, and says how far it has come', async () => {
  const file = await opened(
    `${HEADER}\n${Array.from({ length: 30_000 }, (_, i) => `${i + 1},Rosa,2026-07-14\n`).join('')}`,
  )
  for (const _ of [1, 2]) {
    const steps: number[] = []
    const records: FileRecord[] = []
    for await (const batch of file.records({ onBytes: (bytes) => steps.push(bytes) })) {
      expect(batch.length).toBeLessThanOrEqual(2_000)
      records.push(...batch)
    }
    expect(records.map((record) => record.line)).toEqual(Array.from({ length: 30_000 }, (_, i) => i + 2))
    expect(records.every((record) => file.patronIdOf(record) === String(record.line - 1))).toBe(true)
    expect(steps.at(-1)).toBe(file.totalBytes)
  }
})

test('the patron id alone is the one that the whole line has', async () => {
  const rows = [
    '7,A,',
    '"7",A,',
    '" 7 ",A,',
    '"7""8",A,',
    'é7,A,',
    ',A,',
    '"",A,',
    '7\u00078,A,',
    '"7\\",A,',
    '7"8,A,',
    'A 7,A,',
  ]
  for (const header of [HEADER, 'given_name,patron_id,last_used_on']) {
    const moved = header === HEADER ? rows : rows.map((row) => `"x,""y",${row.replace(',A,', ',')}`)
    const file = await opened(`${header}\n${moved.join('\n')}\n`)
    for (const record of await recordsOf(file)) {
      const line = file.read(record)
      expect(file.patronIdOf(record)).toBe('reason' in line ? null : line.patronId)
    }
  }
})

test('a row with a field too many or too few, stray quotes or NUL bytes is a problem with its line; the others are read', async () => {
  expect(await linesOf(`${HEADER}\n1,Rosa\n1,Rosa,,\n1,"Ro"sa,\n1,Ro\0sa,\n\n1,Rosa,\n`)).toEqual([
    { line: 2, reason: 'it has 2 fields where the header has 3' },
    { line: 3, reason: 'it has 4 fields where the header has 3' },
    { line: 4, reason: 'it has a quote in the middle of a field' },
    { line: 5, reason: 'it holds NUL bytes, which no text has' },
    rosa,
  ])
})

test.each([
  ['1,"Rosa,\n2,José,\n3,Ana",\n4,Li,\n', 'lines 2 to 4 were read as one'],
  ['1,"Rosa,\n2,José",\n4,Li,\n', 'lines 2 to 3 were read as one'],
  ['1,"Rosa,\n2,"José",\n4,Li,\n', 'quote in the middle of a field (lines 2 to 3'],
])('rows that a stray quote has swallowed are named: %j', async (rows, reason) => {
  expect(await linesOf(`${HEADER}\n${rows}`)).toMatchObject([
    { line: 2, reason: expect.stringContaining(reason) },
    { patronId: '4' },
  ])
})

test('an address of several lines is one', async () => {
  const header = 'patron_id,given_name,address_line1,city,last_used_on'
  expect(await linesOf(`${header}\n1,Rosa,"12 Main Street,\r\nApt 4, rear",Maple Falls,\n`)).toMatchObject([
    { addressLine1: '12 Main Street, Apt 4, rear' },
  ])
})

const columns = 'columns: { patron_id: ID, last_used_on: SEEN }'
test.each<[string, string, string | Buffer, RegExp, string?]>([
  ['is empty', 'no-header', '', /empty/],
  ['has blank lines only', 'no-header', '\n\n', /empty/],
  ['begins with a patron', 'no-header', '1041,Rosa,rosa@example.org\n', /looks like a patron/],
  ['has no rows', 'no-rows', `${HEADER}\n`, /no patrons/],
  [
    'lacks a column that must be there',
    'missing-columns',
    'patron_id,email\n1,\n',
    /“last_used_on”.*has “patron_id”, “email”/,
  ],
  ['lacks a column of the mapping', 'missing-columns', 'ID,LAST\n1,\n', /“SEEN”.*has “ID”, “LAST”/, columns],
  ['has a column twice', 'missing-columns', 'patron_id,last_used_on,patron_id\n1,,2\n', /twice/],
  ['shows what people borrow', 'circulation-columns', `${HEADER},Item Title\n1,,,Emma\n`, /“Item Title”/],
  ['shows it beside the mapping', 'circulation-columns', 'ID,SEEN,isbn\n1,,\n', /“isbn”/, columns],
  [
    'has bytes that are no UTF-8',
    'wrong-encoding',
    Buffer.from(`${HEADER}\n1,Rosa,\n2,Jos\xe9,\n`, 'latin1'),
    /Line 3/,
  ],
  ['is UTF-16 and does not say so', 'wrong-encoding', Buffer.from(text, 'utf16le'), /utf-16/],
  ['ends inside a row', 'cut-short', `${HEADER}\n1,Rosa,\n2,Jo`, /line 3/],
  ['ends inside quotes', 'cut-short', `${HEADER}\n1,Rosa,\n2,"Jo`, /line 3/],
  ['is half a gzip', 'cut-short', gzipSync(text).subarray(0, 40), /gzip/],
  ['is a damaged gzip', 'unreadable', Buffer.concat([gzipSync(text).subarray(0, -8), Buffer.alloc(8)]), /damaged/],
])('a file that %s is refused: %s', async (_, reason, content, sentence, mapping) => {
  const options = mapping === undefined ? {} : { mapping: parseMapping(mapping) }
  await expect(linesOf(content, options)).rejects.toMatchObject({
    code: 'bad-input',
    reason,
    message: expect.stringMatching(sentence),
  })
})

test('a file that is not there, and an encoding that nobody knows, are refused in words', async () => {
  const missing = openPatronFile(join(folder, 'none.csv'), { today: '2026-11-22' })
  await expect(missing).rejects.toMatchObject({ reason: 'unreadable' })
  await expect(opened(text, { encoding: 'klingon' })).rejects.toMatchObject({ reason: 'wrong-encoding' })
})

test('a headerless file is refused without a word about the person in it', async () => {
  await expect(opened('1041,Rosa,rosa@example.org\n')).rejects.toThrow(
    expect.not.objectContaining({ message: /Rosa|rosa|1041/ }),
  )
})

test('columns that nothing reads are named, and cost nothing', async () => {
  const file = await opened(`${HEADER},salutation,Library news\n1,Rosa,,Ms.,yes\n`)
  expect(file.ignoredColumns).toEqual(['salutation', 'Library news'])
})

test('the reading changes with the mapping, the header and the country, and with nothing else', async () => {
  const mapped = (more: string) => opened('ID,SEEN,B\n1,,x\n', { mapping: parseMapping(`${more}\n${columns}`) })
  const readings = [
    await opened(text),
    await opened(text, { country: 'GB' }),
    await mapped(''),
    await mapped('dates: MM/DD/YYYY'),
  ].map((file) => file.reading)
  expect(new Set(readings).size).toBe(readings.length)
  expect((await opened(`${text}3,Ana,\n`, { today: '2027-01-01' })).reading).toBe(readings[0])
  expect((await opened(text.replaceAll(',', ';'))).reading).toBe(readings[0])
  expect((await mapped('delimiter: comma\nquoting: backslash\nencoding: utf-8')).reading).toBe(readings[2])
})

test('two spellings of one telephone number meet', async () => {
  const lines = await linesOf('patron_id,phone,last_used_on\n1,(614) 555-0101,\n2,+1 614.555.0101,\n')
  expect(new Set(lines.map((line) => (line as RosterLine).phone))).toEqual(new Set(['+16145550101']))
})
