// A campaign's row and its states: draft → approved → launched ⇄ paused, and cancelled from any of them until it is
// finished. Nothing leaves that a named person has not approved.
import { sql } from 'kysely'
import type { Channel, Purpose } from '../consent/purposes.ts'
import { type Duty, inLibrary, type Logins, rowOf, rowsOf, type Scope } from '../db/scope.ts'
import { Problem } from '../lib/errors.ts'
import { cancelWaiting } from '../messages/cancel-waiting.ts'
import { announceDue, senderOf } from '../messages/due.ts'
import { letterToKeep } from '../messages/mailing.ts'
import { prepareMail } from '../messages/render.ts'
import { prepareText } from '../messages/render-text.ts'
import { readAnswering } from '../patrons/answering.ts'
import type { Library } from '../patrons/library.ts'
import type { SegmentRule } from '../segments/rule.ts'
import type { CampaignPlan } from './campaign-file.ts'

export interface Campaign {
  campaignNo: string
  key: string
  name: string
  purpose: Purpose
  channel: Channel
  segment: SegmentRule
  holdoutShare: number
  holdoutSeed: string | null
  graceMinutes: number
  state: 'draft' | 'approved' | 'launched' | 'paused' | 'cancelled'
  approvedBy: string | null
  launchedAt: Date | null
  startsAt: Date | null
  chosen: number | null
  sendable: number | null
  households: number | null
  holdout: number | null
  reasons: Record<string, number> | null
}

const columns = sql`campaign_no as "campaignNo", key, name, purpose, channel, segment, holdout_share as "holdoutShare", holdout_seed as "holdoutSeed",
  grace_minutes as "graceMinutes", state, approved_by as "approvedBy", launched_at as "launchedAt", starts_at as "startsAt", chosen, sendable, households, holdout, reasons`

/** Throws Problem 'conflict' when the key is taken, and what rendering throws for a letter this library cannot send. */
export async function createCampaign(logins: Logins, library: Library, plan: CampaignPlan): Promise<Campaign> {
  if (plan.channel === 'sms') prepareText(plan.letter, library, await readAnswering(logins, library.libraryNo), plan)
  else prepareMail(plan.letter, library, library.language)
  return inLibrary(logins, 'outreach', library.libraryNo, async (scope) => {
    const made = await rowOf(
      scope,
      sql<Campaign>`
      insert into outreach.campaign (library_no, key, name, purpose, channel, segment, letter, holdout_share, from_hour, until_hour, grace_minutes, most_parts, cut_long)
      values (${scope.library}, ${plan.key}, ${plan.name}, ${plan.purpose}, ${plan.channel}, ${JSON.stringify(plan.segment)}::jsonb,
              ${JSON.stringify(letterToKeep(plan.letter))}::jsonb, ${plan.holdoutShare}, ${plan.window.from}, ${plan.window.until}, ${plan.graceMinutes}, ${plan.mostParts}, ${plan.cutLong})
      on conflict (library_no, key) do nothing returning ${columns}`,
    )
    if (made) return made
    throw new Problem(
      'conflict',
      `There is already a campaign "${plan.key}" at ${library.name}. Give this one a key of its own.`,
    )
  })
}

/** `which`: the campaign's number or key. Throws Problem 'not-found'. */
export async function findCampaign(scope: Scope<Duty>, which: string): Promise<Campaign> {
  const row = await rowOf(
    scope,
    sql<Campaign>`
    select ${columns} from outreach.campaign where library_no = ${scope.library} and (key = ${which} or campaign_no::text = ${which})`,
  )
  if (row) return row
  throw new Problem('not-found', `There is no campaign "${which}" here.`)
}

export const listCampaigns = (logins: Logins, library: Library): Promise<Campaign[]> =>
  inLibrary(logins, 'outreach', library.libraryNo, (scope) =>
    rowsOf(
      scope,
      sql<Campaign>`select ${columns} from outreach.campaign where library_no = ${scope.library} order by campaign_no desc limit 200`,
    ),
  )

