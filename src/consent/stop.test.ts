import type pg from 'pg'
import { beforeAll, expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make, monthsAgo, NOW } from '../../test/make.ts'
import type { Journal } from '../db/journal.ts'
import { inLibrary } from '../db/scope.ts'
import { monotonicMs } from '../lib/clock.ts'
import { keyedHashFor } from '../lib/keyed-hash.ts'
import type { Library } from '../patrons/library.ts'
import { previewSegment } from '../segments/preview.ts'
import { CONSENT_MASK, type Purpose } from './purposes.ts'
import { recordChoices } from './record-choice.ts'
import { checkStanding, refreshStale } from './standing.ts'
import { type Stop, stop } from './stop.ts'
import { whyPatron } from './why.ts'

const house = openHouse()
let root: pg.Client
beforeAll(async () => {
  root = await house.connectAsSuperuser()
})

/** Mei Lin and her husband Wei share an e-mail; both agreed to notes and to events. */
async function libraryOfMei(): Promise<Library> {
  const library = await make.library(house)
  const both = { email: 'lin@example.org', lastUse: monthsAgo(4) }
  await make.patrons(house, library, [
    { id: 'mei', given: 'Mei', ...both, consents: ['reengagement/email', 'events/email'] },
    { id: 'wei', given: 'Wei', ...both, consents: ['reengagement/email', 'events/email'] },
  ])
  return library
}

const hashOf = (library: Library, email: string): Buffer =>
  keyedHashFor(house.database.keys.hashing, library.key)('email', email)

async function says(library: Library, id: string, said: Partial<Stop> = {}, at = NOW, journal = house.journal) {
  const patron = await make.number(house, library, id)
  const all = { patron, addressHash: null, channel: 'email', purpose: 'all', method: 'link', attestedBy: 'the patron' }
  await stop(house.database.logins, journal, library, { ...all, ...said } as Stop, at)
}

/** Codes of the rules that keep us from writing to this person. */
async function whyNot(library: Library, id: string, purpose: Purpose = 'reengagement'): Promise<string[]> {
  const patron = await make.number(house, library, id)
  const why = await inLibrary(house.database.logins, 'circulation', library.libraryNo, (scope) =>
    whyPatron(scope, { library, purpose, channel: 'email', now: NOW }, patron),
  )
  return why!.rules.filter((rule) => !rule.passed).map((rule) => rule.code)
}

const count = async (library: Library, table: string): Promise<number> =>
  (await root.query(`select count(*)::int as n from ${table} where library_no = $1`, [library.libraryNo])).rows[0].n

const before = (minutes: number) => new Date(NOW.getTime() - minutes * 60_000)

test('a stop from an address covers whoever shares it, and each is told the reason that is theirs', async () => {
  const library = await libraryOfMei()
  await says(library, 'mei', { addressHash: hashOf(library, 'lin@example.org') })
  expect(await whyNot(library, 'mei')).toEqual(['SAID_NO'])
  expect(await whyNot(library, 'wei')).toEqual(['STOPPED'])
  const question = { library, purpose: 'reengagement', channel: 'email', now: NOW } as const
  expect(
    await previewSegment(house.database.logins, question, { lapsed: { minMonths: 3, maxMonths: 6 } }),
  ).toMatchObject({ chosen: 2, sendable: 0, reasons: { SAID_NO: { people: 1 }, STOPPED: { people: 1 } } })
})

test('a stop for one purpose leaves the others', async () => {
  const library = await libraryOfMei()
  await says(library, 'mei', { purpose: 'events', addressHash: hashOf(library, 'lin@example.org') })
  expect(await whyNot(library, 'wei', 'events')).toEqual(['STOPPED'])
  expect(await whyNot(library, 'mei', 'reengagement')).toEqual([])
})

test('a stop outlives the patron file: somebody new at the address is covered too', async () => {
  const library = await libraryOfMei()
  await says(library, 'mei', { addressHash: hashOf(library, 'lin@example.org') })
  await make.patrons(house, library, [
    { id: 'mei', given: 'Mei', email: 'lin@example.org', lastUse: monthsAgo(4) },
    { id: 'wei', given: 'Wei', email: 'lin@example.org', lastUse: monthsAgo(4) },
    { id: 'jun', given: 'Jun', email: ' LIN@Example.org', lastUse: monthsAgo(4), consents: ['reengagement/email'] },
  ])
  // Jun said yes before the stop was made.
  expect(await whyNot(library, 'jun')).toEqual(['STOPPED'])
})

test('a later yes lifts the stop for its own purpose and no other', async () => {
  const library = await libraryOfMei()
  await says(library, 'mei', { addressHash: hashOf(library, 'lin@example.org') }, before(60))
  await make.says(house, library, 'mei', 'reengagement/email', 'grant', before(30))
  await make.roster(house, library, [
    { id: 'mei', given: 'Mei', email: 'lin@example.org', lastUse: monthsAgo(4) },
    { id: 'wei', given: 'Wei', email: 'lin@example.org', lastUse: monthsAgo(4) },
  ])
  expect(await whyNot(library, 'mei', 'reengagement')).toEqual([])
  expect(await whyNot(library, 'mei', 'events')).toEqual(['SAID_NO', 'STOPPED'])
  expect(await whyNot(library, 'wei', 'events')).toEqual(['STOPPED'])
})

