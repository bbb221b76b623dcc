// The one question at every door where a yes comes in: may this person say yes themselves? A child is not asked for one, by
// the patron file and on the library's own calendar; what a guardian says is an entry of its own (guardian.ts). A no counts
// whoever says it.
import { type RawBuilder, sql } from 'kysely'
import { rowsOf, type Scope } from '../db/scope.ts'
import { dateIn } from '../lib/clock.ts'
import type { Library } from '../patrons/library.ts'
import type { PatronNo } from './ledger.ts'

/** True of a row of standing s whose person is a minor on that day. `day`: an ISO date on the library's calendar. */
export const isMinorOn = (day: string): RawBuilder<boolean> => sql`coalesce(s.minor_until > ${day}::date, false)`

/** Whether somebody was a minor at that instant. Of these patrons alone. */
export type WasMinor = (patron: PatronNo, at: Date) => boolean

export async function minorsAmong(
  scope: Scope<'circulation'>,
  { timezone }: Pick<Library, 'timezone'>,
  patrons: readonly PatronNo[],
): Promise<WasMinor> {
  const rows = await rowsOf(
    scope,
    sql<{ patron: PatronNo; until: string }>`
    select patron_no as patron, minor_until as until from outreach.standing
    where library_no = ${scope.library} and patron_no = any(${patrons}::bigint[]) and minor_until is not null`,
  )
  const until = new Map(rows.map((row) => [row.patron, row.until]))
  return (patron, at) => (until.get(patron) ?? '') > dateIn(timezone, at)
}
