// From what staff know of a person (the library system's own id, an address, a number out of a list) to the random number
// by which everything else knows the patron. Only circulation duties can ask: the id never leaves the roster's side of
// the wall.
import { sql } from 'kysely'
import { rowsOf, type Scope } from '../db/scope.ts'
import { normaliseEmail } from '../lib/addresses.ts'
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

/** A person who signed up without a card has no id: an address or the number leads to them. */
export type Named = { patronId: string } | { email: string } | { number: string }

export interface Person {
  patronNo: string
  /** Null without a card, and of whoever is in no patron file any more. */
  patronId: string | null
}

/** More would be a mailbox of an office or a home, and no list to choose from. */
const MOST = 20

/** More than one only where several read one mailbox. Throws Problem 'not-found', or 'bad-input' for what is no address. */
export async function findPeople(scope: Scope<'circulation'>, library: Library, named: Named): Promise<Person[]> {
  if ('patronId' in named)
    return [{ patronNo: await findPatron(scope, library, named.patronId), patronId: named.patronId }]
  const numbers = 'email' in named ? await atAddress(scope, library, named.email) : await known(scope, named.number)
  if (numbers.length === 0)
    throw new Problem(
      'not-found',
      'email' in named
        ? `Nobody at ${library.name} has this address, in the last patron file or from signing up.`
        : `${library.name} knows nobody by this number.`,
    )
  const ids = await patronIds(scope, numbers)
  return numbers.map((patronNo) => ({ patronNo, patronId: ids.get(patronNo) ?? null }))
}

/** By the keyed hash. Only of people who ever chose something is there an index, so this reads the library once. */
async function atAddress(scope: Scope<'circulation'>, library: Library, text: string): Promise<string[]> {
  const email = normaliseEmail(text)
  if (email === null) throw new Problem('bad-input', `"${text}" is no email address.`)
  const rows = await rowsOf(
    scope,
    sql<{ no: string }>`
    select patron_no as no from outreach.standing
    where library_no = ${scope.library} and email_hash = ${scope.seals.hashFor(library.key)('email', email)}
    order by has_card desc, patron_no limit ${MOST}`,
  )
  return rows.map(({ no }) => no)
}

/** Somebody erased is known by number alone: what stays of them can still be shown. */
async function known(scope: Scope<'circulation'>, number: string): Promise<string[]> {
  if (!/^\d{1,18}$|^[1-8]\d{18}$/.test(number))
    throw new Problem('bad-input', `"${number}" is no number of a person; "gentle tasks list" and others print them.`)
  const rows = await rowsOf(
    scope,
    sql<{ no: string }>`
    select n as no from (values (${number}::bigint)) t (n)
    where exists (select from outreach.standing where library_no = ${scope.library} and patron_no = n)
       or exists (select from outreach.ledger where library_no = ${scope.library} and patron_no = n)`,
  )
  return rows.map(({ no }) => no)
}
