// Finds out how a delimited file is written from its first bytes: which delimiter, which quoting, which line end.
// What the file cannot tell may be declared instead.
import { type CsvRecord, type CsvShape, recordSplitter, splitFields } from './csv.ts'

const DELIMITERS = [',', '\t', '|', ';']

/** `sample` is the start of the file, some tens of kilobytes; `declared` wins over what is seen. */
export function detectShape(sample: Buffer, declared: { delimiter?: string; quoting?: CsvShape['quoting'] }): CsvShape {
  const lineEnd = detectLineEnd(sample)
  const delimiter = declared.delimiter ?? detectDelimiter(sample, lineEnd)
  if (declared.quoting !== undefined) return { delimiter, quoting: declared.quoting, lineEnd }
  const doubled: CsvShape = { delimiter, quoting: 'doubled', lineEnd }
  if (!sample.includes('\\"')) return doubled
  // `"C:\","next"` and `"say \"hi\""` both hold a backslash before a quote: the reading with fewer broken rows is right.
  const backslash: CsvShape = { ...doubled, quoting: 'backslash' }
  return countBroken(sample, backslash) < countBroken(sample, doubled) ? backslash : doubled
}

/** The first line end outside quotes: a carriage return alone, or anything with a line feed. */
function detectLineEnd(sample: Buffer): CsvShape['lineEnd'] {
  let quoted = false
  for (let i = 0; i < sample.length; i++) {
    const byte = sample[i]
    if (byte === 34) quoted = !quoted
    else if (!quoted && byte === 10) return 'lf'
    else if (!quoted && byte === 13) return sample[i + 1] === 10 ? 'lf' : 'cr'
  }
  return 'lf'
}

/** The delimiter that stands most often in the header line outside quotes; a comma when none does. */
function detectDelimiter(sample: Buffer, lineEnd: CsvShape['lineEnd']): string {
  const text = sample.toString('latin1').replace(/^[\r\n]+/, '')
  const header = text.slice(0, Math.max(text.search(lineEnd === 'cr' ? /\r/ : /\n/), 0) || undefined)
  const bare = header.replace(/"(?:[^"]|"")*"/g, '')
  const count = (delimiter: string) => bare.split(delimiter).length
  return DELIMITERS.reduce((best, delimiter) => (count(delimiter) > count(best) ? delimiter : best))
}

function countBroken(sample: Buffer, shape: CsvShape): number {
  let records: CsvRecord[]
  try {
    records = recordSplitter(shape).push(sample)
  } catch {
    return Number.POSITIVE_INFINITY
  }
  const rows = records.map((record) => splitFields(record.raw.toString(), shape))
  const width = rows[0]?.length
  return rows.filter((fields) => fields === null || fields.length !== width).length
}
