// What became of notices, for the library system: SUCCESS or FAIL for each message_id once the provider has had its word.
// It is told as often as it is asked for: a results file that was lost is simply made again, and library systems take a
// result they know already for what it is.
import { sql } from 'kysely'
import { rowsOf, type Scope } from '../db/scope.ts'

export interface NoticeResult {
  messageId: string
  result: 'SUCCESS' | 'FAIL'
  /** Of a FAIL: for staff. */
  reason: string | null
}

/** Some providers never report a delivery: what they took and did not bring back by then has arrived. */
const SILENCE_HOURS = 24

export const RESULT_DAYS = 14

/** Of the notices that came since then. What has no result yet is not in it. */
export async function noticeResults(
  scope: Scope<'circulation'>,
  { since, now }: { since: Date; now: Date },
): Promise<NoticeResult[]> {
  const silentSince = new Date(now.getTime() - SILENCE_HOURS * 3_600_000)
  const rows = await rowsOf(
    scope,
    sql<{
      messageId: string
      refused: string | null
      state: string | null
      reasons: string[] | null
      said: string | null
    }>`
    select n.message_id as "messageId", n.refused, t.state, t.reasons, coalesce(e.said, e.code) as said
    from mail.notice n
    left join mail.text t on t.library_no = n.library_no and t.text_no = n.text_no
    left join lateral (select at, code, said from mail.text_event e
                       where e.library_no = t.library_no and e.text_no = t.text_no order by e.event_no desc limit 1) e on true
    where n.library_no = ${scope.library} and n.received_at >= ${since}
      and (n.refused is not null or t.state in ('delivered', 'failed', 'bounced', 'withheld', 'cancelled')
        or t.state in ('accepted', 'unknown') and coalesce(e.at, t.at) < ${silentSince})
    order by n.notice_no`,
  )
  return rows.map(({ messageId, refused, state, reasons, said }) => {
    if (refused !== null) return { messageId, result: 'FAIL', reason: refused }
    if (state === 'delivered' || state === 'accepted') return { messageId, result: 'SUCCESS', reason: null }
    return { messageId, result: 'FAIL', reason: sayWhy(state!, reasons ?? [], said) }
  })
}

const HELD_BACK: Readonly<Record<string, string>> = {
  STOPPED: 'they stopped all our texts',
  BOUNCED: 'this number cannot be texted',
  LIFE_EVENT: 'somebody told us that this number is not theirs any more; a person here has to look',
}

function sayWhy(state: string, reasons: readonly string[], said: string | null): string {
  if (state === 'withheld')
    return reasons.map((code) => HELD_BACK[code] ?? 'this number is on the do-not-write list').join('; ')
  if (state === 'unknown') return 'we cannot tell whether it left, and do not send it again'
  if (state === 'cancelled') return 'it was cancelled before it left'
  return said === null || said === '' ? 'the provider could not deliver it' : `the provider says: ${said}`
}

/** As library systems read it. */
export const resultsFile = (results: readonly NoticeResult[]): string =>
  results.map(({ messageId, result }) => `"${messageId}","${result}"\n`).join('')
