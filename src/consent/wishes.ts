// What standing holds of a patron's wishes, always derived from the newest of each kind, so that it can be rebuilt at any
// time and compared like the masks.
import { type RawBuilder, sql } from 'kysely'
import type { LibraryNo } from '../db/scope.ts'

/** At most one message in so many days. */
export const PACES = [30, 90, 180] as const
export type Pace = (typeof PACES)[number]

/** The columns of standing that come from wishes. */
export const WISH_COLUMNS = ['own_pace_days', 'own_language'] as const

/** The newest wishes of the patrons that `which` (a condition on preference l) names, one row a patron. */
export const newestWishes = (library: LibraryNo, which: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  select l.patron_no,
         (array_agg(l.pace_days order by l.preference_no desc) filter (where l.about = 'pace'))[1] as own_pace_days,
         (array_agg(l.language order by l.preference_no desc) filter (where l.about = 'language'))[1] as own_language
  from outreach.preference l where l.library_no = ${library} and ${which} group by l.patron_no`

/** Standing as the wishes of these patrons have it; rows must be locked already. */
export const writeWishes = (library: LibraryNo, patrons: string[]): RawBuilder<unknown> => sql`
  update outreach.standing s set own_pace_days = w.own_pace_days, own_language = w.own_language
  from (${newestWishes(library, sql`l.patron_no = any(${patrons}::bigint[])`)}) w
  where s.library_no = ${library} and s.patron_no = w.patron_no
    and (s.own_pace_days, s.own_language) is distinct from (w.own_pace_days, w.own_language)`
