// A file of notices on real PostgreSQL: what goes out, what is refused, and what the library system hears of it.
import { expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make, NOW } from '../../test/make.ts'
import { fixUpsOf } from '../../test/text-traces.ts'
import { makeLine, sendAllTexts, textDouble, texts, textsOf } from '../../test/texts.ts'
import { inLibrary } from '../db/scope.ts'
import type { Line } from '../messages/lines.ts'
import type { Library } from '../patrons/library.ts'
import { importNotices, type NoticeImport } from './import-notices.ts'
import { noticeResults, resultsFile } from './notice-results.ts'
import { forgetLateNotices, parkRestoredNotices } from './queue-notices.ts'

const house = openHouse()
const ROSA = '+16145550101'
const KARL = '+16145550102'
const later = (hours: number) => new Date(NOW.getTime() + hours * 3_600_000)

interface Row {
  id: string
  card?: string
  phone?: string
  type?: string
  media?: string
  language?: string
  site?: string
  title?: string
  due?: string
}
const fileOf = (rows: readonly Row[]): string =>
  rows
    .map(({ id, card = '2rosa', phone = ROSA, type = 'RESERVE', media = 'T', language = 'EN', ...more }) => {
      const { site = 'Main', title = 'A "quoted" title', due = '01/12/2026' } = more
      const cells = [media, language, type, '1', card, 'Ms', 'Rosa', 'Delgado', phone, '', '', 'MPL', site, '39999']
      return `${[...cells, due, title, id].map((cell) => `"${cell}"`).join(',')}\n`
    })
    .join('')

async function aLibrary() {
  const library = await make.library(house)
  return { library, line: await makeLine(house, [library]) }
}

const bring = (library: Library, rows: readonly Row[] | string, more: Partial<NoticeImport> = {}) =>
  importNotices(
    house.database.logins,
    library,
    (async function* () {
      yield Buffer.from(typeof rows === 'string' ? rows : fileOf(rows))
    })(),
    { voiceAsText: false, dryRun: false, askedBy: 'the test', now: NOW, ...more },
  )

const bodies = async (library: Library, phone?: string) =>
  (await textsOf(house, library, phone)).filter(({ kind }) => kind === 'notice').map(({ body }) => body)

const results = async (library: Library, now: Date, sinceHours = -1) =>
  inLibrary(house.database.logins, 'circulation', library.libraryNo, (scope) =>
    noticeResults(scope, { since: later(sinceHours), now }),
  )

test('the first text speaks the language of whoever has the card, though the library system writes in another', async () => {
  const { library } = await aLibrary()
  await make.patrons(house, library, [{ id: 'tomas', phone: ROSA, language: 'es' }])
  await bring(library, [{ id: '1', card: '2tomas' }])
  expect((await textsOf(house, library, ROSA)).map(({ body }) => body)).toEqual([
    expect.stringMatching(/^¡Hola! .*ALTO/),
    expect.stringContaining('ready'),
  ])
})

test('what one person has of one kind at one place is one text, in their language', async () => {
  const { library } = await aLibrary()
  const imported = await bring(library, [
    { id: '1' },
    { id: '2', card: '2karl', phone: KARL, language: 'ES' },
    { id: '3' },
    { id: '4', type: 'PREOVERDUE' },
    { id: '5', type: 'PREOVERDUE' },
    { id: '6', card: '2mei', site: 'Maple Falls Library' },
  ])
  expect(imported).toEqual({ rows: 6, known: 0, texts: 4, items: 6, refused: [] })
  expect(await bodies(library, ROSA)).toEqual([
    'Maple Falls Library: you have 2 items ready at Main. See you soon!',
    'Maple Falls Library: you have 2 items due on December 1, 2026 at Main.',
    'Maple Falls Library: you have 1 item ready. See you soon!',
  ])
  expect(await bodies(library, KARL)).toEqual(['Maple Falls Library: tienes 1 ejemplar listo en Main. ¡Te esperamos!'])
})

test('the same file twice, or a part of it again, sends nothing twice', async () => {
  const { library } = await aLibrary()
  const rows = [{ id: '1' }, { id: '2' }, { id: '3', media: 'V' }]
  await bring(library, rows)
  expect(await bring(library, rows)).toMatchObject({ rows: 3, known: 2, texts: 0, items: 0 })
  expect(await bring(library, [{ id: '2' }, { id: '4' }])).toMatchObject({ known: 1, texts: 1, items: 1 })
  expect(await bodies(library)).toHaveLength(2)
})

test('what was refused is sent when the library says afterwards that calls go out as texts, and once', async () => {
  const { library } = await aLibrary()
  const calls = [
    { id: '1', media: 'V' },
    { id: '2', media: 'V' },
  ]
  expect(await bring(library, calls)).toMatchObject({ texts: 0, refused: [{ line: 1 }, { line: 2 }] })
  expect(await bring(library, calls, { voiceAsText: true, dryRun: true })).toMatchObject({ known: 0, texts: 1 })
  expect(await bring(library, calls, { voiceAsText: true })).toMatchObject({ known: 0, texts: 1, items: 2 })
  expect(await bring(library, calls, { voiceAsText: true })).toMatchObject({ known: 2, texts: 0 })
  expect(await bring(library, calls)).toMatchObject({ known: 0, texts: 0 })
  expect(await bodies(library)).toEqual(['Maple Falls Library: you have 2 items ready at Main. See you soon!'])
  expect(await results(library, NOW)).toEqual([])
})

