// `gentle campaign preview`: what a mailing would do if it were launched now. Chooses nobody and changes nothing.
import { findCampaign } from '../campaigns/campaign.ts'
import { adviseHoldout } from '../campaigns/holdout.ts'
import { inLibrary } from '../db/scope.ts'
import { findMailing } from '../messages/mailing.ts'
import { priceTexts, type TextsPrice } from '../messages/price-texts.ts'
import { readAnswering } from '../patrons/answering.ts'
import { previewSegment } from '../segments/preview.ts'
import { topicsPassedOver } from '../segments/topics-passed-over.ts'
import { command } from './command.ts'
import { count } from './lay-out.ts'
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
    const { campaign, mailing, passedOver } = await inLibrary(
      context.logins,
      'outreach',
      library.libraryNo,
      async (scope) => {
        const campaign = await findCampaign(scope, given.CAMPAIGN)
        const mailing = (await findMailing(scope, campaign.campaignNo))!
        return { campaign, mailing, passedOver: await topicsPassedOver(scope, campaign) }
      },
    )
    const question = { library, purpose: campaign.purpose, channel: campaign.channel, now: context.clock.now() }
    const preview = await previewSegment(context.logins, question, campaign.segment)
    const holdout = { ...adviseHoldout(preview.sendable), share: campaign.holdoutShare }
    const answering = await readAnswering(context.logins, library.libraryNo)
    const texts =
      campaign.channel === 'sms' ? priceTexts(mailing.letter, library, answering, mailing, preview.sendable) : null
    return {
      json: { ...preview, holdout, topicsPassedOver: passedOver, ...(texts && { texts }) },
      text: [
        `${library.name}: "${campaign.name}", if it were launched now`,
        '',
        ...sayPreview(preview),
        ...(passedOver.length === 0 ? [] : ['', sayPassedOver(passedOver)]),
        '',
        holdout.because,
        ...(texts === null ? [] : ['', ...sayPrice(texts)]),
      ],
    }
  },
})

const sayPassedOver = (topics: string[]): string =>
  `It names no topic, so it goes to people who ticked other kinds only, too. If it is about one of ${topics.join(', ')}, add it to the segment.`

const sayParts = (parts: number): string => (parts === 1 ? '1 part' : `${count(parts)} parts`)

const sayPrice = ({ languages, people, fewestParts, mostParts }: TextsPrice): string[] => [
  ...languages.map(
    ({ language, body, parts, firstParts }) =>
      `As a text in ${language}: ${sayParts(parts)}, and ${firstParts} for a phone that has had none yet. "${body}"`,
  ),
  `For ${count(people)} ${people === 1 ? 'phone' : 'phones'}: between ${count(fewestParts)} and ${sayParts(mostParts)}. Each part is charged.`,
]
