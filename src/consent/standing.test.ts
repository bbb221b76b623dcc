import fc from 'fast-check'
import type pg from 'pg'
import { beforeAll, expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make, monthsAgo, NOW, type Which } from '../../test/make.ts'
import type { Library } from '../patrons/library.ts'
import type { Choice, Decision } from './ledger.ts'
import { MOST_ENTRIES } from './ledger.ts'
import { CHANNELS, type Purpose } from './purposes.ts'
import { recordChoices } from './record-choice.ts'
import { checkStanding, refreshStale } from './standing.ts'

const house = openHouse()
let root: pg.Client
beforeAll(async () => {
  root = await house.connectAsSuperuser()
})

interface Masks {
  agreed: Record<string, number>
  refused: Record<string, number>
  pausedUntil: string | null
}

const columns = `patron_no, ${CHANNELS.flatMap((c) => [`agreed_${c}`, `refused_${c}`]).join(', ')}, paused_until`

async function standingOf(library: Library, patrons: string[]): Promise<Masks[]> {
  const { rows } = await root.query(
    `select ${columns} from outreach.standing where library_no = $1 and patron_no = any($2)`,
    [library.libraryNo, patrons],
  )
  return patrons.map((patron) => {
    const row = rows.find((r) => r.patron_no === patron)
    const masks = (word: string) => Object.fromEntries(CHANNELS.map((c) => [c, Number(row[`${word}_${c}`])]))
    return { agreed: masks('agreed'), refused: masks('refused'), pausedUntil: row.paused_until?.toISOString() ?? null }
  })
}

const BITS = { reengagement: 2, 'new-titles': 3, events: 4, fundraising: 5 } as const

/** What follows from one patron's choices, said once more in plain words. */
function oracle(choices: Choice[]): Masks {
  const decided = choices.filter((c) => c.decision !== 'pause')
  const masks: Masks = { agreed: {}, refused: {}, pausedUntil: null }
  for (const channel of CHANNELS) {
    masks.agreed[channel] = 0
    masks.refused[channel] = 0
    for (const [purpose, bit] of Object.entries(BITS)) {
      const about = decided.filter(
        (c) => (c.purpose === 'all' || c.purpose === purpose) && (c.channel === 'all' || c.channel === channel),
      )
      if (about.length === 0) continue
      const newest = Math.max(...about.map((c) => c.decidedAt.getTime()))
      const last = about.filter((c) => c.decidedAt.getTime() === newest)
      masks[last.every((c) => c.decision === 'grant') ? 'agreed' : 'refused'][channel]! += 2 ** bit
    }
  }
  const lastYes = Math.max(0, ...choices.filter((c) => c.decision === 'grant').map((c) => c.decidedAt.getTime()))
  const pauses = choices.filter((c) => c.decision === 'pause' && c.decidedAt.getTime() >= lastYes)
  // Of somebody who said nothing but "pause" there is nothing that could be paused.
  if (decided.length > 0 && pauses.length > 0)
    masks.pausedUntil = new Date(Math.max(...pauses.map((c) => c.until!.getTime()))).toISOString()
  return masks
}

const oneOf = <T>(...values: T[]) => fc.constantFrom(...values)
const said = fc
  .record({
    who: fc.integer({ min: 0, max: 1 }),
    decision: oneOf<Decision>('grant', 'grant', 'grant', 'deny', 'stop', 'pause'),
    purpose: oneOf<Purpose | 'all'>('reengagement', 'new-titles', 'events', 'fundraising', 'all'),
    channel: oneOf('email', 'sms', 'post', 'all'),
    day: fc.integer({ min: 1, max: 4 }),
    months: fc.integer({ min: 1, max: 3 }),
  })
  .filter((s) => !(s.decision === 'grant' && s.purpose === 'all'))

