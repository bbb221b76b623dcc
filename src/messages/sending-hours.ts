// Quiet hours: outreach leaves only in the hours that the library, and within them the campaign, allows, on the
// library's own clock (CTIA's courtesy hours are 8 to 21; our default is 9 to 20).
import { hourIn } from '../lib/clock.ts'
import type { Answering } from '../patrons/answering.ts'
import type { Library } from '../patrons/library.ts'

export interface SendingHours {
  from: number
  until: number
}

export const sendingHours = (library: Library, campaign: { fromHour: number; untilHour: number }): SendingHours => ({
  from: Math.max(library.quietUntilHour, campaign.fromHour),
  until: Math.min(library.quietFromHour, campaign.untilHour),
})

/** Of texts: the hours in which a library's people are awake. */
export const textHours = ({ textsFromHour, textsUntilHour }: Answering): SendingHours => ({
  from: textsFromHour,
  until: textsUntilHour,
})

export function isOpen(hours: SendingHours, timezone: string, at: Date): boolean {
  const hour = hourIn(timezone, at)
  return hour >= hours.from && hour < hours.until
}

const QUARTER = 15 * 60_000

/**
 * The first quarter of an hour from `at` on that lies within the hours. Walked, not computed: every zone's offset is a
 * multiple of a quarter, and a walk is right on the days when clocks change. Null when the hours are empty.
 */
export function nextOpening(hours: SendingHours, timezone: string, at: Date): Date | null {
  if (hours.from >= hours.until) return null
  if (isOpen(hours, timezone, at)) return at
  let quarter = Math.floor(at.getTime() / QUARTER) * QUARTER
  for (let steps = 0; steps < 4 * 49; steps++) {
    quarter += QUARTER
    if (isOpen(hours, timezone, new Date(quarter))) return new Date(quarter)
  }
  return null
}
