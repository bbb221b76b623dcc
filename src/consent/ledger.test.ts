import type pg from 'pg'
import { beforeAll, expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make, NOW, WORDING } from '../../test/make.ts'
import { inLibrary } from '../db/scope.ts'
import type { Library } from '../patrons/library.ts'
import { appendChoices, type Choice, choicesOf, MOST_ENTRIES } from './ledger.ts'
import { recordChoices } from './record-choice.ts'
import { type LedgerProof, verifyLedger } from './verify-ledger.ts'

const house = openHouse()
const AT = '2026-03-01T12:00:00Z'
let root: pg.Client

beforeAll(async () => {
  root = await house.connectAsSuperuser()
  await root.query('set session_replication_role = replica') // no trigger stops this connection
})

const append = (library: Library, choices: Choice[]) =>
  inLibrary(house.database.logins, 'circulation', library.libraryNo, (scope) => appendChoices(scope, choices, NOW))

const verify = (library: Library, options = {}): Promise<LedgerProof> =>
  inLibrary(house.database.logins, 'circulation', library.libraryNo, verifyLedger, options)

const tamper = (statement: string, library: Library, ...values: unknown[]) =>
  root.query(statement, [library.libraryNo, ...values])

/** A library whose ledger has these many yeses of made-up patrons, and a pause as its fourth entry. */
async function libraryWithLedger(entries: number): Promise<Library> {
  const library = await make.library(house)
  const choices = Array.from({ length: entries }, (_, i) =>
    i === 3
      ? make.choice('1004', 'all/all', 'pause', AT, { until: new Date('2027-01-01T00:00:00Z') })
      : make.choice(String(1001 + i), 'reengagement/email', 'grant', AT),
  )
  for (let i = 0; i < entries; i += MOST_ENTRIES) await append(library, choices.slice(i, i + MOST_ENTRIES))
  return library
}

test('an honest ledger proves itself, and so does one with nothing in it', async () => {
  const empty = await make.library(house)
  expect(await verify(empty)).toMatchObject({ entries: 0, head: '0'.repeat(64), ok: true, firstBadEntry: null })
  const library = await libraryWithLedger(7)
  const proof = await verify(library)
  expect(proof).toMatchObject({ entries: 7, ok: true, firstBadEntry: null })
  const { rows } = await root.query('select head from outreach.ledger_head where library_no = $1', [library.libraryNo])
  expect(proof.head).toBe(rows[0].head.toString('hex'))
})

test.each([
  'patron_no = 7',
  `purpose = 'fundraising'`,
  `channel = 'sms'`,
  `decision = 'stop', until = null`,
  `method = 'in person'`,
  `wording_id = 'another'`,
  `decided_at = decided_at + interval '1 millisecond'`,
  `recorded_at = recorded_at - interval '1 day'`,
  `attested_by = 'Mallory'`,
  `until = until + interval '1 day'`,
  `entry_hash = sha256(entry_hash)`,
])('an entry that was changed is found: %s', async (change) => {
  const library = await libraryWithLedger(6)
  await tamper(`update outreach.ledger set ${change} where library_no = $1 and entry_no = 4`, library)
  expect(await verify(library)).toMatchObject({ ok: false, firstBadEntry: 4 })
})

test.each([1, 3, 6])('an entry that was removed is found: entry %i of 6', async (entryNo) => {
  const library = await libraryWithLedger(6)
  await tamper('delete from outreach.ledger where library_no = $1 and entry_no = $2', library, entryNo)
  expect(await verify(library)).toMatchObject({ ok: false, firstBadEntry: entryNo })
})

test('a ledger that was emptied is found, with its head and without', async () => {
  const library = await libraryWithLedger(3)
  await tamper('delete from outreach.ledger_head where library_no = $1', library)
  expect(await verify(library)).toMatchObject({ ok: false })
  const other = await libraryWithLedger(3)
  await tamper('delete from outreach.ledger where library_no = $1', other)
  expect(await verify(other)).toMatchObject({ ok: false, firstBadEntry: 1 })
})

test('an entry that was inserted in the middle is found, the later ones renumbered', async () => {
  const library = await libraryWithLedger(6)
  await tamper('update outreach.ledger set entry_no = -entry_no - 1 where library_no = $1 and entry_no >= 3', library)
  await tamper('update outreach.ledger set entry_no = -entry_no where library_no = $1 and entry_no < 0', library)
  await tamper(
    `insert into outreach.ledger select (jsonb_populate_record(l, '{"entry_no": 3, "patron_no": 99}')).* from outreach.ledger l
     where library_no = $1 and entry_no = 2`,
    library,
  )
  expect(await verify(library)).toMatchObject({ ok: false, firstBadEntry: 3 })
})

