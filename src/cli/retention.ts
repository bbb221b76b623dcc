// `gentle retention …`: what is kept and for how long, and the sweep that ends it.

import { daysKept } from '../consent/change-policy.ts'
import { isHeldNow } from '../consent/hold.ts'
import { type KeptKind, keptKinds, keptOf, type Reader, type ScheduledKind } from '../consent/retention.ts'
import { sweepLibrary } from '../consent/sweep.ts'
import { whatExists } from '../consent/what-exists.ts'
import { inLibrary } from '../db/scope.ts'
import { lookAtPatron } from '../staff/look-at-patron.ts'
import { mailroomFolder } from '../worker/carriers.ts'
import { readNights } from '../worker/nightly.ts'
import { accountName } from './account-name.ts'
import { command } from './command.ts'
import { count, counted, sayInstant } from './lay-out.ts'
import { chooseLibrary, intoLibrary, whichLibrary } from './library-options.ts'
import { namedOtherwise, onePerson, personNamed } from './person-options.ts'

const readerWords: Record<Reader, string> = {
  circulation: 'staff at this machine',
  outreach: 'the sending program, of people who agreed',
  backup: 'whoever keeps the backups',
}

export const retentionShow = command({
  name: 'retention show',
  summary: 'Show what is kept, for how long, who can read it, and what the last nights removed.',
  takes: [],
  options: whichLibrary,
  examples: ['gentle retention show --library maple'],
  async run(context, { options }) {
    const library = await chooseLibrary(context.logins, options.library)
    const { kept, nights } = await inLibrary(context.logins, 'circulation', library.libraryNo, async (scope) => {
      const rows = []
      for (const kind of keptKinds) {
        const { says, tables, folders = [], readers, end } = keptOf(kind)
        const days = end.by === 'schedule' ? await daysKept(scope, kind as ScheduledKind) : null
        rows.push({ kind, says, tables, folders, readers, ends: end.by, days, held: await isHeldNow(scope, kind) })
      }
      return { kept: rows, nights: (await readNights(scope)).filter(({ job }) => job === 'sweep') }
    })
    return {
      json: { kept, nights },
      text: [
        ...kept.flatMap((one) => [
          `${one.kind}: ${one.says}`,
          `  ${sayEnd(one.kind, one.days)}${one.held ? ' A hold keeps it for now.' : ''}`,
          `  readable by ${one.readers.map((reader) => readerWords[reader]).join('; ')}`,
          '',
        ]),
        ...(nights.length === 0 ? ['No night has swept yet.'] : ['What the last nights removed:']),
        ...nights.map(
          ({ day, said, endedAt }) => `  ${day}: ${said}${endedAt ? '' : ' (not finished; it is tried again)'}`,
        ),
      ],
    }
  },
})

export function sayEnd(kind: KeptKind, days: number | null): string {
  const { end } = keptOf(kind)
  if (end.by === 'schedule') return `Deleted ${counted(days ?? end.days, 'day')} after ${end.age}.`
  if (end.by === 'last-yes') return 'Forgotten when the person’s last yes has ended.'
  if (end.by === 'erasure') return 'Kept until the person is erased.'
  return `Kept: ${end.because}.`
}

export const retentionPatron = command({
  name: 'retention patron',
  summary: 'Show what exists about one person: how much, since when, until when, readable by whom.',
  about: ['Each look is written down: who looked, when, and at whom.'],
  takes: onePerson,
  options: { ...namedOtherwise, ...whichLibrary },
  examples: ['gentle retention patron 10234 --library maple'],
  async run(context, { given, options }) {
    const library = await chooseLibrary(context.logins, options.library)
    const look = { named: personNamed(given, options), who: accountName(), did: 'looked at what exists' }
    const { exists, ...person } = await lookAtPatron(context.logins, library, look, async (scope, found) => ({
      ...found,
      exists: await whatExists(scope, found.patronNo),
    }))
    return {
      json: { ...person, exists },
      text: exists.flatMap((one) => [
        `${one.kind}: ${one.records === 0 ? 'nothing' : counted(one.records, 'record')}${one.since ? ` since ${sayInstant(one.since, library.timezone)}` : ''} (${keptOf(one.kind).says})`,
        `  ${sayEnd(one.kind, one.days)}${one.held ? ' A hold keeps it for now.' : ''} Readable by ${one.readers.map((reader) => readerWords[reader]).join('; ')}.`,
      ]),
    }
  },
})

export const retentionSweep = command({
  name: 'retention sweep',
  summary: 'Delete what the schedule says is over. "gentle serve" and "gentle work" do it each night.',
  takes: [],
  options: { ...intoLibrary, 'dry-run': { kind: 'flag', says: 'count what would go, and delete nothing' } },
  examples: ['gentle retention sweep --library maple --dry-run'],
  async run(context, { options }, terminal) {
    const library = await chooseLibrary(context.logins, options.library)
    const swept = await sweepLibrary(context.logins, library, {
      now: context.clock.now(),
      dryRun: options['dry-run'],
      stopping: () => terminal.stopping.aborted,
      mailroom: mailroomFolder(context.config.dataDir),
    })
    const gone = swept.filter((one) => one.removed > 0)
    const verb = options['dry-run'] ? 'would go' : 'removed'
    return {
      json: { dryRun: options['dry-run'], swept },
      text: [
        ...(gone.length === 0 ? [`${library.name}: nothing is over.`] : []),
        ...gone.map((one) => `  ${one.kind}: ${count(one.removed)} ${verb}`),
        ...swept.filter((one) => one.held).map((one) => `  ${one.kind}: stays, because of a hold`),
      ],
    }
  },
})
