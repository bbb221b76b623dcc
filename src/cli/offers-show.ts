// `gentle offers show`: what the join page of a library offers, word for word, for whoever answers for privacy.
import { inLibrary } from '../db/scope.ts'
import { offerKey, readJoinPage, saidWith } from '../signups/offer.ts'
import { languages } from '../words/languages.ts'
import { command } from './command.ts'
import { chooseLibrary, whichLibrary } from './library-options.ts'

export const offersShow = command({
  name: 'offers show',
  summary: 'Show what the join page of a library offers, word for word.',
  takes: [],
  options: whichLibrary,
  examples: ['gentle offers show --library maple'],
  async run({ logins, config }, { options }) {
    const library = await chooseLibrary(logins, options.library)
    const page = await inLibrary(logins, 'circulation', library.libraryNo, (scope) => readJoinPage(scope, library))
    return {
      json: page,
      text: [
        `${config.publicUrl}/${library.key}/join`,
        ...page.offers.flatMap((offer) => [
          '',
          `${offerKey(offer)}${offer.topics.length > 0 ? `  (topics: ${offer.topics.map((topic) => topic.key).join(', ')})` : ''}`,
          ...languages.flatMap((language) =>
            saidWith(offer, language)
              .split('\n')
              .map((line) => `  ${language}  ${line}`),
          ),
        ]),
        '',
        `Sign-up lists may be public records: ${page.publicRecords ? 'the page says so' : 'the page does not say so'}`,
        `In a frame: ${page.origins.length > 0 ? page.origins.join(', ') : 'no website may show it'}`,
      ],
    }
  },
})
