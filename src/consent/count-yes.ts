// How many people said yes since the first of this month, as the library's calendar counts: the one figure that tells
// staff whether asking is worth it. Counts only; names nobody.
import { sql } from 'kysely'
import { rowOf, type Scope } from '../db/scope.ts'

/** Entries are numbered under a lock and dated a little before it: their times may be out of order by this much. */
const SLACK = '1 hour'

/** People, not entries: who said yes to three things counts once. A file of old answers makes no month look well. */
export async function countYesThisMonth(
  scope: Scope<'circulation'>,
  { timezone, now }: { timezone: string; now: Date },
): Promise<number> {
  const from = sql`date_trunc('month', ${now}::timestamptz at time zone ${timezone}) at time zone ${timezone}`
  // There is no index on the time, and none is needed: entry numbers grow with it. The start is looked up by key, with
  // twice as long a step each time, so a ledger of millions costs some twenty look-ups and the month's own entries.
  let behind = 1_000n
  const head = await rowOf(
    scope,
    sql<{ entries: string }>`select entries from outreach.ledger_head where library_no = ${scope.library}`,
  )
  let after = BigInt(head?.entries ?? 0) - behind
  while (after > 0n && !(await isBefore(scope, after, sql`${from} - interval '${sql.raw(SLACK)}'`))) {
    behind *= 2n
    after -= behind
  }
  const row = await rowOf(
    scope,
    sql<{ people: number }>`
    select count(distinct patron_no)::int as people from outreach.ledger
    where library_no = ${scope.library} and entry_no > ${after.toString()}::bigint and decision = 'grant'
      and decided_at >= ${from} and decided_at <= ${now}`,
  )
  return row?.people ?? 0
}

const isBefore = async (scope: Scope<'circulation'>, entry: bigint, instant: ReturnType<typeof sql>) =>
  (await rowOf(
    scope,
    sql`select 1 from outreach.ledger where library_no = ${scope.library} and entry_no = ${entry.toString()}::bigint
        and recorded_at < ${instant}`,
  )) !== null
