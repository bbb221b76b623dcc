// The language a person reads, as far as anybody knows: their own choice before what the library system says. Notices come in
// the library system's language; who writes, and STOP and HELP, are said in the person's own.
import { sql } from 'kysely'
import { rowsOf, type Scope } from '../db/scope.ts'
import { knownLanguage, type Language } from '../words/languages.ts'

/** By patron number; of those who are not in it nothing is known, or a language that we do not speak. */
export async function languagesOfPatrons(
  scope: Scope<'circulation'>,
  patrons: readonly (string | null)[],
): Promise<ReadonlyMap<string, Language>> {
  const asked = patrons.filter((patron) => patron !== null)
  if (asked.length === 0) return new Map()
  const rows = await rowsOf(
    scope,
    sql<{ patronNo: string; language: string | null }>`
    select patron_no as "patronNo", coalesce(own_language, language) as language from outreach.standing
    where library_no = ${scope.library} and patron_no = any(${asked}::bigint[])`,
  )
  return new Map(
    rows.flatMap(({ patronNo, language }) => {
      const known = knownLanguage(language ?? '')
      return known === null ? [] : [[patronNo, known] as const]
    }),
  )
}
