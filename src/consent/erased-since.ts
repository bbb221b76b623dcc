// Who in an old list has been erased since it was written. The library system goes on telling of its cardholders, and old
// files of answers lie about; neither may bring back somebody who asked to be forgotten. Known by the keyed hash of the
// library system's own id, the one thing that such lists share with the register.
import { sql } from 'kysely'
import { rowsOf, type Scope } from '../db/scope.ts'
import type { Library } from '../patrons/library.ts'

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
