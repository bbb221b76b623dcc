// The records of a patron file, streamed: its header, its rows in batches, and the flaws that make the whole file untrustworthy.
// A file that ends too soon must not pass for a short one: whoever is missing from it would be taken for gone.
import { CsvProblem, type CsvRecord, type CsvShape, recordSplitter, splitFields } from '../lib/csv.ts'
import { type FileKind, readText } from './file-bytes.ts'
import { FileRefused } from './file-refused.ts'

const SAMPLE = 64 * 1024
const BATCH = 2_000

/** The first 64 KB, from which the shape of the file is told. */
export async function readSample(kind: FileKind): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of readText(kind)) {
    chunks.push(chunk)
    length += chunk.length
    if (length >= SAMPLE) break
  }
  return Buffer.concat(chunks).subarray(0, SAMPLE)
}

/** The names of the columns: the first line that is not blank. */
export function readHeader(sample: Buffer, shape: CsvShape): string[] {
  const splitter = recordSplitter(shape)
  // Only up to the first line's end, so that a flaw further down is told with its own line when it is read.
  const header = sayingWhy(() => {
    const ending = shape.lineEnd === 'cr' ? 13 : 10
    for (let from = 0; from < sample.length; ) {
      const next = sample.indexOf(ending, from)
      const until = next === -1 ? sample.length : next + 1
      const [record] = splitter.push(sample.subarray(from, until))
      if (record !== undefined) return record
      from = until
    }
    return splitter.end()
  })
  if (header?.raw.includes(0)) {
    throw new FileRefused(
      'wrong-encoding',
      'The header holds NUL bytes. If it is UTF-16, say so with --encoding utf-16.',
    )
  }
  const fields = header === null ? null : splitFields(header.raw.toString(), shape)
  if (fields === null)
    throw new FileRefused('no-header', 'The file is empty or its first line cannot be read as a header.')
  // Said without quoting the line: where the header is missing, it holds a person.
  if (fields.some((field) => /@|\d{5}|^\s*[\d/.-]{6,}\s*$/.test(field))) {
    throw new FileRefused(
      'no-header',
      'The first line looks like a patron, not like the names of columns: export with a header.',
    )
  }
  return fields.map((field) => field.trim())
}

/** The records below the header, in batches; the flaws of the file as a whole end it with FileRefused. */
export async function* readRecords(
  kind: FileKind,
  shape: CsvShape,
  width: number,
  onBytes?: (bytesRead: number) => void,
): AsyncGenerator<CsvRecord[]> {
  const splitter = recordSplitter(shape)
  let headerSeen = false
  let rows = 0
  for await (const chunk of readText(kind, onBytes)) {
    const records = sayingWhy(() => splitter.push(chunk))
    let from = 0
    if (!headerSeen && records.length > 0) {
      headerSeen = true
      from = 1
    }
    rows += records.length - from
    for (; from < records.length; from += BATCH) yield records.slice(from, from + BATCH)
  }
  const last = sayingWhy(() => splitter.end())
  if (last !== null && headerSeen) {
    const fields = splitFields(last.raw.toString(), shape)
    if (fields !== null && fields.length < width) throw refuseCut(last.line)
    rows++
    yield [last]
  }
  if (rows === 0) throw new FileRefused('no-rows', 'The file has a header and no patrons.')
}

const refuseCut = (line: number): FileRefused =>
  new FileRefused('cut-short', `The file ends in the middle of line ${line}: it was cut short. Copy or make it again.`)

function sayingWhy<T>(act: () => T): T {
  try {
    return act()
  } catch (cause) {
    if (!(cause instanceof CsvProblem)) throw cause
    const { line } = cause
    if (cause.flaw === 'not-utf8') {
      const detail = `Line ${line} is not valid UTF-8. If the file has another encoding, name it: --encoding iso-8859-1, for example.`
      throw new FileRefused('wrong-encoding', detail, { cause })
    }
    if (cause.flaw === 'open-quote') {
      const detail = `A quote opened in the record on line ${line} is never closed: the file was cut short, or that line has a stray quote.`
      throw new FileRefused('cut-short', detail, { cause })
    }
    throw new FileRefused('unreadable', `From line ${line} on there is no line end for a million bytes.`, { cause })
  }
}
