// `gentle offers set`: what a library offers on its join page, from a file with its own words.
import type { Channel } from '../consent/purposes.ts'
import { linesOf } from '../messages/lines.ts'
import { readOffersFile } from '../signups/offers-file.ts'
import { setOffers } from '../signups/set-offers.ts'
import { command } from './command.ts'
import { counted } from './lay-out.ts'
import { chooseLibrary, intoLibrary } from './library-options.ts'
import { onlyHere } from './reachable.ts'

export const offersSet = command({
  name: 'offers set',
  summary: 'Set what the join page of a library offers, from a YAML file.',
  about: [
    'Each offer is a purpose by a channel, in your exact words in every language. What the file does not name is offered no longer; nobody’s yes is changed by it.',
    'A topic that is left out ends, and keeps its meaning for those who chose it.',
  ],
  takes: [{ name: 'FILE', says: 'the file' }],
  options: intoLibrary,
  examples: ['gentle offers set offers.yaml --library maple'],
  async run({ logins, clock, config }, { given, options }) {
    const library = await chooseLibrary(logins, options.library)
    const plan = await readOffersFile(given.FILE, library)
    await setOffers(logins, library, plan, clock.now())
    const by = (which: Channel) => plan.offers.filter(({ channel }) => channel === which)
    const canText = (await linesOf(logins, library.libraryNo)).length > 0
    return {
      json: { offers: plan.offers.length, topics: plan.topics.length, websites: plan.origins },
      text: [
        `${library.name} offers ${counted(plan.offers.length, 'thing')} with ${counted(plan.topics.length, 'topic')} at ${config.publicUrl}/${library.key}/join`,
        ...onlyHere(config.publicUrl, 'Set GENTLE_PUBLIC_URL to where readers reach this installation.'),
        ...by('post').map(
          ({ purpose }) => `Note: ${purpose} by post is asked for and recorded; nothing here sends it yet.`,
        ),
        ...(canText ? [] : by('sms')).map(
          ({ purpose }) =>
            `Note: ${purpose} by text is on the page once this library has a number to text from, because a phone is confirmed by a text. "gentle line add" brings one.`,
        ),
        ...(plan.origins.length > 0 ? [`These websites may show the form in a frame: ${plan.origins.join(', ')}`] : []),
        `Next: gentle join snippet --library ${library.key}`,
      ],
    }
  },
})
