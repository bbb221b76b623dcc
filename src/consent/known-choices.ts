// Which choices the ledger holds already, word for word: a file that is brought twice, or a program that is not sure
// whether its request arrived, adds nothing.
import { sql } from 'kysely'
import { rowsOf, type Scope } from '../db/scope.ts'
import type { ToldChoice } from './choice-file.ts'
import { dayAt } from './decided-at.ts'
import { isGuardians } from './guardian.ts'
import { type PatronNo, wordingId } from './ledger.ts'

interface Entry {
  patron: PatronNo
  purpose: string
  channel: string
  decision: string
  method: string
  wordingId: string | null
  topics?: string | null
  decidedAt: Date
}

export type Told = Pick<ToldChoice, 'purpose' | 'channel' | 'decision' | 'method' | 'decidedAt'> & {
  wording: string | null
  /** Only where the teller knows of topics; else any will do. */
  topics?: string | null
}

export interface KnownChoices {
  has(told: Told, patron: PatronNo): boolean
  add(told: Told, patron: PatronNo): void
}

export async function readKnownChoices(
  scope: Scope<'circulation'>,
  timezone: string,
  patrons: readonly PatronNo[],
): Promise<KnownChoices> {
  const entries = await rowsOf(
    scope,
    sql<Entry>`
    select patron_no as patron, purpose, channel, decision, method, wording_id as "wordingId", topics, decided_at as "decidedAt"
    from outreach.ledger
    where library_no = ${scope.library} and patron_no = any(${patrons}::bigint[])
      and decision in ('grant', 'deny')`,
  )
  return knownChoices(timezone, entries)
}

/** A choice told to the day is the one in the ledger of that day; one told to the instant is the one of that instant. */
function knownChoices(timezone: string, entries: readonly Entry[]): KnownChoices {
  const instants = new Set<string>()
  const days = new Set<string>()
  const name = (e: Entry, when: string, topics: string) =>
    [e.patron, e.purpose, e.channel, e.decision, isGuardians(e), e.wordingId, when, topics].join(' ')
  const note = (entry: Entry) => {
    for (const topics of ['any', entry.topics ?? 'all']) {
      instants.add(name(entry, entry.decidedAt.toISOString(), topics))
      days.add(name(entry, dayAt(entry.decidedAt, timezone), topics))
    }
  }
  for (const entry of entries) note(entry)
  const entryOf = (told: Told, patron: PatronNo): Entry => ({
    ...told,
    patron,
    wordingId: told.wording === null ? null : wordingId(told.wording),
    decidedAt: told.decidedAt.at,
  })
  return {
    has(told, patron) {
      const entry = entryOf(told, patron)
      const topics = told.topics === undefined ? 'any' : (told.topics ?? 'all')
      return told.decidedAt.day === null
        ? instants.has(name(entry, entry.decidedAt.toISOString(), topics))
        : days.has(name(entry, told.decidedAt.day, topics))
    },
    add: (told, patron) => note(entryOf(told, patron)),
  }
}