test('an older yes that is recorded together with a newer one lifts nothing', async () => {
  const library = await libraryOfMei()
  await says(library, 'mei', { addressHash: hashOf(library, 'lin@example.org') }, before(60))
  const wei = await make.number(house, library, 'wei')
  const batch = [
    make.choice(wei, 'events/email', 'grant', before(90)),
    make.choice(wei, 'reengagement/email', 'grant', before(30)),
  ]
  await recordChoices(house.database.logins, library.libraryNo, batch, NOW)
  expect(await whyNot(library, 'wei', 'reengagement')).toEqual([])
  expect(await whyNot(library, 'wei', 'events')).toEqual(['STOPPED'])
})

test('a yes to every channel answers a stop of the e-mail address as well', async () => {
  const library = await libraryOfMei()
  await says(library, 'mei', { addressHash: hashOf(library, 'lin@example.org') }, before(60))
  await make.says(house, library, 'wei', 'events/all', 'grant', before(30))
  expect(await whyNot(library, 'wei', 'events')).toEqual([])
  expect(await whyNot(library, 'wei', 'reengagement')).toEqual(['STOPPED'])
})

test.each([
  ['made before it', 120],
  ['made at the same instant', 60],
])('a yes %s lifts no stop, whenever it is imported', async (_, minutes) => {
  const library = await libraryOfMei()
  await says(library, 'mei', { addressHash: hashOf(library, 'lin@example.org') }, before(60))
  await make.says(house, library, 'mei', 'reengagement/email', 'grant', before(minutes))
  expect(await whyNot(library, 'mei')).toEqual(['SAID_NO'])
  expect(await whyNot(library, 'wei')).toEqual(['STOPPED'])
})

test('no yes lifts a bounce or what staff put on the do-not-write list', async () => {
  const library = await libraryOfMei()
  for (const reason of ['bounced', 'complained', 'staff'])
    await root.query(
      `insert into outreach.suppression (library_no, channel, address_hash, purposes, reason, since) values ($1, 'email', $2, -1, $3, $4)`,
      [library.libraryNo, hashOf(library, 'lin@example.org'), reason, before(60)],
    )
  await make.says(house, library, 'mei', 'reengagement/email', 'grant', before(30))
  expect(await whyNot(library, 'mei')).toEqual(['BOUNCED', 'COMPLAINED', 'DO_NOT_WRITE'])
})

test('a stop does not wait while bulk work holds the row, and standing catches up afterwards', async () => {
  const library = await libraryOfMei()
  const mei = await make.number(house, library, 'mei')
  const values = [library.libraryNo, mei]
  await root.query('begin')
  await root.query('select from outreach.standing where library_no = $1 and patron_no = $2 for update', values)
  const started = monotonicMs()
  await says(library, 'mei', { addressHash: hashOf(library, 'lin@example.org') })
  expect(monotonicMs() - started).toBeLessThan(300)
  // Whoever sends passes over the patrons in `stale`; the address itself is suppressed already.
  expect(
    (await root.query('select from outreach.stale where library_no = $1 and patron_no = $2', values)).rowCount,
  ).toBe(1)
  expect(await whyNot(library, 'mei')).toEqual(['STOPPED'])
  expect(await refreshStale(house.database.logins, library.libraryNo)).toBe(0)
  await root.query('commit')

  expect(await refreshStale(house.database.logins, library.libraryNo)).toBe(1)
  expect(await count(library, 'outreach.stale')).toBe(0)
  expect(await whyNot(library, 'mei')).toEqual(['SAID_NO'])
  expect(await checkStanding(house.database.logins, library.libraryNo)).toMatchObject({ differing: 0 })
})

test('the journal has the stop before the database has it', async () => {
  const library = await libraryOfMei()
  const ledger = await count(library, 'outreach.ledger')
  const seen: number[] = []
  const watched: Journal = {
    ...house.journal,
    write(entries) {
      house.journal.write(entries)
      seen.push(entries.length)
    },
  }
  const closed = { ...house.database.logins, circulation: null as never }
  const mei = await make.number(house, library, 'mei')
  const said = {
    patron: mei,
    addressHash: hashOf(library, 'lin@example.org'),
    channel: 'email',
    purpose: 'all',
  } as const
  await expect(
    stop(closed, watched, library, { ...said, method: 'link', attestedBy: 'the patron' }, NOW),
  ).rejects.toThrow()
  expect(seen).toEqual([1])
  expect(await count(library, 'outreach.ledger')).toBe(ledger)
  expect(house.journal.since(before(1)).filter((e) => e.library === library.key)).toEqual([
    {
      at: NOW.toISOString(),
      library: library.key,
      patron: mei,
      channel: 'email',
      purposes: CONSENT_MASK,
      addressHash: hashOf(library, 'lin@example.org').toString('hex'),
    },
  ])
})

test('a stop that the journal cannot keep is not answered and not half done', async () => {
  const library = await libraryOfMei()
  const ledger = await count(library, 'outreach.ledger')
  const full: Journal = {
    ...house.journal,
    write() {
      throw new Error('no space left on device')
    },
  }
  await expect(says(library, 'mei', {}, NOW, full)).rejects.toThrow('no space left')
  expect(await count(library, 'outreach.ledger')).toBe(ledger)
})

test('the same stop many times at once is obeyed once and harms nothing', async () => {
  const library = await libraryOfMei()
  await Promise.all(
    Array.from({ length: 10 }, () => says(library, 'mei', { addressHash: hashOf(library, 'lin@example.org') })),
  )
  await refreshStale(house.database.logins, library.libraryNo)
  expect(await whyNot(library, 'mei')).toEqual(['SAID_NO'])
  expect(await count(library, 'outreach.stale')).toBe(0)
  await make.says(house, library, 'mei', 'events/email', 'grant', NOW)
  expect(await whyNot(library, 'mei', 'events')).toEqual(['SAID_NO'])
})
