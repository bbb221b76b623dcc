// What a guardian says for a minor is an entry of its own, told by its method, and never the minor's own yes: it lets
// nothing through the gate, not now and not on the day the minor comes of age, when that person is asked themself.
// A guardian's no counts like any no.
import { type RawBuilder, sql } from 'kysely'
import type { Choice } from './ledger.ts'

const BEGINS = 'guardian: '

/** The method of a choice that a guardian made: "guardian: paper form". */
export const guardiansMethod = (method: string): string => `${BEGINS}${method}`

/** How a guardian said it, or null when it was somebody's own word. */
export const methodOfGuardian = (method: string): string | null =>
  method.startsWith(BEGINS) ? method.slice(BEGINS.length) : null

export const isGuardians = ({ method }: Pick<Choice, 'method'>): boolean => method.startsWith(BEGINS)

/** The same in SQL: true of a ledger entry, under this alias, that is a guardian's yes. */
export const guardiansYes = (entry: 'l' | 'g'): RawBuilder<boolean> =>
  sql`(${sql.ref(`${entry}.decision`)} = 'grant' and starts_with(${sql.ref(`${entry}.method`)}, ${sql.lit(BEGINS)}))`
