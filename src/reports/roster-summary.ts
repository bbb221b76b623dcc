// The roster in a few figures: how many people of which kind and branch, how many agreed to something, and when the
// last patron file came in. Counts only; names nobody.
import { sql } from 'kysely'
import { inLibrary, type Logins, rowOf, rowsOf } from '../db/scope.ts'
import type { Library } from '../patrons/library.ts'

export interface RosterSummary {
  people: number
  /** To any purpose by any channel. */
  agreed: number
  agreedByEmail: number
  kinds: { name: string; people: number }[]
  branches: { name: string; people: number }[]
  lastImport: { at: Date; fileName: string; rows: number } | null
}

export async function summariseRoster(logins: Logins, library: Library): Promise<RosterSummary> {
  const counted = await inLibrary(logins, 'outreach', library.libraryNo, (scope) =>
    rowsOf(
      scope,
      sql<{ category: string | null; branch: string | null; people: number; agreed: number; byEmail: number }>`
        select category, branch, count(*)::int as people,
               count(*) filter (where agreed_email | agreed_sms | agreed_post <> 0)::int as agreed,
               count(*) filter (where agreed_email <> 0)::int as "byEmail"
        from roster.headcount where library_no = ${scope.library} and missing < 2
        group by grouping sets ((), (category), (branch)) order by people desc`,
    ),
  )
  const lastImport = await inLibrary(logins, 'circulation', library.libraryNo, (scope) =>
    rowOf(
      scope,
      sql<{ at: Date; fileName: string; rows: number }>`
      select ended_at as at, file_name as "fileName", rows from roster.run
      where library_no = ${scope.library} and state = 'applied' order by run_no desc limit 1`,
    ),
  )
  const all = counted.find((row) => row.category === null && row.branch === null)
  const named = (of: 'category' | 'branch') =>
    counted.flatMap((row) => (row[of] === null ? [] : [{ name: row[of], people: row.people }]))
  return {
    people: all?.people ?? 0,
    agreed: all?.agreed ?? 0,
    agreedByEmail: all?.byEmail ?? 0,
    kinds: named('category'),
    branches: named('branch'),
    lastImport,
  }
}
