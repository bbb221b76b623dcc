// `gentle campaign preview`: what a mailing would do if it were launched now. Chooses nobody and changes nothing.
import { findCampaign } from '../campaigns/campaign.ts'
import { adviseHoldout } from '../campaigns/holdout.ts'
import { inLibrary } from '../db/scope.ts'
import { previewSegment } from '../segments/preview.ts'
import { command } from './command.ts'
import { chooseLibrary, whichLibrary } from './library-options.ts'
import { sayPreview } from './say-preview.ts'

export const campaignPreview = command({
  name: 'campaign preview',
  summary: 'Count whom a mailing would write to, and why not the others.',
  takes: [{ name: 'CAMPAIGN', says: 'its key or number' }],
  options: whichLibrary,
  examples: ['gentle campaign preview autumn --library maple'],
  async run(context, { given, options }) {
    const library = await chooseLibrary(context.logins, options.library)
    const campaign = await inLibrary(context.logins, 'outreach', library.libraryNo, (scope) =>
      findCampaign(scope, given.CAMPAIGN),
    )
    const question = { library, purpose: campaign.purpose, channel: campaign.channel, now: context.clock.now() }
    const preview = await previewSegment(context.logins, question, campaign.segment)
    const holdout = { ...adviseHoldout(preview.sendable), share: campaign.holdoutShare }
    return {
      json: { ...preview, holdout },
      text: [
        `${library.name}: "${campaign.name}", if it were launched now`,
        '',
        ...sayPreview(preview),
        '',
        holdout.because,
      ],
    }
  },
})
