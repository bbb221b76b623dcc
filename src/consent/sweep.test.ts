import { sql } from 'kysely'
import type pg from 'pg'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make, NOW } from '../../test/make.ts'
import { inLibrary, rowOf } from '../db/scope.ts'
import type { Library } from '../patrons/library.ts'
import { changePolicy } from './change-policy.ts'
import { erasePatron } from './erase-patron.ts'
import { addHold, endHold, listHolds } from './hold.ts'
import { KEPT, scheduledKinds } from './retention.ts'
import { checkStanding } from './standing.ts'
import { type SweepOptions, sweepLibrary } from './sweep.ts'

const house = openHouse()
let root: pg.Client
let maple: Library

beforeAll(async () => {
  root = await house.connectAsSuperuser()
})
beforeEach(async () => {
  maple = await make.library(house)
})

const daysAgo = (days: number): Date => new Date(NOW.getTime() - days * 86_400_000)
const sweep = async (more: Partial<SweepOptions> = {}) => {
  const done = await sweepLibrary(house.database.logins, maple, { now: NOW, ...more })
  return Object.fromEntries(done.map((one) => [one.kind, one.held ? 'held' : one.removed]))
}
const countOf = async (table: string, library = maple): Promise<number> =>
  (
    await root.query<{ n: number }>(`select count(*)::int as n from ${table} where library_no = $1`, [
      library.libraryNo,
    ])
  ).rows[0]!.n
const inLibraryOf = <R>(work: Parameters<typeof inLibrary<'circulation', R>>[3], library = maple) =>
  inLibrary(house.database.logins, 'circulation', library.libraryNo, work)

let serial = 0
/** Messages with an event each, due so many days ago. */
async function messages(count: number, days: number, state = 'accepted', library = maple): Promise<void> {
  const first = serial + 1
  serial += count
  const values = [library.libraryNo, first, serial, state, daysAgo(days)]
  await root.query(
    `insert into mail.message (library_no, message_no, patron_no, channel, purpose, basis, sender, state, due_at)
     select $1, n, n, 'email', 'reengagement', 'consent', 'main', $4, $5 from generate_series($2::bigint, $3::bigint) n`,
    values,
  )
  await root.query(
    `insert into mail.event (library_no, message_no, basis, kind) select $1, n, 'consent', $2 from generate_series($3::bigint, $4::bigint) n`,
    [library.libraryNo, state, first, serial],
  )
}

