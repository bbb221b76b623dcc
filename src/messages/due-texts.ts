// Where texts wait: one row of house.due for each library and line, so that a worker serves libraries in turn, however
// many texts one of them has.
import { sql } from 'kysely'
import { inLibrary, type LibraryNo, type Logins, rowOf, type Scope } from '../db/scope.ts'
import { announceDue, TEXTS } from './due.ts'

export interface TextWork {
  libraryNo: LibraryNo
  lineNo: number
}

export const announceText = (scope: Scope<'circulation'>, lineNo: number, at: Date): Promise<void> =>
  announceDue(scope, TEXTS, String(lineNo), at)

/** The longest waiting first; none while the installation is paused. */
export async function findTextsDue(logins: Logins, now: Date, most: number): Promise<TextWork[]> {
  const { rows } = await sql<TextWork>`
    select library_no as "libraryNo", campaign_no::int as "lineNo" from house.due
    where sender = ${TEXTS} and due_at <= ${now} and (select paused_because from house.installation) is null
    order by due_at limit ${most}`.execute(logins.circulation)
  return rows
}

/**
 * After a round: to the end of the line, or to when something is due next, or away. `opens`: when texts may leave that wait
 * for people to be awake. `notBefore`: the line's speed allows nothing earlier.
 */
export async function settleTextsDue(
  logins: Logins,
  { libraryNo, lineNo }: TextWork,
  { now, opens, notBefore }: { now: Date; opens: Date; notBefore: Date | null },
): Promise<void> {
  const row = sql`library_no = ${libraryNo} and sender = ${TEXTS} and campaign_no = ${lineNo}`
  await inLibrary(logins, 'circulation', libraryNo, async (scope) => {
    if ((await rowOf(scope, sql`select from house.due where ${row} for update`)) === null) return
    const waiting = sql`from mail.text where library_no = ${libraryNo} and line_no = ${lineNo} and state = 'waiting'`
    const next = await rowOf(
      scope,
      sql<{ due: Date | null }>`
      select least((select min(due_at) ${waiting} and not quiet),
                   (select greatest(min(due_at), ${opens}::timestamptz) ${waiting} and quiet having min(due_at) is not null)) as due`,
    )
    if (next?.due == null) await sql`delete from house.due where ${row}`.execute(scope.tx)
    else
      await sql`update house.due set due_at = ${new Date(Math.max(next.due.getTime(), (notBefore ?? now).getTime()))} where ${row}`.execute(
        scope.tx,
      )
  })
}
