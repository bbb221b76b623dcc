// What a pause has held back, a row for each mailing, for whoever decides to end it: what would leave now, what waits
// for a person's word, and what was parked because nobody can tell whether it left.
import { sql } from 'kysely'
import { inLibrary, type Logins, rowsOf } from '../db/scope.ts'
import type { Library } from '../patrons/library.ts'

export interface HeldMailing {
  key: string
  name: string
  /** `approved`: not launched when the backup was made. It may have been since, and launching it again writes twice. */
  state: 'approved' | 'launched' | 'paused'
  waiting: number
  /** Of those, due by now; and since when the first of them. */
  overdue: number
  overdueSince: Date | null
  /** Parked by the restore. */
  parked: number
}

/** Mailings of a library that have something waiting or parked, or could be launched. */
export async function listHeld(
  logins: Logins,
  library: Library,
  pause: { at: Date; now: Date },
): Promise<HeldMailing[]> {
  return inLibrary(logins, 'outreach', library.libraryNo, (scope) =>
    rowsOf(
      scope,
      sql<HeldMailing>`
      select c.key, c.name, c.state, coalesce(w.waiting, 0) as waiting, coalesce(w.overdue, 0) as overdue,
             w.since as "overdueSince", coalesce(u.parked, 0) as parked
      from outreach.campaign c
      left join lateral (
        select count(*)::int as waiting, (count(*) filter (where due_at <= ${pause.now}))::int as overdue,
               min(due_at) filter (where due_at <= ${pause.now}) as since
        from mail.message m where m.library_no = c.library_no and m.campaign_no = c.campaign_no and m.state = 'waiting') w on true
      left join lateral (
        select count(*)::int as parked
        from mail.message m where m.library_no = c.library_no and m.campaign_no = c.campaign_no and m.state = 'unknown'
          and exists (select from mail.event e where e.library_no = m.library_no and e.message_no = m.message_no and e.code = 'restored')) u on true
      where c.library_no = ${scope.library} and c.state in ('approved', 'launched', 'paused')
        and (w.waiting > 0 or u.parked > 0 or (c.state = 'approved' and c.approved_at <= ${pause.at}))
      order by c.campaign_no`,
    ),
  )
}
