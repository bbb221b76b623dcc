// One patron as the library system tells them, in our words: what a row of a patron file becomes, or why it cannot.
// Two things are forgotten right here: the day of last use (a month stays) and the birth date (the end of minority stays).
import { normaliseEmail, normalisePhone } from '../lib/addresses.ts'
import { type MonthNo, monthNo } from '../lib/clock.ts'
import type { FieldPick } from './column-picks.ts'
import { type DateNo, type DateReader, dayAfter, eighteenthBirthday, isNever, isoDate } from './dates.ts'
import { languageTag } from './language-tag.ts'

/** The columns of the `gentle` format, in its order. */
// biome-ignore format: one line reads as the header does
export const COLUMNS = [
  'patron_id', 'barcode', 'given_name', 'family_name', 'preferred_name', 'email', 'phone', 'address_line1', 'address_line2',
  'city', 'region', 'postal_code', 'country', 'language', 'branch', 'category', 'birth_date', 'guardian_id', 'registered_on',
  'expires_on', 'last_used_on', 'status',
] as const
export type Column = (typeof COLUMNS)[number]

export const DATE_COLUMNS = ['birth_date', 'registered_on', 'expires_on', 'last_used_on'] as const
export type DateColumn = (typeof DATE_COLUMNS)[number]

const STATUSES = ['active', 'barred', 'deceased', 'closed'] as const
export type PatronStatus = (typeof STATUSES)[number]

export interface RosterLine {
  patronId: string
  barcode: string
  givenName: string
  familyName: string
  preferredName: string
  email: string | null
  /** Something stood in the column, even if it is no valid address. */
  emailGiven: boolean
  /** E.164. */
  phone: string | null
  addressLine1: string
  addressLine2: string
  city: string
  region: string
  postalCode: string
  country: string
  /** BCP 47 primary tag in small letters, or ''. */
  language: string
  branch: string
  category: string
  /** The ISO date on which a patron who is a minor today turns 18. */
  minorUntil: string | null
  guardianId: string
  registeredOn: string | null
  /** Null also when the card never expires. */
  expiresOn: string | null
  /** Null: never used, or not told. */
  lastUse: MonthNo | null
  status: PatronStatus
}

/** `reason` is plain English and holds nothing of the person. */
export interface LineProblem {
  line: number
  reason: string
}

export interface LineReading {
  picks: Record<Column, FieldPick | null>
  dates: Record<DateColumn, DateReader>
  /** ISO. */
  today: string
  country: 'US' | 'CA' | 'GB'
}

const LONGEST_TEXT = 200
const LONGEST_ID = 100

/** A reader of rows: the line, or the reason why it cannot be taken. */
export function lineReader({
  picks,
  dates,
  today,
  country,
}: LineReading): (fields: readonly string[]) => RosterLine | string {
  const text = (column: Column, fields: readonly string[]): string => {
    const pick = picks[column]
    return pick === null ? '' : cleanText(pick(fields))
  }
  const date = (column: DateColumn, fields: readonly string[]): DateNo => dates[column](text(column, fields))
  const todayNo = Number(today.replaceAll('-', ''))
  const latestUse = dayAfter(today)

  return (fields) => {
    const patronId = text('patron_id', fields)
    if (patronId === '') return 'it has no patron_id'
    if (patronId.length > LONGEST_ID) return `its patron_id is longer than ${LONGEST_ID} characters`

    const birth = date('birth_date', fields)
    const registered = date('registered_on', fields)
    const expires = date('expires_on', fields)
    const lastUsed = date('last_used_on', fields)
    if (birth < 0) return sayBadDate('birth_date')
    if (registered < 0) return sayBadDate('registered_on')
    if (expires < 0) return sayBadDate('expires_on')
    if (lastUsed < 0) return sayBadDate('last_used_on')
    if (lastUsed > latestUse) return 'its last_used_on lies in the future'
    if (birth > latestUse) return 'its birth_date lies in the future'

    const status = statusOf(text('status', fields))
    if (status === null) return `its status is none of ${STATUSES.join(', ')}: translate it in the mapping`

    const email = text('email', fields)
    const adult = birth === 0 ? 0 : eighteenthBirthday(birth)
    return {
      patronId,
      barcode: text('barcode', fields),
      givenName: text('given_name', fields),
      familyName: text('family_name', fields),
      preferredName: text('preferred_name', fields),
      email: email === '' ? null : normaliseEmail(email),
      emailGiven: email !== '',
      phone: normalisePhone(text('phone', fields), country),
      addressLine1: text('address_line1', fields),
      addressLine2: text('address_line2', fields),
      city: text('city', fields),
      region: text('region', fields),
      postalCode: text('postal_code', fields),
      country: text('country', fields),
      language: languageTag(text('language', fields)),
      branch: text('branch', fields),
      category: text('category', fields),
      minorUntil: adult > todayNo ? isoDate(adult) : null,
      guardianId: text('guardian_id', fields),
      registeredOn: registered === 0 || isNever(registered) ? null : isoDate(registered),
      expiresOn: expires === 0 || isNever(expires) ? null : isoDate(expires),
      lastUse: lastUsed === 0 ? null : monthNo(Math.floor(lastUsed / 10_000), Math.floor(lastUsed / 100) % 100),
      status,
    }
  }
}

const sayBadDate = (column: DateColumn): string => `its ${column} is no date of the calendar in the format expected`

function statusOf(word: string): PatronStatus | null {
  if (word === '' || word === 'active') return 'active'
  const lower = word.toLowerCase()
  return STATUSES.find((status) => status === lower) ?? null
}

// Control characters, and the marks that turn the direction of writing: in a greeting they could hide what follows.
// Joiners stay: Persian and Hindi names need them.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]+/

/** One line of visible text without spaces around it, at most 200 characters. */
export function cleanText(text: string): string {
  if (text === '') return text
  const visible = UNSEEN.test(text) ? text.replace(new RegExp(UNSEEN, 'g'), ' ') : text
  const trimmed = visible.trim()
  if (trimmed.length <= LONGEST_TEXT) return trimmed
  const cut = trimmed.slice(0, LONGEST_TEXT)
  return cut.isWellFormed() ? cut : cut.slice(0, -1) // never half of a character
}
