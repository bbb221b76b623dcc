// `gentle roster import`: a patron file comes in, or is refused whole with the reason.
import { Problem } from '../lib/errors.ts'
import { type ImportResult, importRoster } from '../roster/import.ts'
import { readMapping } from '../roster/mapping.ts'
import { accountName } from './account-name.ts'
import { command } from './command.ts'
import { count, counted, numberColumn } from './lay-out.ts'
import { intoLibrary, libraryForData } from './library-options.ts'

const SHOWN = 20
const labels = { reading: 'Reading the file', writing: 'Writing the roster' }

export const rosterImport = command({
  name: 'roster import',
  summary: 'Bring in a patron file of the library system.',
  about: [
    'The file may have commas, tabs or pipes between its columns and may be gzipped. Without --map its columns are named as ours: patron_id, last_used_on and so on.',
    'Names and addresses are kept only of people who agreed to something. Files with titles or other borrowing history are refused. A file that looks cut short or older is refused too, and then nothing has changed (exit code 2).',
  ],
  takes: [{ name: 'FILE', says: 'the patron file' }],
  options: {
    ...intoLibrary,
    format: { kind: 'text', value: 'NAME', says: 'gentle: the file has our own column names', choices: ['gentle'] },
    map: { kind: 'text', value: 'FILE', says: 'a mapping (YAML) from the file’s columns to ours' },
    delta: { kind: 'flag', says: 'the file holds only changes; who is not in it has not left' },
    encoding: { kind: 'text', value: 'NAME', says: 'such as iso-8859-1; UTF-8 if not given' },
    'dry-run': { kind: 'flag', says: 'look at the file and say what it would do; change nothing' },
    approve: { kind: 'flag', says: 'take in a file that was refused because it looks wrong: it is meant' },
  },
  examples: [
    'gentle roster import patrons.csv --library maple',
    'gentle roster import koha.csv.gz --library maple --map koha.yaml --dry-run',
  ],
  async run(context, { given, options }, terminal) {
    if (options.map !== undefined && options.format !== undefined)
      throw new Problem('bad-input', 'Give either --format or --map: a mapping says itself what the columns are.')
    const mapping = options.map === undefined ? undefined : await readMapping(options.map)
    const library = await libraryForData(context.logins, options.library)
    const result = await importRoster(context.database, library, given.FILE, {
      mapping,
      encoding: options.encoding,
      delta: options.delta,
      dryRun: options['dry-run'],
      approvedBy: options.approve ? accountName() : null,
      now: context.clock.now(),
      onProgress: (step, done, total) => terminal.progress.show(labels[step], done, total),
    })
    const { runId, rows, added, changed, unchanged, missing, quarantined, refused } = result
    const json = { runId, rows, added, changed, unchanged, missing, quarantined, refused }
    if (refused)
      return {
        json,
        text: sayQuarantined(result),
        exitCode: 2,
        problem: `Refused (${refused.reason}): ${refused.detail}`,
      }
    const title = options['dry-run']
      ? `${library.name}: what this file would do (nothing was changed)`
      : `${library.name}: the patron file is in`
    return { json, text: [title, '', ...sayCounts(result), ...sayQuarantined(result)] }
  },
})

function sayCounts(result: ImportResult): string[] {
  const rows: [number, string][] = [
    [result.rows, result.rows === 1 ? 'line read' : 'lines read'],
    [result.added, 'new'],
    [result.changed, 'changed'],
    [result.unchanged, 'as before'],
    [result.missing, 'not in this file any more'],
    [result.quarantined.length, 'set aside'],
  ]
  return numberColumn(rows.filter(([n], i) => n > 0 || i < 4))
}

function sayQuarantined({ quarantined }: ImportResult): string[] {
  if (quarantined.length === 0) return []
  const more = quarantined.length - SHOWN
  return [
    '',
    `${counted(quarantined.length, 'line')} set aside; what we had of these patrons stays as it was:`,
    ...quarantined.slice(0, SHOWN).map(({ line, reason }) => `  line ${line}: ${reason}`),
    ...(more > 0 ? [`  and ${count(more)} more (--json lists all)`] : []),
  ]
}
