// Attacks on the wall and on the fences between libraries, under the product's own logins. What holds here holds
// because PostgreSQL says so, whatever SQL our code or somebody else's may come to write.
import type pg from 'pg'
import { beforeAll, expect, test } from 'vitest'
import { PURPOSES } from '../src/consent/purposes.ts'
import { stop } from '../src/consent/stop.ts'
import type { Library } from '../src/patrons/library.ts'
import { openHouse } from './house.ts'
import { make, monthsAgo, NOW } from './make.ts'

const house = openHouse()

/** Tables of the whole installation: no patron data, read before a library is known. */
const EXEMPT = [
  ...[
    'house.answering',
    'house.due',
    'house.hooks_waiting',
    'house.installation',
    'house.library',
    'house.line',
    'house.line_library',
  ],
  ...['house.mail_address', 'house.mail_source', 'house.mail_waiting', 'house.sender'],
]
const DUTIES = ['circulation', 'outreach', 'owner'] as const
type Login = (typeof DUTIES)[number] | 'backup'

const NOT_ALLOWED = '42501' // of a missing right and of a row that row-level security refuses alike
const APPEND_ONLY = 'P0001' // raised by the ledger's own trigger

let maple: Library
let birch: Library
let root: pg.Client
let tenantTables: string[]
const as = {} as Record<Login, pg.Client>

beforeAll(async () => {
  root = await house.connectAsSuperuser()
  for (const login of [...DUTIES, 'backup'] as const) as[login] = await house.connectAs(login)
  maple = await make.library(house, { key: 'maple' })
  birch = await make.library(house, { key: 'birch' })
  for (const [library, branch] of [
    [maple, 'main'],
    [birch, 'birch-east'],
  ] as const)
    await make.patrons(house, library, [
      {
        id: 'rosa',
        email: `rosa-${library.key}@example.org`,
        phone: '614-555-0101',
        branch,
        lastUse: monthsAgo(4),
        consents: ['reengagement/email'],
      },
      {
        id: 'tom',
        given: 'Tom',
        email: `tom-${library.key}@example.org`,
        phone: '614-555-0102',
        branch,
        consents: ['events/sms'],
      },
      { id: 'priya', given: 'Priya', email: `priya-${library.key}@example.org`, branch, lastUse: monthsAgo(4) },
      { id: 'sam', given: 'Sam', email: `sam-${library.key}@example.org`, branch, refused: ['reengagement/email'] },
    ])
  for (const library of [maple, birch]) await fillTheRest(library)
  await root.query('analyze')
  tenantTables = await names(`
    select format('%s.%s', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attname = 'library_no' and not a.attisdropped
    where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and not format('%s.%s', n.nspname, c.relname) = any($1) order by 1`)
})

