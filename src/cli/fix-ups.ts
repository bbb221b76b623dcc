// `gentle fix-ups …`: what phones told us that the library system has to know. Looking leaves an audit entry.
import { inLibrary } from '../db/scope.ts'
import { closeFixUp, type FixUpKind, listFixUps } from '../messages/fix-ups.ts'
import { patronIds } from '../patrons/find-patron.ts'
import { writeAudit } from '../staff/audit.ts'
import { accountName } from './account-name.ts'
import { command } from './command.ts'
import { readNumber } from './key.ts'
import { counted, sayInstant } from './lay-out.ts'
import { chooseLibrary, intoLibrary, whichLibrary } from './library-options.ts'

const told: Record<FixUpKind, string> = {
  'wrong number': 'this number is not in use. Take it out of the library system.',
  landline: 'this number is a landline and gets no texts. Choose another way for their notices.',
  'opted out': 'the provider blocks texts to this number after a STOP. Choose another way for their notices.',
  stopped: 'they stopped all our texts. Choose another way for their hold notices.',
  'not theirs': 'somebody else has this number. We are silent until you have looked.',
  died: 'somebody told us that this person has died. We are silent until you have looked. Write to nobody to ask.',
  'new number': 'they told us of a new number.',
}

export const fixUpsList = command({
  name: 'fix-ups list',
  summary: 'Show what phones told us and the library system has to know.',
  about: ['Each look is written down: who looked and when.'],
  takes: [],
  options: { ...whichLibrary, all: { kind: 'flag', says: 'the last hundred, closed ones, too' } },
  examples: ['gentle fix-ups list --library maple'],
  async run({ logins }, { options }) {
    const library = await chooseLibrary(logins, options.library)
    const { fixUps, ids } = await inLibrary(logins, 'circulation', library.libraryNo, async (scope) => {
      const fixUps = await listFixUps(scope, options.all)
      if (fixUps.length > 0)
        await writeAudit(scope, { who: accountName(), did: 'looked at fix-ups', about: { fixUps: fixUps.length } })
      return {
        fixUps,
        ids: await patronIds(
          scope,
          fixUps.flatMap(({ patronNo }) => patronNo ?? []),
        ),
      }
    })
    return {
      json: {
        fixUps: fixUps.map(({ fixNo, patronNo, ...fix }) => ({
          fixUp: Number(fixNo),
          patronId: ids.get(patronNo ?? '') ?? null,
          ...fix,
        })),
      },
      text:
        fixUps.length === 0
          ? [`${library.name}: nothing waits.`]
          : [
              `${library.name}: ${counted(fixUps.filter((fix) => fix.closedAt === null).length, 'thing')} to put right`,
              ...fixUps.map((fix) => {
                const whose = ids.get(fix.patronNo ?? '')
                const said = fix.said === null ? '' : ` They wrote: “${fix.said.replace(/\s+/g, ' ')}”`
                return `  ${fix.fixNo}  ${fix.phone ?? 'a number that is forgotten'}${whose === undefined ? '' : `, patron ${whose}`} (${sayInstant(fix.openedAt, library.timezone)}): ${told[fix.kind]}${said}${fix.closedBy === null ? '' : ` Closed by ${fix.closedBy}: ${fix.outcome}.`}`
              }),
              'Next: gentle fix-ups close NUMBER --outcome done --by "Your name"',
            ],
    }
  },
})

export const fixUpsClose = command({
  name: 'fix-ups close',
  summary: 'Close a line of the fix-up list: it is done, or it is not so.',
  about: ['Done makes the silence after a wrong number or a death final. Not so lets texts go on.'],
  takes: [{ name: 'NUMBER', says: 'the number of the line, as "gentle fix-ups list" shows it' }],
  options: {
    ...intoLibrary,
    outcome: { kind: 'text', value: 'OUTCOME', says: 'done or not-so', choices: ['done', 'not-so'], required: true },
    by: { kind: 'text', value: 'NAME', says: 'who says so', required: true },
  },
  examples: ['gentle fix-ups close 3 --library maple --outcome done --by "Ana Ruiz"'],
  async run({ logins, clock }, { given, options }) {
    const library = await chooseLibrary(logins, options.library)
    const kind = await closeFixUp(logins, library, {
      fixNo: String(readNumber(given.NUMBER)),
      outcome: options.outcome === 'done' ? 'done' : 'not so',
      by: options.by,
      now: clock.now(),
    })
    return { json: { fixUp: readNumber(given.NUMBER), kind }, text: [`Line ${given.NUMBER} is closed (${kind}).`] }
  },
})