test('property: whatever people say, in whatever order it is recorded, standing is what they said last', async () => {
  const library = await make.library(house)
  const RUNS = 50
  const ids = Array.from({ length: RUNS * 2 }, (_, i) => `p${i}`)
  await make.roster(
    house,
    library,
    ids.map((id) => ({ id, email: `${id}@example.org` })),
  )
  const { rows } = await root.query('select patron_no from roster.patron where library_no = $1', [library.libraryNo])
  let used = 0
  await fc.assert(
    fc.asyncProperty(
      fc.array(said, { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 1, max: 4 }),
      async (all, size) => {
        if (used + 2 > rows.length) used = 0
        // Shrinking starts over with people who have said nothing yet.
        const patrons: string[] = [rows[used++].patron_no, rows[used++].patron_no]
        await forget(library, patrons)
        const choices = all.map((s) =>
          make.choice(
            patrons[s.who]!,
            `${s.purpose}/${s.channel}` as Which,
            s.decision,
            `2026-05-0${s.day}T12:00:00Z`,
            {
              until: s.decision === 'pause' ? new Date(Date.UTC(2026, 11 + s.months, 1)) : null,
            },
          ),
        )
        for (let i = 0; i < choices.length; i += size)
          await recordChoices(house.database.logins, library.libraryNo, choices.slice(i, i + size), NOW)
        expect(await standingOf(library, patrons)).toEqual(
          patrons.map((patron) => oracle(choices.filter((c) => c.patron === patron))),
        )
      },
    ),
    { numRuns: RUNS },
  )
  expect(await checkStanding(house.database.logins, library.libraryNo)).toMatchObject({ differing: 0 })
})

async function forget(library: Library, patrons: string[]): Promise<void> {
  await root.query('set session_replication_role = replica')
  await root.query('delete from outreach.ledger where library_no = $1 and patron_no = any($2)', [
    library.libraryNo,
    patrons,
  ])
  await root.query('set session_replication_role = origin')
  const nothing = CHANNELS.flatMap((c) => [`agreed_${c} = 0`, `refused_${c} = 0`]).join(', ')
  await root.query(
    `update outreach.standing set ${nothing}, paused_until = null where library_no = $1 and patron_no = any($2)`,
    [library.libraryNo, patrons],
  )
}

test('an old yes that is imported after a stop revives nothing', async () => {
  const library = await make.library(house)
  await make.patrons(house, library, [{ id: 'rosa', email: 'rosa@example.org' }])
  await make.says(house, library, 'rosa', 'all/email', 'stop', '2026-06-01T10:00:00Z')
  await make.says(house, library, 'rosa', 'reengagement/email', 'grant', '2026-05-31T10:00:00Z')
  const [rosa] = await standingOf(library, [await make.number(house, library, 'rosa')])
  expect(rosa).toMatchObject({ agreed: { email: 0 }, refused: { email: 0b111100 } })
})

test('an old yes that is imported after a pause does not end it; a newer yes does', async () => {
  const library = await make.library(house)
  await make.patrons(house, library, [{ id: 'rosa', email: 'rosa@example.org', consents: ['reengagement/email'] }])
  const patron = await make.number(house, library, 'rosa')
  const until = new Date('2027-03-01T00:00:00Z')
  const pause = make.choice(patron, 'all/all', 'pause', '2026-06-01T10:00:00Z', { until })
  await recordChoices(house.database.logins, library.libraryNo, [pause], NOW)
  await make.says(house, library, 'rosa', 'events/email', 'grant', '2026-04-01T10:00:00Z')
  expect(await standingOf(library, [patron])).toMatchObject([{ pausedUntil: until.toISOString() }])
  await make.says(house, library, 'rosa', 'events/email', 'grant', '2026-07-01T10:00:00Z')
  expect(await standingOf(library, [patron])).toMatchObject([{ pausedUntil: null }])
})

async function identityOf(library: Library): Promise<string[]> {
  const { rows } = await root.query(
    `select given_name || coalesce(' ' || email, '') as known from roster.identity where library_no = $1 order by 1`,
    [library.libraryNo],
  )
  return rows.map((r) => r.known)
}