/** A row of this library in each table that the roster and the choices above have left empty. */
async function fillTheRest(library: Library): Promise<void> {
  const no = library.libraryNo
  const rosa = await make.number(house, library, 'rosa')
  const priya = await make.number(house, library, 'priya')
  const hash = Buffer.alloc(16, no)
  await stop(
    house.database.logins,
    house.journal,
    library,
    {
      patron: priya,
      addressHash: hash,
      channel: 'email',
      purpose: 'events',
      method: 'link',
      attestedBy: 'the patron',
    },
    NOW,
  )
  await root.query(`insert into outreach.patron_key values ($1, $2, '')`, [no, rosa])
  await root.query(
    `insert into outreach.erasure (library_no, patron_no, erased_at, erased_by, email_hash) values ($1, 99, now(), 'Ana', $2)`,
    [no, hash],
  )
  await root.query(`insert into outreach.stale (library_no, patron_no) values ($1, $2)`, [no, rosa])
  await root.query(
    `insert into outreach.campaign (library_no, campaign_no, key, name, purpose, channel, segment, letter, from_hour, until_hour)
     values ($1, 1, 'spring', 'Spring', 'reengagement', 'email', '{}', '{}', 9, 20)`,
    [no],
  )
  await root.query('insert into outreach.holdout values ($1, 1, $2)', [no, rosa])
  for (const [messageNo, patron, basis] of [
    [1, rosa, 'consent'],
    [2, priya, 'service'],
  ] as const) {
    await root.query(
      `insert into mail.message (library_no, message_no, campaign_no, patron_no, channel, purpose, basis, sender, state, due_at)
       values ($1, $2, null, $3, 'email', $4, $5, 'main', 'accepted', now())`,
      [no, messageNo, patron, basis === 'consent' ? 'reengagement' : 'notice', basis],
    )
    await root.query(`insert into mail.event (library_no, message_no, basis, kind) values ($1, $2, $3, 'accepted')`, [
      no,
      messageNo,
      basis,
    ])
  }
  await root.query(
    `insert into mail.answer (library_no, kind, address_hash, queued_at, due_at, address) values ($1, 'sign-up', $2, now(), now(), 'rosa@example.org')`,
    [no, hash],
  )
  await root.query(
    `insert into outreach.offer (library_no, purpose, channel, place, words) values ($1, 'events', 'email', 0, '{}')`,
    [no],
  )
  await root.query(
    `insert into outreach.topic (library_no, bit, purpose, key, labels, place) values ($1, 0, 'events', 'talks', '{}', 0)`,
    [no],
  )
  await root.query('insert into outreach.join_page (library_no) values ($1)', [no])
  await root.query(
    `insert into outreach.sign_up (library_no, ref_hash, link_hash, email_hash, typed, begun_at, expires_at) values ($1, $2, $2, $2, $2, now(), now())`,
    [no, hash],
  )
  await root.query(
    `insert into outreach.preference (library_no, patron_no, about, pace_days, method, said_at) values ($1, $2, 'pace', 90, 'page', now())`,
    [no, rosa],
  )
  await root.query(`insert into outreach.fresh_code values ($1, $2, $3, $3, now(), 5)`, [no, rosa, hash])
  await root.query(
    `insert into desk.task (library_no, kind, patron_no, opened_at, due) values ($1, 'moved', $2, now(), now())`,
    [no, rosa],
  )
  await root.query(`insert into desk.audit (library_no, who, did, about) values ($1, 'Ana', 'looked', '{}')`, [no])
  await fillDuties(no)
  await fillTexts(no, rosa, hash)
}

async function fillTexts(no: number, rosa: string, hash: Buffer): Promise<void> {
  for (const row of [
    `mail.conversation (library_no, line_no, phone, phone_hash, language, state, change_no) values ($1, 1, '+16145550101', $3, 'en', 'open', 1)`,
    `mail.text (library_no, line_no, direction, kind, patron_no, phone, phone_hash, body, state, at)
       values ($1, 1, 'in', 'in', $2, '+16145550101', $3, 'Hello?', 'received', now())`,
    `mail.text_event (library_no, text_no, kind, at) values ($1, 1, 'accepted', now())`,
    `mail.picture (library_no, text_no, line_no, place, url, due_at) values ($1, 1, 1, 1, 'https://pictures.example.org/1', now())`,
    `mail.note (library_no, conversation_no, kind, at, who) values ($1, 1, 'noted', now(), 'Ana')`,
    `mail.notice (library_no, message_id, file_no, received_at, kind, phone, patron_no) values ($1, '42', 1, now(), 'hold', '+16145550101', $2)`,
    `mail.brought (library_no, line_no, at, brings, raw) values ($1, 1, now(), '[]', '')`,
    `mail.hook (library_no, line_no, at, why, body) values ($1, 1, now(), 'unreadable', '')`,
    `mail.route (library_no, line_no, phone_hash, of_library) values ($1, 1, $3, $1)`,
    `mail.routed (library_no, line_no, provider_id, to_library, at) values ($1, 1, 'SM1', $1, now())`,
    `desk.fix_up (library_no, kind, patron_no, phone_hash, opened_at) values ($1, 'landline', $2, $3, now())`,
    `mail.text_origin values ($1, 1, 'ils@example.org', '6145550101@sms.example.org', null, '', now())`,
    `desk.mailbox_alarm (library_no, mailbox, how, since, last_at) values ($1, 'ask@example.org', 'refused', now(), now())`,
  ])
    await root.query(
      `insert into ${row}`
        .replaceAll('$1', String(no))
        .replaceAll('$2', rosa)
        .replaceAll('$3', `'\\x${hash.toString('hex')}'`),
    )
}

