// From the library system's own patron id, as staff know it, to the random number by which everything else knows the
// patron. Only circulation duties can ask: the id never leaves the roster's side of the wall.
import { sql } from 'kysely'
import { rowsOf, type Scope } from '../db/scope.ts'
import { Problem } from '../lib/errors.ts'
import type { Library } from './library.ts'

/** The numbers of those ids that are in the roster. */
export async function patronNumbers(
  scope: Scope<'circulation'>,
  patronIds: readonly string[],
): Promise<Map<string, string>> {
  const rows = await rowsOf(
    scope,
    sql<{ patronId: string; patronNo: string }>`
    select patron_id as "patronId", patron_no as "patronNo" from roster.patron
    where library_no = ${scope.library} and patron_id = any(${patronIds}::text[])`,
  )
  return new Map(rows.map((row) => [row.patronId, row.patronNo]))
}

/** Throws Problem 'not-found'. */
export async function findPatron(scope: Scope<'circulation'>, library: Library, patronId: string): Promise<string> {
  const patronNo = (await patronNumbers(scope, [patronId])).get(patronId)
  if (patronNo !== undefined) return patronNo
  throw new Problem(
    'not-found',
    `There is no patron "${patronId}" in the patron files of ${library.name}. It has to be the patron_id of the file, not the card number.`,
  )
}

/** The other way round, for a list that staff work through: reads the library's roster once. */
export async function patronIds(scope: Scope<'circulation'>, numbers: readonly string[]): Promise<Map<string, string>> {
  if (numbers.length === 0) return new Map()
  const rows = await rowsOf(
    scope,
    sql<{ patronNo: string; patronId: string }>`
    select patron_no as "patronNo", patron_id as "patronId" from roster.patron
    where library_no = ${scope.library} and patron_no = any(${numbers}::bigint[])`,
  )
  return new Map(rows.map((row) => [row.patronNo, row.patronId]))
}
