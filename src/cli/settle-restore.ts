// What has to happen between a restore and the first message that leaves: the stops said since the backup hold again,
// and what may have left since is not sent again. Done by a restore, and once more by whoever ends the pause, because
// the journal may have been put in its place only then.
import { settleRestored } from '../campaigns/settle-restored.ts'
import { type Replayed, replayStops } from '../consent/replay-stops.ts'
import type { Context } from '../context.ts'
import { markSettled, type Pause } from '../db/pause.ts'
import { listLibraries } from '../patrons/library.ts'
import { counted } from './lay-out.ts'

export interface Settled extends Replayed {
  /** Messages of which nobody can tell whether they left. */
  parked: number
  /** Mailings put on hold, as "Library: mailing". */
  held: string[]
}

export async function settleRestore(context: Context, pause: Pause): Promise<Settled> {
  const replayed = await replayStops(context.logins, context.journal, {
    backupOf: pause.backupOf,
    now: context.clock.now(),
  })
  const settled: Settled = { ...replayed, parked: 0, held: [] }
  if (pause.settled) return settled
  for (const library of await listLibraries(context.logins)) {
    const { parked, held } = await settleRestored(context.logins, library, pause)
    settled.parked += parked
    settled.held.push(...held.map((name) => `${library.name}: ${name}`))
  }
  await markSettled(context.logins)
  return settled
}

export function sayReplayed(settled: Replayed): string[] {
  const { replayed, elsewhere, unreadable } = settled
  return [
    replayed === 0
      ? 'The journal knows no stop that the backup did not have.'
      : `${counted(replayed, 'stop')} said since the backup ${replayed === 1 ? 'holds' : 'hold'} again.`,
    ...(elsewhere > 0
      ? [
          `${counted(elsewhere, 'stop')} in the journal ${elsewhere === 1 ? 'is' : 'are'} for a library that the backup does not have.`,
        ]
      : []),
    ...(unreadable > 0 ? [`${counted(unreadable, 'line')} of the journal could not be read.`] : []),
  ]
}