async function fillDuties(no: number): Promise<void> {
  for (const row of [
    `desk.api_key (library_no, key_no, name, key_hash, may, created_at, created_by)
       values ($1, 1, 'tablet', sha256('$1'), '{capture}', now(), 'Ana')`,
    `outreach.policy_change (library_no, item, value, because, by_name, at) values ($1, 'pass-on', 'true', 'counsel said so', 'Ana', now())`,
    `mail.arrival (library_no, capability, digest, arrived_at, due_at, peer, raw, envelope_from, envelope_to)
       values ($1, 'text gateway', sha256('$1'), now(), now(), '127.0.0.1', 'Hello', 'ils@example.org', '6145550123@sms.example.org')`,
    `desk.hold (library_no, hold_no, kind, because, by_name, since) values ($1, 1, 'all', 'counsel said so', 'Ana', now())`,
    `desk.nightly (library_no, job, day, claimed_at) values ($1, 'sweep', '2026-11-22', now())`,
    `desk.sweep (library_no, at, kind, older_than, removed, held) values ($1, now(), 'messages', now(), 0, false)`,
    `desk.request (library_no, request_no, asked_on, asker, asked_as, paper, noted_by, noted_at)
       values ($1, 1, '2026-11-22', 'Maple Falls Police', 'police', 'none', 'Ana', now())`,
    `desk.head_destination (library_no, destination_no, kind, target, added_by, added_at)
       values ($1, 1, 'email', 'audit@example.org', 'Ana', now())`,
  ])
    await root.query(`insert into ${row}`.replaceAll('$1', String(no)))
}

const names = async (query: string): Promise<string[]> =>
  (await root.query<{ name: string }>(query, [EXEMPT])).rows.map((r) => r.name)

type Outcome = { rows: Record<string, unknown>[]; count: number; code: null } | { rows: []; count: 0; code: string }

interface Stated {
  library?: Library
  purpose?: number
}

/** One statement in a transaction that states its library, always undone. */
async function attempt(login: Login, stated: Stated, statement: string, values: unknown[] = []): Promise<Outcome> {
  const client = as[login]
  await client.query('begin')
  try {
    if (stated.library)
      await client.query(`select set_config('gentle.library', $1, true)`, [String(stated.library.libraryNo)])
    if (stated.purpose !== undefined)
      await client.query(`select set_config('gentle.purpose', $1, true)`, [String(stated.purpose)])
    const { rows, rowCount } = await client.query(statement, values)
    return { rows, count: rowCount ?? 0, code: null }
  } catch (error) {
    return { rows: [], count: 0, code: (error as pg.DatabaseError).code ?? String(error) }
  } finally {
    await client.query('rollback')
  }
}

const reachable = (stated: Stated) =>
  attempt('outreach', stated, 'select given_name, email, phone from roster.reachable order by given_name')

