// Days and months as whole numbers, so that a roster is dated by arithmetic alone and never by the machine's time zone.

/** Days since 1970-01-01. */
export type DayNo = number

const DAY_MS = 86_400_000

export const dayNo = (isoDate: string): DayNo => {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(isoDate)) throw new RangeError(`"${isoDate}" is no date like 2026-11-22`)
  const ms = Date.parse(`${isoDate}T00:00:00Z`)
  if (Number.isNaN(ms)) throw new RangeError(`"${isoDate}" is no day of the calendar`)
  return ms / DAY_MS
}

// A roster names few days many times over (some 50,000 in a century and a half): written once, they cost a third of it less.
const written = new Map<DayNo, string>()

export function isoDate(day: DayNo): string {
  let date = written.get(day)
  if (date === undefined) {
    date = new Date(day * DAY_MS).toISOString().slice(0, 10)
    written.set(day, date)
  }
  return date
}

/** The first day of the month that lies `months` before the month of `day`. */
export const monthStart = (day: DayNo, months: number): DayNo => {
  const at = new Date(day * DAY_MS)
  return Date.UTC(at.getUTCFullYear(), at.getUTCMonth() - months, 1) / DAY_MS
}

/** Whole years lived on `day` by somebody born on `birth`. */
export const ageOn = (day: DayNo, birth: DayNo): number => {
  const now = new Date(day * DAY_MS)
  const born = new Date(birth * DAY_MS)
  const before =
    now.getUTCMonth() < born.getUTCMonth() ||
    (now.getUTCMonth() === born.getUTCMonth() && now.getUTCDate() < born.getUTCDate())
  return now.getUTCFullYear() - born.getUTCFullYear() - (before ? 1 : 0)
}

/** Months from the month of `earlier` to the month of `later`: how the lapse window counts. */
export const monthsBetween = (earlier: DayNo, later: DayNo): number => {
  const a = new Date(earlier * DAY_MS)
  const b = new Date(later * DAY_MS)
  return (b.getUTCFullYear() - a.getUTCFullYear()) * 12 + b.getUTCMonth() - a.getUTCMonth()
}
