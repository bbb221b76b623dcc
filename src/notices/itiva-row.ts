// One record of an i-tiva file: 17 quoted columns, of which we take what a text needs. A title may hold quotes and commas
// that nobody escaped, so the columns before it are counted from the left and the message_id from the right. Titles,
// barcodes and names end here.
import { isAbroad, normalisePhone } from '../lib/addresses.ts'
import { knownLanguage, type Language } from '../words/languages.ts'
import type { NoticeKind } from '../words/texts-shape.ts'
import { COLUMNS } from './itiva-lines.ts'

/** One notice that can become a text. */
export interface NoticeRow {
  messageId: string
  kind: NoticeKind
  card: string
  phone: string
  place: string
  /** Null = the library's own. */
  language: Language | null
  /** As written; "12/01/2026" can be read in two ways. */
  due: string
}

export type ItivaRow =
  | { kind: 'notice'; notice: NoticeRow }
  /** `messageId` is null where the record says none that can be trusted. */
  | { kind: 'refused'; messageId: string | null; reason: string }
  /** The names of the columns. */
  | { kind: 'header' }

const KINDS: Readonly<Record<string, NoticeKind>> = {
  RESERVE: 'hold',
  HOLD: 'hold',
  OVERDUE: 'overdue',
  PREOVERDUE: 'almost due',
  RENEWAL: 'almost due',
  RESERVECANCEL: 'cancelled hold',
  HOLDCANCEL: 'cancelled hold',
  CANCEL: 'cancelled hold',
}

const MEDIA: Readonly<Record<string, 'text' | 'voice' | 'email'>> = {
  T: 'text',
  S: 'text',
  SMS: 'text',
  TEXT: 'text',
  V: 'voice',
  VOICE: 'voice',
  E: 'email',
  EMAIL: 'email',
}

export interface ReadingOptions {
  /** The library says that what asks for a call goes out as a text: Koha marks every row so. */
  voiceAsText: boolean
  /** The number that these texts leave from. */
  from: string
}

export function readItivaRow(record: string, { voiceAsText, from }: ReadingOptions): ItivaRow {
  const cells = cellsOf(record)
  if (cells.length < COLUMNS)
    return refused(null, `it has ${cells.length} of the ${COLUMNS} columns, each in double quotes`)
  const messageId = cells.at(-1)!
  if (messageId.toLowerCase() === 'message_id') return { kind: 'header' }
  if (!/^[\x21-\x7e]{1,100}$/.test(messageId) || messageId.includes('"') || messageId === '0')
    return refused(null, 'it has no message_id in its last column, so nobody could tell whether it was sent before')
  const [mediaCell, languageCell, typeCell, , card, , , , phoneCell, , , site, siteName, , due] = cells as string[]
  const medium = MEDIA[mediaCell!.toUpperCase()]
  if (medium === 'email')
    return refused(
      messageId,
      'it asks for an email; notices by email come later, so let the library system send it itself',
    )
  if (medium === undefined) return refused(messageId, 'its medium is none that we know: T for a text, V for a call')
  if (medium === 'voice' && !voiceAsText)
    return refused(
      messageId,
      'it asks for a telephone call, and this carries texts (--voice-as-text, or voice=text, sends it if these people agreed to texts)',
    )
  if (isShifted(cells))
    return refused(messageId, 'a name in it holds quotes and commas, so which column is the telephone is unclear')
  const kind = KINDS[typeCell!.toUpperCase().replace(/[^A-Z]/g, '')]
  if (kind === undefined)
    return refused(messageId, 'its type is none that we know: RESERVE, OVERDUE, PREOVERDUE, RENEWAL or CANCEL')
  const phone = normalisePhone(phoneCell!)
  if (phone === null) return refused(messageId, 'its column for the telephone holds no number that could be texted')
  if (isAbroad(phone, from))
    return refused(messageId, 'its telephone is abroad, or costs extra; texts go to numbers at home')
  const notice = { messageId, kind, card: card!, phone, language: languageOf(languageCell!), due: due! }
  return { kind: 'notice', notice: { ...notice, place: placeOf(siteName!) || placeOf(site!) } }
}

const refused = (messageId: string | null, reason: string): ItivaRow => ({ kind: 'refused', messageId, reason })

/**
 * Columns too many are a title's, and stand after all that we read. Where they are a name's, somebody may have written a
 * telephone and a place of their own choice into it; then the true ones stand so many columns further on.
 */
function isShifted(cells: readonly string[]): boolean {
  const extra = cells.length - COLUMNS
  if (extra === 0) return false
  return (
    normalisePhone(cells[8 + extra]!) !== null || /^\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}(?:[ T]|$)/.test(cells[14 + extra]!)
  )
}

/** On a telephone: of one line, and without what no text can hold. */
const placeOf = (cell: string): string =>
  cell
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, 80)
    .toWellFormed()

function cellsOf(record: string): string[] {
  const text = record.trim()
  if (!text.includes('"')) return text.split(',').map((cell) => cell.trim())
  if (text.length < 2 || !text.startsWith('"') || !text.endsWith('"')) return []
  const inside = text.slice(1, -1)
  // A title that ends in `",` makes two delimiters of one that overlap: the last one is right.
  const last = inside.lastIndexOf('","')
  const cells = last === -1 ? [inside] : [...inside.slice(0, last).split('","'), inside.slice(last + 3)]
  return cells.map((cell) => cell.replaceAll('""', '"').trim())
}

/** "EN", "es-MX" or "spa". */
function languageOf(tag: string): Language | null {
  if (!/^[a-z]{2,3}(?:[-_][a-z0-9_-]+)?$/i.test(tag)) return null
  return knownLanguage(Intl.getCanonicalLocales(tag.slice(0, 3).replace(/[-_]$/, ''))[0]!)
}
