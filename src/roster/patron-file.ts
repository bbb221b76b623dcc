// A patron file, opened: its header is checked, its shape is known, and it can be read again and again in batches.
// Nothing here knows the database; a file that cannot be trusted as a whole ends in FileRefused, a row in a LineProblem.
import { createHash } from 'node:crypto'
import { type CsvRecord, type CsvShape, splitFields } from '../lib/csv.ts'
import { detectShape } from '../lib/csv-shape.ts'
import { choosePicks } from './column-picks.ts'
import { dateReader, ISO_FORMAT } from './dates.ts'
import { identifyFile } from './file-bytes.ts'
import { readHeader, readRecords, readSample } from './file-records.ts'
import { FileRefused } from './file-refused.ts'
import { findForbiddenColumns, sayForbidden } from './forbidden-columns.ts'
import type { Mapping } from './mapping.ts'
import {
  cleanText,
  DATE_COLUMNS,
  type DateColumn,
  type LineProblem,
  lineReader,
  type RosterLine,
} from './roster-line.ts'

/** Raised whenever the same values would be read as a different line than before. */
const READER_VERSION = 2

/** `line` is the physical line it starts on, from 1; `raw` is UTF-8 without the line end. */
export type FileRecord = CsvRecord

export interface PatronFile {
  readonly path: string
  readonly header: string[]
  /** Columns of the file that are read into nothing. */
  readonly ignoredColumns: string[]
  /** How the file is written. */
  readonly shape: CsvShape
  /** Changes whenever the same values would be read differently; belongs into the fingerprint of a line. */
  readonly reading: string
  /** Of the file as it lies on the disk; `onBytes` counts up to it. */
  readonly totalBytes: number
  /** Reads from the start each time. Throws FileRefused at the end of a file that is cut short or has no rows. */
  records(options?: { onBytes?: (bytesRead: number) => void }): AsyncGenerator<FileRecord[]>
  /** Cheap, and no word on whether the rest of the record is sound. Null when it has none. */
  patronIdOf(record: FileRecord): string | null
  read(record: FileRecord): RosterLine | LineProblem
}

export interface FileOptions {
  mapping?: Mapping
  /** Wins over the mapping's. */
  encoding?: string
  /** ISO date, in the library's time zone. */
  today: string
  country?: 'US' | 'CA' | 'GB'
}

export async function openPatronFile(path: string, options: FileOptions): Promise<PatronFile> {
  const { mapping, today, country = 'US' } = options
  const kind = await identifyFile(path, options.encoding ?? mapping?.encoding)
  const sample = await readSample(kind)
  const shape = detectShape(sample, { delimiter: mapping?.delimiter, quoting: mapping?.quoting })
  const header = readHeader(sample, shape)
  const forbidden = findForbiddenColumns(header)
  if (forbidden.length > 0) throw new FileRefused('circulation-columns', sayForbidden(forbidden))

  const { picks, plainPatronId, ignoredColumns } = choosePicks(header, mapping)
  const dates = Object.fromEntries(
    DATE_COLUMNS.map((column) => [
      column,
      dateReader(mapping?.columns[column]?.format ?? mapping?.dates ?? ISO_FORMAT),
    ]),
  ) as Record<DateColumn, ReturnType<typeof dateReader>>
  const readFields = lineReader({ picks, dates, today, country })
  const problem = (record: FileRecord, reason: string): LineProblem => ({ line: record.line, reason })

  function patronIdOf(record: FileRecord): string | null {
    if (plainPatronId !== null) {
      const plain = plainField(record.raw, plainPatronId, shape.delimiter.charCodeAt(0))
      if (plain !== null) return plain
    }
    const fields = splitFields(record.raw.toString(), shape)
    return fields === null ? null : cleanText(picks.patron_id!(fields)) || null
  }

  function read(record: FileRecord): RosterLine | LineProblem {
    const text = record.raw.toString()
    if (text.includes('\0')) return problem(record, 'it holds NUL bytes, which no text has')
    const fields = splitFields(text, shape)
    if (fields === null) return problem(record, `${sayBadQuotes(text, shape)}${saySpan(text, record.line)}`)
    if (fields.length !== header.length) {
      return problem(
        record,
        `it has ${fields.length} fields where the header has ${header.length}${saySpan(text, record.line)}`,
      )
    }
    if (swallowsRows(text, shape, header.length)) {
      return problem(record, `a quote in it runs on into the next rows${saySpan(text, record.line)}`)
    }
    const line = readFields(fields)
    return typeof line === 'string' ? problem(record, line) : line
  }

  return {
    path,
    header,
    ignoredColumns,
    shape,
    reading: fingerprintReading({ header, country, mapping: mapping ?? null }),
    totalBytes: kind.totalBytes,
    records: (recordOptions) => readRecords(kind, shape, header.length, recordOptions?.onBytes),
    patronIdOf,
    read,
  }
}

/** Field `index` when its bytes are plain ASCII that need no cleaning; null to look properly. */
function plainField(raw: Buffer, index: number, delimiter: number): string | null {
  let at = 0
  for (let field = 0; ; field++) {
    const quoted = raw[at] === 34
    if (quoted) at++
    const from = at
    while (at < raw.length && raw[at] !== (quoted ? 34 : delimiter)) {
      // An escape of either kind, or a character that might be cleaned away.
      if (quoted && raw[at] === 92) return null
      if (field === index && (raw[at]! <= 32 || raw[at]! > 126 || raw[at] === 34)) return null
      at++
    }
    if (field === index && at > from && !quoted) return raw.toString('latin1', from, at)
    if (quoted && at + 1 < raw.length && raw[at + 1] !== delimiter) return null
    if (field === index) return at > from ? raw.toString('latin1', from, at) : null
    at += quoted ? 2 : 1
    if (at >= raw.length) return null
  }
}

function sayBadQuotes(text: string, shape: CsvShape): string {
  const hint = shape.quoting === 'doubled' && text.includes('\\"') ? ' (does this file need “quoting: backslash”?)' : ''
  return `it has a quote in the middle of a field${hint}`
}

/**
 * Two stray quotes can join rows into one that has the right number of fields, with other people inside a name. What
 * follows the line end in an honest field of several lines is the rest of a row, and so has fewer delimiters than a row.
 */
function swallowsRows(text: string, { delimiter, lineEnd }: CsvShape, width: number): boolean {
  const ending = lineEnd === 'cr' ? '\r' : '\n'
  if (width < 3 || !text.includes(ending)) return false
  const [, ...more] = text.split(ending)
  return more.some((line) => line.split(delimiter).length >= width)
}

/** Rows lost inside a stray quote are named, or nobody would look for them. */
function saySpan(text: string, line: number): string {
  const ends = text.split(/\r\n|\n|\r/).length - 1
  return ends === 0 ? '' : ` (lines ${line} to ${line + ends} were read as one, from one quote to the next)`
}

/** How the file is written has done its part once the values are known. */
function fingerprintReading({ mapping, ...rest }: { header: string[]; country: string; mapping: Mapping | null }) {
  const { delimiter: _, quoting: __, encoding: ___, ...meaning } = mapping ?? {}
  const all = JSON.stringify({ version: READER_VERSION, ...rest, mapping: mapping && meaning })
  return createHash('sha256').update(all).digest('hex').slice(0, 16)
}