describe('what is over', () => {
  test('goes with all that belongs to it, and what is younger stays', async () => {
    await messages(3, KEPT.messages.end.days + 1)
    await messages(2, KEPT.messages.end.days - 1)
    expect(await sweep()).toMatchObject({ messages: 3 })
    expect([await countOf('mail.message'), await countOf('mail.event')]).toEqual([2, 2])
    expect(await sweep()).toMatchObject({ messages: 0 })
  })

  test('goes page by page, however much it is, past rows that stay', async () => {
    await messages(1_200, 900, 'waiting')
    await messages(2_500, 800)
    expect(await sweep()).toMatchObject({ messages: 2_500 })
    expect(await countOf('mail.message')).toBe(1_200)
  })

  test('is counted and left alone in a dry run', async () => {
    await messages(4, 900)
    expect(await sweep({ dryRun: true })).toMatchObject({ messages: 4 })
    expect([await countOf('mail.message'), await countOf('desk.sweep')]).toEqual([4, 0])
  })

  test('is reported as numbers', async () => {
    await messages(4, 900)
    await sweep()
    const { rows } = await root.query('select kind, removed, held from desk.sweep where library_no = $1', [
      maple.libraryNo,
    ])
    expect(rows).toEqual([{ kind: 'messages', removed: 4, held: false }])
  })

  test('of another library is not touched', async () => {
    const birch = await make.library(house)
    await messages(3, 900, 'accepted', birch)
    await sweep()
    expect(await countOf('mail.message', birch)).toBe(3)
  })

  test('can be swept by two processes at once', async () => {
    await messages(3_000, 900)
    const both = await Promise.all([sweep(), sweep()])
    expect(Number(both[0]!.messages) + Number(both[1]!.messages)).toBe(3_000)
    expect(await countOf('mail.message')).toBe(0)
  })

  test('of each other kind goes, too, but never what is still needed', async () => {
    const long = daysAgo(4_000)
    const no = maple.libraryNo
    await root.query(
      `insert into desk.audit (library_no, at, who, did, about) values ($1, $2, 'Ana', 'looked', '{}'), ($1, now(), 'Ana', 'looked', '{}')`,
      [no, long],
    )
    await root.query(
      `insert into roster.run (library_no, file_name, file_hash, file_date, delta, state, started_at, ended_at)
       select $1, 'patrons.csv', 'x', $2, false, 'applied', $2, $2 from generate_series(1, 2)`,
      [no, long],
    )
    await root.query(
      `insert into desk.request (library_no, request_no, asked_on, asker, asked_as, paper, noted_by, noted_at, decision, decided_by, decided_at)
       values ($1, 1, '2015-01-01', 'Police', 'police', 'none', 'Ana', $2, 'refused', 'J. Park', $2),
              ($1, 2, '2015-01-01', 'Police', 'police', 'none', 'Ana', $2, null, null, null)`,
      [no, long],
    )
    await root.query(
      `insert into desk.api_key (library_no, key_no, name, key_hash, may, created_at, created_by, ended_at)
       values ($1, 1, 'old', sha256('a'), '{capture}', $2, 'Ana', $2), ($1, 2, 'in use', sha256('b'), '{capture}', $2, 'Ana', null)`,
      [no, long],
    )
    await root.query(
      `insert into desk.nightly (library_no, job, day, claimed_at) values ($1, 'sweep', '2015-01-01', $2)`,
      [no, long],
    )
    const swept = await sweep()
    expect(swept).toMatchObject({ messages: 0, audit: 1, imports: 1, requests: 1, keys: 1, sweeps: 1, identity: 0 })
    for (const table of ['desk.audit', 'roster.run', 'desk.request', 'desk.api_key'])
      expect([table, await countOf(table)]).toEqual([table, 1])
  })

  test('every kind with a schedule has something that sweeps it', async () => {
    expect(Object.keys(await sweep()).sort()).toEqual([...scheduledKinds, 'identity'].sort())
  })
})

test('PostgreSQL refuses what no schedule may delete', async () => {
  await messages(1, 900, 'handing')
  await root.query(
    `insert into desk.audit (library_no, at, who, did, about) values ($1, now() - interval '300 days', 'Ana', 'looked', '{}')`,
    [maple.libraryNo],
  )
  await inLibraryOf(async (scope) => {
    await sql`delete from mail.message where library_no = ${scope.library}`.execute(scope.tx)
    await sql`delete from desk.audit where library_no = ${scope.library}`.execute(scope.tx)
  })
  expect([await countOf('mail.message'), await countOf('desk.audit')]).toEqual([1, 1])
})

describe('a library’s own schedule', () => {
  const policy = (direction: 'loosen' | 'tighten', to: number | null) =>
    changePolicy(house.database.logins, maple, direction, {
      item: 'keep-messages',
      to,
      because: 'state schedule, series 12',
      by: 'J. Park',
      now: NOW,
    })

  test('is what the sweep goes by', async () => {
    await messages(1, 500)
    await messages(1, 390)
    await policy('loosen', 600)
    expect(await sweep()).toMatchObject({ messages: 0 })
    await policy('tighten', 380)
    expect(await sweep()).toMatchObject({ messages: 2 })
  })

  test('cannot leave the limits', async () => {
    await expect(policy('loosen', 5_000)).rejects.toThrow('from 370 to 1095')
    await expect(policy('tighten', 10)).rejects.toThrow('from 370 to 1095')
  })
})

