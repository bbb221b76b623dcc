// Who has been erased since an old yes was said. The library system goes on telling of its cardholders, and old answers
// lie about in files and on paper; neither may bring back somebody who asked to be forgotten. Known by keyed hashes: of the
// library system's own id, and of the addresses.
import { sql } from 'kysely'
import { rowOf, rowsOf, type Scope } from '../db/scope.ts'
import type { Library } from '../patrons/library.ts'
import type { PatronNo } from './ledger.ts'

/** `isErasedSince(id, then)`: whether the patron of this id was erased at `then` or later. */
export type ErasedSince = (patronId: string, then: Date) => boolean

export async function erasedSince(scope: Scope<'circulation'>, library: Library): Promise<ErasedSince> {
  const rows = await rowsOf(
    scope,
    sql<{ id: string; at: Date }>`
    select encode(id_hash, 'hex') as id, max(erased_at) as at from outreach.erasure
    where library_no = ${scope.library} and id_hash is not null group by id_hash`,
  )
  if (rows.length === 0) return () => false
  const erased = new Map(rows.map((row) => [row.id, row.at]))
  const hash = scope.seals.hashFor(library.key)
  return (patronId, then) => (erased.get(hash('patron', patronId).toString('hex'))?.getTime() ?? -1) >= then.getTime()
}

/** Whether whoever has this phone was erased then or later: what they wrote before must not bring them back. */
export const isPhoneErasedSince = async (
  scope: Scope<'circulation'>,
  phoneHash: Buffer,
  then: Date,
): Promise<boolean> =>
  (await rowOf(
    scope,
    sql`select from outreach.erasure where library_no = ${scope.library} and phone_hash = ${phoneHash} and erased_at >= ${then} limit 1`,
  )) !== null

/**
 * Which of these yeses were said before somebody with the same address was erased. They must not be recorded: another
 * reader of that mailbox may have lifted the erasure's stop since, for themselves and for nobody else.
 */
export async function saidBeforeErasure(
  scope: Scope<'circulation'>,
  yeses: readonly { patron: PatronNo; decidedAt: Date }[],
): Promise<boolean[]> {
  if (yeses.length === 0) return []
  const oldest = new Date(Math.min(...yeses.map((yes) => yes.decidedAt.getTime())))
  const any = await rowOf(
    scope,
    sql`select from outreach.erasure where library_no = ${scope.library} and erased_at >= ${oldest} limit 1`,
  )
  if (any === null) return yeses.map(() => false)
  const rows = await rowsOf(
    scope,
    sql<{ place: number }>`
    with yes as materialized (
      select g.place, g.decided_at, s.email_hash, s.phone_hash
      from unnest(${yeses.map((yes) => yes.patron)}::bigint[], ${yeses.map((yes) => yes.decidedAt)}::timestamptz[]) with ordinality g (patron_no, decided_at, place)
      join outreach.standing s on s.library_no = ${scope.library} and s.patron_no = g.patron_no
    )
    select yes.place::int from yes join outreach.erasure e on e.library_no = ${scope.library} and e.email_hash = yes.email_hash and e.erased_at >= yes.decided_at
    union
    select yes.place::int from yes join outreach.erasure e on e.library_no = ${scope.library} and e.phone_hash = yes.phone_hash and e.erased_at >= yes.decided_at`,
  )
  const before = new Set(rows.map((row) => row.place - 1))
  return yeses.map((_, i) => before.has(i))
}
