// Where a campaign stands: how many were chosen, why others were left out, what became of each message, and when mail
// that was put off is tried again.
import { sql } from 'kysely'
import type { Channel } from '../consent/purposes.ts'
import { reasonText } from '../consent/reasons.ts'
import { inLibrary, type Logins, rowOf, rowsOf } from '../db/scope.ts'
import { nextOpening, sendingHours } from '../messages/sending-hours.ts'
import type { Library } from '../patrons/library.ts'
import { findCampaign, isFinished } from './campaign.ts'

export const MESSAGE_STATES = [
  'waiting',
  'handing',
  'accepted',
  'delivered',
  'bounced',
  'failed',
  'withheld',
  'unknown',
  'cancelled',
] as const
export type MessageState = (typeof MESSAGE_STATES)[number]

export interface CampaignStatus {
  campaignNo: string
  key: string
  name: string
  channel: Channel
  /** `finished`: launched, and nothing is waiting or on its way any more. */
  state: 'draft' | 'approved' | 'launched' | 'paused' | 'cancelled' | 'finished'
  startsAt: Date | null
  chosen: number
  households: number
  holdout: number
  messages: Record<MessageState, number>
  /** How many of the waiting ones a mail server or provider put off. */
  putOff: number
  /** When the first of these is tried again, in sending hours; null when none is, or while the campaign is paused. */
  nextTryAt: Date | null
  /** As counted at launch; a person can have several reasons. */
  leftOut: Record<string, { people: number; text: string }>
}

export async function campaignStatus(logins: Logins, library: Library, which: string): Promise<CampaignStatus> {
  return inLibrary(logins, 'outreach', library.libraryNo, async (scope) => {
    const campaign = await findCampaign(scope, which)
    const counted = await rowsOf(
      scope,
      sql<{ state: MessageState; n: number }>`
      select state, count(*)::int as n from mail.message where library_no = ${scope.library} and campaign_no = ${campaign.campaignNo}::bigint group by state`,
    )
    const messages = Object.fromEntries(
      MESSAGE_STATES.map((state) => [state, counted.find((c) => c.state === state)?.n ?? 0]),
    ) as Record<MessageState, number>
    const later = (await rowOf(
      scope,
      // A launch makes every message due when the campaign starts: what is due later has been put off since.
      sql<{ n: number; dueAt: Date | null; fromHour: number; untilHour: number }>`
      select count(m.due_at)::int as n, min(m.due_at) as "dueAt", c.from_hour as "fromHour", c.until_hour as "untilHour"
      from outreach.campaign c
      left join mail.message m on m.library_no = c.library_no and m.campaign_no = c.campaign_no and m.state = 'waiting' and m.due_at > c.starts_at
      where c.library_no = ${scope.library} and c.campaign_no = ${campaign.campaignNo}::bigint
      group by c.from_hour, c.until_hour`,
    ))!
    const { campaignNo, key, name, channel, startsAt } = campaign
    return {
      campaignNo,
      key,
      name,
      channel,
      state: (await isFinished(scope, campaign)) ? 'finished' : campaign.state,
      startsAt,
      chosen: campaign.chosen ?? 0,
      households: campaign.households ?? 0,
      holdout: campaign.holdout ?? 0,
      messages,
      putOff: later.n,
      nextTryAt:
        campaign.state === 'launched' && later.dueAt !== null
          ? nextOpening(sendingHours(library, later), library.timezone, later.dueAt)
          : null,
      leftOut: Object.fromEntries(
        Object.entries(campaign.reasons ?? {}).map(([code, people]) => [code, { people, text: reasonText(code) }]),
      ),
    }
  })
}