test('an identity is forgotten with the last consent, and learned again only from a file after a new yes', async () => {
  const library = await make.library(house)
  const people = [{ id: 'rosa', email: 'rosa@example.org', lastUse: monthsAgo(4) }]
  await make.patrons(house, library, [{ ...people[0]!, consents: ['reengagement/email', 'events/email'] }])
  expect(await identityOf(library)).toEqual(['Rosa rosa@example.org'])
  await make.says(house, library, 'rosa', 'events/email', 'stop', '2026-10-01T10:00:00Z')
  expect(await identityOf(library)).toEqual(['Rosa rosa@example.org'])
  await make.says(house, library, 'rosa', 'reengagement/email', 'stop', '2026-10-02T10:00:00Z')
  expect(await identityOf(library)).toEqual([])
  await make.roster(house, library, people)
  expect(await identityOf(library)).toEqual([])
  await make.says(house, library, 'rosa', 'reengagement/email', 'grant', '2026-10-03T10:00:00Z')
  expect(await identityOf(library)).toEqual([])
  await make.roster(house, library, people)
  expect(await identityOf(library)).toEqual(['Rosa rosa@example.org'])
})

test('a library that runs its notices here keeps the identity of whoever ends their last consent', async () => {
  const made = await make.library(house)
  await root.query(
    `update house.library set identity_of_all_because = 'our notices go out from here' where library_no = $1`,
    [made.libraryNo],
  )
  const library = await make.again(house, made)
  await make.patrons(house, library, [
    { id: 'rosa', email: 'rosa@example.org', consents: ['events/email'] },
    { id: 'priya', given: 'Priya', email: 'priya@example.org' },
  ])
  await make.says(house, library, 'rosa', 'events/email', 'stop', '2026-10-01T10:00:00Z')
  expect(await identityOf(library)).toEqual(['Priya priya@example.org', 'Rosa rosa@example.org'])
})

test('a standing that was tampered with is found, and what was kept and what follows are told', async () => {
  const library = await make.library(house)
  await make.patrons(house, library, [
    { id: 'rosa', email: 'rosa@example.org', consents: ['reengagement/email'] },
    { id: 'priya', email: 'priya@example.org' },
  ])
  const [rosa, priya] = [await make.number(house, library, 'rosa'), await make.number(house, library, 'priya')]
  expect(await checkStanding(house.database.logins, library.libraryNo)).toEqual({
    patrons: 2,
    differing: 0,
    examples: [],
  })
  await root.query(
    'update outreach.standing set agreed_email = 4, agreed_post = 8 where library_no = $1 and patron_no = $2',
    [library.libraryNo, priya],
  )
  await root.query(
    `update outreach.standing set paused_until = '2027-01-01Z' where library_no = $1 and patron_no = $2`,
    [library.libraryNo, rosa],
  )
  const check = await checkStanding(house.database.logins, library.libraryNo)
  expect(check).toMatchObject({ patrons: 2, differing: 2 })
  expect(check.examples.sort((a, b) => a.column.localeCompare(b.column))).toMatchObject([
    { patron: priya, column: 'agreed_email', kept: '4', derived: '0' },
    { patron: priya, column: 'agreed_post', kept: '8', derived: '0' },
    { patron: rosa, column: 'paused_until', kept: String(Date.UTC(2027, 0, 1) / 1000), derived: '0' },
  ])
})

test('a choice of somebody who is not in the roster is kept and holds nothing up', async () => {
  const library = await make.library(house)
  await recordChoices(
    house.database.logins,
    library.libraryNo,
    [make.choice('42', 'events/email', 'grant', '2026-05-01T12:00:00Z')],
    NOW,
  )
  const { rows } = await root.query(
    'select (select count(*) from outreach.stale where library_no = $1)::int as stale',
    [library.libraryNo],
  )
  expect(rows).toEqual([{ stale: 0 }])
})

test('a thousand stale standings are refreshed in one go, the rest in the next', async () => {
  const library = await make.library(house)
  const people = Array.from({ length: MOST_ENTRIES + 200 }, (_, i) => ({ id: `p${i}`, email: `p${i}@example.org` }))
  await make.roster(house, library, people)
  await root.query(
    'insert into outreach.stale (library_no, patron_no) select library_no, patron_no from roster.patron where library_no = $1',
    [library.libraryNo],
  )
  expect(await refreshStale(house.database.logins, library.libraryNo)).toBe(1_000)
  expect(await refreshStale(house.database.logins, library.libraryNo)).toBe(200)
  expect(await refreshStale(house.database.logins, library.libraryNo)).toBe(0)
})
