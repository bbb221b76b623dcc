// The hot queries walk the indexes they were written for, as the login that runs them and under row-level security,
// where an operator that is not leakproof would quietly read the whole table.
import { CompiledQuery, type RawBuilder, sql } from 'kysely'
import { beforeAll, expect, test } from 'vitest'
import { findLetter } from '../src/campaigns/campaign-file.ts'
import { choicesOf } from '../src/consent/ledger.ts'
import { type Duty, inLibrary } from '../src/db/scope.ts'
import { letterToKeep, type Mailing } from '../src/messages/mailing.ts'
import { TAKES_BY_KEY, takeStatement } from '../src/messages/take.ts'
import { waitingGroups } from '../src/notices/queue-notices.ts'
import type { Library } from '../src/patrons/library.ts'
import { peopleStatement } from '../src/preferences/ask-for-link.ts'
import { previewStatement } from '../src/segments/preview.ts'
import { openHouse } from './house.ts'
import { make, NOW } from './make.ts'

const house = openHouse()
let library: Library
let mailing: Mailing

beforeAll(async () => {
  library = await make.library(house)
  const letter = await findLetter('any-three-doors', null)
  mailing = {
    campaignNo: '1',
    purpose: 'reengagement',
    channel: 'email',
    segment: { lapsed: { minMonths: 3, maxMonths: 6 } },
    letter,
    state: 'launched',
    fromHour: 0,
    untilHour: 24,
    mostParts: 1,
    cutLong: false,
  }
  const owner = await house.connectAs('owner')
  const lib = library.libraryNo
  await owner.query(`select set_config('gentle.library', '${lib}', false)`)
  // A town of 60,000, a third of whom agreed; last use spread over ten years.
  await owner.query(`
    insert into outreach.standing (library_no, patron_no, last_use, status, branch, category, language, email_given, email_usable, email_hash, identity_known, household, agreed_email)
    select ${lib}, n, 24322 - n % 120, 'active', 'main', 'adult', 'en', true, true, decode(md5(n::text), 'hex'), true, n, case when n % 3 = 0 then 4 else 0 end
    from generate_series(1, 60000) n`)
  await owner.query(`insert into outreach.suppression (library_no, channel, address_hash, purposes, reason, since)
    select ${lib}, 'email', decode(md5(n::text), 'hex'), -1, 'bounced', now() from generate_series(1, 60000, 7) n`)
  await owner.query(
    `insert into outreach.campaign (library_no, campaign_no, key, name, purpose, channel, segment, letter, from_hour, until_hour)
    values (${lib}, 1, 'one', 'One', 'reengagement', 'email', '{}', $1, 0, 24)`,
    [JSON.stringify(letterToKeep(letter))],
  )
  await owner.query(`
    insert into mail.message (library_no, message_no, campaign_no, patron_no, channel, purpose, basis, sender, state, due_at)
    select ${lib}, n, 1, n, 'email', 'reengagement', 'consent', 'outreach-email', case when n < 30000 then 'accepted' else 'waiting' end, now() - interval '1 hour' from generate_series(3, 60000, 3) n`)
  await owner.query(`insert into outreach.ledger (library_no, entry_no, patron_no, purpose, channel, decision, method, wording_id, decided_at, recorded_at, attested_by, entry_hash)
    select ${lib}, n, n, 'reengagement', 'email', 'grant', 'form', 'w', now(), now(), 'Ana', '' from generate_series(1, 60000) n`)
  await owner.query('analyze outreach.standing, outreach.suppression, mail.message, outreach.ledger, outreach.stale')
  await owner.end()
})

/** The plan's nodes as "Index Scan standing_pkey on standing", one a line. `take`: of a take, and whose. */
async function planOf(duty: Duty, statement: RawBuilder<unknown>, take?: Library): Promise<string> {
  return inLibrary(house.database.logins, duty, (take ?? library).libraryNo, async (scope) => {
    if (take) await sql`select ${TAKES_BY_KEY}`.execute(scope.tx)
    const compiled = statement.compile(scope.tx)
    const { rows } = await scope.tx.executeQuery<Record<string, string>>(
      CompiledQuery.raw(`explain (costs off) ${compiled.sql}`, [...compiled.parameters]),
    )
    return rows.map((row) => Object.values(row)[0]).join('\n')
  })
}

