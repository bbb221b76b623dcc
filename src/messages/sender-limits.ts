// How fast and how much a sender may send, kept by all processes together in one row: tokens that refill by the second,
// and a counter for the day. Never a COUNT(*): that fails just when there is much to count.
import { sql } from 'kysely'
import { rowOf, type Scope } from '../db/scope.ts'
import { dateIn } from '../lib/clock.ts'
import type { Library } from '../patrons/library.ts'

export interface Allowance {
  /** How many may be taken now, at most as many as wanted. */
  granted: number
  /** When it is worth asking again, if fewer than wanted. */
  retryAt: Date
}

interface Limits {
  perSecond: number | null
  dailyCap: number | null
  tokens: number
  tokensAt: Date
  day: string
  sentToday: number
}

/** Draws up to `wanted` from the sender's limits in the caller's transaction, locking its row first. No row, no limit. */
export async function drawAllowance(
  scope: Scope<'outreach'>,
  library: Library,
  sender: string,
  wanted: number,
  now: Date,
): Promise<Allowance> {
  const limits = await rowOf(
    scope,
    sql<Limits>`
    select per_second as "perSecond", daily_cap as "dailyCap", tokens, tokens_at as "tokensAt", day, sent_today as "sentToday"
    from house.sender where library_no = ${library.libraryNo} and sender = ${sender} and (per_second is not null or daily_cap is not null)
    for update`,
  )
  if (limits === null) return { granted: wanted, retryAt: now }
  const today = dateIn(library.timezone, now)
  const sentToday = limits.day === today ? limits.sentToday : 0
  const seconds = Math.max(0, now.getTime() - limits.tokensAt.getTime()) / 1000
  const tokens =
    limits.perSecond === null ? wanted : Math.min(limits.perSecond, limits.tokens + seconds * limits.perSecond)
  const left = limits.dailyCap === null ? wanted : Math.max(0, limits.dailyCap - sentToday)
  const granted = Math.floor(Math.min(wanted, tokens, left))
  await sql`
    update house.sender set tokens = ${tokens - granted}, tokens_at = ${now}, day = ${today}, sent_today = ${sentToday + granted}
    where library_no = ${library.libraryNo} and sender = ${sender}`.execute(scope.tx)
  const wait = left === 0 ? 15 * 60_000 : 1000 / (limits.perSecond ?? 1000)
  return { granted, retryAt: new Date(now.getTime() + Math.ceil(wait)) }
}

/** Gives back what was drawn and not used. */
export async function returnAllowance(scope: Scope<'outreach'>, sender: string, unused: number): Promise<void> {
  if (unused > 0)
    await sql`update house.sender set tokens = tokens + ${unused}, sent_today = greatest(0, sent_today - ${unused})
              where library_no = ${scope.library} and sender = ${sender}`.execute(scope.tx)
}