test('two readings of one file at the same time send everything once', async () => {
  const { library } = await aLibrary()
  const rows = Array.from({ length: 700 }, (_, i) => ({ id: `n${i}`, card: `2${i % 150}` }))
  const both = await Promise.all([bring(library, rows), bring(library, rows)])
  expect(both[0].items + both[1].items).toBe(700)
  const told = (await bodies(library)).map((body) => Number(/have (\d+) items?/.exec(body ?? '')?.[1]))
  expect(told.reduce((sum, items) => sum + items, 0)).toBe(700)
})

test('one message_id on several rows is one notice of several items', async () => {
  const { library } = await aLibrary()
  await bring(library, [{ id: '1' }, { id: '1' }, { id: '1' }])
  expect(await bodies(library)).toEqual(['Maple Falls Library: you have 3 items ready at Main. See you soon!'])
})

test('no title, barcode, name or card number is anywhere in the database afterwards', async () => {
  const { library } = await aLibrary()
  await bring(library, [{ id: '1', title: 'Secrets of the heart', card: '21234567' }])
  const root = await house.connectAsSuperuser()
  for (const table of ['mail.notice', 'mail.text'])
    expect(JSON.stringify((await root.query(`select * from ${table}`)).rows)).not.toMatch(
      /Secrets|39999|Delgado|21234567/,
    )
  const { rows } = await root.query(
    'select phone, person, patron_no, place, due_on from mail.notice where library_no = $1',
    [library.libraryNo],
  )
  expect(rows).toEqual([{ phone: null, person: null, patron_no: null, place: null, due_on: null }])
})

test('a text is linked to the card that it is for', async () => {
  const { library } = await aLibrary()
  await make.patrons(house, library, [{ id: 'rosa' }])
  await bring(library, [{ id: '1', card: '2rosa' }])
  const root = await house.connectAsSuperuser()
  const { rows } = await root.query(`select patron_no from mail.text where library_no = $1 and kind = 'notice'`, [
    library.libraryNo,
  ])
  expect(rows).toEqual([{ patron_no: await make.number(house, library, 'rosa') }])
})

test('rows that cannot be texts are listed by line and reason, and the others leave', async () => {
  const { library } = await aLibrary()
  const imported = await bring(
    library,
    `${fileOf([{ id: '1' }, { id: '2', media: 'V' }])}torn off\n${fileOf([{ id: '4', media: 'E' }])}`,
  )
  expect(imported).toMatchObject({
    rows: 4,
    texts: 1,
    refused: [
      { line: 2, messageId: '2', reason: expect.stringContaining('telephone call') },
      { line: 3, messageId: null, reason: expect.stringContaining('17 columns') },
      { line: 4, messageId: '4', reason: expect.stringContaining('notices by email come later') },
    ],
  })
})

test('a dry run says what would leave, and nothing does', async () => {
  const { library } = await aLibrary()
  await bring(library, [{ id: '1' }])
  const rows = [{ id: '1' }, { id: '2' }, { id: '3' }, { id: '4', type: 'OVERDUE' }]
  expect(await bring(library, rows, { dryRun: true })).toEqual({ rows: 4, known: 1, texts: 2, items: 3, refused: [] })
  expect(await bodies(library)).toHaveLength(1)
})

test('what a reading that was broken off had taken in leaves with the next file, unless it is too old by then', async () => {
  const { library } = await aLibrary()
  const root = await house.connectAsSuperuser()
  for (const [id, hours] of [
    ['old', -2],
    ['too old', -30],
  ] as const)
    await root.query(
      `insert into mail.notice (library_no, message_id, file_no, received_at, kind, person, phone, place)
       values ($1, $2, 0, $3, 'hold', $2, $4, 'Main')`,
      [library.libraryNo, id, later(hours), ROSA],
    )
  expect(await bring(library, [{ id: 'new', card: '2karl', phone: KARL }])).toMatchObject({ texts: 2, items: 2 })
  expect(await bodies(library)).toHaveLength(2)
  expect(await results(library, NOW, -48)).toMatchObject([
    { messageId: 'too old', result: 'FAIL', reason: expect.stringContaining('too old to send') },
  ])
})

test('where no other file comes, a phone in a half-read one is forgotten after a day', async () => {
  const { library } = await aLibrary()
  const root = await house.connectAsSuperuser()
  await root.query(
    `insert into mail.notice (library_no, message_id, file_no, received_at, kind, person, phone, place)
     values ($1, 'left', 0, $2, 'hold', 'x', $3, 'Main')`,
    [library.libraryNo, later(-25), ROSA],
  )
  await forgetLateNotices(house.database.logins, library.libraryNo, later(-2))
  const phones = async () =>
    (await root.query('select phone from mail.notice where library_no = $1', [library.libraryNo])).rows
  expect(await phones()).toEqual([{ phone: ROSA }])
  await forgetLateNotices(house.database.logins, library.libraryNo, NOW)
  expect(await phones()).toEqual([{ phone: null }])
})

