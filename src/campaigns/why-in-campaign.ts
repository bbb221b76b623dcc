// Why somebody was, or was not, written to by one campaign: what was decided when it was decided, and what the rules
// say today. The two may differ, and both are shown.
import { sql } from 'kysely'
import type { PatronNo } from '../consent/ledger.ts'
import { type Why, whyPatron } from '../consent/why.ts'
import { rowOf, rowsOf, type Scope } from '../db/scope.ts'
import type { Library } from '../patrons/library.ts'
import { compileSegment } from '../segments/compile.ts'
import { findCampaign } from './campaign.ts'

export interface WhyInCampaign extends Why {
  campaign: { key: string; name: string; state: string }
  /** Null: no message was made, because at launch the person was not chosen, had not agreed, or was in the comparison group. */
  message: {
    state: string
    reasons: string[]
    facts: Record<string, unknown> | null
    events: { kind: string; at: Date; code: string | null; said: string | null }[]
  } | null
  inComparisonGroup: boolean
}

/** Null when there is no such patron. */
export async function whyInCampaign(
  scope: Scope<'circulation'>,
  library: Library,
  which: string,
  patron: PatronNo,
  now: Date,
): Promise<WhyInCampaign | null> {
  const { campaignNo, key, name, state, purpose, channel, segment } = await findCampaign(scope, which)
  const why = await whyPatron(
    scope,
    { library, purpose, channel, now },
    patron,
    compileSegment(segment, library.timezone, now),
  )
  if (why === null) return null
  const message = await rowOf(
    scope,
    sql<{ messageNo: string; state: string; reasons: string[] | null; facts: Record<string, unknown> | null }>`
    select message_no as "messageNo", state, reasons, facts from mail.message
    where library_no = ${scope.library} and campaign_no = ${campaignNo}::bigint and patron_no = ${patron}::bigint and channel = ${channel}`,
  )
  const events =
    message === null
      ? []
      : await rowsOf(
          scope,
          sql<{ kind: string; at: Date; code: string | null; said: string | null }>`
    select kind, at, code, said from mail.event where library_no = ${scope.library} and message_no = ${message.messageNo}::bigint order by event_no`,
        )
  const alone = await rowOf(
    scope,
    sql`select from outreach.holdout where library_no = ${scope.library} and campaign_no = ${campaignNo}::bigint and patron_no = ${patron}::bigint`,
  )
  return {
    ...why,
    campaign: { key, name, state },
    message: message && { state: message.state, reasons: message.reasons ?? [], facts: message.facts, events },
    inComparisonGroup: alone !== null,
  }
}
