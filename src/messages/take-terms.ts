// On what terms a campaign's messages are taken: in which hours, and how many at once. Mail is counted by the message, texts
// by the part, and a text waits for the hours in which people are awake as well.
import type { Scope } from '../db/scope.ts'
import type { Answering } from '../patrons/answering.ts'
import type { Library } from '../patrons/library.ts'
import type { Taken } from './identify-taken.ts'
import type { Line } from './lines.ts'
import type { Mailing } from './mailing.ts'
import { prepareText } from './render-text.ts'
import { drawAllowance, returnAllowance } from './sender-limits.ts'
import { type SendingHours, sendingHours, textHours } from './sending-hours.ts'
import { lockRates } from './text-rates.ts'

export interface Drawn {
  /** How many may be taken now. */
  granted: number
  /** When it is worth asking again, if none. */
  retryAt: Date
  /** What was taken has its price; the rest is given back. */
  settle(taken: readonly Taken[]): Promise<void>
}

export interface TakeTerms {
  /** The line that a text leaves by; null = not a text. */
  line: Line | null
  hours(mailing: Mailing): SendingHours
  /** In the take's own transaction; locks the limits until its end. */
  draw(scope: Scope<'outreach'>, mailing: Mailing, wanted: number, now: Date): Promise<Drawn>
}

export const mailTerms = (library: Library, sender: string): TakeTerms => ({
  line: null,
  hours: (mailing) => sendingHours(library, mailing),
  async draw(scope, _, wanted, now) {
    const { granted, retryAt } = await drawAllowance(scope, library, sender, wanted, now)
    return { granted, retryAt, settle: (taken) => returnAllowance(scope, sender, granted - taken.length) }
  },
})

export const textTerms = (library: Library, { line, answering }: { line: Line; answering: Answering }): TakeTerms => ({
  line,
  hours(mailing) {
    const [ours, awake] = [sendingHours(library, mailing), textHours(answering)]
    return { from: Math.max(ours.from, awake.from), until: Math.min(ours.until, awake.until) }
  },
  async draw(scope, mailing, wanted, now) {
    const rates = await lockRates(scope, line, library.timezone, now)
    const { parts, onlyUrgent, retryAt, spend } = rates
    // Nothing of a campaign is urgent: where the day's parts are gone it waits for tomorrow.
    if (onlyUrgent) return { granted: 0, retryAt: new Date(now.getTime() + 15 * 60_000), settle: async () => {} }
    const partsOf = priceOf(library, answering, mailing)
    const granted =
      parts === null ? wanted : parts < 1 ? 0 : Math.min(wanted, Math.max(1, Math.floor(parts / partsOf())))
    return {
      granted,
      retryAt,
      async settle(taken) {
        const spent = taken.reduce((sum, one) => sum + partsOf(one), 0)
        if (spent > 0) await spend(spent)
      },
    }
  },
})

/** Parts of one text; without one, of what most people get. A letter that cannot be written costs nothing: none of it leaves. */
function priceOf(library: Library, answering: Answering, mailing: Mailing): (message?: Taken) => number {
  try {
    const write = prepareText(mailing.letter, library, answering, mailing)
    return (message) => write(message ?? { language: library.language, isFirst: false }).parts
  } catch {
    return () => 1
  }
}