const tablesReadWhole = (plan: string): string[] =>
  [...plan.matchAll(/Seq Scan on (\w+)/g)]
    .map((m) => m[1]!)
    .filter((table) => !['stale', 'library', 'campaign', 'installation'].includes(table))

test('the take finds due messages, households and suppressions by key, whatever the size of the library', async () => {
  const plan = await planOf(
    'outreach',
    takeStatement({ library, sender: 'outreach-email', campaignNo: '1', most: 200, now: NOW }, mailing, 200),
    library,
  )
  expect(plan).toContain('message_waiting')
  expect(plan).toContain('standing_pkey')
  expect(plan).toContain('standing_by_household')
  expect(plan).toContain('suppression_in_force')
  expect(tablesReadWhole(plan)).toEqual([])
})

test('the take walks by key even while PostgreSQL believes that nobody has agreed', async () => {
  const owner = await house.connectAs('owner')
  await owner.query(`select set_config('gentle.library', '${library.libraryNo}', false)`)
  await owner.query('begin')
  await owner.query('alter table outreach.standing set (autovacuum_enabled = false)')
  await owner.query('update outreach.standing set agreed_email = 0')
  await owner.query('analyze outreach.standing, mail.message')
  await owner.query('commit')
  await owner.query('update outreach.standing set agreed_email = 4 where patron_no % 3 = 0')
  await owner.end()
  const plan = await planOf(
    'outreach',
    takeStatement({ library, sender: 'outreach-email', campaignNo: '1', most: 20, now: NOW }, mailing, 20),
    library,
  )
  expect(plan).toContain('household = ANY')
  // A condition on the library alone reads all of it.
  expect(plan).not.toMatch(/standing_by_household[^\n]*\n *Index Cond: \(library_no = \d+\)\n/)
})

test('the take walks by key in a library whose first campaign came after the statistics', async () => {
  const newcomer = await make.library(house)
  const owner = await house.connectAs('owner')
  await owner.query('alter table mail.message set (autovacuum_enabled = false)')
  await owner.query(`select set_config('gentle.library', '${newcomer.libraryNo}', false)`)
  await owner.query(`
    insert into mail.message (library_no, message_no, campaign_no, patron_no, channel, purpose, basis, sender, state, due_at)
    select ${newcomer.libraryNo}, n, 1, n, 'email', 'reengagement', 'consent', 'outreach-email', 'waiting', now() - interval '1 hour'
    from generate_series(1, 200000) n`)
  await owner.end()
  const plan = await planOf(
    'outreach',
    takeStatement(
      { library: newcomer, sender: 'outreach-email', campaignNo: '1', most: 200, now: new Date() },
      mailing,
      200,
    ),
    newcomer,
  )
  expect(plan).toMatch(/Index Scan using message_waiting on message m\n/)
  expect(plan.match(/message_pkey on message m_\d\n *Index Cond: .*message_no = /g)).toHaveLength(2)
  expect(plan).not.toMatch(/Bitmap Heap Scan on message/)
})

test('a preview reads only the months it is about', async () => {
  const plan = await planOf(
    'outreach',
    previewStatement(
      { library, purpose: 'reengagement', channel: 'email', now: NOW },
      { lapsed: { minMonths: 3, maxMonths: 6 } },
    ),
  )
  expect(plan).toContain('standing_by_last_use')
  expect(tablesReadWhole(plan).filter((table) => table === 'standing')).toEqual([])
})

test('one patron’s choices are found by key', async () => {
  const choices = sql`select entry_no from outreach.ledger where library_no = ${library.libraryNo} and patron_no = 5 order by entry_no`
  expect(await planOf('circulation', choices)).toContain('ledger_by_patron')
  expect(
    await inLibrary(house.database.logins, 'circulation', library.libraryNo, (scope) => choicesOf(scope, '5')),
  ).toHaveLength(1)
})