test.each([
  'select * from roster.patron',
  'select patron_id from roster.patron limit 1',
  'select count(*) from roster.identity',
  'select given_name from roster.identity where true or patron_no = 0',
  'table roster.identity',
  'select i.* from outreach.standing s join roster.identity i using (library_no, patron_no)',
  'select s.*, (select email from roster.identity i where i.patron_no = s.patron_no) from outreach.standing s',
  'with i as materialized (select * from roster.identity) select * from i',
  'explain analyze select * from roster.identity',
  'declare c cursor for select * from roster.identity',
  'copy (select * from roster.identity) to stdout',
  `copy roster.identity to program 'cat'`,
  `select query_to_xml('select * from roster.identity', true, false, '')`,
  `select table_to_xml('roster.patron', true, false, '')`,
  `select * from ts_stat('select to_tsvector(given_name) from roster.identity')`,
  'lock table roster.identity in share mode',
  `insert into outreach.wording select library_no, 'x', email, now() from roster.identity`,
  'create temporary table loot as select * from roster.identity',
  'create view outreach.loot as select * from roster.identity',
  'update roster.identity set email = email returning *',
  'delete from roster.identity returning *',
  'truncate roster.identity',
  'grant select on roster.identity to gentle_outreach',
  `do $$ begin perform * from roster.identity; end $$`,
  `select pg_read_file('PG_VERSION')`,
])('outreach is turned away from the roster: %s', async (statement) => {
  expect(await attempt('outreach', { library: maple, purpose: 2 }, statement)).toMatchObject({ code: NOT_ALLOWED })
})

test('outreach learns nothing of the roster from what the planner knows about it', async () => {
  const { rows } = await as.outreach.query(
    `select * from pg_stats where schemaname in ('roster', 'outreach', 'mail', 'desk')`,
  )
  expect(rows).toEqual([])
})

test('outreach sees the mail that rests on consent and never a notice', async () => {
  for (const table of ['mail.message', 'mail.event']) {
    const seen = await attempt('outreach', { library: maple }, `select basis from ${table}`)
    expect(seen.rows).toEqual([{ basis: 'consent' }])
    const sought = await attempt('outreach', { library: maple }, `select from ${table} where basis = 'service'`)
    expect(sought.rows).toEqual([])
  }
})

test('outreach can neither write a notice nor turn its own mail into one', async () => {
  const insert = `insert into mail.message (library_no, message_no, patron_no, channel, purpose, basis, sender, state, due_at)
                  values (${maple.libraryNo}, 99, 1, 'email', 'notice', 'service', 'main', 'waiting', now())`
  const event = `insert into mail.event (library_no, message_no, basis, kind) values (${maple.libraryNo}, 1, 'service', 'accepted')`
  for (const statement of [insert, event, `update mail.message set basis = 'service'`])
    expect(await attempt('outreach', { library: maple }, statement)).toMatchObject({ code: NOT_ALLOWED })
  const touched = await attempt(
    'outreach',
    { library: maple },
    `update mail.message set state = 'cancelled' where basis = 'service'`,
  )
  expect(touched.count).toBe(0)
})

test('an identity can be read only for the purpose stated, of those who agreed to it, by the channel agreed', async () => {
  const rosa = { given_name: 'Rosa', email: 'rosa-maple@example.org', phone: null }
  const tom = { given_name: 'Tom', email: null, phone: '+16145550102' }
  expect((await reachable({ library: maple, purpose: PURPOSES.reengagement.bit })).rows).toEqual([rosa])
  expect((await reachable({ library: maple, purpose: PURPOSES.events.bit })).rows).toEqual([tom])
  expect((await reachable({ library: maple, purpose: PURPOSES.fundraising.bit })).rows).toEqual([])
  expect((await reachable({ library: maple, purpose: PURPOSES.notice.bit })).rows).toEqual([])
})

test('without a purpose or without a library nobody can be read', async () => {
  expect((await reachable({ library: maple })).rows).toEqual([])
  expect((await reachable({ purpose: PURPOSES.reengagement.bit })).rows).toEqual([])
})

test('outreach meets in standing only people who agreed to something', async () => {
  const agreed = await Promise.all(['rosa', 'tom'].map((id) => make.number(house, maple, id)))
  const seen = await attempt('outreach', { library: maple }, 'select patron_no from outreach.standing')
  expect(seen.rows.map((r) => r.patron_no).sort()).toEqual(agreed.sort())
  const touched = await attempt('outreach', { library: maple }, 'update outreach.standing set prompts_unanswered = 0')
  expect(touched.count).toBe(2)
})

