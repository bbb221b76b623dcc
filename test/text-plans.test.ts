// The hot queries of texts, hooks, conversations and arriving mail walk the indexes they were written for, as the login that
// runs them and under row-level security.
import { CompiledQuery, type RawBuilder, sql } from 'kysely'
import type { Client } from 'pg'
import { beforeAll, expect, test } from 'vitest'
import { inLibrary } from '../src/db/scope.ts'
import { walkInOrder } from '../src/db/walk-in-order.ts'
import type { Line } from '../src/messages/lines.ts'
import { takeTextsStatement } from '../src/messages/take-texts.ts'
import { USUAL_ANSWERING } from '../src/patrons/answering.ts'
import type { Library } from '../src/patrons/library.ts'
import { openHouse } from './house.ts'
import { make, NOW } from './make.ts'
import { makeLine } from './texts.ts'

const house = openHouse()
const ROSA = Buffer.alloc(16, 7)

interface Texting {
  library: Library
  line: Line
}

// Plans hold for a library that the statistics know, and for one whose texts all came in since the last ANALYZE.
let known: Texting
let newcomer: Texting

beforeAll(async () => {
  known = await makeTexting()
  newcomer = await makeTexting()
  const owner = await house.connectAs('owner')
  const tables = ['mail.text', 'mail.conversation', 'mail.brought', 'mail.arrival', 'outreach.suppression']
  for (const table of tables) await owner.query(`alter table ${table} set (autovacuum_enabled = off)`)
  await fillYear(owner, known, 200_000)
  await owner.query(`analyze ${tables.join(', ')}`)
  await fillYear(owner, newcomer, 10_000)
  await owner.end()
})

async function makeTexting(): Promise<Texting> {
  const library = await make.library(house)
  return { library, line: await makeLine(house, [library]) }
}

/** A year of a busy library: 50,000 texts out and some that wait, 20,000 in, and as many conversations. */
async function fillYear(owner: Client, { library, line }: Texting, waiting: number): Promise<void> {
  const [lib, no] = [library.libraryNo, line.lineNo]
  await owner.query(`select set_config('gentle.library', '${lib}', false)`)
  await owner.query(`
    insert into mail.text (library_no, line_no, direction, kind, conversation_no, phone, phone_hash, body, parts, state, at, due_at, quiet, provider_id, taken_at, take_no)
    select ${lib}, ${no}, 'out', 'notice', n, '+1740' || n, decode(md5((n % 20000)::text), 'hex'), 'Your hold is here.', 1,
           case when n > 50000 then 'waiting' when n > 49990 then 'handing' else 'accepted' end, now() - interval '1 hour', now() - interval '1 hour', n % 20 = 0,
           'SM' || n, now(), 1 from generate_series(1, 50000 + ${waiting}) n`)
  await owner.query(`
    insert into mail.text (library_no, line_no, direction, kind, conversation_no, phone, phone_hash, body, state, at, provider_id)
    select ${lib}, ${no}, 'in', 'in', n, '+1740' || n, decode(md5(n::text), 'hex'), 'Are you open?', 'received', now() - interval '1 hour', 'MM' || n
    from generate_series(1, 20000) n`)
  await owner.query(`
    insert into mail.conversation (library_no, line_no, phone, phone_hash, language, state, due_at, waiting_since, closed_at, closed_by, change_no)
    select ${lib}, ${no}, '+1740' || n, decode(md5(n::text), 'hex'), 'en', case when n % 100 = 0 then 'open' else 'closed' end,
           case when n % 100 = 0 then now() end, case when n % 100 = 0 then now() end,
           case when n % 100 <> 0 then now() end, case when n % 100 <> 0 then 'Ana' end, n from generate_series(1, 20000) n`)
  await owner.query(`
    insert into mail.brought (library_no, line_no, at, brings, raw)
    select ${lib}, ${no}, now(), '[]', '' from generate_series(1, 20000) n`)
  await owner.query(`insert into outreach.suppression (library_no, channel, address_hash, purposes, reason, since)
    select ${lib}, 'sms', decode(md5(n::text), 'hex'), -1, 'stopped', now() from generate_series(1, 20000, 20) n`)
  await owner.query(`
    insert into mail.arrival (library_no, capability, digest, state, arrived_at, due_at, peer, settled_at)
    select ${lib}, 'text gateway', sha256(n::text::bytea), 'done', now(), now(), '127.0.0.1', now() from generate_series(1, 20000) n`)
}

