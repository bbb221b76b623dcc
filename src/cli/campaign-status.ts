// `gentle campaign status` and `gentle campaign list`: where mailings stand, in words that say what happened.
import { listCampaigns } from '../campaigns/campaign.ts'
import { campaignStatus, type MessageState } from '../campaigns/status.ts'
import { command } from './command.ts'
import { columns, numberColumn, sayInstant } from './lay-out.ts'
import { chooseLibrary, whichLibrary } from './library-options.ts'

const says: Record<MessageState, string> = {
  waiting: 'wait for their turn',
  handing: 'are being handed over right now',
  accepted: 'left: the mail server took them',
  delivered: 'arrived',
  bounced: 'came back: the address does not exist',
  failed: 'could not be sent',
  withheld: 'were held back by a rule',
  unknown: 'may or may not have left; we can’t tell, and won’t send them again',
  cancelled: 'were cancelled before they left',
}

export const campaignStatusCommand = command({
  name: 'campaign status',
  summary: 'Say where a mailing stands and what became of each message.',
  takes: [{ name: 'CAMPAIGN', says: 'its key or number' }],
  options: whichLibrary,
  examples: ['gentle campaign status autumn --library maple --json'],
  async run(context, { given, options }) {
    const library = await chooseLibrary(context.logins, options.library)
    const status = await campaignStatus(context.logins, library, given.CAMPAIGN)
    const { state, chosen, households, holdout, messages } = status
    const counted = (Object.entries(messages) as [MessageState, number][])
      .filter(([, n]) => n > 0)
      .map(([s, n]) => [n, says[s]] as const)
    if (state === 'draft' || state === 'approved')
      return {
        json: { state, chosen, households, holdout, messages },
        text: [
          `"${status.name}" is ${state === 'draft' ? 'a draft' : 'approved'} and has not been launched; nobody has been chosen yet.`,
        ],
      }
    return {
      json: { state, chosen, households, holdout, messages },
      text: [
        `"${status.name}" is ${state}${state === 'launched' && status.startsAt ? `; the first leaves ${sayInstant(status.startsAt, library.timezone)} or left then` : ''}.`,
        '',
        ...numberColumn([
          [chosen, 'were chosen'],
          [households, 'households could be written to'],
          [holdout, 'households are left alone as the comparison group'],
        ]),
        ...(counted.length === 0 ? [] : ['', 'Messages:', ...numberColumn(counted)]),
      ],
    }
  },
})

export const campaignList = command({
  name: 'campaign list',
  summary: 'List the library’s mailings, the newest first.',
  takes: [],
  options: whichLibrary,
  examples: ['gentle campaign list'],
  async run(context, { options }) {
    const library = await chooseLibrary(context.logins, options.library)
    const campaigns = await listCampaigns(context.logins, library)
    return {
      json: {
        campaigns: campaigns.map(({ campaignNo, key, name, purpose, state }) => ({
          campaignNo,
          key,
          name,
          purpose,
          state,
        })),
      },
      text:
        campaigns.length === 0
          ? ['There is no mailing yet. Make one with "gentle campaign create FILE".']
          : columns(campaigns.map((c) => [`${c.key}`, `${c.state}: ${c.name}`] as const)),
    }
  },
})
