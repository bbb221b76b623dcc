// The roster's part in forgetting: somebody who was erased is told of by the next patron file as by any other, and comes in
// as a stranger with another random number. Nothing here brings back the old number, or a name that was to be forgotten.
import type { LibraryNo } from '../db/scope.ts'
import type { Session } from '../db/session.ts'

/** Keyed hashes of the library system's ids of all who were erased, in hexadecimal digits. */
export async function erasedIds(session: Session, library: LibraryNo): Promise<ReadonlySet<string>> {
  const { rows } = await session.client.query<{ id: string }>(
    `select encode(id_hash, 'hex') as id from outreach.erasure where library_no = $1 and id_hash is not null`,
    [library],
  )
  return new Set(rows.map((row) => row.id))
}

/**
 * Takes out of a chunk whoever was erased since the file was looked at. Call it with the standing of the chunk locked: an
 * erasure locks it, too, so whoever is still in it is erased after this chunk and not beside it.
 */
export async function leaveOutErased(session: Session, library: LibraryNo, chunk: string): Promise<void> {
  await session.client.query({
    text: `
    delete from incoming i
    where ${chunk} and exists (select from outreach.erasure e where e.library_no = $1 and e.patron_no = i.patron_no)`,
    values: [library],
  })
}
