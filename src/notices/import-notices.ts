// A file of notices, from its bytes to texts that wait to leave. It is read as a stream, staged some hundreds of rows at a
// time, and made into texts when it has been read to its end, so that what belongs to one person is one text.
import { inLibrary, type Logins } from '../db/scope.ts'
import { dateIn } from '../lib/clock.ts'
import { lineFor } from '../messages/lines.ts'
import { readAnswering } from '../patrons/answering.ts'
import type { Library } from '../patrons/library.ts'
import { readItivaRecords } from './itiva-lines.ts'
import { readItivaRow } from './itiva-row.ts'
import { queueNotices } from './queue-notices.ts'
import { knownNotices, nextFileNo, type StagedRow, stagedOf, stageNotices } from './stage-notices.ts'

const AT_ONCE = 500

export interface NoticeImport {
  /** Which of the library's numbers they leave from; needed only where there are several. */
  from?: string
  /** The library says that what asks for a call goes out as a text. */
  voiceAsText: boolean
  dryRun: boolean
  askedBy: string
  now: Date
}

export interface NoticesImported {
  rows: number
  /** Brought before, by this file or another: nothing is sent twice. */
  known: number
  /** That wait to leave, or would in a dry run. */
  texts: number
  /** What they tell of. */
  items: number
  refused: { line: number; messageId: string | null; reason: string }[]
}

/** Throws Problem 'not-ready' or 'bad-input' before anything is read. */
export async function importNotices(
  logins: Logins,
  library: Library,
  bytes: AsyncIterable<Buffer>,
  { from, voiceAsText, dryRun, askedBy, now }: NoticeImport,
): Promise<NoticesImported> {
  const line = await lineFor(logins, library.libraryNo, from)
  const answering = await readAnswering(logins, library.libraryNo)
  const inScope = <R>(work: Parameters<typeof inLibrary<'circulation', R>>[3]) =>
    inLibrary(logins, 'circulation', library.libraryNo, work)
  const fileNo = dryRun ? '0' : await inScope(nextFileNo)
  const staging = { fileNo, now, today: dateIn(library.timezone, now) }
  const done: NoticesImported = { rows: 0, known: 0, texts: 0, items: 0, refused: [] }
  const wouldBe = new Set<string>()
  let batch: StagedRow[] = []
  const take = async () => {
    const rows = batch
    batch = []
    const known = await inScope((scope) =>
      dryRun
        ? knownNotices(
            scope,
            rows.map((row) => row.messageId),
          )
        : stageNotices(scope, library, rows, staging),
    )
    for (const row of rows)
      if ('refused' in row) continue
      else if (known.has(row.messageId)) done.known++
      else {
        done.items++
        if (dryRun) wouldBe.add(`${row.card} ${row.phone} ${row.kind} ${row.place}`)
      }
  }
  for await (const record of readItivaRecords(bytes)) {
    const row = readItivaRow(record.text, { voiceAsText, from: line.number })
    if (row.kind === 'header') continue
    done.rows++
    if (row.kind === 'refused') done.refused.push({ line: record.line, messageId: row.messageId, reason: row.reason })
    const staged = stagedOf(row)
    if (staged !== null && batch.push(staged) >= AT_ONCE) await take()
  }
  if (batch.length > 0) await take()
  if (dryRun) return { ...done, texts: wouldBe.size }
  return { ...done, ...(await queueNotices(logins, library, { fileNo, line, answering, askedBy, now })) }
}