type Step = 'approve' | 'pause' | 'resume' | 'cancel'
const steps: Record<Step, { from: Campaign['state'][]; to: Campaign['state']; refused: string }> = {
  approve: { from: ['draft'], to: 'approved', refused: 'Only a draft can be approved.' },
  pause: { from: ['launched'], to: 'paused', refused: 'Only a launched campaign can be paused.' },
  resume: { from: ['paused'], to: 'launched', refused: 'Only a paused campaign can go on.' },
  cancel: { from: ['draft', 'approved', 'launched', 'paused'], to: 'cancelled', refused: 'It is cancelled already.' },
}

/** Holds from the next take on, in every process: at most half a second. Throws Problem 'conflict' when the step does not fit the state. */
export async function stepCampaign(
  logins: Logins,
  library: Library,
  which: string,
  step: Step,
  by: string,
  now: Date,
): Promise<Campaign> {
  return inLibrary(logins, 'outreach', library.libraryNo, async (scope) => {
    const before = await findCampaign(scope, which)
    const { from, to, refused } = steps[step]
    if ((step === 'pause' || step === 'cancel') && (await isFinished(scope, before)))
      throw new Problem(
        'conflict',
        `"${before.name}" is finished: nothing of it is waiting any more, so there is nothing to ${step}.`,
      )
    const after = await rowOf(
      scope,
      sql<Campaign>`
      update outreach.campaign set state = ${to},
        approved_by = case when ${step} = 'approve' then ${by} else approved_by end,
        approved_at = case when ${step} = 'approve' then ${now}::timestamptz else approved_at end
      where library_no = ${scope.library} and campaign_no = ${before.campaignNo}::bigint and state = any(${from}::text[]) returning ${columns}`,
    )
    if (after === null) throw new Problem('conflict', `"${before.name}" is ${before.state}. ${refused}`)
    if (step === 'cancel') await cancelWaiting(scope, after.campaignNo)
    if (step === 'resume') await announceDue(scope, senderOf(after.channel), after.campaignNo, now)
    return after
  })
}

/** Launched, and nothing is waiting or on its way any more: what has left can be neither held nor called back. */
export async function isFinished(scope: Scope<Duty>, { campaignNo, state }: Campaign): Promise<boolean> {
  if (state !== 'launched' && state !== 'paused') return false
  const open = await rowOf(
    scope,
    sql`
    select from mail.message where library_no = ${scope.library} and campaign_no = ${campaignNo}::bigint and state in ('waiting', 'handing') limit 1`,
  )
  return open === null
}

/** The numbers of those among them that are finished. */
export const finishedOf = (logins: Logins, library: Library, campaigns: Campaign[]): Promise<Set<string>> =>
  inLibrary(logins, 'outreach', library.libraryNo, async (scope) => {
    const finished = new Set<string>()
    for (const campaign of campaigns) if (await isFinished(scope, campaign)) finished.add(campaign.campaignNo)
    return finished
  })

/** Lets a launched campaign begin now instead of after its grace. */
export async function startNow(logins: Logins, library: Library, which: string, now: Date): Promise<void> {
  await inLibrary(logins, 'outreach', library.libraryNo, async (scope) => {
    const campaign = await findCampaign(scope, which)
    await sql`update outreach.campaign set starts_at = least(starts_at, ${now}) where library_no = ${scope.library} and campaign_no = ${campaign.campaignNo}::bigint`.execute(
      scope.tx,
    )
    await sql`update mail.message set due_at = ${now} where library_no = ${scope.library} and campaign_no = ${campaign.campaignNo}::bigint and state = 'waiting' and due_at > ${now} and attempts = 0`.execute(
      scope.tx,
    )
    await announceDue(scope, senderOf(campaign.channel), campaign.campaignNo, now)
  })
}
