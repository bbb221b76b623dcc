// Reads the dates of patron files: ISO by hand because it is a million times four, other formats by a compiled pattern.
// A date is the number 20250503 while it is being read, so that comparing two costs nothing.

/** 20250503; 0 when nothing stands there; -1 when what stands there is no date of this format. */
export type DateNo = number
export type DateReader = (text: string) => DateNo

export const ISO_FORMAT = 'YYYY-MM-DD'

const TOKENS: Record<string, string> = {
  YYYY: '(?<year>\\d{4})',
  MM: '(?<month>\\d\\d?)',
  M: '(?<month>\\d\\d?)',
  DD: '(?<day>\\d\\d?)',
  D: '(?<day>\\d\\d?)',
  HH: '\\d\\d?',
  mm: '\\d\\d',
  ss: '\\d\\d',
}

/** Why this cannot be a date format, or null. */
export function flawOfDateFormat(format: string): string | null {
  if (/YY/.test(format) && !/YYYY/.test(format)) {
    return 'two-digit years cannot be told apart (is 26 a birth in 1926 or a card until 2026?): export four digits'
  }
  if (/[A-Za-z]/.test(format.replace(/YYYY|MM?|DD?|HH|mm|ss|T(?=H)/g, ''))) {
    return 'use YYYY, MM, DD, HH, mm and ss with the marks between them, for example MM/DD/YYYY'
  }
  const count = (token: RegExp) => format.match(token)?.length ?? 0
  return count(/YYYY/g) === 1 && count(/MM?/g) === 1 && count(/DD?/g) <= 1
    ? null
    : 'it needs a year (YYYY) and a month (MM), each once'
}

export function dateReader(format: string = ISO_FORMAT): DateReader {
  if (format === ISO_FORMAT) return readIso
  const fixed = !/[^A-Za-z]/.test(format) // "YYYYMMDD" has no marks that could tell where a short month ends
  const source = format.replace(/YYYY|MM?|DD?|HH|mm|ss|[^A-Za-z]/g, (part) => {
    const token = TOKENS[part]
    if (token === undefined) return part.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
    return fixed ? token.replace('\\d\\d?', '\\d\\d') : token
  })
  // Databases add a time of day unasked ("5/3/2025 12:00:00 AM"); the day before it is what was meant.
  const pattern = new RegExp(`^${source}(?:[T ][\\d:.,+ APMapmZz-]*)?$`)
  return (text) => {
    const parts = pattern.exec(text)?.groups
    if (parts === undefined) return blankOr(text)
    return dateNo(Number(parts.year), Number(parts.month), Number(parts.day ?? 1)) || blankOr(text)
  }
}

function readIso(text: string): DateNo {
  if (text === '') return 0
  if (text.length < 10 || text.charCodeAt(4) !== 45 || text.charCodeAt(7) !== 45) return blankOr(text)
  if (text.length > 10) {
    const mark = text.charCodeAt(10)
    if (mark !== 84 && mark !== 32) return -1
  }
  return dateNo(digits(text, 0, 4), digits(text, 5, 7), digits(text, 8, 10)) || blankOr(text)
}

function digits(text: string, from: number, to: number): number {
  let value = 0
  for (let i = from; i < to; i++) {
    const digit = text.charCodeAt(i) - 48
    if (digit < 0 || digit > 9) return -1
    value = value * 10 + digit
  }
  return value
}

/** 0 when the calendar has no such day. */
function dateNo(year: number, month: number, day: number): DateNo {
  if (year < 1800 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return 0
  return year * 10_000 + month * 100 + day
}

const daysIn = (year: number, month: number): number =>
  month === 2 ? (isLeap(year) ? 29 : 28) : month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31

const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)

// "  -  -    " (Sierra), "0000-00-00" (MySQL) and "NULL" (SQL Server) are how library systems write an empty date.
const blankOr = (text: string): DateNo => (/^(?:[\s0/.:T-]*|null|\\N)$/i.test(text) ? 0 : -1)

export function isoDate(date: DateNo): string {
  const text = String(date)
  return `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6, 8)}`
}

/** Library systems write "never" as the end of a century. */
export const isNever = (date: DateNo): boolean => date === 20991231 || date >= 99990000

/** The day on which someone born then turns 18; born on 29 February, on 1 March. */
export function eighteenthBirthday(birth: DateNo): DateNo {
  const then = birth + 180_000
  return then % 10_000 === 229 && !isLeap(Math.floor(then / 10_000)) ? then - 229 + 301 : then
}

/** The day after an ISO date: files are made in other time zones, so "tomorrow" may be true. */
export function dayAfter(iso: string): DateNo {
  const day = new Date(`${iso}T00:00:00Z`)
  day.setUTCDate(day.getUTCDate() + 1)
  return readIso(day.toISOString())
}
