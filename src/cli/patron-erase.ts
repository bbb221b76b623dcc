// `gentle patron erase`: forgets a person who asked for it. Cannot be undone, so it asks to be meant.
import { erasePatron } from '../consent/erase-patron.ts'
import { Problem } from '../lib/errors.ts'
import { lookAtPatron } from '../staff/look-at-patron.ts'
import { accountName } from './account-name.ts'
import { command } from './command.ts'
import { chooseLibrary, intoLibrary } from './library-options.ts'
import { namedOtherwise, onePerson, personNamed, sayPerson } from './person-options.ts'

export const patronErase = command({
  name: 'patron erase',
  summary: 'Forget a person: name, addresses, facts, and the details of what they chose.',
  about: [
    'What stays: that somebody chose, under a random number; and keyed hashes, so that they are not written to again until they say yes themselves. Notices of the library system are not touched, and as long as it has a card for them, the next patron file brings them as a stranger without a name.',
    'Older backups still hold them. A backup that is brought back erases them again, from the journal.',
  ],
  takes: onePerson,
  options: {
    ...namedOtherwise,
    ...intoLibrary,
    by: { kind: 'text', value: 'NAME', says: 'who does it', required: true },
    yes: { kind: 'flag', says: 'that it is meant: it cannot be undone' },
  },
  examples: [
    'gentle patron erase 10234 --library maple --by "Ana Ruiz" --yes',
    'gentle patron erase --email lena@example.com --library maple --by "Ana Ruiz" --yes',
  ],
  async run(context, { given, options }) {
    if (options.by.trim() === '') throw new Problem('bad-input', '--by is blank; say who erases.')
    const library = await chooseLibrary(context.logins, options.library)
    const look = { named: personNamed(given, options), who: accountName(), did: 'was asked to erase a patron' }
    const person = await lookAtPatron(context.logins, library, look, async (_, found) => found)
    const { patronNo } = person
    if (!options.yes)
      throw new Problem(
        'bad-input',
        `This forgets ${sayPerson(person)} of ${library.name} and cannot be undone. If it is meant, add --yes. Nothing was changed.`,
      )
    const { at } = await erasePatron(context, library, { patron: patronNo, by: options.by, now: context.clock.now() })
    return {
      json: { library: library.key, erased: true, patronNo, at, by: options.by },
      text: [
        'Erased. Nobody is written to at their addresses any more, until somebody there says yes again. Older backups still hold them.',
      ],
    }
  },
})
