// `gentle campaign status` and `gentle campaign list`: where mailings stand, in words that say what happened.
import { type Campaign, finishedOf, listCampaigns } from '../campaigns/campaign.ts'
import { type CampaignStatus, campaignStatus, type MessageState } from '../campaigns/status.ts'
import type { Library } from '../patrons/library.ts'
import { command } from './command.ts'
import { columns, count, numberColumn, sayInstant } from './lay-out.ts'
import { chooseLibrary, whichLibrary } from './library-options.ts'

const says: Record<MessageState, readonly [one: string, many: string]> = {
  waiting: ['waits for its turn', 'wait for their turn'],
  handing: ['is being handed over right now', 'are being handed over right now'],
  accepted: ['left: the mail server took it', 'left: the mail server took them'],
  delivered: ['arrived', 'arrived'],
  bounced: ['came back: the address does not exist', 'came back: the address does not exist'],
  failed: ['could not be sent', 'could not be sent'],
  withheld: ['was held back by a rule at launch or since', 'were held back by a rule at launch or since'],
  unknown: [
    'may or may not have left; we can’t tell, and won’t send it again',
    'may or may not have left; we can’t tell, and won’t send them again',
  ],
  cancelled: ['was cancelled before it left', 'were cancelled before they left'],
}
const saysOfTexts: Partial<typeof says> = {
  accepted: ['left: the provider took it', 'left: the provider took them'],
  bounced: ['came back: the number cannot be texted', 'came back: the numbers cannot be texted'],
}
const row = (n: number, [one, many]: readonly [string, string]): [number, string] => [n, n === 1 ? one : many]

export const campaignStatusCommand = command({
  name: 'campaign status',
  summary: 'Say where a mailing stands and what became of each message.',
  takes: [{ name: 'CAMPAIGN', says: 'its key or number' }],
  options: whichLibrary,
  examples: ['gentle campaign status autumn --library maple --json'],
  async run(context, { given, options }) {
    const library = await chooseLibrary(context.logins, options.library)
    const status = await campaignStatus(context.logins, library, given.CAMPAIGN)
    const { state, chosen, households, holdout, messages, putOff, nextTryAt, leftOut } = status
    const json = {
      state,
      chosen,
      households,
      holdout,
      messages,
      putOff,
      nextTryAt,
      neverAgreed: leftOut.NEVER_SAID_YES?.people ?? 0,
      leftOut,
    }
    if (state === 'draft' || state === 'approved')
      return {
        json,
        text: [
          `"${status.name}" is ${state === 'draft' ? 'a draft' : 'approved'} and has not been launched; nobody has been chosen yet.`,
        ],
      }
    const reasons = Object.values(leftOut).sort((a, b) => b.people - a.people)
    const words = status.channel === 'sms' ? { ...says, ...saysOfTexts } : says
    const counted = (Object.entries(messages) as [MessageState, number][]).filter(([, n]) => n > 0)
    return {
      json,
      text: [
        `${sayState(status, library, context.clock.now())}`,
        '',
        ...numberColumn([
          row(chosen, ['person belonged to its group', 'people belonged to its group']),
          row(households, ['household could be written to', 'households could be written to']),
          row(holdout, [
            'household is left alone as the comparison group',
            'households are left alone as the comparison group',
          ]),
        ]),
        ...(reasons.length === 0
          ? []
          : [
              '',
              'Left out at launch (a person can have several reasons):',
              ...numberColumn(reasons.map((r) => [r.people, r.text] as const)),
            ]),
        ...(counted.length === 0 ? [] : ['', 'Messages:', ...numberColumn(counted.map(([s, n]) => row(n, words[s])))]),
        ...sayPutOff(status, library, context.clock.now()),
      ],
    }
  },
})

function sayState({ name, state, startsAt }: CampaignStatus, { timezone }: Library, now: Date): string {
  if (state !== 'launched' || startsAt === null) return `"${name}" is ${state}.`
  const at = sayInstant(startsAt, timezone)
  return startsAt > now
    ? `"${name}" is launched; its first message leaves ${at}.`
    : `"${name}" is launched; it began ${at}.`
}

function sayPutOff({ state, channel, putOff, nextTryAt }: CampaignStatus, { timezone }: Library, now: Date): string[] {
  if (putOff === 0 || state === 'cancelled') return []
  const who = `The ${channel === 'sms' ? 'provider' : 'mail server'} put ${putOff === 1 ? 'one' : count(putOff)} of these off`
  const next =
    nextTryAt === null
      ? 'tried again when the mailing goes on'
      : nextTryAt > now
        ? `tried again from ${sayInstant(nextTryAt, timezone)} on`
        : 'due to be tried again now'
  return ['', `${who}; ${putOff === 1 ? 'it is' : 'they are'} ${next}.`]
}

export const campaignList = command({
  name: 'campaign list',
  summary: 'List the library’s mailings, the newest first.',
  takes: [],
  options: whichLibrary,
  examples: ['gentle campaign list'],
  async run(context, { options }) {
    const library = await chooseLibrary(context.logins, options.library)
    const campaigns = await listCampaigns(context.logins, library)
    const over = await finishedOf(context.logins, library, campaigns)
    const stateOf = ({ campaignNo, state }: Campaign) => (over.has(campaignNo) ? 'finished' : state)
    return {
      json: {
        campaigns: campaigns.map((c) => ({
          campaignNo: c.campaignNo,
          key: c.key,
          name: c.name,
          purpose: c.purpose,
          state: stateOf(c),
        })),
      },
      text:
        campaigns.length === 0
          ? ['There is no mailing yet. Make one with "gentle campaign create FILE".']
          : columns(campaigns.map((c) => [`${c.key}`, `${stateOf(c)}: ${c.name}`] as const)),
    }
  },
})
