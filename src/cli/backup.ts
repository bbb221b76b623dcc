// `gentle backup`: everything in the database, in one file, while the work goes on.
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { makeBackup } from '../db/backup.ts'
import { packageRoot } from '../lib/package-root.ts'
import { command } from './command.ts'
import { count, counted } from './lay-out.ts'

export const backup = command({
  name: 'backup',
  summary: 'Write everything in the database into one file.',
  about: [
    'It shows one instant, and may be made while messages leave and patron files come in. The file holds names and addresses: only your account may read it, and so should it be where you keep it.',
    'Two files of the data folder belong to it and are not in it: keys.json, without which the backup cannot be restored (keep it in another place), and journal.ndjson, which remembers the stops said after the backup (copy it as often as you can).',
  ],
  takes: [
    { name: 'FILE', says: 'the backup to write; an older backup of that name is replaced once the new one is whole' },
  ],
  options: {},
  examples: ['gentle backup /mnt/backups/gentle-friday.gz'],
  async run(context, { given }, terminal) {
    const file = resolve(given.FILE)
    const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8'))
    const { server, keys } = context.database
    const made = await makeBackup(server, keys, file, {
      release: version,
      now: context.clock.now(),
      signal: terminal.stopping,
      onProgress: (done, total) => terminal.progress.show('Writing the backup', done, total),
    })
    const rows = made.tables.reduce((sum, table) => sum + table.rows, 0)
    const { madeAt, release, keysFingerprint } = made.manifest
    return {
      json: { file, madeAt, release, keysFingerprint, bytes: made.bytes, tables: made.tables.length, rows },
      text: [
        `The backup is in ${file}: ${counted(rows, 'row')} of ${counted(made.tables.length, 'table')}, ${count(Math.ceil(made.bytes / 1000))} KB.`,
        `It is of no use without ${join(context.config.dataDir, 'keys.json')}: keep a copy of that, too, in another place.`,
        `Stops said from now on are in ${join(context.config.dataDir, 'journal.ndjson')}; a restore obeys them if it finds that file.`,
      ],
    }
  },
})
