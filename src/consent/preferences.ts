// Wishes: how often at most, and in which language. A wish grants nothing, so it stands beside the ledger and not in it;
// each one is kept with its time, the newest counts, and standing carries it to the gate and to the letter.
import { sql } from 'kysely'
import { inLibrary, type LibraryNo, type Logins, rowsOf, type Scope } from '../db/scope.ts'
import { Problem } from '../lib/errors.ts'
import type { PatronNo } from './ledger.ts'
import type { Kept } from './record-choice.ts'
import { refreshStale } from './standing.ts'
import { newestWishes, PACES, type Pace } from './wishes.ts'

export type Wish =
  /** Null = the library's own pace. */
  | { about: 'pace'; days: Pace | null }
  /** Null = the language of the patron file. */
  | { about: 'language'; language: string | null }

/**
 * A pace goes into the journal too (`kept`), so that a restored backup does not forget it; only a replay leaves that out.
 * Throws Problem 'bad-input' for a pace or a language that nobody can choose.
 */
export async function recordWish(
  logins: Logins,
  library: LibraryNo,
  /** `slowerOnly`: leaves those alone who chose this pace or a slower one themselves. */
  said: { patrons: PatronNo[]; wish: Wish; method: string; now: Date; slowerOnly?: boolean },
  kept?: Kept,
): Promise<void> {
  const { patrons, wish, method, now, slowerOnly = false } = said
  const days = wish.about === 'pace' ? wish.days : null
  const language = wish.about === 'language' ? wish.language : null
  if (days !== null && !PACES.includes(days)) throw new Problem('bad-input', `${days} days is no pace to choose.`)
  if (language !== null && !/^[a-z]{2,3}$/.test(language))
    throw new Problem('bad-input', 'A language is named by two or three small letters.')
  const at = now.toISOString()
  if (kept && wish.about === 'pace')
    kept.journal.write(
      patrons.map((patron) => ({ kind: 'pace', at, library: kept.libraryKey, patron, days, slowerOnly })),
    )
  await inLibrary(logins, 'circulation', library, async (scope) => {
    await sql`
      insert into outreach.preference (library_no, patron_no, about, pace_days, language, method, said_at)
      select ${library}, p, ${wish.about}, ${days}::smallint, ${language}, ${method}, ${now}
      from unnest(${patrons}::bigint[]) p left join (${newestWishes(library, sql`l.patron_no = any(${patrons}::bigint[])`)}) w on w.patron_no = p
      where not ${slowerOnly} or coalesce(w.own_pace_days, 0) < ${days}::smallint order by p`.execute(scope.tx)
    await sql`insert into outreach.stale (library_no, patron_no) select ${library}, p from unnest(${patrons}::bigint[]) p`.execute(
      scope.tx,
    )
  })
  await refreshStale(logins, library, patrons)
}

export interface PastWish {
  about: Wish['about']
  paceDays: Pace | null
  language: string | null
  saidAt: Date
  method: string
}

/** One patron's wishes, oldest first. */
export const wishesOf = (scope: Scope<'circulation'>, patron: PatronNo): Promise<PastWish[]> =>
  rowsOf(
    scope,
    sql<PastWish>`
    select about, pace_days as "paceDays", language, said_at as "saidAt", method from outreach.preference
    where library_no = ${scope.library} and patron_no = ${patron}::bigint order by preference_no`,
  )
