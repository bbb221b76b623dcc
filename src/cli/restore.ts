// `gentle restore`: a backup in the place of what is here. Nothing is sent afterwards until `gentle resume`.
import { existsSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Config } from '../config.ts'
import { type Context, openContext } from '../context.ts'
import { examineBackup } from '../db/examine-backup.ts'
import { loadKeys } from '../db/keys.ts'
import { readPause } from '../db/pause.ts'
import { restoreBackup } from '../db/restore.ts'
import { inLibrary } from '../db/scope.ts'
import { Problem } from '../lib/errors.ts'
import { listLibraries } from '../patrons/library.ts'
import { writeAudit } from '../staff/audit.ts'
import { accountName } from './account-name.ts'
import { command } from './command.ts'
import { counted, sayInstant } from './lay-out.ts'
import { sayReplayed, settleRestore } from './settle-restore.ts'
import type { Terminal } from './terminal.ts'

export const restore = command({
  name: 'restore',
  summary: 'Bring a backup back. Nothing is sent until "gentle resume".',
  about: [
    'The data folder has to hold the keys.json that belongs to the backup; put journal.ndjson beside it, too, if you have it: the stops and erasures since the backup are read from it. The backup is looked through first, and a restore is whole or changes nothing.',
    'What was waiting to leave when the backup was made may have left since. It is not sent again, and mailings with more to send are put on hold.',
  ],
  takes: [{ name: 'FILE', says: 'a file written by "gentle backup"' }],
  options: { replace: { kind: 'flag', says: 'lose the libraries that are here now; the backup takes their place' } },
  examples: ['gentle restore /mnt/backups/gentle-friday.gz --data /srv/gentle'],
  // Before the database is opened, because opening it in an empty folder would make keys of its own.
  async runClosed(config, { given, options }, terminal) {
    const examined = await examine(config, resolve(given.FILE), terminal)
    const context = await openContext(config, { say: terminal.say })
    try {
      const { server, keys } = context.database
      const restored = await restoreBackup(server, keys, examined, {
        replace: options.replace,
        now: context.clock.now(),
        signal: terminal.stopping,
        onProgress: showBytes('Restoring', examined.file, terminal),
      })
      const settled = await settleRestore(context, (await readPause(context.logins))!)
      await writeDown(context, restored.manifest.madeAt)
      const { madeAt, release } = restored.manifest
      const rows = restored.tables.reduce((sum, table) => sum + table.rows, 0)
      return {
        json: {
          file: examined.file,
          madeAt,
          release,
          tables: restored.tables.length,
          rows,
          migrated: restored.migrated,
          paused: true,
          journal: settled.journal,
          stops: {
            replayed: settled.replayed,
            known: settled.known,
            elsewhere: settled.elsewhere,
            unreadable: settled.unreadable,
          },
          erasures: settled.erasures,
          starts: settled.starts,
          paces: settled.paces,
          parked: settled.parked,
          held: settled.held,
        },
        text: [
          `Everything is as it was on ${sayInstant(new Date(madeAt), 'UTC')} UTC: ${counted(rows, 'row')} of ${counted(restored.tables.length, 'table')}.`,
          ...sayReplayed(config, settled),
          ...(settled.parked > 0
            ? [
                `We can't tell whether ${counted(settled.parked, 'message')} left since the backup; we won't send them again.`,
              ]
            : []),
          ...settled.held.map((mailing) => `On hold: ${mailing}.`),
          'Nothing is sent for now. "gentle resume --dry-run" shows what is waiting; "gentle resume" lets it go on.',
        ],
      }
    } finally {
      terminal.progress.clear()
      await context.close()
    }
  },
})

async function examine(config: Config, file: string, terminal: Terminal) {
  if (!existsSync(join(config.dataDir, 'keys.json')))
    throw new Problem(
      'not-ready',
      `There is no keys.json in ${config.dataDir}. A backup is of no use without the keys it was made with: put the keys.json that was kept with it there, then run the same command again. Nothing was changed.`,
    )
  return examineBackup(file, loadKeys(config.dataDir), {
    onProgress: showBytes('Looking the backup through', file, terminal),
  })
}

function showBytes(label: string, file: string, terminal: Terminal): (bytes: number) => void {
  const total = statSync(file, { throwIfNoEntry: false })?.size ?? 0
  return (bytes) => terminal.progress.show(label, bytes, total)
}

async function writeDown(context: Context, madeAt: string): Promise<void> {
  for (const library of await listLibraries(context.logins))
    await inLibrary(context.logins, 'circulation', library.libraryNo, (scope) =>
      writeAudit(scope, { who: accountName(), did: 'restored a backup', about: { madeAt } }),
    )
}
