// `gentle campaign launch`: the messages are made, and the first leaves when the grace is over.
import { startNow } from '../campaigns/campaign.ts'
import { launchCampaign } from '../campaigns/launch.ts'
import { canSend } from '../worker/carriers.ts'
import { command } from './command.ts'
import { count, counted, sayInstant } from './lay-out.ts'
import { chooseLibrary, intoLibrary } from './library-options.ts'

export const campaignLaunch = command({
  name: 'campaign launch',
  summary: 'Launch an approved mailing; its first message leaves after the grace.',
  about: [
    'Every rule is asked again for each person at the moment of sending. "gentle campaign pause" and "cancel" hold within half a second.',
    'Messages leave while "gentle serve" or "gentle work" runs.',
  ],
  takes: [{ name: 'CAMPAIGN', says: 'its key or number' }],
  options: {
    ...intoLibrary,
    'start-now': { kind: 'flag', says: 'let the first one leave at once, without the grace' },
  },
  examples: ['gentle campaign launch autumn --library maple'],
  async run(context, { given, options }) {
    const library = await chooseLibrary(context.logins, options.library)
    const now = context.clock.now()
    const launched = await launchCampaign(context.logins, library, given.CAMPAIGN, {
      now,
      canSend: canSend(context.config, library),
    })
    if (options['start-now']) await startNow(context.logins, library, given.CAMPAIGN, now)
    const startsAt = options['start-now'] ? now : launched.startsAt
    const { messages, withheld, holdout, holdoutBecause, preview } = launched
    return {
      json: {
        chosen: preview.chosen,
        households: preview.sendable,
        messages,
        withheld,
        holdout,
        holdoutBecause,
        startsAt,
      },
      text: [
        `Launched: ${messages === 1 ? 'one message waits; it leaves' : `${count(messages)} messages wait; the first leaves`} ${options['start-now'] ? 'now' : sayInstant(startsAt, library.timezone)}, in the library's sending hours.`,
        ...(holdout > 0
          ? [`${counted(holdout, 'household is', 'households are')} left alone as the comparison group.`]
          : []),
        ...(holdoutBecause ? [holdoutBecause] : []),
        `Messages leave while "gentle serve" or "gentle work" runs. Next: gentle campaign status ${given.CAMPAIGN} --library ${library.key}`,
      ],
    }
  },
})
