// Launch: one set-based statement turns "segment ∩ standing" into messages, one a household, less the comparison group,
// and keeps the reason for everyone left out. It chooses nobody for good: sending asks every rule again for each.
import { randomInt } from 'node:crypto'
import { type RawBuilder, sql } from 'kysely'
import { ask, type Question, suppressionsInForce } from '../consent/gate-question.ts'
import { bitOf, codesOf, withholding } from '../consent/reasons.ts'
import { HOUSEHOLD, RULES_VERSION } from '../consent/rules.ts'
import { inLibrary, type Logins, rowOf, rowsOf } from '../db/scope.ts'
import { Problem } from '../lib/errors.ts'
import { announceDue, senderOf } from '../messages/due.ts'
import { outreachLine } from '../messages/lines.ts'
import type { Library } from '../patrons/library.ts'
import { compileSegment } from '../segments/compile.ts'
import { countOf, type Preview, previewStatement } from '../segments/preview.ts'
import { type Campaign, findCampaign } from './campaign.ts'
import { adviseHoldout } from './holdout.ts'

export interface Launched {
  preview: Preview
  messages: number
  withheld: number
  holdout: number
  /** Why there is no comparison group although one was asked for. */
  holdoutBecause: string | null
  startsAt: Date
}

/** `canSend`: whether a mail server is set up; without one no e-mail could leave, and no text without a number. Throws Problem 'conflict' or 'not-ready'. */
export async function launchCampaign(
  logins: Logins,
  library: Library,
  which: string,
  launch: { now: Date; canSend: boolean },
): Promise<Launched> {
  const line = await outreachLine(logins, library.libraryNo)
  return inLibrary(
    logins,
    'outreach',
    library.libraryNo,
    async (scope) => {
      const campaign = await findCampaign(scope, which)
      if (campaign.channel === 'sms' ? line === null : !launch.canSend)
        throw new Problem('not-ready', campaign.channel === 'sms' ? NO_LINE : NO_MAIL_SERVER)
      const startsAt = new Date(launch.now.getTime() + campaign.graceMinutes * 60_000)
      const seed = randomInt(2 ** 47).toString()
      // The state changes first: of two launches at once the second waits here and finds it launched.
      const ours = await rowOf(
        scope,
        sql`
        update outreach.campaign set state = 'launched', launched_at = ${launch.now}, starts_at = ${startsAt}, holdout_seed = ${seed}
        where library_no = ${scope.library} and campaign_no = ${campaign.campaignNo}::bigint and state = 'approved' returning 1`,
      )
      if (ours === null)
        throw new Problem(
          'conflict',
          campaign.state === 'draft'
            ? `"${campaign.name}" has not been approved. Somebody who has read it approves it first.`
            : `"${campaign.name}" is ${campaign.state}; it cannot be launched again.`,
        )
      const question: Question = { library, purpose: campaign.purpose, channel: campaign.channel, now: launch.now }
      const preview = countOf(await rowsOf(scope, previewStatement(question, campaign.segment)))
      const advice = adviseHoldout(preview.sendable)
      const share = advice.offered ? campaign.holdoutShare : 0
      const made = (await rowOf(scope, launchStatement(campaign, question, { seed, share, startsAt })))!
      await sql`
        update outreach.campaign set chosen = ${preview.chosen}, sendable = ${preview.sendable}, households = ${preview.sendable}, holdout = ${made.holdout},
               reasons = ${JSON.stringify(Object.fromEntries(Object.entries(preview.reasons).map(([code, r]) => [code, r.people])))}::jsonb
        where library_no = ${scope.library} and campaign_no = ${campaign.campaignNo}::bigint`.execute(scope.tx)
      await announceDue(scope, senderOf(campaign.channel), campaign.campaignNo, startsAt)
      return {
        preview,
        ...made,
        holdoutBecause: campaign.holdoutShare > 0 && !advice.offered ? advice.because : null,
        startsAt,
      }
    },
    { snapshot: true },
  )
}

const NO_MAIL_SERVER =
  'No mail server is set, so nothing could be sent. Set GENTLE_SMTP_URL and GENTLE_MAIL_FROM, start again, and launch then.'
const NO_LINE =
  'This library has no number for outreach, and outreach never leaves by the number of its notices. "gentle line add NUMBER --for-outreach" brings one; launch then.'

interface Made {
  messages: number
  withheld: number
  holdout: number
}

/**
 * A household's lot is a hash of its number and the recorded seed, so the draw can be repeated by anybody. Rows go in
 * sorted by patron and numbered in that order: both indexes grow at their end (unsorted took 13 times a plain insert).
 */
export function launchStatement(
  campaign: Pick<Campaign, 'campaignNo' | 'purpose' | 'channel' | 'segment'>,
  question: Question,
  draw: { seed: string; share: number; startsAt: Date },
): RawBuilder<Made> {
  const asked = ask(question)
  const lib = question.library.libraryNo
  return sql<Made>`
    with lots as materialized (
      select patron_no, case when reasons = 0 and turn > 1 then ${bitOf(HOUSEHOLD.code)} else reasons end as reasons,
             reasons = 0 and turn = 1 and (hashint8extended(household, ${draw.seed}::bigint) & 1048575) / 1048576.0 < ${draw.share}::float8 as left_alone
      from (
        select *, row_number() over (partition by household, reasons = 0 order by hashint8extended(patron_no, ${draw.seed}::bigint)) as turn
        from (
          select s.patron_no, s.household, ${withholding(asked)} as reasons
          from outreach.standing s left join ${suppressionsInForce(asked)} x on x.address_hash = ${asked.addressHash}
          where s.library_no = ${lib} and ${compileSegment(campaign.segment, question.library.timezone, question.now)}
          offset 0
        ) judged
      ) ranked
    ), made as (
      insert into mail.message (library_no, message_no, campaign_no, patron_no, channel, purpose, basis, sender, state, due_at, reasons, facts)
      select ${lib}, nextval('mail.message_no'), ${campaign.campaignNo}::bigint, patron_no, ${campaign.channel}, ${campaign.purpose}, 'consent', ${senderOf(campaign.channel)},
             case when reasons = 0 then 'waiting' else 'withheld' end, ${draw.startsAt}, case when reasons <> 0 then ${codesOf(sql`reasons`)} end,
             case when reasons <> 0 then jsonb_build_object('rules', ${sql.lit(RULES_VERSION)}::int, 'atLaunch', true) end
      from (select * from lots where not left_alone order by patron_no) sorted
      returning state
    ), alone as (
      insert into outreach.holdout (library_no, campaign_no, patron_no)
      select ${lib}, ${campaign.campaignNo}::bigint, patron_no from lots where left_alone returning 1
    )
    select count(*) filter (where state = 'waiting')::int as messages, count(*) filter (where state = 'withheld')::int as withheld,
           (select count(*)::int from alone) as holdout from made`
}
