import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dueDateOf } from './due-date.ts'
import { readItivaRecords } from './itiva-lines.ts'
import { readItivaRow } from './itiva-row.ts'

const ROSA = {
  media: 'T',
  language: 'EN',
  type: 'RESERVE',
  phone: '(614) 555-0101',
  site: 'Main',
  title: 'The hobbit',
  id: '42',
}

/** As Koha writes it: quotes around every column, and nothing escaped. */
const koha = (given: Partial<typeof ROSA> = {}): string => {
  const { media, language, type, phone, site, title, id } = { ...ROSA, ...given }
  const cells = [media, language, type, '1', '21234', 'Ms', 'Rosa', 'Delgado', phone, 'rosa@example.org', '']
  return [...cells, 'MPL', site, '39999', '01/12/2026', title, id].map((cell) => `"${cell}"`).join(',')
}

const read = (record: string, voiceAsText = false) => readItivaRow(record, { voiceAsText, from: '+16145550190' })

async function records(text: string | Buffer, size = 7) {
  const bytes = Buffer.from(text as string)
  const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
    bytes.subarray(i * size, (i + 1) * size),
  )
  return Array.fromAsync(
    readItivaRecords(
      (async function* () {
        yield* chunks
      })(),
    ),
  )
}

test('a row becomes a notice without title, barcode or name', () => {
  const row = read(koha())
  expect(row).toEqual({
    kind: 'notice',
    notice: {
      messageId: '42',
      kind: 'hold',
      card: '21234',
      phone: '+16145550101',
      place: 'Main',
      language: 'en',
      due: '01/12/2026',
    },
  })
  expect(JSON.stringify(row)).not.toMatch(/hobbit|39999|Rosa|Delgado/)
})

test('a telephone abroad is refused: such texts cost many times as much, and nobody registered for them', () => {
  expect(read(koha({ phone: '+44 20 7946 0101' }))).toMatchObject({ kind: 'refused', messageId: '42' })
  expect(read(koha({ phone: '+44 20 7946 0101' }))).toHaveProperty('reason', expect.stringContaining('abroad'))
})

test.each(['The "real" story', 'A, B and C', 'Who said "no","yes" and "maybe"?', 'He said ""hi""', '"', '","', ''])(
  'a title that nobody escaped breaks nothing: %s',
  (title) => {
    expect(read(koha({ title }))).toMatchObject({ notice: { messageId: '42', phone: '+16145550101' } })
  },
)

test('a call is refused in words, unless the library says that it goes out as a text', () => {
  expect(read(koha({ media: 'V' }))).toMatchObject({
    kind: 'refused',
    messageId: '42',
    reason: expect.stringContaining('a telephone call'),
  })
  expect(read(koha({ media: 'V' }), true).kind).toBe('notice')
})

test.each([
  [{ media: 'E' }, /notices by email come later/],
  [{ media: 'X' }, /its medium is none/],
  [{ type: 'BIRTHDAY' }, /its type is none/],
  [{ phone: '555-CALL' }, /no number that could be texted/],
])('%o is refused with its reason, and its message_id is kept for the result', (given, reason) => {
  expect(read(koha(given))).toMatchObject({ kind: 'refused', messageId: '42', reason: expect.stringMatching(reason) })
})

test.each([
  ['"T","EN","RESERVE"', /3 of the 17 columns/],
  ['{"a": 1}', /of the 17 columns/],
  [koha({ id: '' }), /no message_id/],
  [koha({ id: '0' }), /no message_id/],
])('%s is refused without a message_id that could be trusted', (record, reason) => {
  expect(read(record)).toMatchObject({ kind: 'refused', messageId: null, reason: expect.stringMatching(reason) })
})

test('records are counted by their first line, whatever stands in a title and however the bytes arrive', async () => {
  const file = `\uFEFF${koha()}\r\n\r\n${koha({ title: 'Two\nor three\n\nlines', id: '43' })}\n${koha({ id: '44' })}`
  for (const size of [1, 7, 10_000])
    expect((await records(file, size)).map(({ line, text }) => [line, read(text)])).toMatchObject([
      [1, { notice: { messageId: '42' } }],
      [3, { notice: { messageId: '43' } }],
      [7, { notice: { messageId: '44' } }],
    ])
})

test('whatever stands in titles, each row keeps its phone and its message_id, and no title comes out', async () => {
  const letters = fc.constantFrom(...'ab "",\'\\é漢\r\n'.split(''))
  const titles = fc.array(fc.array(letters, { maxLength: 30 }), { minLength: 1, maxLength: 8 })
  await fc.assert(
    fc.asyncProperty(titles, fc.integer({ min: 1, max: 40 }), async (all, size) => {
      // A title that itself reads like the end of one row and the beginning of the next cannot be told from two rows.
      const safe = all.map((title) => `Title${title.join('')}`).filter((title) => !/"\s*[\r\n]/.test(title))
      const file = safe.map((title, i) => `${koha({ title, id: `n${i}` })}\n`).join('')
      const rows = (await records(file, size)).map(({ text }) => read(text))
      expect(rows).toMatchObject(safe.map((_, i) => ({ notice: { messageId: `n${i}`, phone: '+16145550101' } })))
      expect(JSON.stringify(rows)).not.toContain('Title')
    }),
    { numRuns: 1_000 },
  )
})

test('a place in Latin-1 is read as it was meant', async () => {
  const [record] = await records(Buffer.from(koha({ site: 'Peñasco' }), 'latin1'))
  expect(read(record!.text)).toMatchObject({ notice: { place: 'Peñasco' } })
})

test('a day is said only when one reading alone lies ahead', () => {
  const today = '2026-11-22'
  expect(dueDateOf('01/12/2026', today)).toBe('2026-12-01')
  expect(dueDateOf('12/01/2026', today)).toBe('2026-12-01')
  expect(dueDateOf('2026-12-01 23:59', today)).toBe('2026-12-01')
  expect(dueDateOf('25/11/2026', today)).toBe('2026-11-25')
  expect(dueDateOf('02/01/2027', '2027-01-01')).toBeNull()
  for (const nonsense of ['', '31/02/2026', '99/99/9999', '12/31/2099', 'soon'])
    expect(dueDateOf(nonsense, today)).toBeNull()
})
