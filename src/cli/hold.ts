// `gentle hold …`: counsel says that records must stay, and later that they need not.
import { addHold, endHold, type Hold, listHolds } from '../consent/hold.ts'
import { command } from './command.ts'
import { readNumber } from './key.ts'
import { sayInstant } from './lay-out.ts'
import { chooseLibrary, intoLibrary, whichLibrary } from './library-options.ts'

const whoAndWhy = {
  because: { kind: 'text', value: 'TEXT', says: 'why, without naming whom it is about', required: true },
  by: { kind: 'text', value: 'NAME', says: 'who decided it', required: true },
} as const

export const holdAdd = command({
  name: 'hold add',
  summary: 'Stop the deletion of a kind of record, or of all, because counsel says so.',
  takes: [],
  options: {
    ...intoLibrary,
    kind: { kind: 'text', value: 'KIND', says: 'as "gentle retention show" names it', default: 'all' },
    ...whoAndWhy,
  },
  examples: ['gentle hold add --library maple --because "litigation hold, letter of March 2" --by "J. Park, counsel"'],
  async run(context, { options }) {
    const library = await chooseLibrary(context.logins, options.library)
    const hold = await addHold(context.logins, library, { ...options, now: context.clock.now() })
    return {
      json: { hold },
      text: [`Hold ${hold.holdNo} of ${library.name} stands: ${sayKind(hold)} is deleted until it ends.`],
    }
  },
})

export const holdEnd = command({
  name: 'hold end',
  summary: 'End a hold. What was due meanwhile is deleted in the next night.',
  takes: [{ name: 'NUMBER', says: 'the number of the hold, as "gentle hold list" shows it' }],
  options: { ...intoLibrary, ...whoAndWhy },
  examples: ['gentle hold end 1 --library maple --because "matter closed" --by "J. Park, counsel"'],
  async run(context, { given, options }) {
    const library = await chooseLibrary(context.logins, options.library)
    const hold = await endHold(context.logins, library, {
      holdNo: readNumber(given.NUMBER),
      because: options.because,
      by: options.by,
      now: context.clock.now(),
    })
    return { json: { hold }, text: [`Hold ${hold.holdNo} of ${library.name} has ended.`] }
  },
})

export const holdList = command({
  name: 'hold list',
  summary: 'Show the holds of a library, those that ended, too.',
  takes: [],
  options: whichLibrary,
  examples: ['gentle hold list --library maple'],
  async run(context, { options }) {
    const library = await chooseLibrary(context.logins, options.library)
    const holds = await listHolds(context.logins, library)
    const day = (at: Date) => sayInstant(at, library.timezone)
    return {
      json: { holds },
      text:
        holds.length === 0
          ? [`${library.name} has no hold, and never had one.`]
          : holds.flatMap((hold) => [
              `  ${hold.holdNo}  since ${day(hold.since)}: ${sayKind(hold)} is deleted. ${hold.because} (${hold.by})`,
              ...(hold.endedAt ? [`     ended ${day(hold.endedAt)}: ${hold.endedBecause} (${hold.endedBy})`] : []),
            ]),
    }
  },
})

const sayKind = ({ kind }: Hold): string => (kind === 'all' ? 'nothing' : `none of “${kind}”`)
