// How fast a line may send, in parts: tokens that refill by the second and a counter for the day, in one row that all
// processes share. A long text may take the tokens below nothing; the line then waits until they are back, so that the
// speed holds over any length of time and a text longer than a second's worth still leaves.
import { sql } from 'kysely'
import { type Duty, rowOf, type Scope } from '../db/scope.ts'
import { dateIn } from '../lib/clock.ts'
import type { Line } from './lines.ts'

export interface PartsAllowed {
  /** Null = no limit. */
  parts: number | null
  /** The day's cap is reached: only what cannot wait for tomorrow (confirmations, a person's answer) may leave. */
  onlyUrgent: boolean
  /** When it is worth asking again. */
  retryAt: Date
  spend(parts: number): Promise<void>
}

interface Rates {
  perSecond: number | null
  dailyCap: number | null
  tokens: number
  tokensAt: Date
  day: string
  sentToday: number
}

/** Locks the line's row until the caller's transaction ends: take, spend, and be done. */
export async function lockRates(scope: Scope<Duty>, line: Line, timezone: string, now: Date): Promise<PartsAllowed> {
  const row = sql`library_no = ${line.hostNo} and sender = ${line.sender}`
  const rates = await rowOf(
    scope,
    sql<Rates>`
    select per_second as "perSecond", daily_cap as "dailyCap", tokens, tokens_at as "tokensAt", day, sent_today as "sentToday"
    from house.sender where ${row} and (per_second is not null or daily_cap is not null) for update`,
  )
  if (rates === null) return { parts: null, onlyUrgent: false, retryAt: now, spend: async () => {} }
  const { perSecond, dailyCap } = rates
  const today = dateIn(timezone, now)
  const sentToday = rates.day === today ? rates.sentToday : 0
  const seconds = Math.max(0, now.getTime() - rates.tokensAt.getTime()) / 1000
  const tokens = perSecond === null ? null : Math.min(perSecond, rates.tokens + seconds * perSecond)
  const left = dailyCap === null ? null : dailyCap - sentToday
  const parts = tokens === null ? null : Math.max(0, Math.floor(tokens))
  return {
    parts: left === null || left <= 0 ? parts : Math.min(parts ?? left, left),
    onlyUrgent: left !== null && left <= 0,
    retryAt: new Date(
      now.getTime() + (tokens === null || tokens >= 1 ? 0 : Math.ceil(((1 - tokens) / perSecond!) * 1000)),
    ),
    async spend(spent) {
      await sql`
        update house.sender set tokens = ${(tokens ?? 0) - spent}, tokens_at = ${now}, day = ${today}, sent_today = ${sentToday + spent}
        where ${row}`.execute(scope.tx)
    },
  }
}
