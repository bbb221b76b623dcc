// What exists about one patron: each class of record with how many, since when, until when, and readable by whom. Staff
// see it, and the patron does on their own page, in the words of their language (words/, under `kept`).
import { type RawBuilder, sql } from 'kysely'
import { rowOf, type Scope } from '../db/scope.ts'
import { daysKept } from './change-policy.ts'
import { isHeldNow } from './hold.ts'
import type { PatronNo } from './ledger.ts'
import { messageNumbers, numbersOf } from './message-numbers.ts'
import { keptOf, type PatronKind, patronKinds, type Reader, type ScheduledKind } from './retention.ts'

export interface Existing {
  kind: PatronKind
  records: number
  /** Null where no day is kept, or nothing exists. */
  since: Date | null
  ends: 'schedule' | 'last-yes' | 'erasure' | 'nothing'
  /** Of a schedule. */
  days: number | null
  held: boolean
  readers: readonly Reader[]
}

const of = (scope: Scope<'circulation'>, table: string, alias: string, patron: PatronNo, since: string) =>
  sql`select count(*)::int as records, min(${sql.raw(since)}) as since from ${sql.raw(table)} ${sql.raw(alias)}
      where ${sql.ref(`${alias}.library_no`)} = ${scope.library} and ${sql.ref(`${alias}.patron_no`)} = ${patron}::bigint`

const records: Record<PatronKind, (scope: Scope<'circulation'>, patron: PatronNo) => RawBuilder<unknown>> = {
  facts: (scope, patron) => of(scope, 'outreach.standing', 's', patron, 'null::timestamptz'),
  identity: (scope, patron) => of(scope, 'roster.identity', 'i', patron, 'i.learned_at'),
  choices: (scope, patron) => of(scope, 'outreach.ledger', 'l', patron, 'l.recorded_at'),
  'do-not-write': (scope, patron) => sql`
    select count(*)::int as records, min(x.since) as since from outreach.suppression x
    join outreach.standing s on s.library_no = x.library_no and x.address_hash in (s.email_hash, s.phone_hash)
    where s.library_no = ${scope.library} and s.patron_no = ${patron}::bigint`,
  wishes: (scope, patron) => of(scope, 'outreach.preference', 'w', patron, 'w.said_at'),
  answers: (scope, patron) => sql`
    select count(*)::int as records, min(a.queued_at) as since from outreach.standing s
    join mail.answer a on a.library_no = s.library_no and a.address_hash = s.email_hash
    where s.library_no = ${scope.library} and s.patron_no = ${patron}::bigint`,
  proofs: (scope, patron) => of(scope, 'outreach.fresh_code', 'f', patron, 'null::timestamptz'),
  tasks: (scope, patron) => of(scope, 'desk.task', 't', patron, 't.opened_at'),
  lots: (scope, patron) => sql`
    select count(*)::int as records, min(c.launched_at) as since from outreach.campaign c
    join outreach.holdout h on h.library_no = c.library_no and h.campaign_no = c.campaign_no and h.patron_no = ${patron}::bigint
    where c.library_no = ${scope.library}`,
  messages: (scope, patron) => sql`
    select count(*)::int as records, min(due_at) as since from mail.message
    where library_no = ${scope.library} and message_no in ${messageNumbers(scope, patron)}`,
  // By the phone as well, because many texts know no person; whoever shares the phone shares these.
  texts: (scope, patron) => sql`
    select count(*)::int as records, min(at) as since from (
      select t.text_no, t.at from mail.text t
      join outreach.standing s on s.library_no = t.library_no and s.patron_no = ${patron}::bigint and s.phone_hash = t.phone_hash
      where t.library_no = ${scope.library}
      union
      select text_no, at from mail.text where library_no = ${scope.library} and patron_no in ${numbersOf(scope, patron)}
    ) theirs`,
  audit: (scope, patron) => sql`
    select count(*)::int as records, min(at) as since from desk.audit
    where library_no = ${scope.library} and about ->> 'patronNo' = ${patron}`,
}

/** Every class, those of which nothing exists too: that is an answer as well. */
export async function whatExists(scope: Scope<'circulation'>, patron: PatronNo): Promise<Existing[]> {
  const all: Existing[] = []
  for (const kind of patronKinds) {
    const { end, readers } = keptOf(kind)
    const found = await rowOf(
      scope,
      records[kind](scope, patron) as RawBuilder<{ records: number; since: Date | null }>,
    )
    all.push({
      kind,
      records: found?.records ?? 0,
      since: found?.since ?? null,
      ends: end.by,
      days: end.by === 'schedule' ? await daysKept(scope, kind as ScheduledKind) : null,
      held: await isHeldNow(scope, kind),
      readers,
    })
  }
  return all
}
