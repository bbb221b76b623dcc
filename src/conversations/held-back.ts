// What holds texts to a phone back, as staff have to see it before they write: a stop, which is the person's own, and what a
// rule read in their words, which staff can undo.
import { sql } from 'kysely'
import { hasStopped } from '../consent/phone-stops.ts'
import { rowsOf, type Scope } from '../db/scope.ts'
import type { Conversation } from './conversation.ts'
import { hearMeaning, type Meaning } from './meaning.ts'

export interface ReadByRule {
  meaning: Exclude<Meaning, 'who'>
  /** What they wrote, and the words of it that the rule went by; null once they are forgotten. */
  said: string | null
  heard: string | null
  since: Date
}

export interface HeldBack {
  stopped: boolean
  readByRule: ReadByRule[]
}

export async function readHeldBack(scope: Scope<'circulation'>, { phoneHash }: Conversation): Promise<HeldBack> {
  const found = await rowsOf(
    scope,
    sql<Omit<ReadByRule, 'heard'>>`
    select kind as meaning, said, opened_at as since from desk.fix_up
    where library_no = ${scope.library} and phone_hash = ${phoneHash} and closed_at is null and kind in ('not theirs', 'died', 'new number')
    order by fix_no`,
  )
  return {
    stopped: await hasStopped(scope, phoneHash),
    readByRule: found.map((one) => ({ ...one, heard: one.said && (hearMeaning(one.said)?.heard ?? null) })),
  }
}
