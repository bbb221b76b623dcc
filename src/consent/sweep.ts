// The sweep: deletes what the schedule says is over, a page of keys at a time, and reports what it removed. What a hold
// covers stays, and so does what is not settled yet; PostgreSQL refuses the worst of what could go wrong here.
import { sql } from 'kysely'
import { inLibrary, type Logins, rowOf, type Scope } from '../db/scope.ts'
import type { Library } from '../patrons/library.ts'
import { daysKept } from './change-policy.ts'
import { isHeldNow } from './hold.ts'
import { type ScheduledKind, scheduledKinds } from './retention.ts'
import { forgetStrangers } from './standing.ts'

interface Swept {
  table: string
  /** The rest of the primary key after the library: it rises as the rows grow younger. */
  key: string
  age: string
  /** Rows that stay however old they are. */
  stays?: string
  /** Goes with its row, under the same key. */
  with?: string
}

const swept: Record<ScheduledKind, readonly Swept[]> = {
  messages: [
    {
      table: 'mail.message',
      key: 'message_no',
      age: 'due_at',
      stays: `state in ('waiting', 'handing')`,
      with: 'mail.event',
    },
  ],
  texts: [
    {
      table: 'mail.text',
      key: 'text_no',
      age: 'at',
      // What somebody still waits for an answer to is not old, whatever its date.
      stays: `state in ('waiting', 'handing') or exists (select from mail.conversation c where c.library_no = t.library_no
        and c.conversation_no = t.conversation_no and c.state = 'open')`,
      with: 'mail.text_event',
    },
    {
      table: 'mail.conversation',
      key: 'conversation_no',
      age: 'coalesce(greatest(last_in_at, last_out_at), closed_at)',
      stays: `state = 'open'`,
      with: 'mail.note',
    },
  ],
  'text-doors': [
    { table: 'mail.hook', key: 'hook_no', age: 'at', stays: 'settled_at is null' },
    { table: 'desk.fix_up', key: 'fix_no', age: 'closed_at', stays: 'closed_at is null' },
    {
      table: 'mail.route',
      key: 'extract(epoch from greatest(texted_at, chosen_at))::bigint',
      age: 'greatest(texted_at, chosen_at)',
    },
    { table: 'mail.routed', key: 'extract(epoch from at)::bigint', age: 'at' },
  ],
  audit: [{ table: 'desk.audit', key: 'audit_no', age: 'at' }],
  imports: [
    {
      table: 'roster.run',
      key: 'run_no',
      age: 'ended_at',
      // With the last file that was applied the next one is compared.
      stays: `run_no >= coalesce((select max(run_no) from roster.run r where r.library_no = t.library_no and r.state = 'applied'), 0)`,
    },
  ],
  requests: [{ table: 'desk.request', key: 'request_no', age: 'decided_at', stays: 'decision is null' }],
  keys: [{ table: 'desk.api_key', key: 'key_no', age: 'ended_at', stays: 'ended_at is null' }],
  sweeps: [
    { table: 'desk.sweep', key: 'sweep_no', age: 'at' },
    { table: 'desk.nightly', key: `extract(epoch from claimed_at)::bigint`, age: 'claimed_at' },
  ],
}

/** Rows looked at in one transaction. */
const PAGE = 1_000

export interface SweptKind {
  kind: ScheduledKind | 'identity'
  olderThan: Date
  /** Or would be, in a dry run. */
  removed: number
  held: boolean
}

export interface SweepOptions {
  now: Date
  dryRun?: boolean
  stopping?: () => boolean
}

export async function sweepLibrary(logins: Logins, library: Library, options: SweepOptions): Promise<SweptKind[]> {
  const done: SweptKind[] = []
  for (const kind of scheduledKinds) {
    if (options.stopping?.()) break
    const { days, held } = await inLibrary(logins, 'circulation', library.libraryNo, async (scope) => ({
      days: await daysKept(scope, kind),
      held: await isHeldNow(scope, kind),
    }))
    const olderThan = new Date(options.now.getTime() - days * 86_400_000)
    let removed = 0
    if (!held) for (const table of swept[kind]) removed += await sweepTable(logins, library, table, olderThan, options)
    done.push({ kind, olderThan, removed, held })
  }
  if (!options.stopping?.()) done.push(await sweepIdentities(logins, library, options))
  if (!options.dryRun) await report(logins, library, done, options.now)
  return done
}

async function sweepTable(
  logins: Logins,
  library: Library,
  table: Swept,
  olderThan: Date,
  { dryRun = false, stopping = () => false }: SweepOptions,
): Promise<number> {
  let last: string | null = null
  let removed = 0
  while (!stopping()) {
    const page = await inLibrary(logins, 'circulation', library.libraryNo, (scope) =>
      sweepPage(scope, table, { olderThan, after: last, dryRun }),
    )
    removed += page.gone
    // The first page without anything old is the end: what follows is younger still.
    if (page.old === 0) break
    last = page.last
  }
  return removed
}

async function sweepPage(
  scope: Scope<'circulation'>,
  { table, key, age, stays = 'false', with: child }: Swept,
  { olderThan, after, dryRun }: { olderThan: Date; after: string | null; dryRun: boolean },
): Promise<{ old: number; gone: number; last: string | null }> {
  const k = sql.raw(key)
  const from = sql.raw(table)
  const gone = dryRun
    ? sql`gone as (select k from page where old and not stays)`
    : sql`gone as (delete from ${from} using page where library_no = ${scope.library} and ${k} = page.k and page.old and not page.stays returning page.k)`
  const children =
    child === undefined || dryRun
      ? sql``
      : sql`, children as (delete from ${sql.raw(child)} c using gone where c.library_no = ${scope.library} and c.${k} = gone.k)`
  const row = await rowOf(
    scope,
    sql<{ old: number; gone: number; last: string | null }>`
    with page as materialized (
      select ${k} as k, coalesce(${sql.raw(age)} < ${olderThan}, false) as old, ${sql.raw(stays)} as stays
      from ${from} t where library_no = ${scope.library} and ${after === null ? sql`true` : sql`${k} > ${after}::bigint`}
      order by ${k} limit ${PAGE}
    ), ${gone}${children}
    select count(*) filter (where old)::int as old, (select count(*)::int from gone) as gone, max(k)::text as last from page`,
  )
  return row!
}

/** Names that nothing asks for any more: left by a hold that has ended, or by a library that no longer keeps everybody's. */
async function sweepIdentities(logins: Logins, library: Library, options: SweepOptions): Promise<SweptKind> {
  const held = await inLibrary(logins, 'circulation', library.libraryNo, (scope) => isHeldNow(scope, 'identity'))
  let removed = 0
  if (!held && !options.dryRun)
    for (let page = 1; page > 0 && !options.stopping?.(); removed += page)
      page = await forgetStrangers(logins, library.libraryNo, PAGE)
  return { kind: 'identity', olderThan: options.now, removed, held }
}

async function report(logins: Logins, library: Library, done: SweptKind[], now: Date): Promise<void> {
  const told = done.filter((one) => one.removed > 0 || one.held)
  if (told.length === 0) return
  await inLibrary(logins, 'circulation', library.libraryNo, (scope) =>
    sql`insert into desk.sweep (library_no, at, kind, older_than, removed, held)
        select ${scope.library}, ${now}, t.* from unnest(${told.map((one) => one.kind)}::text[], ${told.map((one) => one.olderThan)}::timestamptz[],
          ${told.map((one) => one.removed)}::integer[], ${told.map((one) => one.held)}::boolean[]) t`.execute(scope.tx),
  )
}