test('what a restored backup shows as half taken in is not sent: it may have left since', async () => {
  const { library } = await aLibrary()
  const root = await house.connectAsSuperuser()
  await root.query(
    `insert into mail.notice (library_no, message_id, file_no, received_at, kind, person, phone, place)
     values ($1, 'old', 0, $2, 'hold', 'x', $3, 'Main')`,
    [library.libraryNo, later(-2), ROSA],
  )
  await inLibrary(house.database.logins, 'circulation', library.libraryNo, (scope) => parkRestoredNotices(scope, NOW))
  expect(await bring(library, [{ id: 'old' }])).toMatchObject({ known: 1, texts: 0 })
  expect(await results(library, NOW, -48)).toMatchObject([{ messageId: 'old', result: 'FAIL' }])
})

test('a library without a number hears so before anything is read', async () => {
  const library = await make.library(house)
  await expect(bring(library, [{ id: '1' }])).rejects.toThrow(/no number to text from/)
})

test('the library system hears SUCCESS or FAIL once the provider has had its word, and staff why', async () => {
  const { library, line } = await aLibrary()
  await texts(house, line, '+16145550103', 'STOP', { now: later(-0.5) })
  await bring(library, [
    { id: 'rosa' },
    { id: 'karl', card: '2karl', phone: KARL },
    { id: 'mei', card: '2mei', phone: '+16145550103' },
    { id: 'voice', media: 'V' },
  ])
  expect(await results(library, NOW)).toMatchObject([{ messageId: 'voice', result: 'FAIL' }])
  await send(line)
  expect(await results(library, later(1))).toMatchObject([
    { messageId: 'karl', result: 'FAIL', reason: 'the provider says: landline' },
    { messageId: 'mei', result: 'FAIL', reason: 'they stopped all our texts' },
    { messageId: 'voice' },
  ])
  expect((await fixUpsOf(house, library)).map(({ kind, phone }) => [kind, phone])).toContainEqual(['landline', KARL])
  const aDayOn = await results(library, later(30))
  expect(resultsFile(aDayOn)).toBe('"karl","FAIL"\n"mei","FAIL"\n"rosa","SUCCESS"\n"voice","FAIL"\n')
})

/** Karl’s number is a landline; of Rosa’s the provider never reports a delivery. */
const send = (line: Line) =>
  sendAllTexts(
    house,
    textDouble((text) =>
      text.to === KARL ? { kind: 'refused', permanent: true, code: '30006', said: 'landline' } : null,
    ),
    line,
    NOW,
  )

test('a file that broke off and is brought again at once leaves whole, and once', async () => {
  const { library } = await aLibrary()
  const rows = Array.from({ length: 600 }, (_, i) => ({ id: `n${i}`, card: `2${i}` }))
  const torn = importNotices(
    house.database.logins,
    library,
    (async function* () {
      yield Buffer.from(fileOf(rows))
      throw new Error('the connection broke off')
    })(),
    { voiceAsText: false, dryRun: false, askedBy: 'the test', now: NOW },
  )
  await expect(torn).rejects.toThrow('broke off')
  expect(await bring(library, rows, { now: later(0.1) })).toMatchObject({ known: 0, texts: 600, items: 600 })
  expect(await bodies(library)).toHaveLength(600)
})

test('nobody texts a stranger by a name that holds a telephone and a place', async () => {
  const { library } = await aLibrary()
  const name = 'X","Y","614-555-0199","","","M","Pay at evil.example","3","01/12/2026","t'
  for (const [id, own] of [
    ['1', '614-555-0101'],
    ['2', ''],
  ] as const) {
    const row = fileOf([{ id, phone: own }]).replace('Delgado', name)
    expect((await bring(library, row)).refused).toMatchObject([{ reason: expect.stringContaining('a name in it') }])
  }
  expect(await bodies(library)).toEqual([])
})

test('a row with a byte that no text can hold does not keep the others back', async () => {
  const { library } = await aLibrary()
  expect(
    await bring(library, [
      { id: '1', site: 'Ma\0in' },
      { id: '2', card: '2karl', phone: KARL },
    ]),
  ).toMatchObject({
    texts: 2,
  })
  expect(await bodies(library, ROSA)).toEqual(['Maple Falls Library: you have 1 item ready at Ma in. See you soon!'])
})

test('a record of twenty thousand lines, written by somebody who means harm, is read in a moment', async () => {
  const { library } = await aLibrary()
  const begun = performance.now()
  await bring(library, `"T","EN","RESERVE","1\n${'x"\n'.repeat(21_000)}`.repeat(4) + fileOf([{ id: '1' }]))
  expect(performance.now() - begun).toBeLessThan(2_000)
  expect(await bodies(library)).toHaveLength(1)
})
