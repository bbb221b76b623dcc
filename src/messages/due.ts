// Where there is work: one row for each library, sender and campaign with something waiting, so that a worker finds it
// without opening anybody's scope and serves all in turn. A worker moves the row it served to the end of the line.
import { sql } from 'kysely'
import type { Channel } from '../consent/purposes.ts'
import { type Duty, inLibrary, type LibraryNo, type Logins, rowOf, type Scope } from '../db/scope.ts'

export interface DueWork {
  libraryNo: LibraryNo
  sender: string
  campaignNo: string
}

export const OUTREACH_EMAIL = 'outreach-email'
/** Apart from TEXTS, which are notices, answers and confirmations: a campaign never stands before one of them. */
export const OUTREACH_TEXTS = 'outreach-texts'

export const senderOf = (channel: Channel): string => (channel === 'sms' ? OUTREACH_TEXTS : OUTREACH_EMAIL)

/** Under this sender and number stands that answers wait; a loop of their own looks for them. */
export const ANSWERS = { sender: 'answers', campaignNo: '0' } as const

/** Under this sender and the number of their line stands that texts wait (due-texts.ts). */
export const TEXTS = 'texts'

/** Under this sender and number stands that pictures of texts wait to be fetched (conversations/pictures.ts). */
export const PICTURES = { sender: 'pictures', campaignNo: '0' } as const

/** The longest waiting first; none while the installation is paused. */
export async function findDue(logins: Logins, now: Date, most: number): Promise<DueWork[]> {
  const { rows } = await sql<DueWork>`
    select library_no as "libraryNo", sender, campaign_no as "campaignNo" from house.due
    where due_at <= ${now} and sender <> all(${[ANSWERS.sender, TEXTS, PICTURES.sender]}::text[]) and (select paused_because from house.installation) is null
    order by due_at limit ${most}`.execute(logins.outreach)
  return rows
}

/** Libraries in which answers wait; none while the installation is paused. */
export async function findAnswersDue(logins: Logins, now: Date): Promise<LibraryNo[]> {
  const { rows } = await sql<{ libraryNo: LibraryNo }>`
    select library_no as "libraryNo" from house.due
    where sender = ${ANSWERS.sender} and due_at <= ${now} and (select paused_because from house.installation) is null
    order by due_at limit 100`.execute(logins.circulation)
  return rows.map((row) => row.libraryNo)
}

/** Says that messages of this campaign are waiting from `at` on, in the caller's transaction. */
export async function announceDue(scope: Scope<Duty>, sender: string, campaignNo: string, at: Date): Promise<void> {
  await sql`insert into house.due as d (library_no, sender, campaign_no, due_at) values (${scope.library}, ${sender}, ${campaignNo}::bigint, ${at})
            on conflict (library_no, sender, campaign_no) do update set due_at = least(d.due_at, excluded.due_at)`.execute(
    scope.tx,
  )
}

/**
 * After a round: back to the end of the line, or to the time when something is due next, or away. The row is locked
 * before looking, and whoever makes messages wait announces it in the same transaction, so no work is overlooked.
 */
export async function settleDue(logins: Logins, work: DueWork, now: Date, notBefore: Date | null): Promise<void> {
  const row = sql`library_no = ${work.libraryNo} and sender = ${work.sender} and campaign_no = ${work.campaignNo}::bigint`
  await inLibrary(logins, 'outreach', work.libraryNo, async (scope) => {
    const line = await rowOf(scope, sql`select from house.due where ${row} for update`)
    if (line === null) return
    const next = await rowOf(
      scope,
      sql<{ due: Date | null }>`
      select min(due_at) as due from mail.message where library_no = ${work.libraryNo} and campaign_no = ${work.campaignNo}::bigint and state = 'waiting'`,
    )
    if (next?.due == null) await sql`delete from house.due where ${row}`.execute(scope.tx)
    else
      await sql`update house.due set due_at = ${new Date(Math.max(next.due.getTime(), (notBefore ?? now).getTime()))} where ${row}`.execute(
        scope.tx,
      )
  })
}

/** The same for a library's answers. */
export async function settleAnswersDue(logins: Logins, library: LibraryNo): Promise<void> {
  const row = sql`library_no = ${library} and sender = ${ANSWERS.sender} and campaign_no = 0`
  await inLibrary(logins, 'circulation', library, async (scope) => {
    if ((await rowOf(scope, sql`select from house.due where ${row} for update`)) === null) return
    const next = await rowOf(
      scope,
      sql<{
        due: Date | null
      }>`select min(due_at) as due from mail.answer where library_no = ${library} and state = 'waiting'`,
    )
    if (next?.due == null) await sql`delete from house.due where ${row}`.execute(scope.tx)
    else await sql`update house.due set due_at = ${next.due} where ${row}`.execute(scope.tx)
  })
}
