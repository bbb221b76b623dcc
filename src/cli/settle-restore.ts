// What has to happen between a restore and the first message that leaves: the stops said since the backup hold again,
// whoever was erased since is erased again, and what may have left since is not sent again. Done by a restore, and once
// more by whoever ends the pause, because the journal may have been put in its place only then.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { settleRestored } from '../campaigns/settle-restored.ts'
import type { Config } from '../config.ts'
import { parseHead, readHead } from '../consent/ledger-head.ts'
import { replayErasures, replayRegister } from '../consent/replay-erasures.ts'
import { replayPaces } from '../consent/replay-paces.ts'
import { replayStarts } from '../consent/replay-starts.ts'
import { type Replayed, replayStops } from '../consent/replay-stops.ts'
import type { Context } from '../context.ts'
import { markSettled, type Pause } from '../db/pause.ts'
import { inLibrary } from '../db/scope.ts'
import { dropWaitingAnswers } from '../messages/answers.ts'
import { keepWaitingArrivals } from '../messages/arrivals/kept-arrivals.ts'
import { parkRestoredTexts } from '../messages/settle-restored-texts.ts'
import { parkRestoredNotices } from '../notices/queue-notices.ts'
import { findLibrary, listLibraries } from '../patrons/library.ts'
import { count, counted } from './lay-out.ts'
import { readFile } from './read-file.ts'

export interface Settled extends Replayed {
  /** Whether there is one: without it nobody knows who said stop since the backup. */
  journal: boolean
  erasures: Replayed
  /** Phones that took a stop back. */
  starts: Replayed
  /** How often at most people want to be written to. */
  paces: Replayed
  /** Messages of which nobody can tell whether they left. */
  parked: number
  /** Mailings put on hold, as "Library: mailing". */
  held: string[]
}

export async function settleRestore(context: Context, pause: Pause): Promise<Settled> {
  // First what may have left draws on the budget, while those who stopped since are still seen by outreach.
  const { parked, held } = pause.settled ? { parked: 0, held: [] } : await settleAll(context, pause)
  const restore = { backupOf: pause.backupOf, now: context.clock.now() }
  const replayed = await replayStops(context.logins, context.journal, restore)
  const starts = await replayStarts(context.logins, context.journal, restore)
  const paces = await replayPaces(context.logins, context.journal, restore)
  const erasures = await replayErasures(context.logins, context.journal, restore)
  await markSettled(context.logins)
  return { ...replayed, erasures, starts, paces, parked, held, journal: existsSync(journalFile(context.config)) }
}

/** Returns how many of the register in an exported head were not erased here. */
export async function eraseByHead(context: Context, file: string): Promise<number> {
  const text = readFile(file)
  const library = await findLibrary(context.logins, parseHead(text).library)
  const head = await inLibrary(context.logins, 'circulation', library.libraryNo, async (scope) =>
    readHead(scope, library, text),
  )
  return replayRegister(context.logins, library, head, context.clock.now())
}

const journalFile = (config: Config): string => join(config.dataDir, 'journal.ndjson')

async function settleAll(context: Context, pause: Pause): Promise<Pick<Settled, 'parked' | 'held'>> {
  const all = { parked: 0, held: [] as string[] }
  for (const library of await listLibraries(context.logins)) {
    const { parked, held } = await settleRestored(context.logins, library, pause)
    const texts = await inLibrary(context.logins, 'circulation', library.libraryNo, async (scope) => {
      await dropWaitingAnswers(scope, pause.at)
      await keepWaitingArrivals(scope, pause.at)
      await parkRestoredNotices(scope, pause.at)
      return parkRestoredTexts(scope, pause)
    })
    all.parked += parked + texts
    all.held.push(...held.map((name) => `${library.name}: ${name}`))
  }
  return all
}

export function sayReplayed(config: Config, settled: Settled): string[] {
  const { replayed, elsewhere, erasures, starts, paces, journal } = settled
  const unreadable = settled.unreadable + erasures.unreadable + starts.unreadable + paces.unreadable
  if (!journal)
    return [
      `There is no ${journalFile(config)}, so stops and erasures since the backup, if there were any, are not known here. If you can find the file, put it there before "gentle resume".`,
    ]
  return [
    replayed === 0
      ? 'The journal knows no stop, no or pause that the backup did not have.'
      : `${counted(replayed, 'stop, no or pause', 'stops, noes or pauses')} said since the backup ${replayed === 1 ? 'holds' : 'hold'} again.`,
    ...(elsewhere > 0
      ? [
          `${counted(elsewhere, 'stop, no or pause', 'stops, noes or pauses')} in the journal ${elsewhere === 1 ? 'is' : 'are'} for a library that the backup does not have.`,
        ]
      : []),
    ...(starts.replayed > 0
      ? [
          `${counted(starts.replayed, 'phone')} took a stop back since the backup (START or NOTICES), and ${starts.replayed === 1 ? 'gets' : 'get'} notices again.`,
        ]
      : []),
    ...(paces.replayed > 0
      ? [
          `${counted(paces.replayed, 'pace')} that readers chose since the backup ${paces.replayed === 1 ? 'holds' : 'hold'} again.`,
        ]
      : []),
    ...(erasures.replayed > 0
      ? [
          `${erasures.replayed === 1 ? '1 person' : `${count(erasures.replayed)} people`} erased since the backup ${erasures.replayed === 1 ? 'is' : 'are'} erased again.`,
        ]
      : []),
    ...(erasures.elsewhere > 0
      ? [`${counted(erasures.elsewhere, 'erasure')} in the journal for a library that the backup does not have.`]
      : []),
    ...(unreadable > 0 ? [`${counted(unreadable, 'line')} of the journal could not be read.`] : []),
  ]
}
