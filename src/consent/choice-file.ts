// Reads a file of choices row by row: what the library's people said elsewhere, before Gentle Reader or beside it. A row
// is a choice only with all its evidence; what is missing is told with its line and never filled in.
import { CsvProblem, type CsvRecord, type CsvShape, recordSplitter, splitFields } from '../lib/csv.ts'
import { detectShape } from '../lib/csv-shape.ts'
import { ChoicesRefused } from './choices-refused.ts'
import { type DecidedAt, readDecidedAt } from './decided-at.ts'
import { CHANNELS, type Channel, PURPOSES, type Purpose, purposeNames } from './purposes.ts'

export const CHOICE_COLUMNS = [
  'patron_id',
  'purpose',
  'channel',
  'decision',
  'method',
  'wording',
  'decided_at',
] as const
type ChoiceColumn = (typeof CHOICE_COLUMNS)[number]

/** `read` starts anew each time; the bytes are UTF-8. */
export interface ChoiceSource {
  read(onBytes?: (bytes: number) => void): AsyncIterable<Buffer>
}

export interface ToldChoice {
  line: number
  patronId: string
  purpose: Purpose | 'all'
  channel: Channel | 'all'
  decision: 'grant' | 'deny'
  method: string
  wording: string
  decidedAt: DecidedAt
}

export interface RowProblem {
  line: number
  reason: string
}

const consentPurposes = purposeNames.filter((name) => PURPOSES[name].basis === 'consent')
const SAMPLE = 64 * 1024

/**
 * The rows of the file in batches, after the whole file has been read once: a file that breaks off in the middle ends in
 * ChoicesRefused before anything of it was given out.
 */
export async function* readChoices(
  source: ChoiceSource,
  about: { timezone: string; now: Date; onBytes?: (bytes: number) => void },
): AsyncGenerator<(ToldChoice | RowProblem)[]> {
  const shape = detectShape(await sampleOf(source), {})
  let records = 0
  for await (const batch of recordsOf(source, shape)) records += batch.length
  if (records === 0) readHeader([])
  const read = rowReader(shape, about)
  for await (const batch of recordsOf(source, shape, about.onBytes)) {
    const rows = batch.flatMap((record) => read(record) ?? [])
    for (let at = 0; at < rows.length; at += 1_000) yield rows.slice(at, at + 1_000)
  }
}

async function sampleOf(source: ChoiceSource): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of source.read()) {
    chunks.push(chunk)
    if (chunks.reduce((sum, c) => sum + c.length, 0) >= SAMPLE) break
  }
  return Buffer.concat(chunks).subarray(0, SAMPLE)
}

async function* recordsOf(
  source: ChoiceSource,
  shape: CsvShape,
  onBytes?: (bytes: number) => void,
): AsyncGenerator<CsvRecord[]> {
  const splitter = recordSplitter(shape)
  try {
    for await (const chunk of source.read(onBytes)) yield splitter.push(chunk)
    const last = splitter.end()
    if (last) yield [last]
  } catch (cause) {
    if (!(cause instanceof CsvProblem)) throw cause
    throw new ChoicesRefused(`${flaws[cause.flaw](cause.line)} Nothing was recorded.`, { cause })
  }
}

const flaws: Record<CsvProblem['flaw'], (line: number) => string> = {
  'not-utf8': (line) =>
    `Line ${line} is not valid UTF-8. If the file has another encoding, name it: --encoding iso-8859-1, for example.`,
  'open-quote': (line) =>
    `A quote opened in the record on line ${line} is never closed: the file was cut short, or that line has a stray quote.`,
  'no-line-end': (line) => `From line ${line} on there is no line end for a million bytes.`,
}

/** Takes the first record as the header and gives null for it. */
function rowReader(shape: CsvShape, about: { timezone: string; now: Date }) {
  let places: Record<ChoiceColumn, number> | null = null
  let width = 0
  return (record: CsvRecord): ToldChoice | RowProblem | null => {
    const fields = splitFields(record.raw.toString(), shape)
    if (places === null) {
      places = readHeader(fields)
      width = fields!.length
      return null
    }
    const reason =
      fields === null
        ? 'it has a quote in the middle of a field'
        : fields.length !== width
          ? `it has ${fields.length} fields where the header has ${width}`
          : null
    if (reason !== null) return { line: record.line, reason }
    const at = places
    const choice = readRow((column) => fields![at[column]]!.trim(), about)
    return typeof choice === 'string' ? { line: record.line, reason: choice } : { line: record.line, ...choice }
  }
}

function readHeader(fields: string[] | null): Record<ChoiceColumn, number> {
  const names = (fields ?? []).map((name) => name.trim().toLowerCase())
  const missing = CHOICE_COLUMNS.filter((column) => !names.includes(column))
  const twice = CHOICE_COLUMNS.find((column) => names.indexOf(column) !== names.lastIndexOf(column))
  if (missing.length > 0)
    throw new ChoicesRefused(
      `The file has no column ${missing.join(', ')}. Its first line has to name ${CHOICE_COLUMNS.join(', ')}. Nothing was recorded.`,
    )
  if (twice !== undefined)
    throw new ChoicesRefused(`The column ${twice} stands twice in the header. Nothing was recorded.`)
  return Object.fromEntries(CHOICE_COLUMNS.map((column) => [column, names.indexOf(column)])) as Record<
    ChoiceColumn,
    number
  >
}

/** The choice, or why it is none. */
function readRow(
  field: (column: ChoiceColumn) => string,
  about: { timezone: string; now: Date },
): Omit<ToldChoice, 'line'> | string {
  const patronId = field('patron_id')
  if (patronId === '') return 'it has no patron_id'
  if (CHOICE_COLUMNS.some((column) => field(column).includes('\0'))) return 'it holds NUL bytes, which no text has'
  const decision = field('decision').toLowerCase()
  if (decision !== 'grant' && decision !== 'deny') return 'its decision is neither grant nor deny'
  const purpose = field('purpose').toLowerCase()
  if (purpose in PURPOSES && !consentPurposes.includes(purpose as Purpose))
    return `its purpose ${purpose} does not rest on consent: there is nothing to agree to or refuse`
  if (purpose !== 'all' && !(purpose in PURPOSES)) return `its purpose is none of ${consentPurposes.join(', ')}`
  const channel = field('channel').toLowerCase()
  if (channel !== 'all' && !(CHANNELS as readonly string[]).includes(channel))
    return `its channel is none of ${CHANNELS.join(', ')}`
  if (decision === 'grant' && (purpose === 'all' || channel === 'all'))
    return 'nobody agrees to everything at once: a yes names its purpose and its channel'
  if (field('method') === '') return 'it has no method: how was the choice made?'
  if (field('wording') === '') return 'it has no wording: the exact words the person saw'
  if (field('decided_at') === '') return 'it has no decided_at'
  const decidedAt = readDecidedAt(field('decided_at'), { decision, ...about })
  if (decidedAt === 'unreadable') return 'its decided_at is no date such as 2025-05-03 or 2025-05-03T16:00:00Z'
  if (decidedAt === 'future') return 'its decided_at lies in the future'
  return {
    patronId,
    purpose: purpose as ToldChoice['purpose'],
    channel: channel as ToldChoice['channel'],
    decision,
    method: field('method'),
    wording: field('wording'),
    decidedAt,
  }
}
