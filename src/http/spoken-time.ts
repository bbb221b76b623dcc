// Times as somebody at the desk would say them, on the library's own clock: "4:30 pm today", "at opening on Monday".
import { type Answering, WEEKDAYS } from '../patrons/answering.ts'
import type { Library } from '../patrons/library.ts'
import { isOpenAt } from '../patrons/open-hours.ts'

const written = (timezone: string, at: Date, options: Intl.DateTimeFormatOptions): string =>
  new Intl.DateTimeFormat('en-US', { timeZone: timezone, ...options }).format(at).replaceAll(/[\u202f\u00a0]/g, ' ')

/** "4:30 pm". */
export const sayHour = ({ timezone }: Pick<Library, 'timezone'>, at: Date): string =>
  written(timezone, at, { hour: 'numeric', minute: '2-digit' }).replace(/[AP]M$/, (half) => half.toLowerCase())

/** "today", "tomorrow", "on Monday" within six days, else "on January 3". */
export function sayDay({ timezone }: Pick<Library, 'timezone'>, at: Date, now: Date): string {
  const days = dayNo(timezone, at) - dayNo(timezone, now)
  if (days === 0) return 'today'
  if (days === 1) return 'tomorrow'
  if (days === -1) return 'yesterday'
  if (days > 1 && days < WEEKDAYS.length) return `on ${written(timezone, at, { weekday: 'long' })}`
  return `on ${written(timezone, at, { month: 'long', day: 'numeric' })}`
}

/** "3:46 pm today". */
export const sayMoment = (library: Pick<Library, 'timezone'>, at: Date, now: Date): string =>
  `${sayHour(library, at)} ${sayDay(library, at, now)}`

/** "answer by 4:30 pm today", "due at opening on Monday", "should have been answered by 4:30 pm yesterday". */
export function sayDue(
  library: Pick<Library, 'timezone'>,
  answering: Pick<Answering, 'openHours' | 'closedOn'>,
  { dueAt, now }: { dueAt: Date; now: Date },
): string {
  if (dueAt < now) return `should have been answered by ${sayMoment(library, dueAt, now)}`
  const before = new Date(dueAt.getTime() - 60_000)
  const opens = isOpenAt(answering, library.timezone, dueAt) && !isOpenAt(answering, library.timezone, before)
  return opens ? `due at opening ${sayDay(library, dueAt, now)}` : `answer by ${sayMoment(library, dueAt, now)}`
}

/** Days since a fixed one, on that clock. */
const dayNo = (timezone: string, at: Date): number =>
  Math.floor(Date.parse(new Intl.DateTimeFormat('en-CA', { timeZone: timezone }).format(at)) / 86_400_000)
