// Time as the rest of the program may see it: a wall clock that tests can set, and a monotonic one that nobody can.
// Lapse windows are counted in whole months because last card use is kept as a month (promise 5).

export interface Clock {
  now(): Date
}

export const systemClock: Clock = { now: () => new Date() }

export const fixedClock = (at: Date | string): Clock => ({ now: () => new Date(at) })

/** Milliseconds that never jump; only differences mean anything. */
export const monotonicMs = (): number => performance.now()

/** Made once for each time zone: making one takes a hundred times as long as using it. */
function formatIn(language: string, options: Intl.DateTimeFormatOptions): (timezone: string) => Intl.DateTimeFormat {
  const formats = new Map<string, Intl.DateTimeFormat>()
  return (timezone) => {
    const format = formats.get(timezone) ?? new Intl.DateTimeFormat(language, { timeZone: timezone, ...options })
    formats.set(timezone, format)
    return format
  }
}

const months = formatIn('en-CA', { year: 'numeric', month: '2-digit' })
const dates = formatIn('en-CA', { year: 'numeric', month: '2-digit', day: '2-digit' })
const hours = formatIn('en-GB', { hour: '2-digit', hourCycle: 'h23' })

/** Months since year 0: 2026-11 → 24322. A month that can be subtracted. */
export type MonthNo = number

export const monthNo = (year: number, month1to12: number): MonthNo => year * 12 + (month1to12 - 1)

/** The month that `at` falls in, in the library's own time zone (a patron's March ends at the library's midnight). */
export function monthIn(timezone: string, at: Date): MonthNo {
  const parts = months(timezone).formatToParts(at)
  const part = (type: string) => Number(parts.find((p) => p.type === type)?.value)
  return monthNo(part('year'), part('month'))
}

/** ISO date (YYYY-MM-DD) of `at` in the time zone. */
export const dateIn = (timezone: string, at: Date): string => dates(timezone).format(at)

/** Hour 0..23 of `at` in the time zone. */
export const hourIn = (timezone: string, at: Date): number => Number(hours(timezone).format(at))
