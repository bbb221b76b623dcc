// `gentle notices …`: a library system's file of notices goes out as texts, and what became of them goes back to it.
import { createReadStream } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import type { Context } from '../context.ts'
import { inLibrary } from '../db/scope.ts'
import { normalisePhone } from '../lib/addresses.ts'
import { Problem, sayError } from '../lib/errors.ts'
import { importNotices, type NoticesImported } from '../notices/import-notices.ts'
import { type NoticeResult, noticeResults, RESULT_DAYS, resultsFile } from '../notices/notice-results.ts'
import type { Library } from '../patrons/library.ts'
import { accountName } from './account-name.ts'
import { command } from './command.ts'
import { count, counted } from './lay-out.ts'
import { chooseLibrary, intoLibrary, libraryForData, whichLibrary } from './library-options.ts'

const SHOWN = 20

export const noticesImport = command({
  name: 'notices import',
  summary: 'Send a library system’s file of notices (i-tiva) as texts.',
  about: [
    'The file has 17 quoted columns, as Koha writes them for i-tiva. What one person has of one kind at one place is one text: "you have 3 items ready at Main". Titles, barcodes and names are dropped as they come in. The same file again sends nothing twice, because each notice is known by its message_id.',
    'Rows for calls and emails are listed and not sent. Koha marks every row as a call: with --voice-as-text they go out as texts. Only say so if these people agreed to texts.',
  ],
  takes: [{ name: 'FILE', says: 'the file of notices' }],
  options: {
    ...intoLibrary,
    results: { kind: 'text', value: 'FILE', says: 'write there what became of the notices of the last 14 days' },
    'voice-as-text': { kind: 'flag', says: 'send as a text what asks for a call' },
    from: {
      kind: 'text',
      value: 'NUMBER',
      says: 'which of the library’s numbers; needed only where there are several',
    },
    'dry-run': { kind: 'flag', says: 'read the file and say what it would do; send nothing' },
  },
  examples: [
    'gentle notices import outbound.csv --library maple --dry-run',
    'gentle notices import outbound.csv --library maple --voice-as-text --results results.csv',
  ],
  async run(context, { given, options }) {
    const library = await libraryForData(context.logins, options.library)
    const imported = await importNotices(context.logins, library, readBytes(given.FILE), {
      from: options.from === undefined ? undefined : (normalisePhone(options.from) ?? options.from),
      voiceAsText: options['voice-as-text'],
      dryRun: options['dry-run'],
      askedBy: `a file of notices, by ${accountName()}`,
      now: context.clock.now(),
    })
    const told =
      options.results === undefined || options['dry-run']
        ? null
        : await writeResults(context, library, options.results, RESULT_DAYS)
    const json = { ...imported, results: told?.length ?? null }
    const text = [...sayImported(library, imported, options['dry-run']), ...(told === null ? [] : sayResults(told))]
    if (imported.rows > 0 && imported.refused.length === imported.rows)
      return { json, text, exitCode: 2, problem: 'No text was made: every row was refused.' }
    return { json, text }
  },
})

export const noticesResults = command({
  name: 'notices results',
  summary: 'Write what became of notices, for the library system: SUCCESS or FAIL.',
  about: [
    'A notice is in it once the provider has had its word, or has said nothing against it for a day. The same result may stand in several files; library systems take it once.',
  ],
  takes: [{ name: 'FILE', says: 'where the results go' }],
  options: {
    ...whichLibrary,
    days: { kind: 'number', value: 'DAYS', says: 'of the notices of how many days', default: RESULT_DAYS },
  },
  examples: ['gentle notices results results.csv --library maple'],
  async run(context, { given, options }) {
    const library = await chooseLibrary(context.logins, options.library)
    const told = await writeResults(context, library, given.FILE, options.days)
    return { json: { results: told }, text: sayResults(told) }
  },
})

async function* readBytes(path: string): AsyncGenerator<Buffer> {
  try {
    yield* createReadStream(path)
  } catch (cause) {
    if (cause instanceof Problem) throw cause
    throw new Problem('bad-input', `The file ${path} could not be read: ${sayError(cause)}.`, { cause })
  }
}

async function writeResults(context: Context, library: Library, path: string, days: number): Promise<NoticeResult[]> {
  const now = context.clock.now()
  const since = new Date(now.getTime() - days * 86_400_000)
  const results = await inLibrary(context.logins, 'circulation', library.libraryNo, (scope) =>
    noticeResults(scope, { since, now }),
  )
  await writeFile(path, resultsFile(results)).catch((cause: unknown) => {
    throw new Problem('bad-input', `The results could not be written to ${path}: ${sayError(cause)}.`, { cause })
  })
  return results
}

function sayImported(library: Library, { rows, known, texts, items, refused }: NoticesImported, dryRun: boolean) {
  const more = refused.length - SHOWN
  return [
    dryRun
      ? `${library.name}: what this file would do (nothing was sent)`
      : texts === 0
        ? `${library.name}: no text was made`
        : `${library.name}: the notices are on their way`,
    `  ${counted(rows, 'row')}: ${counted(texts, 'text')} about ${counted(items, 'item')}${known > 0 ? `; ${count(known)} brought before and not sent again` : ''}`,
    ...(refused.length > 0 ? ['', `${counted(refused.length, 'row')} not sent:`] : []),
    ...refused
      .slice(0, SHOWN)
      .map(({ line, messageId, reason }) => `  line ${line}${messageId === null ? '' : ` (${messageId})`}: ${reason}`),
    ...(more > 0 ? [`  and ${count(more)} more (--json lists all)`] : []),
  ]
}

function sayResults(results: readonly NoticeResult[]): string[] {
  const failed = results.filter(({ result }) => result === 'FAIL')
  const more = failed.length - SHOWN
  return [
    '',
    `Results: ${count(results.length - failed.length)} arrived, ${count(failed.length)} failed.`,
    ...failed.slice(0, SHOWN).map(({ messageId, reason }) => `  ${messageId}: ${reason}`),
    ...(more > 0 ? [`  and ${count(more)} more (--json lists all)`] : []),
  ]
}
