// Where a campaign stands: how many were chosen, and what became of each message.
import { sql } from 'kysely'
import { inLibrary, type Logins, rowsOf } from '../db/scope.ts'
import type { Library } from '../patrons/library.ts'
import { findCampaign } from './campaign.ts'

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
  /** `finished`: launched, and nothing is waiting or on its way any more. */
  state: 'draft' | 'approved' | 'launched' | 'paused' | 'cancelled' | 'finished'
  startsAt: Date | null
  chosen: number
  households: number
  holdout: number
  messages: Record<MessageState, number>
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
    const done = campaign.state === 'launched' && messages.waiting + messages.handing === 0
    const { campaignNo, key, name, startsAt } = campaign
    return {
      campaignNo,
      key,
      name,
      state: done ? 'finished' : campaign.state,
      startsAt,
      chosen: campaign.chosen ?? 0,
      households: campaign.households ?? 0,
      holdout: campaign.holdout ?? 0,
      messages,
    }
  })
}