/** `inOrder`: with what the transaction of a take asks of the planner. */
const planOf = (
  { library }: Texting,
  statement: RawBuilder<unknown>,
  { inOrder = false }: { inOrder?: boolean } = {},
): Promise<string> =>
  inLibrary(house.database.logins, 'circulation', library.libraryNo, async (scope) => {
    if (inOrder) await sql`select ${walkInOrder}`.execute(scope.tx)
    const { sql: text, parameters } = statement.compile(scope.tx)
    const { rows } = await scope.tx.executeQuery<Record<string, string>>(
      CompiledQuery.raw(`explain (costs off) ${text}`, [...parameters]),
    )
    return rows.map((row) => Object.values(row)[0]).join('\n')
  })

const ofLine = ({ library, line }: Texting) => sql`library_no = ${library.libraryNo} and line_no = ${line.lineNo}`
const ofLibrary = ({ library }: Texting) => sql`library_no = ${library.libraryNo}`

test.each([
  ['known to the statistics, by day', () => known, true],
  ['known to the statistics, at night', () => known, false],
  ['new to them, by day', () => newcomer, true],
  ['new to them, at night', () => newcomer, false],
] as const)(
  'the take walks due texts in their order and finds stops by key, of a library %s',
  async (_which, texting, quietToo) => {
    const plan = await planOf(
      texting(),
      takeTextsStatement(
        { ...texting(), answering: USUAL_ANSWERING, most: 100, now: new Date() },
        { most: 100, parts: 100, quietToo },
      ),
      { inOrder: true },
    )
    expect(plan).toMatch(/LockRows\n.*Result\n.*One-Time Filter.*\n.*Index Scan using text_waiting/)
    expect(plan).toMatch(/text_pkey on text t\n *Index Cond: .*text_no = /)
    expect(plan).toContain('suppression_in_force')
    expect(plan).not.toMatch(/Seq Scan on (text|suppression)\b/)
  },
)

test.each<[string, (texting: Texting) => RawBuilder<unknown>, string]>([
  [
    'the same words a moment before',
    (
      of,
    ) => sql`select text_no from mail.text where ${ofLibrary(of)} and phone_hash = ${ROSA} and direction = 'in' and body = 'Hello?'
              and at > ${NOW}::timestamptz - interval '60 seconds' order by text_no limit 1`,
    'text_by_phone',
  ],
  [
    'whether a phone was ever texted',
    (of) => sql`select from mail.text where ${ofLibrary(of)} and phone_hash = ${ROSA} and direction = 'out' limit 1`,
    'text_by_phone',
  ],
  [
    'the text that a report is about',
    (of) =>
      sql`update mail.text set state = 'delivered' where ${ofLine(of)} and direction = 'out' and provider_id = 'SM7'`,
    'text_by_provider_id',
  ],
  [
    'the conversation of a phone',
    (of) => sql`select from mail.conversation where ${ofLine(of)} and phone_hash = ${ROSA} for update`,
    'phone_hash_key',
  ],
  [
    'what waits next on a line',
    (of) => sql`select min(due_at) from mail.text where ${ofLine(of)} and state = 'waiting' and not quiet`,
    'text_waiting',
  ],
  [
    'what a dead process had in hand',
    (of) =>
      sql`select text_no from mail.text where ${ofLibrary(of)} and state = 'handing' and taken_at < ${NOW} order by text_no limit 2000`,
    'text_handing',
  ],
  [
    'conversations over their due time',
    (
      of,
    ) => sql`select conversation_no from mail.conversation where ${ofLibrary(of)} and state = 'open' and due_at <= ${NOW}
              and escalated_at is null and waiting_since is not null order by due_at limit 100`,
    'conversation_open',
  ],
  [
    'what changed since a page looked',
    (of) =>
      sql`select conversation_no from mail.conversation where ${ofLibrary(of)} and change_no > 19990 order by change_no limit 100`,
    'conversation_changed',
  ],
  [
    'mail that waits to be handed on',
    (of) => sql`select min(due_at) from mail.arrival where ${ofLibrary(of)} and state = 'waiting'`,
    'arrival_waiting',
  ],
])('%s is found by key', async (_what, statement, index) => {
  for (const texting of [known, newcomer]) {
    const plan = await planOf(texting, statement(texting))
    expect(plan).toContain(index)
    expect(plan).not.toContain('Seq Scan')
  }
})

test('what was brought is read in its order, however much of it there is', async () => {
  for (const texting of [known, newcomer]) {
    const brought = sql`select brought_no from mail.brought where ${ofLine(texting)} order by brought_no limit 50`
    const plan = await planOf(texting, brought, { inOrder: true })
    expect(plan).toContain('brought_pkey')
    expect(plan).not.toMatch(/Sort|Seq Scan/)
  }
})
