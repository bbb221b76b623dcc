// `gentle unanswered`: the proof that no text since a day was dropped. It ends with exit code 1 when somebody waits or when
// a text is accounted for by nothing.
import { FATES, findUnanswered } from '../conversations/unanswered.ts'
import { inLibrary } from '../db/scope.ts'
import { Problem } from '../lib/errors.ts'
import { command } from './command.ts'
import { counted, numberColumn, sayInstant } from './lay-out.ts'
import { chooseLibrary, whichLibrary } from './library-options.ts'

const says: Record<(typeof FATES)[number], string> = {
  answered: 'were answered',
  'closed by a person': 'were closed by a named person',
  'closed by a rule': 'were closed by a stated rule',
  waiting: 'wait for an answer',
  'handed on': 'were handed on to the library that was chosen',
  LOST: 'are accounted for by nothing; please tell the makers',
}

export const unanswered = command({
  name: 'unanswered',
  summary: 'Prove that every text that came in was answered, was closed, or waits on the list.',
  about: [
    'Exit code 1 when somebody waits, a request of a provider could not be read and nobody has looked, or the library’s mailbox takes no mail.',
  ],
  takes: [],
  options: { ...whichLibrary, since: { kind: 'text', value: 'DATE', says: 'from this day on; else the last 30 days' } },
  examples: ['gentle unanswered --library maple', 'gentle unanswered --library maple --since 2026-11-01'],
  async run({ logins, clock }, { options }) {
    const library = await chooseLibrary(logins, options.library)
    const since =
      options.since === undefined ? new Date(clock.now().getTime() - 30 * 86_400_000) : new Date(options.since)
    if (Number.isNaN(since.getTime()))
      throw new Problem('bad-input', `"${options.since}" is no date such as 2026-11-01.`)
    const found = await inLibrary(logins, 'circulation', library.libraryNo, (scope) => findUnanswered(scope, since), {
      snapshot: true,
    })
    const open = found.counts.waiting + found.counts.LOST + found.unread + found.alarms.length
    return {
      json: { library: library.key, ...found },
      text: [
        `${library.name}: texts that came in since ${sayInstant(since, library.timezone)}`,
        ...numberColumn(
          FATES.filter((fate) => found.counts[fate] > 0 || fate === 'waiting').map(
            (fate) => [found.counts[fate], says[fate]] as const,
          ),
        ),
        ...found.waiting.map(
          ({ conversationNo, at }) =>
            `    conversation ${conversationNo ?? '?'}, since ${sayInstant(at, library.timezone)}`,
        ),
        ...(found.unread > 0
          ? [
              `${counted(found.unread, 'request')} of providers could not be processed, and nobody has looked: gentle hooks list.`,
            ]
          : []),
        ...(found.mailsFailed > 0
          ? [`${counted(found.mailsFailed, 'mail')} about texts did not reach the library’s mailbox.`]
          : []),
        ...found.alarms.map(
          ({ mailbox, since: at, said, mails, told }) =>
            `${mailbox} takes no mail since ${sayInstant(at, library.timezone)} (${counted(mails, 'mail')}${said ? `; its server says: ${said}` : ''}). Look whether it is full, or gone. ${told === null ? 'The library has no other mailbox; "gentle answering set --escalate-to" names one.' : `${told} was told.`}`,
        ),
        ...(open === 0 ? ['Nothing is unanswered.'] : []),
      ],
      exitCode: open === 0 ? 0 : 1,
      ...(open > 0 && { problem: `${counted(open, 'thing')} wait${open === 1 ? 's' : ''} for somebody.` }),
    }
  },
})
