// `gentle consent link`: with the person at the counter, what they chose without a card goes to their card.
import { linkToCard } from '../staff/link-to-card.ts'
import { command } from './command.ts'
import { counted } from './lay-out.ts'
import { chooseLibrary, intoLibrary } from './library-options.ts'

export const consentLink = command({
  name: 'consent link',
  summary: 'Link a sign-up without a card with a card, while the person stands at the counter.',
  about: [
    'All that they chose goes along, with its words and its day; a no as well as a yes. From then on mail goes to the address on the card. It is written down who linked it, and cannot be undone.',
  ],
  takes: [],
  options: {
    ...intoLibrary,
    email: { kind: 'text', value: 'ADDRESS', says: 'the address they signed up with', required: true },
    patron: { kind: 'text', value: 'PATRON_ID', says: 'the patron_id of their card', required: true },
    by: { kind: 'text', value: 'NAME', says: 'who links it', required: true },
    'other-address': { kind: 'flag', says: 'the card has another address, and the person wants the mail there' },
  },
  examples: ['gentle consent link --library maple --email lena@example.com --patron 10234 --by "Ana Ruiz"'],
  async run(context, { options }) {
    const library = await chooseLibrary(context.logins, options.library)
    const { choices, yeses, patron, signedUpAs } = await linkToCard(context.logins, library, {
      email: options.email,
      patronId: options.patron,
      by: options.by,
      otherAddress: options['other-address'],
      now: context.clock.now(),
    })
    return {
      json: { library: library.key, patronId: options.patron, patronNo: patron, signedUpAs, choices, yeses },
      text: [
        `Linked: ${counted(choices, 'choice')} made without a card, ${counted(yeses, 'yes', 'yeses')} among them, now ${choices === 1 ? 'stands' : 'stand'} with patron ${options.patron}.`,
        ...(options['other-address'] ? ['The next patron file brings the address that mail goes to.'] : []),
      ],
    }
  },
})
