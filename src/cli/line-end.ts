// `gentle line end`: a number that nothing leaves by any more. The last one that a library's campaigns leave by takes their
// unsent notes with it, so it asks to be meant.
import { cancelStranded, type Stranded, strandedWithout } from '../campaigns/stranded.ts'
import { inLibrary } from '../db/scope.ts'
import { Problem } from '../lib/errors.ts'
import { endLine } from '../messages/end-line.ts'
import { writeAudit } from '../staff/audit.ts'
import { command } from './command.ts'
import { counted } from './lay-out.ts'
import { chooseLibrary, intoLibrary } from './library-options.ts'
import { anyLineOf, readLine } from './line.ts'

export const lineEnd = command({
  name: 'line end',
  summary: 'End a number: nothing leaves by it any more, and what still waited on it is called off.',
  about: [
    'The number ends for every library that shares it. Texts that people still send to it reach nobody: give it back to the provider afterwards.',
    'Conversations stay, on the list, until somebody has closed them.',
    'Mailings by text go on by another number for campaigns, if there is one. If this is the last, they are cancelled, and it asks for --yes.',
  ],
  takes: [{ name: 'NUMBER', says: 'the number' }],
  options: {
    ...intoLibrary,
    by: { kind: 'text', value: 'NAME', says: 'who answers for it', required: true },
    yes: { kind: 'flag', says: 'that it is meant, although mailings by text still wait for it' },
  },
  examples: ['gentle line end 614-555-0100 --library maple --by "Ana Ruiz"'],
  async run({ logins, clock }, { given, options }) {
    const library = await chooseLibrary(logins, options.library)
    const line = await anyLineOf(logins, library.libraryNo, readLine(given.NUMBER))
    if (line.hostNo !== library.libraryNo)
      throw new Problem('not-allowed', `${line.number} was added for another library; only that one can end it.`)
    const mailings = await strandedWithout(logins, line)
    const lost = mailings.filter(({ goesOnBy }) => goesOnBy === null)
    if (lost.length > 0 && !options.yes)
      throw new Problem(
        'conflict',
        [
          `${line.number} is the last number for campaigns, and mailings still wait for it:`,
          `${lost.map(sayMailing).join('; ')}.`,
          'With --yes the number ends and they are cancelled. If they should go on, first add another number with "gentle line add … --for-outreach". Nothing was changed.',
        ].join(' '),
      )
    const now = clock.now()
    // First: whoever is cut off between the two can say it again, which of a number that has ended nobody could.
    await cancelStranded(logins, lost, { by: options.by, now })
    const ended = await endLine(logins, line, now)
    await inLibrary(logins, 'circulation', library.libraryNo, (scope) =>
      writeAudit(scope, {
        who: options.by,
        did: 'ended a number',
        about: { line: line.lineNo, ...(lost.length > 0 && { cancelled: lost.map(({ key }) => key).join(', ') }) },
      }),
    )
    return {
      json: {
        ...{ line: line.lineNo, number: line.number, ...ended },
        mailings: mailings.map(({ library, key, waiting, goesOnBy }) => ({
          ...{ library: library.key, key, waiting, goesOnBy },
        })),
      },
      text: [
        `${line.number} has ended.${ended.calledOff > 0 ? ` ${counted(ended.calledOff, 'text')} that waited will not leave.` : ''}`,
        ...mailings.map((one) =>
          one.goesOnBy === null ? `Cancelled: ${sayMailing(one)}.` : `${sayMailing(one)}: go on by ${one.goesOnBy}.`,
        ),
        ...(ended.waiting > 0
          ? [`${counted(ended.waiting, 'person', 'people')} still wait for an answer: see "gentle unanswered".`]
          : []),
      ],
    }
  },
})

const sayMailing = ({ library, name, waiting }: Stranded): string =>
  `"${name}" of ${library.name}, of which ${counted(waiting, 'text')} ${waiting === 1 ? 'has' : 'have'} not left`
