// `gentle consent history`: everything one person ever chose, with the words they saw. Looking leaves an audit entry.
import { isRatherNoPhone } from '../consent/capture.ts'
import { isGuardians } from '../consent/guardian.ts'
import { choicesOf, type LedgerEntry, sayKinds } from '../consent/ledger.ts'
import { lookAtPatron } from '../staff/look-at-patron.ts'
import { accountName } from './account-name.ts'
import { sayChannel, sayPurpose } from './choice-options.ts'
import { command } from './command.ts'
import { sayInstant } from './lay-out.ts'
import { chooseLibrary, whichLibrary } from './library-options.ts'
import { namedOtherwise, onePerson, personNamed, sayPerson } from './person-options.ts'

export const saidWords = { grant: 'said yes to', deny: 'said no to', stop: 'stopped', pause: 'paused' } as const

export const consentHistory = command({
  name: 'consent history',
  summary: 'Show what one person agreed to and refused: when, how, and the words they saw.',
  about: ['Each look is written down: who looked, when, and at whom.'],
  takes: onePerson,
  options: { ...namedOtherwise, ...whichLibrary },
  examples: ['gentle consent history 10234 --library maple'],
  async run(context, { given, options }) {
    const library = await chooseLibrary(context.logins, options.library)
    const look = { named: personNamed(given, options), who: accountName(), did: 'looked at consent history' }
    const { choices, ...person } = await lookAtPatron(context.logins, library, look, async (scope, found) => ({
      ...found,
      choices: await choicesOf(scope, found.patronNo),
    }))
    const who = `${sayPerson(person)} of ${library.name}`
    return {
      json: {
        ...person,
        choices: choices.map((c) => ({
          entry: Number(c.entryNo),
          purpose: c.purpose,
          channel: c.channel,
          decision: c.decision,
          until: c.until ?? null,
          method: c.method,
          kinds: c.kinds,
          wording: c.said,
          decidedAt: c.decidedAt,
          recordedAt: c.recordedAt,
          attestedBy: c.attestedBy,
          evidence: c.evidence,
        })),
      },
      text:
        choices.length === 0
          ? [`Nothing to show: ${who} has not chosen anything yet, so we do not write.`]
          : [
              ...(choices.some(isRatherNoPhone)
                ? [`Would rather not give a phone: do not ask this person for one again.`, '']
                : []),
              `What ${who} chose, oldest first (times in ${library.timezone}):`,
              ...choices.flatMap((choice) => ['', ...sayChoice(choice, library.timezone)]),
            ],
    }
  },
})

export const sayOnlyKinds = (choice: LedgerEntry): string[] =>
  choice.kinds.length === 0 ? [] : [`  only these kinds: ${sayKinds(choice, 'en')}`]

function sayChoice(choice: LedgerEntry, timezone: string): string[] {
  const until = choice.until ? ` until ${sayInstant(choice.until, timezone)}` : ''
  const guardians = isGuardians(choice) ? ' (a guardian, for a minor: outreach stays silent)' : ''
  return [
    `${sayInstant(choice.decidedAt, timezone)}: ${saidWords[choice.decision]} ${sayPurpose(choice.purpose)}, ${sayChannel(choice.channel)}${until}${guardians}`,
    `  how: ${choice.method}; attested by ${choice.attestedBy}; entry ${choice.entryNo}, recorded ${sayInstant(choice.recordedAt, timezone)}`,
    ...sayOnlyKinds(choice),
    ...(choice.said === null ? [] : [`  the words they saw: “${choice.said}”`]),
    ...Object.entries(choice.evidence ?? {}).map(([name, value]) => `  ${name}: ${value}`),
  ]
}