test('outreach cannot change what somebody agreed to', async () => {
  for (const column of ['agreed_email', 'refused_email', 'paused_until', 'status', 'identity_known', 'email_hash'])
    expect(
      await attempt('outreach', { library: maple }, `update outreach.standing set ${column} = ${column}`),
    ).toMatchObject({ code: NOT_ALLOWED })
  for (const statement of [
    'update outreach.suppression set lifted_at = now()',
    'delete from outreach.suppression',
    'delete from outreach.stale',
    'insert into outreach.standing select * from outreach.standing',
    'insert into outreach.ledger select * from outreach.ledger',
    'insert into outreach.wording select * from outreach.wording',
    'update outreach.ledger_head set entries = entries',
  ])
    expect(await attempt('outreach', { library: maple }, statement)).toMatchObject({ code: NOT_ALLOWED })
})

test('outreach can open no evidence and learns nothing of who was erased', async () => {
  for (const table of ['outreach.patron_key', 'outreach.erasure'])
    for (const statement of [
      `select from ${table}`,
      `insert into ${table} overriding system value select * from ${table}`,
      `delete from ${table}`,
    ])
      expect(await attempt('outreach', { library: maple }, statement)).toMatchObject({ code: NOT_ALLOWED })
})

test('outreach neither reads the audit nor writes into it', async () => {
  for (const statement of [
    'select from desk.audit',
    'select count(*) from desk.audit',
    `insert into desk.audit (library_no, who, did, about) values (${maple.libraryNo}, 'Ana', 'looked', '{}')`,
  ])
    expect(await attempt('outreach', { library: maple }, statement)).toMatchObject({ code: NOT_ALLOWED })
})

test('of the ledger outreach reads on which day somebody said yes, and never a no', async () => {
  for (const column of [
    'sealed',
    'method',
    'attested_by',
    'wording_id',
    'recorded_at',
    'entry_hash',
    'until',
    'topics',
  ])
    expect([column, await attempt('outreach', { library: maple }, `select ${column} from outreach.ledger`)]).toEqual([
      column,
      expect.objectContaining({ code: NOT_ALLOWED }),
    ])
  const agreed = await Promise.all(['rosa', 'tom'].map((id) => make.number(house, maple, id)))
  const seen = await attempt('outreach', { library: maple }, 'select patron_no, decision from outreach.ledger')
  expect(new Set(seen.rows.map((r) => r.decision))).toEqual(new Set(['grant']))
  expect(seen.rows.map((r) => r.patron_no).sort()).toEqual(agreed.sort())
})

test('outreach reads no cards and no phones, only their keyed hash that stops are kept under, and no birthday of somebody who agreed to nothing', async () => {
  for (const column of ['card_key', 'phone_given', '*'])
    expect(await attempt('outreach', { library: maple }, `select ${column} from outreach.standing`)).toMatchObject({
      code: NOT_ALLOWED,
    })
  const priya = await make.number(house, maple, 'priya')
  const set = 'update outreach.standing set minor_until = $3, expires_on = $3 where library_no = $1 and patron_no = $2'
  const shown = new Set<string>()
  for (let day = Date.UTC(2027, 2, 1); day < Date.UTC(2027, 4, 2); day += 86_400_000) {
    const own = new Date(day).toISOString().slice(0, 10)
    await root.query(set, [maple.libraryNo, priya, own])
    const { rows } = await attempt(
      'outreach',
      { library: maple },
      `select minor_until::text as minor, (expires_on + 1)::text as over, minor_until - date '${own}' as late
       from roster.headcount where minor_until is not null`,
    )
    expect(rows).toMatchObject([{ minor: rows[0]!.over }])
    // Nobody is grown up, and no card is over, too early by it.
    expect(rows[0]!.late).toBeGreaterThan(0)
    expect(rows[0]!.late).toBeLessThanOrEqual(31)
    shown.add(rows[0]!.minor as string)
  }
  expect(shown.size).toBeLessThanOrEqual(3) // for 62 days
  await root.query(set, [maple.libraryNo, priya, null])
})

