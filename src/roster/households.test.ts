import fc from 'fast-check'
import type pg from 'pg'
import { beforeAll, expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make, type PatronStory } from '../../test/make.ts'
import { recordChoices } from '../consent/record-choice.ts'
import type { Library } from '../patrons/library.ts'

const house = openHouse()
let root: pg.Client
beforeAll(async () => {
  root = await house.connectAsSuperuser()
})

interface Labelled {
  id: string
  no: bigint
  email: string | null
  phone: string | null
  household: bigint
  shared: boolean
}

async function labelsOf(library: Library): Promise<Labelled[]> {
  const { rows } = await root.query(
    `select p.patron_id as id, p.patron_no as no, encode(s.email_hash, 'hex') as email, encode(s.phone_hash, 'hex') as phone,
            s.household, s.address_shared as shared
     from roster.patron p join outreach.standing s using (library_no, patron_no) where library_no = $1 order by 1`,
    [library.libraryNo],
  )
  return rows.map((r) => ({ ...r, no: BigInt(r.no), household: BigInt(r.household) }))
}

/** Ids grouped by household, those who live alone left out. */
async function householdsOf(library: Library): Promise<string[][]> {
  const groups = Map.groupBy(await labelsOf(library), (p) => p.household)
  return [...groups.values()].map((g) => g.map((p) => p.id)).filter((ids) => ids.length > 1)
}

const least = (numbers: bigint[]): bigint => numbers.toSorted((a, b) => Number(a - b))[0]!

/** What a household is, said once more: the smallest number that e-mail, phone, e-mail lead to. */
function oracle(people: Labelled[]): Labelled[] {
  const sharing = (p: Labelled, by: 'email' | 'phone') =>
    p[by] === null ? [p] : people.filter((other) => other[by] === p[by])
  const byEmail = (p: Labelled) => least(sharing(p, 'email').map((m) => m.no))
  const byPhone = (p: Labelled) => {
    const mates = sharing(p, 'phone')
    return least([byEmail(p), ...(mates.length <= 8 ? mates.map(byEmail) : [])])
  }
  return people.map((p) => ({
    ...p,
    household: least(sharing(p, 'email').map(byPhone)),
    shared: sharing(p, 'email').length > 1,
  }))
}

const PHONES = ['', '614-555-0101', '614-555-0102', '614-555-0103']

test('people who share an e-mail, a phone, or a chain of both are one household; others are not', async () => {
  const library = await make.library(house)
  await make.roster(house, library, [
    { id: 'rosa', email: 'delgado@example.org' },
    { id: 'mateo', email: 'Delgado@example.org' },
    { id: 'priya', email: 'priya@example.org', phone: '614-555-0101' },
    { id: 'arun', phone: '(614) 555-0101' },
    { id: 'mei', email: 'lin@example.org' },
    { id: 'wei', email: 'lin@example.org', phone: '614-555-0102' },
    { id: 'jun', email: 'jun@example.org', phone: '614-555-0102' },
    { id: 'bao', email: 'jun@example.org' },
    { id: 'karl', email: 'karl@example.org', phone: '614-555-0103' },
    { id: 'no-address' },
    { id: 'no-address-either' },
  ])
  expect(await householdsOf(library)).toEqual([
    ['arun', 'priya'],
    ['bao', 'jun', 'mei', 'wei'],
    ['mateo', 'rosa'],
  ])
  const shared = (await labelsOf(library)).filter((p) => p.shared).map((p) => p.id)
  expect(shared).toEqual(['bao', 'jun', 'mateo', 'mei', 'rosa', 'wei'])
})

const school = (n: number, phone = '614-555-0199'): PatronStory[] =>
  Array.from({ length: n }, (_, i) => ({ id: `p${i}`, email: `p${i}@example.org`, phone }))

