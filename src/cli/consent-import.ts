// `gentle consent import`: choices that people made elsewhere come into the ledger, under a name that stands for them.
import { importChoices } from '../consent/import-choices.ts'
import { identifyFile, readText } from '../roster/file-bytes.ts'
import { command } from './command.ts'
import { count, counted } from './lay-out.ts'
import { intoLibrary, libraryForData } from './library-options.ts'

const SHOWN = 20

export const consentImport = command({
  name: 'consent import',
  summary: 'Record choices that people made elsewhere: on a form, at the desk, in another system.',
  about: [
    'The first line names the columns: patron_id, purpose, channel, decision (grant or deny), method, wording (the exact words the person saw) and decided_at. A row without its wording or date proves nothing and is refused; the others are recorded. The same file again records nothing twice.',
    'A date without a time counts from its beginning for a yes and to its end for a no.',
  ],
  takes: [{ name: 'FILE', says: 'the file of choices' }],
  options: {
    ...intoLibrary,
    'attested-by': { kind: 'text', value: 'NAME', says: 'who stands for these choices', required: true },
    encoding: { kind: 'text', value: 'NAME', says: 'such as iso-8859-1; UTF-8 if not given' },
  },
  examples: ['gentle consent import choices.csv --library maple --attested-by "Ana Ruiz"'],
  async run(context, { given, options }, terminal) {
    const kind = await identifyFile(given.FILE, options.encoding)
    const library = await libraryForData(context.logins, options.library)
    const source = { read: (onBytes?: (bytes: number) => void) => readText(kind, onBytes) }
    const json = await importChoices(context.logins, library, source, {
      attestedBy: options['attested-by'],
      now: context.clock.now(),
      journal: context.journal,
      onBytes: (bytes) => terminal.progress.show('Recording choices', bytes, kind.totalBytes),
    })
    const { rows, recorded, known, refused } = json
    const more = refused.length - SHOWN
    const listed = refused.slice(0, SHOWN).map(({ line, reason }) => `  line ${line}: ${reason}`)
    const text = [
      `${library.name}: ${counted(recorded, 'choice')} recorded${known > 0 ? `, ${count(known)} known already` : ''}.`,
      ...(refused.length > 0 ? ['', `${counted(refused.length, 'row')} refused:`, ...listed] : []),
      ...(more > 0 ? [`  and ${count(more)} more (--json lists all)`] : []),
      ...(recorded > 0
        ? ['', 'Names and addresses of those who agreed come with the next patron file, even an unchanged one.']
        : []),
    ]
    if (rows > 0 && refused.length === rows)
      return {
        json,
        text,
        exitCode: 2,
        problem: `Nothing was recorded: every row was refused; the first is line ${refused[0]!.line}: ${refused[0]!.reason}.`,
      }
    return { json, text }
  },
})