test('what stands in the register of erasures can neither be changed nor taken out', async () => {
  for (const login of ['circulation', 'outreach', 'backup'] as const)
    for (const statement of ['update outreach.erasure set email_hash = null', 'delete from outreach.erasure'])
      expect(await attempt(login, { library: maple }, statement)).toMatchObject({ code: NOT_ALLOWED })
})

test('standing of somebody who chose cannot be taken away: only their erasure in the register opens that door', async () => {
  const sam = await make.number(house, maple, 'sam')
  const gone = 'delete from outreach.standing where patron_no = $1'
  expect((await attempt('circulation', { library: maple }, gone, [sam])).count).toBe(0)
})

test('headcount counts everybody and carries no number, and a key only of the channel that somebody agreed to', async () => {
  const { rows } = await attempt('outreach', { library: maple }, 'select * from roster.headcount')
  expect(rows).toHaveLength(4)
  expect(rows.filter((r) => r.household !== null)).toHaveLength(2)
  expect(rows.filter((r) => r.email_hash !== null)).toHaveLength(1)
  expect(rows.filter((r) => Buffer.isBuffer(r.phone_hash) && r.phone_hash.length > 0)).toHaveLength(1)
  const numbers = await Promise.all(['priya', 'sam'].map((id) => make.number(house, maple, id)))
  expect(numbers.filter((n) => JSON.stringify(rows).includes(n))).toEqual([])
  expect(JSON.stringify(rows)).not.toMatch(/patron|given_name|@/)
})

test('a leaky function in a condition sees nothing behind the views and the policies', async () => {
  await root.query(`
    create function public.leak(text) returns boolean language plpgsql cost 0.0001 as
      $$ begin raise notice 'leaked %', $1; return true; end $$;
    grant execute on function public.leak(text) to public`)
  const heard: string[] = []
  const listen = (notice: { message?: string }) => heard.push(notice.message ?? '')
  as.outreach.on('notice', listen)
  const stated = { library: maple, purpose: PURPOSES.reengagement.bit }
  for (const where of [
    'from roster.reachable where leak(given_name) and leak(email) and leak(patron_no::text)',
    'from roster.headcount where leak(branch) and leak(household::text) and leak(encode(email_hash, $$hex$$))',
    'from outreach.standing where leak(patron_no::text) and leak(branch)',
    'from mail.message where leak(purpose)',
  ])
    expect(await attempt('outreach', stated, `select ${where}`)).toMatchObject({ code: null })
  as.outreach.off('notice', listen)
  const hidden = await Promise.all(['priya', 'sam'].map((id) => make.number(house, maple, id)))
  expect(heard.length).toBeGreaterThan(8)
  expect(heard.filter((line) => /Tom|Priya|Sam|birch|tom-|priya-|notice/.test(line))).toEqual([])
  expect(heard.filter((line) => hidden.some((number) => line.includes(number)))).toEqual([])
  // A cast that fails tells what it failed on: it must not come to that for rows that are not ours to see.
  for (const where of [
    `from roster.reachable where given_name <> 'Rosa' and given_name::int = 0`,
    `from roster.headcount where branch <> 'main' and branch::int = 0`,
  ])
    expect(await attempt('outreach', stated, `select ${where}`)).toMatchObject({ code: null, count: 0 })
})

test('outreach makes no functions and no tables of its own, not even temporary ones', async () => {
  for (const statement of [
    `create function pg_temp.peek(text) returns boolean language sql as 'select true'`,
    `create function outreach.peek(text) returns boolean language sql as 'select true'`,
    'create table outreach.loot (x text)',
    'create table public.loot (x text)',
    'create temporary table loot (x text)',
    'create schema loot',
  ])
    expect(await attempt('outreach', { library: maple }, statement)).toMatchObject({ code: NOT_ALLOWED })
})

