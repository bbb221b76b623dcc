// `gentle resume`: shows what a restore has held back, then lets sending go on.
import { type HeldMailing, listHeld } from '../campaigns/overdue.ts'
import { countReplayed } from '../consent/replay-stops.ts'
import type { Context } from '../context.ts'
import { endPause, type Pause, readPause } from '../db/pause.ts'
import { inLibrary } from '../db/scope.ts'
import { Problem } from '../lib/errors.ts'
import { type Library, listLibraries } from '../patrons/library.ts'
import { writeAudit } from '../staff/audit.ts'
import { accountName } from './account-name.ts'
import { command } from './command.ts'
import { counted, sayInstant } from './lay-out.ts'
import { eraseByHead, sayReplayed, settleRestore } from './settle-restore.ts'

interface Held extends HeldMailing {
  library: Library
}

export const resume = command({
  name: 'resume',
  summary: 'End the pause after a restore, and show what it has held back.',
  about: [
    'Stops that the journal knows and the backup did not are obeyed first. Mailings that the restore put on hold stay so until "gentle campaign resume".',
  ],
  takes: [],
  options: {
    'dry-run': { kind: 'flag', says: 'only show; the pause stays' },
    head: {
      kind: 'text',
      value: 'FILE',
      says: 'a head written by "gentle ledger head": whoever its register tells of is erased again, where the journal is lost',
    },
  },
  examples: ['gentle resume --dry-run', 'gentle resume'],
  async run(context, { options }) {
    const dryRun = options['dry-run']
    const pause = await readPause(context.logins)
    if (pause === null)
      return {
        json: {
          paused: false,
          resumed: false,
          dryRun,
          because: null,
          since: null,
          stopsReplayed: 0,
          parked: 0,
          mailings: [],
        },
        text: ['Nothing is paused.'],
      }
    const settled = dryRun ? null : await settleRestore(context, pause)
    const erasedByHead = dryRun || options.head === undefined ? 0 : await eraseByHead(context, options.head)
    const { stopsReplayed, mailings } = await look(context, pause)
    if (!dryRun) await end(context, pause)
    const parked = mailings.reduce((sum, mailing) => sum + mailing.parked, 0)
    return {
      json: {
        paused: dryRun,
        resumed: !dryRun,
        dryRun,
        because: pause.because,
        since: pause.at,
        stopsReplayed,
        parked,
        mailings: mailings.map(({ library, ...mailing }) => ({ library: library.key, ...mailing })),
      },
      text: [
        `Sending ${dryRun ? 'has been' : 'was'} paused since ${sayInstant(pause.at, 'UTC')} UTC: ${pause.because}.`,
        ...(settled === null
          ? [
              `${counted(stopsReplayed, 'stop, no or pause', 'stops, noes or pauses')} replayed from the journal so far.`,
            ]
          : sayReplayed(context.config, { ...settled, replayed: stopsReplayed })),
        ...(erasedByHead > 0 ? [`Erased again, by the register in the head: ${erasedByHead}.`] : []),
        ...mailings.flatMap(sayMailing),
        dryRun ? 'The pause stands. "gentle resume" ends it.' : 'The pause is over.',
      ],
    }
  },
})

async function look(context: Context, pause: Pause): Promise<{ stopsReplayed: number; mailings: Held[] }> {
  let stopsReplayed = 0
  const mailings: Held[] = []
  for (const library of await listLibraries(context.logins)) {
    stopsReplayed += await inLibrary(context.logins, 'circulation', library.libraryNo, (scope) =>
      countReplayed(scope, pause.at),
    )
    const held = await listHeld(context.logins, library, { at: pause.at, now: context.clock.now() })
    mailings.push(...held.map((mailing) => ({ ...mailing, library })))
  }
  return { stopsReplayed, mailings }
}

async function end(context: Context, pause: Pause): Promise<void> {
  for (const library of await listLibraries(context.logins))
    await inLibrary(context.logins, 'circulation', library.libraryNo, (scope) =>
      writeAudit(scope, { who: accountName(), did: 'ended the pause', about: { because: pause.because } }),
    )
  if (!(await endPause(context.logins, pause)))
    throw new Problem(
      'conflict',
      'Something else changed the pause meanwhile. Look again with "gentle resume --dry-run".',
    )
}

function sayMailing({ library, name, key, state, waiting, overdue, overdueSince, parked }: Held): string[] {
  const since =
    overdueSince === null ? '' : `, ${overdue} of them overdue since ${sayInstant(overdueSince, library.timezone)}`
  return [
    '',
    `${library.name}: "${name}"`,
    ...(parked > 0
      ? [`  We can't tell whether ${counted(parked, 'message')} left since the backup; we won't send them again.`]
      : []),
    ...(waiting > 0 ? [`  ${counted(waiting, 'message')} waiting${since}.`] : []),
    ...(state === 'paused' && waiting > 0
      ? [
          `  On hold. If nobody started, held or cancelled it after the backup was made: gentle campaign resume ${key} --library ${library.key}`,
        ]
      : []),
    ...(state === 'approved'
      ? [
          '  Approved and not launched in the backup. If it was launched since, do not launch it again: it would write to everybody twice.',
        ]
      : []),
  ]
}
