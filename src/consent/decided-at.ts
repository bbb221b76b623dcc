// Reads when a choice was made, as files and people write it: ISO 8601, with a zone or in the library's own time, or a
// day alone. Of a day alone we do not know the hour, and then a no must not lose to a yes of the same day.

export interface DecidedAt {
  at: Date
  /** The day (in the library's time zone), when that is all that was told. */
  day: string | null
}

const FORM = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,3})\d*)?)?\s?(Z|[+-]\d\d:?\d\d)?)?$/

/** The instant, or what is wrong with it. A day alone is its beginning for a yes and its end (or now) for a no. */
export function readDecidedAt(
  text: string,
  about: { decision: 'grant' | 'deny'; timezone: string; now: Date },
): DecidedAt | 'unreadable' | 'future' {
  const match = FORM.exec(text)
  if (match === null) return 'unreadable'
  const [, year, month, day, hour, minute, second, fraction, zone] = match
  const number = (part: string | undefined) => Number(part ?? 0)
  const wall = Date.UTC(number(year), number(month) - 1, number(day), number(hour), number(minute), number(second))
  // Parts that overflow (February 30, 25:00) would have moved on to another day.
  const written = `${year}-${month}-${day}T${hour ?? '00'}:${minute ?? '00'}:${second ?? '00'}`
  if (new Date(wall).toISOString().slice(0, 19) !== written) return 'unreadable'

  const dayOnly = hour === undefined
  const millis = Number((fraction ?? '').padEnd(3, '0'))
  const at = zone === undefined ? instantOf(wall, about.timezone) : wall - offsetOf(zone)
  const told = new Date(at + millis)
  if (told.getTime() > about.now.getTime() + 60_000) return 'future'
  if (!dayOnly) return { at: told, day: null }
  const end = instantOf(wall + DAY, about.timezone) - 1_000
  const instant = about.decision === 'grant' ? told : new Date(Math.min(end, about.now.getTime()))
  return { at: instant, day: written.slice(0, 10) }
}

const DAY = 86_400_000

function offsetOf(zone: string): number {
  if (zone === 'Z') return 0
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(-2))]
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000
}

/** The instant at which clocks in the zone show `wall` (written as if it were UTC). */
function instantOf(wall: number, timezone: string): number {
  const guess = wall - aheadOfUtc(wall, timezone)
  // Near a change of the clocks the first guess can lie on the other side of it.
  return wall - aheadOfUtc(guess, timezone)
}

/** The day (YYYY-MM-DD) of an instant at the library; quick enough to ask of every entry. */
export const dayAt = (at: Date, timezone: string): string =>
  new Date(at.getTime() + aheadOfUtc(at.getTime(), timezone)).toISOString().slice(0, 10)

const formats = new Map<string, Intl.DateTimeFormat>()

function aheadOfUtc(instant: number, timezone: string): number {
  let format = formats.get(timezone)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-CA', {
      timeZone: timezone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    })
    formats.set(timezone, format)
  }
  const part = Object.fromEntries(format.formatToParts(instant).map((p) => [p.type, Number(p.value)]))
  return (
    Date.UTC(part.year!, part.month! - 1, part.day, part.hour, part.minute, part.second) -
    Math.floor(instant / 1_000) * 1_000
  )
}