test('no login becomes another one, and none switches the wall off', async () => {
  for (const login of ['circulation', 'outreach', 'backup'] as const)
    for (const statement of [
      ...['owner', 'circulation', 'outreach', 'backup']
        .filter((other) => other !== login)
        .flatMap((other) => [`set role gentle_${other}`, `set session authorization gentle_${other}`]),
      'set session_replication_role = replica',
      `alter role gentle_${login} bypassrls`,
      `grant gentle_owner to gentle_${login}`,
      'alter table outreach.standing no force row level security',
      'drop policy agreed_only on outreach.standing',
    ])
      expect([login, statement, (await attempt(login, { library: maple }, statement)).code]).toEqual([
        login,
        statement,
        NOT_ALLOWED,
      ])
  await as.outreach.query('set row_security = off')
  expect(await attempt('outreach', { library: maple }, 'select from outreach.standing')).toMatchObject({
    code: NOT_ALLOWED,
  })
  await as.outreach.query('reset row_security')
})

test('every table of a library holds rows of both, so that what follows proves something', async () => {
  expect(tenantTables.length).toBeGreaterThan(13)
  for (const table of tenantTables) {
    const { rows } = await root.query<{ n: number }>(`select count(distinct library_no)::int as n from ${table}`)
    expect([table, rows[0]?.n]).toEqual([table, 2])
  }
})

test.each(DUTIES)("in one library's transaction %s sees nothing of another library", async (login) => {
  for (const relation of [...tenantTables, 'roster.reachable', 'roster.headcount']) {
    const seen = await attempt(
      login,
      { library: maple, purpose: PURPOSES.reengagement.bit },
      `select library_no from ${relation}`,
    )
    if (seen.code !== null) expect([relation, seen.code]).toEqual([relation, NOT_ALLOWED])
    else expect([relation, new Set(seen.rows.map((r) => r.library_no))]).toEqual([relation, new Set([maple.libraryNo])])
  }
})

test.each(DUTIES)('%s can write nothing into another library', async (login) => {
  for (const table of tenantTables) {
    const insert = `insert into ${table} overriding system value
      select (jsonb_populate_record(r, jsonb_build_object('library_no', ${birch.libraryNo}))).* from ${table} r limit 1`
    expect([table, (await attempt(login, { library: maple }, insert)).code]).toEqual([table, NOT_ALLOWED])
    const move = await attempt(login, { library: maple }, `update ${table} set library_no = ${birch.libraryNo}`)
    expect([table, move.code]).toEqual([
      table,
      login === 'owner' && /^outreach[.](ledger|policy_change)$/.test(table) ? APPEND_ONLY : NOT_ALLOWED,
    ])
    for (const statement of [
      `update ${table} set library_no = library_no where library_no = ${birch.libraryNo}`,
      `delete from ${table} where library_no = ${birch.libraryNo}`,
    ])
      expect([table, statement, (await attempt(login, { library: maple }, statement)).count]).toEqual([
        table,
        statement,
        0,
      ])
  }
})

test.each(DUTIES)('a transaction of %s that has stated no library sees nothing', async (login) => {
  for (const relation of [...tenantTables, 'roster.reachable', 'roster.headcount']) {
    const seen = await attempt(login, {}, `select from ${relation}`)
    expect([relation, seen.count]).toEqual([relation, 0])
    expect([null, NOT_ALLOWED]).toContain(seen.code)
  }
})

test('every table outside the documented list forces row-level security', async () => {
  const open = await names(`
    select format('%s.%s', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and n.nspname !~ '^pg_|^information_schema$|^migrations$'
      and not (c.relrowsecurity and c.relforcerowsecurity) and not format('%s.%s', n.nspname, c.relname) = any($1)`)
  expect(open).toEqual([])
})

