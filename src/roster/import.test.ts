import { utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type pg from 'pg'
import { beforeAll, expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make, monthsAgo, NOW, type PatronStory } from '../../test/make.ts'
import type { Purpose } from '../consent/purposes.ts'
import { whyPatron } from '../consent/why.ts'
import { inLibrary } from '../db/scope.ts'
import { openSession } from '../db/session.ts'
import { keyedHexFor } from '../lib/keyed-hash.ts'
import type { Library } from '../patrons/library.ts'
import { applyStaged } from './apply.ts'
import { type ImportOptions, type ImportResult, importRoster } from './import.ts'
import { openPatronFile } from './patron-file.ts'
import { COLUMNS } from './roster-line.ts'
import { stageFile } from './stage.ts'

const house = openHouse()
let root: pg.Client
beforeAll(async () => {
  root = await house.connectAsSuperuser()
})

let files = 0
/** Writes the text as a patron file of its own and imports it. */
async function importText(
  library: Library,
  text: string | Buffer,
  options: Partial<ImportOptions> = {},
): Promise<ImportResult> {
  const path = join(house.folder, `file-${++files}.csv`)
  writeFileSync(path, text)
  return importRoster(house.database, library, path, { now: NOW, ...options })
}

const HEADER = 'patron_id,given_name,family_name,email,phone,branch,last_used_on'
const row = (
  id: string,
  more: { given?: string; email?: string; phone?: string; branch?: string; used?: string } = {},
) =>
  `${id},${more.given ?? 'Rosa'},Delgado,${more.email ?? `${id}@example.org`},${more.phone ?? ''},${more.branch ?? 'main'},${more.used ?? '2026-07-14'}`
const fileOf = (...rows: string[]) => `${[HEADER, ...rows].join('\n')}\n`
const crowd = (n: number): string[] => Array.from({ length: n }, (_, i) => row(`p${i}`))

/** Every row that an import may write, with the transaction that wrote it. The list of runs is left out. */
async function everything(library: Library): Promise<unknown> {
  const kept: Record<string, unknown> = {}
  for (const table of [
    'roster.patron',
    'roster.identity',
    'outreach.standing',
    'outreach.ledger',
    'outreach.suppression',
  ])
    kept[table] = (
      await root.query(
        `select t.xmin::text as written, to_jsonb(t) as row from ${table} t where library_no = $1 order by to_jsonb(t)::text`,
        [library.libraryNo],
      )
    ).rows
  return kept
}

interface Fact {
  patron_id: string
  patron_no: string
  branch: string
  missing: number
  last_use: number | null
  written: string
}

const factsOf = async (library: Library): Promise<Record<string, Fact>> =>
  Object.fromEntries(
    (
      await root.query<Fact>(
        `select p.patron_id, p.patron_no, s.branch, p.missing, s.last_use, p.xmin::text || ' ' || s.xmin::text as written
         from roster.patron p join outreach.standing s using (library_no, patron_no) where library_no = $1`,
        [library.libraryNo],
      )
    ).rows.map((r) => [r.patron_id, r]),
  )

async function expectNothingChanged(library: Library, act: () => Promise<ImportResult>): Promise<ImportResult> {
  const before = await everything(library)
  const result = await act()
  expect(await everything(library)).toEqual(before)
  return result
}

test('the same file twice changes nothing, not even a row version', async () => {
  const library = await make.library(house)
  const text = fileOf(...crowd(50))
  expect(await importText(library, text)).toMatchObject({
    rows: 50,
    added: 50,
    changed: 0,
    unchanged: 0,
    refused: null,
  })
  const again = await expectNothingChanged(library, () => importText(library, text))
  expect(again).toMatchObject({ rows: 50, added: 0, changed: 0, unchanged: 50, missing: 0, refused: null })
})

test('the same lines in another order, with other line ends or zipped change nothing either', async () => {
  const library = await make.library(house)
  const rows = crowd(50)
  await importText(library, fileOf(...rows))
  const turned = fileOf(...rows.toReversed())
  for (const text of [turned, turned.replaceAll('\n', '\r\n'), gzipSync(turned)])
    expect(await expectNothingChanged(library, () => importText(library, text))).toMatchObject({
      changed: 0,
      unchanged: 50,
      refused: null,
    })
})

test('a line that changed changes that patron alone, who keeps their number', async () => {
  const library = await make.library(house)
  const rows = crowd(50)
  await importText(library, fileOf(...rows))
  const before = await factsOf(library)
  const result = await importText(library, fileOf(...rows.with(7, row('p7', { branch: 'hill' }))))
  expect(result).toMatchObject({ added: 0, changed: 1, unchanged: 49 })
  const after = await factsOf(library)
  expect(Object.keys(after).filter((id) => after[id]!.written !== before[id]!.written)).toEqual(['p7'])
  expect(after.p7).toMatchObject({ branch: 'hill', patron_no: before.p7!.patron_no })
})

test('a roster that shrank by more than a twentieth is held until somebody says it is meant', async () => {
  const library = await make.library(house)
  const rows = crowd(100)
  await importText(library, fileOf(...rows))
  expect((await importText(library, fileOf(...rows.slice(0, 95)), { dryRun: true })).refused).toBeNull()
  const short = fileOf(...rows.slice(0, 94))
  const held = await expectNothingChanged(library, () => importText(library, short))
  expect(held).toMatchObject({ missing: 6, refused: { reason: 'roster-shrank' } })
  const approved = await importText(library, short, { approvedBy: 'Ana' })
  expect(approved).toMatchObject({ missing: 6, refused: null })
  expect(Object.values(await factsOf(library)).filter((p) => p.missing === 1)).toHaveLength(6)
})

test('addresses that vanish from the file are held too', async () => {
  const library = await make.library(house)
  const rows = Array.from({ length: 100 }, (_, i) => row(`p${i}`, { phone: '614-555-0101' }))
  await importText(library, fileOf(...rows))
  const without = (what: object) =>
    fileOf(...rows.map((r, i) => (i < 6 ? row(`p${i}`, { phone: '614-555-0101', ...what }) : r)))
  for (const [what, reason] of [
    [{ email: '' }, 'emails-gone'],
    [{ phone: '' }, 'phones-gone'],
  ] as const) {
    const held = await expectNothingChanged(library, () => importText(library, without(what)))
    expect(held).toMatchObject({ refused: { reason } })
  }
  expect(await importText(library, without({ email: '' }), { approvedBy: 'Ana' })).toMatchObject({
    changed: 6,
    refused: null,
  })
})

test('a delta says nothing about whoever is not in it', async () => {
  const library = await make.library(house)
  await importText(library, fileOf(...crowd(50)))
  const result = await importText(library, fileOf(row('p3', { branch: 'hill' }), row('new')), { delta: true })
  expect(result).toMatchObject({ rows: 2, added: 1, changed: 1, missing: 0, refused: null })
  expect(Object.values(await factsOf(library)).filter((p) => p.missing > 0)).toEqual([])
})

async function whyNot(library: Library, id: string, purpose: Purpose = 'reengagement'): Promise<string[]> {
  const patron = await make.number(house, library, id)
  const why = await inLibrary(house.database.logins, 'circulation', library.libraryNo, (scope) =>
    whyPatron(scope, { library, purpose, channel: 'email', now: NOW }, patron),
  )
  return why!.rules.filter((rule) => !rule.passed).map((rule) => rule.code)
}

test('missing from one full file means nothing yet, from two it withholds, and coming back mends it', async () => {
  const library = await make.library(house)
  const people = Array.from({ length: 20 }, (_, i): PatronStory => ({ id: `p${i}`, email: `p${i}@example.org` }))
  const rosa: PatronStory = { id: 'rosa', email: 'rosa@example.org', consents: ['reengagement/email'] }
  await make.patrons(house, library, [...people, rosa])
  const without = (branch: string) => [{ ...people[0]!, branch }, ...people.slice(1)]
  await make.roster(house, library, without('hill'))
  expect(await whyNot(library, 'rosa')).toEqual([])
  await make.roster(house, library, without('hill')) // the same file is not another file
  expect(await whyNot(library, 'rosa')).toEqual([])
  await make.roster(house, library, without('lake'), { delta: true })
  expect(await whyNot(library, 'rosa')).toEqual([])
  await make.roster(house, library, without('river'))
  expect(await whyNot(library, 'rosa')).toEqual(['LEFT_THE_FILE'])
  await make.roster(house, library, [...without('bay'), rosa])
  expect(await whyNot(library, 'rosa')).toEqual([])
})

test('a file that was applied before the last one, or is older than it, is refused', async () => {
  const library = await make.library(house)
  const [monday, tuesday] = [fileOf(...crowd(20)), fileOf(...crowd(20).with(0, row('p0', { branch: 'hill' })))]
  await importText(library, monday)
  await importText(library, tuesday)
  const replayed = await expectNothingChanged(library, () => importText(library, monday))
  expect(replayed.refused).toMatchObject({ reason: 'replayed-file' })
  const path = join(house.folder, 'old.csv')
  writeFileSync(path, fileOf(...crowd(20).with(0, row('p0', { branch: 'lake' }))))
  utimesSync(path, new Date('2026-01-01'), new Date('2026-01-01'))
  const older = await expectNothingChanged(library, () => importRoster(house.database, library, path, { now: NOW }))
  expect(older.refused).toMatchObject({ reason: 'older-file' })
  expect((await importRoster(house.database, library, path, { now: NOW, approvedBy: 'Ana' })).refused).toBeNull()
})

test('an id on two lines is set aside with both lines, and what we had of that patron stays', async () => {
  const library = await make.library(house)
  await importText(library, fileOf(...crowd(20)))
  const before = await factsOf(library)
  const rows = crowd(20).with(4, row('p4', { branch: 'hill' }))
  const result = await importText(library, fileOf(...rows, row('p4', { branch: 'lake' }), row('p5')))
  expect(result).toMatchObject({ rows: 22, changed: 0, unchanged: 18, missing: 0, refused: null })
  expect(result.quarantined.map((q) => q.line)).toEqual([6, 7, 22, 23])
  expect(result.quarantined[0]!.reason).toBe('its patron_id p4 stands on more than one line')
  expect(await factsOf(library)).toEqual(before)
})

test('a line that stands as it was, and once more with a change or unreadable, is no news of that patron', async () => {
  const library = await make.library(house)
  await importText(library, fileOf(...crowd(20)))
  const before = await factsOf(library)
  const twice = [row('p4', { branch: 'hill' }), row('p5', { used: '2026-02-30' })]
  for (const rows of [
    [...crowd(20), ...twice],
    [...twice, ...crowd(20)],
  ]) {
    const result = await importText(library, fileOf(...rows))
    expect(result).toMatchObject({ rows: 22, added: 0, changed: 0, unchanged: 18, missing: 0, refused: null })
    expect(result.quarantined).toHaveLength(4)
    expect(await factsOf(library)).toEqual(before)
  }
})

test('in a first file neither of two lines with one id is taken, even if one of them cannot be read', async () => {
  const library = await make.library(house)
  const bad = row('p4', { used: '2026-02-30' })
  const result = await importText(library, fileOf(...crowd(20), row('p3'), bad))
  expect(result).toMatchObject({ rows: 22, added: 18, unchanged: 0 })
  expect(result.quarantined.map((q) => q.line)).toEqual([5, 6, 22, 23])
  const again = await importText(library, fileOf(...crowd(20), row('p3'), bad, row('new')))
  expect(again).toMatchObject({ rows: 23, added: 1, unchanged: 18 })
  expect(again.quarantined.map((q) => q.line)).toEqual([5, 6, 22, 23])
  expect(Object.keys(await factsOf(library))).not.toContain('p4')
})

test('lines that cannot be read are set aside with their numbers, and what we had stays', async () => {
  const library = await make.library(house)
  await importText(library, fileOf(...crowd(20)))
  const before = await factsOf(library)
  const rows = crowd(20)
    .with(1, row('p1', { used: '2026-02-30' }))
    .with(2, 'p2,Rosa')
    .with(3, row(''))
  const result = await importText(library, fileOf(...rows))
  expect(result.quarantined.map((q) => q.line)).toEqual([3, 4, 5])
  expect(result.quarantined[0]!.reason).toBe('its last_used_on is no date of the calendar in the format expected')
  expect(result).toMatchObject({ rows: 20, changed: 0, unchanged: 17, missing: 1, refused: null })
  expect(await factsOf(library)).toEqual({
    ...before,
    p3: { ...before.p3!, missing: 1, written: expect.any(String) },
  })
})

test('a file that is mostly unreadable is refused as a whole', async () => {
  const library = await make.library(house)
  await importText(library, fileOf(...crowd(20)))
  const held = await expectNothingChanged(library, () =>
    importText(library, fileOf(...crowd(20).map((r, i) => (i < 5 ? r.replace('2026-07-14', '14/07/2026') : r)))),
  )
  expect(held).toMatchObject({ refused: { reason: 'too-many-problems' } })
})

test.each<[string, string | Buffer, string]>([
  ['shows titles', `${HEADER},title\n${row('p0')},The Hobbit\n`, 'circulation-columns'],
  ['is a gzip that was cut short', gzipSync(fileOf(...crowd(20_000))).subarray(0, 30_000), 'cut-short'],
  ['was cut short in a line', `${HEADER}\n${row('p0')}\np1,Ro`, 'cut-short'],
  ['has another encoding', Buffer.from(fileOf(row('p0', { given: 'José' })), 'latin1'), 'wrong-encoding'],
  ['holds nobody', `${HEADER}\n`, 'no-rows'],
  ['has no column for the last use', 'patron_id,email\np0,p0@example.org\n', 'missing-columns'],
])('a file that %s is refused, and nothing has changed', async (_, content, reason) => {
  const library = await make.library(house)
  await importText(library, fileOf(...crowd(20)))
  const result = await expectNothingChanged(library, () => importText(library, content))
  expect(result).toMatchObject({ refused: { reason } })
  const { rows } = await root.query('select state, refused from roster.run where library_no = $1 and run_no = $2', [
    library.libraryNo,
    result.runId,
  ])
  expect(rows).toEqual([{ state: 'refused', refused: result.refused }])
})

test('the encoding that was named is read', async () => {
  const library = await make.library(house)
  const latin = Buffer.from(fileOf(row('p0', { branch: 'Montréal' })), 'latin1')
  await importText(library, latin, { encoding: 'iso-8859-1' })
  expect((await factsOf(library)).p0).toMatchObject({ branch: 'Montréal' })
})

test('a dry run tells what would happen and changes nothing, on an empty roster and later', async () => {
  const library = await make.library(house)
  const dry = (text: string) => expectNothingChanged(library, () => importText(library, text, { dryRun: true }))
  expect(await dry(fileOf(...crowd(20)))).toMatchObject({ added: 20, refused: null })
  await importText(library, fileOf(...crowd(20)))
  const rows = [...crowd(19).with(0, row('p0', { branch: 'hill' })), row('new')]
  expect(await dry(fileOf(...rows))).toMatchObject({ added: 1, changed: 1, missing: 1, unchanged: 18 })
})

/** Tables in which some column of some row holds one of these texts. */
async function whereItStands(...texts: string[]): Promise<string[]> {
  const tables = await root.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname !~ '^pg_|^information_schema$' order by 1`,
  )
  const found: string[] = []
  for (const { name } of tables.rows) {
    const { rows } = await root.query(
      `select exists (select from ${name} t, unnest($1::text[]) x where position(lower(x) in lower(row_to_json(t)::text)) > 0) as found`,
      [texts],
    )
    if (rows[0].found) found.push(name)
  }
  return found
}

test('of people who agreed to nothing no name and no address is kept anywhere; of who agrees, from the next file on', async () => {
  const library = await make.library(house)
  const secret = [
    'Zebedee',
    'Quillfeather',
    'Zeb',
    'zq.hidden',
    '5550177',
    '77 Hidden Lane',
    'Back Door',
    'Nowhereville',
    'ZZ9 9XX',
    '29998887776',
  ]
  const person = (id: string) =>
    `${id},29998887776,Zebedee,Quillfeather,Zeb,zq.hidden.${id}@example.org,614-555-0177,77 Hidden Lane,Back Door,Nowhereville,OH,ZZ9 9XX,US,en,main,adult,1984-03-05,,2019-01-01,2030-01-01,2026-07-14,active`
  const text = `${[COLUMNS.join(','), person('p1'), person('p2'), `${person('p3')},too much`].join('\n')}\n`
  for (let i = 0; i < 2; i++) {
    await importText(library, text)
    await importText(library, text.replaceAll('adult', `adult${i}`)) // and when a known line changes
    expect(await whereItStands(...secret)).toEqual([])
    expect(await whereItStands('1984-03-05')).toEqual([]) // of the birth date, whether a minor
  }
  await make.says(house, library, 'p1', 'reengagement/email', 'grant', '2026-05-01T10:00:00Z')
  expect(await whereItStands(...secret)).toEqual([])
  const same = await importText(library, text.replaceAll('adult', 'adult1'))
  expect(same).toMatchObject({ changed: 0, unchanged: 2, refused: null })
  expect(await whereItStands(...secret)).toEqual(['roster.identity'])
  const { rows } = await root.query('select * from roster.identity where library_no = $1', [library.libraryNo])
  expect(rows).toMatchObject([
    { given_name: 'Zebedee', email: 'zq.hidden.p1@example.org', phone: '+16145550177', postal_code: 'ZZ9 9XX' },
  ])
  await make.says(house, library, 'p1', 'reengagement/email', 'stop', '2026-06-01T10:00:00Z')
  expect(await whereItStands(...secret)).toEqual([])
})

test('who takes their yes back while a file is being read stays forgotten, and is known again after the next yes', async () => {
  const library = await make.library(house)
  await make.patrons(house, library, [
    { id: 'rosa', given: 'Rosalind', consents: ['events/email'], email: 'rosa@example.org' },
  ])
  const changed: PatronStory[] = [{ id: 'rosa', given: 'Rosalind', email: 'rosa@example.org', branch: 'hill' }]
  const session = await openSession(house.database.server, house.database.keys, library.libraryNo)
  const file = await openPatronFile(make.rosterFile(house, changed), { today: '2026-11-22' })
  const hash = keyedHexFor(house.database.keys.hashing, library.key)
  const staging = {
    session,
    library: library.libraryNo,
    file,
    hash,
    identityOfAll: false,
    erased: new Set<string>(),
    onProgress: () => {},
  }
  const { absence } = await stageFile({ ...staging, fingerprint: (raw) => hash('line', raw) })
  await make.says(house, library, 'rosa', 'events/email', 'stop', '2026-06-01T10:00:00Z')
  await applyStaged(session, library.libraryNo, absence, {
    runId: '0',
    countMissing: true,
    afterBrokenOff: false,
    onProgress: () => {},
  })
  await session.end()
  expect(await whereItStands('Rosalind')).toEqual([])

  await make.says(house, library, 'rosa', 'events/email', 'grant', '2026-07-01T10:00:00Z')
  expect(await whyNot(library, 'rosa', 'events')).toEqual(['ADDRESS_NOT_KNOWN_YET'])
  await make.roster(house, library, changed, { approvedBy: 'the test' })
  const { rows } = await root.query('select given_name from roster.identity where library_no = $1', [library.libraryNo])
  expect(rows).toEqual([{ given_name: 'Rosalind' }])
})

test('a card used again starts the count of unanswered prompts anew; any other change does not', async () => {
  const library = await make.library(house)
  await importText(library, fileOf(row('p0'), row('p1', { used: '' })))
  await root.query('update outreach.standing set prompts_unanswered = 2 where library_no = $1', [library.libraryNo])
  const counts = async () =>
    (
      await root.query<{ n: number }>(
        `select prompts_unanswered as n from outreach.standing s join roster.patron p using (library_no, patron_no)
         where library_no = $1 order by patron_id`,
        [library.libraryNo],
      )
    ).rows.map((r) => r.n)
  await importText(library, fileOf(row('p0', { branch: 'hill' }), row('p1', { used: '', branch: 'hill' })))
  expect(await counts()).toEqual([2, 2])
  await importText(library, fileOf(row('p0', { used: '2026-07-30' }), row('p1', { used: '' })))
  expect(await counts()).toEqual([2, 2]) // of the same month nothing is known but the month
  await importText(library, fileOf(row('p0', { used: '2026-08-01' }), row('p1', { used: '2026-08-01' })))
  expect(await counts()).toEqual([0, 0])
})

test('two imports of one library at once: one is told to come back later; another library is not held up', async () => {
  const [library, other] = [await make.library(house), await make.library(house)]
  const text = fileOf(...crowd(3_000))
  const results = await Promise.allSettled([library, library, other].map((which) => importText(which, text)))
  expect(results.filter((r) => r.status === 'rejected').map((r) => r.reason)).toEqual([
    expect.objectContaining({ code: 'conflict' }),
  ])
  expect(results[2]).toMatchObject({ status: 'fulfilled', value: { added: 3_000 } })
  expect(Object.keys(await factsOf(library))).toHaveLength(3_000)
})

test('a month of last use lies in the window it was meant for', async () => {
  const library = await make.library(house)
  await importText(library, fileOf(row('p0', { used: monthsAgo(4) }), row('p1', { used: '' })))
  expect(await factsOf(library)).toMatchObject({ p0: { last_use: 2026 * 12 + 10 - 4 }, p1: { last_use: null } })
})

test('a first file that was cut short is refused, and the whole one comes in', async () => {
  const library = await make.library(house)
  const text = fileOf(...crowd(30_000))
  const cut = await expectNothingChanged(library, () => importText(library, text.slice(0, -20)))
  expect(cut).toMatchObject({ refused: { reason: 'cut-short' } })
  expect(await importText(library, text)).toMatchObject({ added: 30_000, refused: null })
})