describe('a hold', () => {
  const hold = (kind: string) =>
    addHold(house.database.logins, maple, { kind, because: 'litigation hold', by: 'J. Park, counsel', now: NOW })
  const end = (holdNo: number) =>
    endHold(house.database.logins, maple, { holdNo, because: 'matter closed', by: 'J. Park, counsel', now: NOW })

  test('stops the deletion of its kind until it ends', async () => {
    await messages(2, 900)
    const { holdNo } = await hold('messages')
    expect(await sweep()).toMatchObject({ messages: 'held', audit: 0 })
    await end(holdNo)
    expect(await sweep()).toMatchObject({ messages: 2 })
    expect(await listHolds(house.database.logins, maple)).toMatchObject([{ endedBecause: 'matter closed' }])
    await expect(end(holdNo)).rejects.toThrow('no hold number')
  })

  test('on everything covers everything', async () => {
    await hold('all')
    expect(new Set(Object.values(await sweep()))).toEqual(new Set(['held']))
  })

  test('needs a reason, a name and a kind that there is', async () => {
    await expect(hold('titles')).rejects.toThrow('There is no kind')
    await expect(
      addHold(house.database.logins, maple, { kind: 'all', because: ' ', by: 'J. Park', now: NOW }),
    ).rejects.toThrow('reason')
  })

  test('keeps a name that Rosa’s last no would have had forgotten; when it ends the name goes', async () => {
    await make.patrons(house, maple, [{ id: 'rosa', email: 'rosa@example.org', consents: ['reengagement/email'] }])
    const { holdNo } = await hold('identity')
    await make.says(house, maple, 'rosa', 'all/all', 'deny', '2026-11-21T12:00:00Z')
    expect(await countOf('roster.identity')).toBe(1)
    expect(await sweep()).toMatchObject({ identity: 'held' })
    await end(holdNo)
    expect(await sweep()).toMatchObject({ identity: 1 })
    expect(await countOf('roster.identity')).toBe(0)
    expect(await checkStanding(house.database.logins, maple.libraryNo)).toMatchObject({ differing: 0 })
  })
})

test('while a hold stands nobody is erased, and when it ends they are', async () => {
  await make.patrons(house, maple, [{ id: 'rosa', email: 'rosa@example.org', consents: ['reengagement/email'] }])
  const patron = await make.number(house, maple, 'rosa')
  const erase = () =>
    erasePatron({ logins: house.database.logins, journal: house.journal }, maple, { patron, by: 'Ana', now: NOW })
  const about = { because: 'litigation hold', by: 'J. Park, counsel', now: NOW }
  const { holdNo } = await addHold(house.database.logins, maple, { kind: 'choices', ...about })
  await expect(erase()).rejects.toMatchObject({ code: 'conflict' })
  expect(await countOf('roster.identity')).toBe(1)
  await endHold(house.database.logins, maple, { holdNo, ...about })
  expect(await erase()).toMatchObject({ kind: 'erased' })
})

test('a library that stops keeping everybody’s names has forgotten them by morning', async () => {
  await make.patrons(house, maple, [
    { id: 'rosa', email: 'rosa@example.org', consents: ['reengagement/email'] },
    { id: 'karl', given: 'Karl', email: 'karl@example.net' },
  ])
  const keepAll = (direction: 'loosen' | 'tighten') =>
    changePolicy(house.database.logins, maple, direction, {
      item: 'identity-of-all',
      to: direction === 'loosen',
      because: 'notices run here',
      by: 'J. Park',
      now: NOW,
    })
  await keepAll('loosen')
  maple = await make.again(house, maple)
  expect(maple.identityOfAllBecause).toBe('notices run here')
  await root.query(
    `insert into roster.identity select library_no, $2::bigint, 'Karl', 'Brandt', '', 'karl@example.net', null, '', '', '', '', '', '', now()
     from roster.identity where library_no = $1`,
    [maple.libraryNo, await make.number(house, maple, 'karl')],
  )
  expect(await sweep()).toMatchObject({ identity: 0 })
  await keepAll('tighten')
  expect(await sweep()).toMatchObject({ identity: 1 })
  const left = await inLibraryOf((scope) =>
    rowOf(
      scope,
      sql<{ name: string }>`select given_name as name from roster.identity where library_no = ${scope.library}`,
    ),
  )
  expect(left).toEqual({ name: 'Rosa' })
})
