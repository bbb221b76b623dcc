// The sweep: deletes what the schedule says is over, a page of keys at a time, and reports what it removed. What a hold
// covers stays, and so does what is not settled yet; PostgreSQL refuses the worst of what could go wrong here.
import { sql } from 'kysely'
import { inLibrary, type Logins } from '../db/scope.ts'
import type { Library } from '../patrons/library.ts'
import { daysKept } from './change-policy.ts'
import { isHeldNow } from './hold.ts'
import { type ScheduledKind, scheduledKinds } from './retention.ts'
import { forgetStrangers } from './standing.ts'
import { sweepMailroom } from './sweep-mailroom.ts'
import { PAGE, type SweptByAge, type SweptByKey, sweepByAge, sweepByKey, sweepLots } from './sweep-tables.ts'

const byKey: Partial<Record<ScheduledKind, readonly SweptByKey[]>> = {
  messages: [
    {
      table: 'mail.message',
      key: 'message_no',
      age: 'due_at',
      stays: `state in ('waiting', 'handing')`,
      with: ['mail.event'],
    },
  ],
  answers: [{ table: 'mail.answer', key: 'answer_no', age: 'queued_at', stays: `state = 'waiting'` }],
  tasks: [{ table: 'desk.task', key: 'task_no', age: 'closed_at', stays: `state = 'open'` }],
  // Only what is done: PostgreSQL refuses the rest, too.
  arrivals: [
    { table: 'mail.arrival', key: 'arrival_no', age: 'arrived_at', stays: `state <> 'done'` },
    {
      table: 'mail.text_origin',
      key: 'text_no',
      age: 'arrived_at',
      stays: `exists (select from mail.text x where x.library_no = t.library_no and x.text_no = t.text_no and x.state in ('waiting', 'handing'))`,
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
      with: ['mail.text_event', 'mail.picture'],
    },
    {
      table: 'mail.conversation',
      key: 'conversation_no',
      age: 'coalesce(greatest(last_in_at, last_out_at), closed_at)',
      stays: `state = 'open'`,
      with: ['mail.note'],
    },
    { table: 'mail.notice', key: 'notice_no', age: 'received_at', stays: 'phone is not null' },
  ],
  'text-doors': [
    { table: 'mail.hook', key: 'hook_no', age: 'at', stays: 'settled_at is null' },
    { table: 'desk.fix_up', key: 'fix_no', age: 'closed_at', stays: 'closed_at is null' },
    { table: 'desk.mailbox_alarm', key: 'alarm_no', age: 'cleared_at', stays: 'cleared_at is null' },
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

/** Forms that nobody has proven are forgotten by the hour (signups/); of codes there is one an address. */
const byAge: Partial<Record<ScheduledKind, readonly SweptByAge[]>> = {
  proofs: [{ table: 'outreach.fresh_code', age: 'expires_at' }],
}

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
  /** The folder of this machine's mailroom; without one no file is looked at. */
  mailroom?: string
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
    const removed = held ? 0 : await sweepKind(logins, library, kind, olderThan, options)
    done.push({ kind, olderThan, removed, held })
  }
  if (!options.stopping?.()) done.push(await sweepIdentities(logins, library, options))
  if (!options.dryRun) await report(logins, library, done, options.now)
  return done
}

async function sweepKind(
  logins: Logins,
  library: Library,
  kind: ScheduledKind,
  olderThan: Date,
  { dryRun = false, stopping = () => false, mailroom }: SweepOptions,
): Promise<number> {
  const sweeping = { logins, library: library.libraryNo, olderThan, dryRun, stopping }
  let removed = 0
  for (const table of byKey[kind] ?? []) removed += await sweepByKey(sweeping, table)
  for (const table of byAge[kind] ?? []) removed += await sweepByAge(sweeping, table)
  if (kind === 'lots') removed += await sweepLots(sweeping)
  if (kind === 'mailroom' && mailroom !== undefined)
    removed += await sweepMailroom(mailroom, library.key, { olderThan, dryRun, stopping })
  return removed
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