test('the day of a yes is found by key for whoever sends', async () => {
  const plan = await planOf(
    'outreach',
    sql`select t.n, (select max(l.decided_at) from outreach.ledger l where l.library_no = ${library.libraryNo} and l.patron_no = t.n
          and l.decision = 'grant' and l.purpose = 'reengagement' and l.channel in ('email', 'all')) as "agreedAt"
        from unnest(${['3', '6']}::bigint[]) t (n)`,
  )
  expect(plan).toContain('ledger_by_patron')
  expect(tablesReadWhole(plan)).toEqual([])
})

test('what waits next in a campaign is read off the end of an index', async () => {
  const next = sql`select min(due_at) from mail.message where library_no = ${library.libraryNo} and campaign_no = 1 and state = 'waiting'`
  const plan = await planOf('outreach', next)
  expect(plan).toContain('message_waiting')
  expect(plan).not.toContain('Seq Scan')
})

test('messages left in the middle are found by their own small index', async () => {
  const abandoned = sql`update mail.message set state = 'unknown' where library_no = ${library.libraryNo} and state = 'handing' and taken_at < ${NOW}`
  expect(await planOf('outreach', abandoned)).toContain('message_handing')
})

test('whoever asks for their own page is found by their address, whatever the size of the library', async () => {
  const plan = await planOf('circulation', peopleStatement(library.libraryNo, Buffer.alloc(16, 7)))
  expect(plan).toContain('standing_by_email')
  expect(tablesReadWhole(plan)).toEqual([])
})

test('notices of a long file become texts by key, some at a time', async () => {
  const owner = await house.connectAs('owner')
  await owner.query(`select set_config('gentle.library', '${library.libraryNo}', false)`)
  await owner.query(`
    insert into mail.notice (library_no, message_id, file_no, received_at, kind, person, phone, place)
    select ${library.libraryNo}, n, 7, now(), 'hold', n / 3, '+16145550101', 'Main' from generate_series(1, 30000) n`)
  await owner.end()
  const plan = await planOf('circulation', waitingGroups(library.libraryNo, '7'))
  expect(plan).toContain('notice_waiting')
  expect(tablesReadWhole(plan)).toEqual([])
  expect(plan).toMatch(/Index Cond: \(.*person = f\.person.*place = f\.place/)
})

test('the take of texts finds phones, households and what was stopped by key', async () => {
  const owner = await house.connectAs('owner')
  const lib = library.libraryNo
  await owner.query(`select set_config('gentle.library', '${lib}', false)`)
  await owner.query(
    `update outreach.standing set agreed_sms = 4, phone_hash = decode(md5(patron_no::text), 'hex') where patron_no % 4 = 0`,
  )
  await owner.query(`insert into outreach.suppression (library_no, channel, address_hash, purposes, reason, since)
    select ${lib}, 'sms', decode(md5(n::text), 'hex'), -1, 'stopped', now() from generate_series(1, 60000, 9) n`)
  await owner.query(
    `update mail.message set phone_hash = decode(md5(patron_no::text), 'hex'), line_no = 1 where state = 'accepted'`,
  )
  await owner.query('analyze outreach.standing, outreach.suppression, mail.message')
  await owner.end()
  const work = { library, sender: 'outreach-texts', campaignNo: '1', most: 100, now: NOW }
  const plan = await planOf('outreach', takeStatement(work, { ...mailing, channel: 'sms' }, 100), library)
  expect(plan).toContain('message_waiting')
  expect(plan).toContain('standing_by_household')
  expect(plan).toContain('suppression_in_force')
  expect(tablesReadWhole(plan)).toEqual([])
  const first = sql`select t.n, not exists (select from mail.message e where e.library_no = ${lib} and e.phone_hash = t.h and e.line_no = 1
      and e.message_no <> t.n and e.state in ('accepted', 'delivered', 'unknown'))
    from (select n, decode(md5(n::text), 'hex') as h from unnest(${['3', '6']}::bigint[]) n) t`
  expect(await planOf('outreach', first)).toContain('message_by_phone')
})
