// A library's open hours on its own clock: whether it is open, when it opens next, and when so many open minutes have gone
// by. Walked in steps and not computed, so that it is right on the days when clocks change.
import { type Answering, WEEKDAYS } from './answering.ts'

type Hours = Pick<Answering, 'openHours' | 'closedOn'>

const STEP_MS = 5 * 60_000
/** Two weeks of holidays and then some; beyond, nobody knows. */
const FARTHEST_MS = 30 * 86_400_000

export function isOpenAt(hours: Hours, timezone: string, at: Date): boolean {
  const { day, date, minute } = clockOf(timezone, at)
  const open = hours.openHours[day]
  if (open === undefined || hours.closedOn.includes(date)) return false
  const [from, until] = readSpan(open)
  return minute >= from && minute < until
}

/** Null when it opens no more within a month. */
export function opensNext(hours: Hours, timezone: string, at: Date): Date | null {
  if (isOpenAt(hours, timezone, at)) return at
  return walk(hours, timezone, at, 1)
}

/** The end of so many open minutes from `at` on; null when there are none in the next month. */
export function afterOpenMinutes(hours: Hours, timezone: string, at: Date, minutes: number): Date | null {
  return walk(hours, timezone, at, Math.max(1, Math.ceil((minutes * 60_000) / STEP_MS)) + 1)
}

const walked = new Map<string, Date | null>()

/**
 * The moment at which the n-th open step begins. A walk over a long weekend costs milliseconds and everybody who writes then
 * takes the same, so walks are remembered; they begin at whole steps.
 */
function walk(hours: Hours, timezone: string, at: Date, steps: number): Date | null {
  if (Object.keys(hours.openHours).length === 0) return null
  const begin = Math.ceil(at.getTime() / STEP_MS) * STEP_MS
  const name = JSON.stringify([timezone, begin, steps, hours.openHours, hours.closedOn])
  const known = walked.get(name)
  if (known !== undefined) return known
  const found = walkFrom(hours, timezone, begin, steps)
  if (walked.size >= 500) walked.clear()
  walked.set(name, found)
  return found
}

function walkFrom(hours: Hours, timezone: string, begin: number, steps: number): Date | null {
  let left = steps
  for (let moment = begin; moment <= begin + FARTHEST_MS; moment += STEP_MS)
    if (isOpenAt(hours, timezone, new Date(moment)) && --left === 0) return new Date(moment)
  return null
}

/** Minutes of the day; "24:00" is its end. Throws when it is none. */
export function readSpan(span: string): [from: number, until: number] {
  const read = /^(\d{2}):(\d{2})-(\d{2}):(\d{2})$/.exec(span)?.slice(1).map(Number)
  const [fromHour, fromMinute, untilHour, untilMinute] = read ?? []
  const from = fromHour! * 60 + fromMinute!
  const until = untilHour! * 60 + untilMinute!
  if (!(from < until && until <= 1440 && fromMinute! < 60 && untilMinute! < 60))
    throw new Error(`"${span}" are no hours of a day`)
  return [from, until]
}

const formats = new Map<string, Intl.DateTimeFormat>()

function clockOf(timezone: string, at: Date): { day: (typeof WEEKDAYS)[number]; date: string; minute: number } {
  let format = formats.get(timezone)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-CA', {
      timeZone: timezone,
      hourCycle: 'h23',
      weekday: 'short',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    })
    formats.set(timezone, format)
  }
  const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]))
  const day = WEEKDAYS.find((one) => part.weekday!.toLowerCase().startsWith(one))!
  return { day, date: `${part.year}-${part.month}-${part.day}`, minute: Number(part.hour) * 60 + Number(part.minute) }
}
