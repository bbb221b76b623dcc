// `gentle consent history`: everything one person ever chose, with the words they saw. Looking leaves an audit entry.
import { isRatherNoPhone } from '../consent/capture.ts'
import { isGuardians } from '../consent/guardian.ts'
import { choicesOf, type LedgerEntry } from '../consent/ledger.ts'
import { inLibrary } from '../db/scope.ts'
import { findPatron } from '../patrons/find-patron.ts'
import { writeAudit } from '../staff/audit.ts'
import { accountName } from './account-name.ts'
import { sayChannel, sayPurpose } from './choice-options.ts'
import { command } from './command.ts'
import { sayInstant } from './lay-out.ts'
import { chooseLibrary, whichLibrary } from './library-options.ts'

export const saidWords = { grant: 'said yes to', deny: 'said no to', stop: 'stopped', pause: 'paused' } as const

export const consentHistory = command({
  name: 'consent history',
  summary: 'Show what one person agreed to and refused: when, how, and the words they saw.',
  about: ['Each look is written down: who looked, when, and at whom.'],
  takes: [{ name: 'PATRON_ID', says: 'the patron_id of the patron file' }],
  options: whichLibrary,
  examples: ['gentle consent history 10234 --library maple'],
  async run(context, { given, options }) {
    const library = await chooseLibrary(context.logins, options.library)
    const choices = await inLibrary(context.logins, 'circulation', library.libraryNo, async (scope) => {
      const patron = await findPatron(scope, library, given.PATRON_ID)
      await writeAudit(scope, { who: accountName(), did: 'looked at consent history', about: { patronNo: patron } })
      return choicesOf(scope, patron)
    })
    return {
      json: {
        patronId: given.PATRON_ID,
        choices: choices.map((c) => ({
          entry: Number(c.entryNo),
          purpose: c.purpose,
          channel: c.channel,
          decision: c.decision,
          until: c.until ?? null,
          method: c.method,
          wording: c.said,
          decidedAt: c.decidedAt,
          recordedAt: c.recordedAt,
          attestedBy: c.attestedBy,
          evidence: c.evidence,
        })),
      },
      text:
        choices.length === 0
          ? [`Patron ${given.PATRON_ID} of ${library.name} has not chosen anything yet, so we do not write.`]
          : [
              ...(choices.some(isRatherNoPhone)
                ? [`Would rather not give a phone: do not ask this person for one again.`, '']
                : []),
              `What patron ${given.PATRON_ID} of ${library.name} chose, oldest first (times in ${library.timezone}):`,
              ...choices.flatMap((choice) => ['', ...sayChoice(choice, library.timezone)]),
            ],
    }
  },
})

function sayChoice(choice: LedgerEntry, timezone: string): string[] {
  const until = choice.until ? ` until ${sayInstant(choice.until, timezone)}` : ''
  const guardians = isGuardians(choice) ? ' (a guardian, for a minor: outreach stays silent)' : ''
  return [
    `${sayInstant(choice.decidedAt, timezone)}: ${saidWords[choice.decision]} ${sayPurpose(choice.purpose)}, ${sayChannel(choice.channel)}${until}${guardians}`,
    `  how: ${choice.method}; attested by ${choice.attestedBy}; entry ${choice.entryNo}, recorded ${sayInstant(choice.recordedAt, timezone)}`,
    ...(choice.said === null ? [] : [`  the words they saw: “${choice.said}”`]),
    ...Object.entries(choice.evidence ?? {}).map(([name, value]) => `  ${name}: ${value}`),
  ]
}