test('an entry added at the end is found, even with a hash that fits', async () => {
  const library = await libraryWithLedger(4)
  const before = await tamper('select entries, head from outreach.ledger_head where library_no = $1', library)
  await append(library, [make.choice('99', 'fundraising/email', 'grant', AT)])
  const { entries, head } = before.rows[0]
  await tamper('update outreach.ledger_head set entries = $2, head = $3 where library_no = $1', library, entries, head)
  expect(await verify(library)).toMatchObject({ ok: false, firstBadEntry: 5 })
})

test('words that a person never saw are found: a wording that was changed, or is gone', async () => {
  const library = await libraryWithLedger(2)
  await append(library, [make.choice('7', 'events/email', 'grant', AT, { wording: 'Yes, tell me about events.' })])
  await tamper(
    `update outreach.wording set said = 'Yes, sell my address.' where library_no = $1 and said ~ 'events'`,
    library,
  )
  expect(await verify(library)).toMatchObject({ ok: false, firstBadEntry: 3 })
  await tamper('delete from outreach.wording where library_no = $1', library)
  expect(await verify(library)).toMatchObject({ ok: false, firstBadEntry: 1 })
})

test('a ledger longer than one page of the check is proved to its end', async () => {
  const library = await libraryWithLedger(10_001)
  expect(await verify(library)).toMatchObject({ entries: 10_001, ok: true })
  await tamper('delete from outreach.ledger where library_no = $1 and entry_no = 10001', library)
  expect(await verify(library)).toMatchObject({ ok: false, firstBadEntry: 10_001 })
})

test('choices recorded at the same time from many connections make one chain without a gap', async () => {
  const library = await make.library(house)
  let writing = true
  const writers = Promise.all(
    Array.from({ length: 40 }, (_, i) => {
      const two = [`Words ${i % 5}`, `Words ${(i + 3) % 5}`].map((wording, n) =>
        make.choice(String(i * 10 + n), 'events/email', 'grant', AT, { wording }),
      )
      return recordChoices(house.database.logins, library.libraryNo, two, NOW)
    }),
  ).finally(() => {
    writing = false
  })
  // The proof is asked for while the ledger grows: an honest one must never look forged.
  while (writing) expect(await verify(library)).toMatchObject({ ok: true })
  await writers
  const { rows } = await root.query(
    'select min(entry_no)::int as first, max(entry_no)::int as last, count(*)::int as n from outreach.ledger where library_no = $1',
    [library.libraryNo],
  )
  expect(rows[0]).toEqual({ first: 1, last: 80, n: 80 })
  expect(await verify(library)).toMatchObject({ entries: 80, ok: true })
})

test('a transaction that fails leaves neither an entry nor a gap', async () => {
  const library = await libraryWithLedger(2)
  const broken = inLibrary(house.database.logins, 'circulation', library.libraryNo, async (scope) => {
    await appendChoices(scope, [make.choice('5', 'events/email', 'grant', AT)], NOW)
    throw new Error('the power went')
  })
  await expect(broken).rejects.toThrow('the power went')
  await append(library, [make.choice('6', 'events/email', 'grant', AT)])
  expect(await verify(library)).toMatchObject({ entries: 3, ok: true })
})

test('each library has a chain of its own', async () => {
  const [one, other] = [await libraryWithLedger(5), await libraryWithLedger(5)]
  await tamper(`update outreach.ledger set method = 'forged' where library_no = $1 and entry_no = 1`, one)
  expect(await verify(one)).toMatchObject({ ok: false, firstBadEntry: 1 })
  expect(await verify(other)).toMatchObject({ ok: true })
})

test("a patron's choices are told with the words they saw, oldest first", async () => {
  const library = await libraryWithLedger(1)
  await append(library, [make.choice('1001', 'all/email', 'stop', AT)])
  const told = await inLibrary(house.database.logins, 'circulation', library.libraryNo, (scope) =>
    choicesOf(scope, '1001'),
  )
  expect(told.map((c) => [c.decision, c.said])).toEqual([
    ['grant', WORDING],
    ['stop', null],
  ])
})

test.each<[string, Partial<Choice>]>([
  ['a yes without the words that were seen', { wording: null }],
  ['a yes to blank words', { wording: '  ' }],
  ['a yes to everything at once', { purpose: 'all' }],
  ['a choice about notices, which rest on no consent', { purpose: 'notice' }],
  ['a choice dated in the future', { decidedAt: new Date(NOW.getTime() + 120_000) }],
])('%s is refused, and nothing of its batch is recorded', async (_, wrong) => {
  const library = await libraryWithLedger(1)
  const choices = [make.choice('8', 'events/email', 'grant', AT), make.choice('9', 'events/email', 'grant', AT, wrong)]
  await expect(recordChoices(house.database.logins, library.libraryNo, choices, NOW)).rejects.toMatchObject({
    code: 'bad-input',
  })
  expect(await verify(library)).toMatchObject({ entries: 1, ok: true })
})