test('a phone on nine cards is a school or a placeholder, and nobody lives together for it', async () => {
  const library = await make.library(house)
  await make.roster(house, library, school(8))
  expect(await householdsOf(library)).toHaveLength(1)
  await make.roster(house, library, school(9))
  expect(await householdsOf(library)).toEqual([])
  await make.roster(house, library, [...school(8), { ...school(9)[8]!, phone: '614-555-0198' }])
  expect((await householdsOf(library)).map((ids) => ids.length)).toEqual([8])
})

test('a few changed lines behind a placeholder phone are no household', async () => {
  const library = await make.library(house)
  const people = school(40)
  await make.roster(house, library, people)
  await make.roster(
    house,
    library,
    people.map((p, i) => (i < 5 ? { ...p, branch: 'hill' } : p)),
  )
  expect(await householdsOf(library)).toEqual([])
})

test('who leaves a household is alone again, and who stays with nobody is not greeted as one of several', async () => {
  const library = await make.library(house)
  const people = ['rosa', 'mateo', 'ines'].map((id): PatronStory => ({ id, email: 'delgado@example.org' }))
  await make.roster(house, library, people)
  await make.roster(house, library, [people[0]!, people[1]!, { id: 'ines', email: 'ines@example.org' }])
  expect(await householdsOf(library)).toEqual([['mateo', 'rosa']])
  await make.roster(house, library, [
    people[0]!,
    { id: 'mateo', email: 'mateo@example.org' },
    { id: 'ines', email: 'ines@example.org' },
  ])
  expect(await householdsOf(library)).toEqual([])
  expect((await labelsOf(library)).filter((p) => p.shared)).toEqual([])
})

async function saidAndDone(library: Library): Promise<unknown> {
  const { rows } = await root.query(
    `select jsonb_build_array(
       (select jsonb_agg(l order by entry_no) from outreach.ledger l where library_no = $1),
       (select jsonb_agg(x order by suppression_no) from outreach.suppression x where library_no = $1),
       (select jsonb_agg(jsonb_build_array(patron_no, agreed_email, agreed_sms, agreed_post, refused_email, refused_sms, refused_post, paused_until) order by patron_no)
        from outreach.standing where library_no = $1 and agreed_email + refused_email + agreed_sms + refused_sms + agreed_post + refused_post <> 0)) as kept`,
    [library.libraryNo],
  )
  return rows[0].kept
}

test('property: after any change of the roster the labels are those of a fresh start, and no choice has moved', async () => {
  const library = await make.library(house)
  const ids = Array.from({ length: 16 }, (_, i) => `p${i}`)
  await make.patrons(
    house,
    library,
    ids.map((id, i) => ({
      id,
      email: `${id}@example.org`,
      consents: i % 3 === 0 ? ['reengagement/email'] : [],
      refused: i % 5 === 0 ? ['events/email'] : [],
    })),
  )
  const stopped = make.choice(await make.number(house, library, 'p3'), 'all/email', 'stop', '2026-06-01T10:00:00Z')
  await recordChoices(house.database.logins, library.libraryNo, [stopped], new Date('2026-06-01T10:00:00Z'))
  const said = await saidAndDone(library)

  const person = fc.record({
    who: fc.integer({ min: 0, max: 15 }),
    email: fc.oneof(
      fc.constant(''),
      fc.integer({ min: 1, max: 7 }).map((n) => `e${n}@example.org`),
    ),
    // One phone lies on eight cards or nine most of the time.
    phone: fc.oneof(
      { weight: 2, arbitrary: fc.constant('614-555-0100') },
      { weight: 2, arbitrary: fc.constantFrom(...PHONES) },
    ),
    status: fc.constantFrom('active', 'closed'),
  })
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(person, { selector: (p) => p.who, minLength: 1, maxLength: 8 }),
      async (changed) => {
        await make.roster(
          house,
          library,
          changed.map(({ who, ...rest }) => ({ id: `p${who}`, ...rest })),
          { delta: true, approvedBy: 'the test' },
        )
        const labels = await labelsOf(library)
        expect(labels).toEqual(oracle(labels))
        expect(await saidAndDone(library)).toEqual(said)
      },
    ),
    { numRuns: 40, endOnFailure: true }, // each run builds on the one before, so a smaller case would be another case
  )
})