test('every key of a library begins with the library, and no foreign key leaves it', async () => {
  const keys = await names(`
    select format('%s: %s', i.indrelid::regclass, i.indexrelid::regclass) as name from pg_index i
    join pg_attribute first on first.attrelid = i.indrelid and first.attnum = i.indkey[0]
    where i.indisunique and i.indrelid::regclass::text ~ '^(roster|outreach|mail|desk)[.]'
      and first.attname <> 'library_no' and not i.indrelid::regclass::text = any($1)`)
  expect(keys).toEqual([])
  const foreign = await names(`
    select format('%s on %s', c.conname, c.conrelid::regclass) as name from pg_constraint c
    where c.contype = 'f' and not (c.conrelid::regclass::text = any($1))
      and not exists (select from unnest(c.conkey, c.confkey) k (ours, theirs)
        join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.ours and a.attname = 'library_no'
        join pg_attribute b on b.attrelid = c.confrelid and b.attnum = k.theirs and b.attname = 'library_no')`)
  expect(foreign).toEqual([])
})

test('the logins are bound by row-level security, members of nothing, and so is the owner of every view', async () => {
  const { rows } = await root.query(`
    select rolname from pg_roles r where rolname like 'gentle\\_%'
      and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication
           or exists (select from pg_auth_members m where m.member = r.oid or m.roleid = r.oid))`)
  expect(rows).toEqual([])
  const views = await root.query(`
    select v.oid::regclass::text as name, r.rolsuper or r.rolbypassrls as unbound, 'security_barrier=true' = any(v.reloptions) as barrier
    from pg_class v join pg_roles r on r.oid = v.relowner where v.relkind in ('v', 'm') and v.relnamespace::regnamespace::text ~ '^(house|roster|outreach|mail|desk)$' order by 1`)
  expect(views.rows).toEqual([
    { name: 'roster.headcount', unbound: false, barrier: true },
    { name: 'roster.reachable', unbound: false, barrier: true },
  ])
  const borrowed = await root.query(
    `select p.oid::regprocedure::text from pg_proc p where p.prosecdef and p.pronamespace::regnamespace::text ~ '^(house|roster|outreach|mail|desk|public)$'`,
  )
  // It takes nothing and gives nothing back: it only has PostgreSQL count its tables anew, which an owner alone may ask.
  expect(borrowed.rows).toEqual([{ oid: 'outreach.take_stock()' }])
})

test('nobody changes, removes or empties the ledger, the owner included', async () => {
  for (const login of ['circulation', 'outreach', 'backup', 'owner'] as const)
    for (const statement of [
      `update outreach.ledger set decision = 'grant'`,
      `update outreach.ledger set decision = decision where false`,
      'delete from outreach.ledger',
      'truncate outreach.ledger',
    ])
      expect([login, statement, (await attempt(login, { library: maple }, statement)).code]).toEqual([
        login,
        statement,
        login === 'owner' ? APPEND_ONLY : NOT_ALLOWED,
      ])
})

test('the backup login reads everything, of every library, and changes nothing', async () => {
  for (const table of [...tenantTables, ...EXEMPT]) {
    const read = await attempt('backup', {}, `select * from ${table}`)
    expect([table, read.code]).toEqual([table, null])
    if (tenantTables.includes(table)) expect(new Set(read.rows.map((r) => r.library_no)).size).toBe(2)
    const column =
      { 'house.installation': 'only_row', 'house.library': 'key', 'house.line': 'number' }[table] ?? 'library_no'
    for (const statement of [
      `insert into ${table} overriding system value select * from ${table}`,
      `update ${table} set ${column} = ${column}`,
      `delete from ${table}`,
      `truncate ${table}`,
    ])
      expect([statement, (await attempt('backup', { library: maple }, statement)).code]).toEqual([
        statement,
        NOT_ALLOWED,
      ])
  }
})
