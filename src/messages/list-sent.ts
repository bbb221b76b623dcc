// The messages that left a library, or tried to, newest first and paged by number.
import { type RawBuilder, sql } from 'kysely'
import type { Purpose } from '../consent/purposes.ts'
import { inLibrary, type Logins, rowsOf, type Scope } from '../db/scope.ts'
import type { Library } from '../patrons/library.ts'

export interface SentMessage {
  messageNo: string
  patronNo: string
  purpose: Purpose
  state: 'accepted' | 'delivered' | 'bounced' | 'failed' | 'unknown'
  /** When the last thing happened to it. */
  at: Date | null
  campaign: string | null
}

/** `before`: only those with a smaller number. */
export const listSent = (
  logins: Logins,
  library: Library,
  page: { before: string | null; most: number },
): Promise<SentMessage[]> =>
  inLibrary(logins, 'circulation', library.libraryNo, (scope) =>
    select(scope, page.before === null ? sql`true` : sql`m.message_no < ${page.before}::bigint`, page.most),
  )

export const findSent = async (logins: Logins, library: Library, messageNo: string): Promise<SentMessage | null> =>
  (
    await inLibrary(logins, 'circulation', library.libraryNo, (scope) =>
      select(scope, sql`m.message_no = ${messageNo}::bigint`, 1),
    )
  )[0] ?? null

const select = (scope: Scope<'circulation'>, which: RawBuilder<unknown>, most: number) =>
  rowsOf(
    scope,
    sql<SentMessage>`
    select m.message_no as "messageNo", m.patron_no as "patronNo", m.purpose, m.state, e.at, c.name as campaign
    from mail.message m
    left join lateral (select at from mail.event e where e.library_no = m.library_no and e.message_no = m.message_no
                       order by e.event_no desc limit 1) e on true
    left join outreach.campaign c on c.library_no = m.library_no and c.campaign_no = m.campaign_no
    where m.library_no = ${scope.library} and m.state in ('accepted', 'delivered', 'bounced', 'failed', 'unknown') and ${which}
    order by m.message_no desc limit ${most}`,
  )
