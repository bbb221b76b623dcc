// A mail that came in, written down before its sender is told so. The same mail again is the same row: a sender that did not
// hear our answer sends once more, and what it says must not happen twice.
import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { inLibrary, type LibraryNo, type Logins } from '../../db/scope.ts'

export interface NewArrival {
  libraryNo: LibraryNo
  capability: string
  raw: Buffer
  messageId: string | null
  from: string
  to: string
  peer: string
  authenticatedAs: string | null
  verifiedAddress: string | null
  now: Date
}

/** A server on the way that tries again adds a line to the head; Message-ID and text stay. */
function digestOf({ raw, messageId, from, to }: NewArrival): Buffer {
  const textFrom = Math.max(0, raw.indexOf('\r\n\r\n'))
  const about = JSON.stringify([from.toLowerCase(), to.toLowerCase(), messageId])
  return createHash('sha256')
    .update(about)
    .update(messageId === null ? raw : raw.subarray(textFrom))
    .digest()
}

export async function keepArrival(logins: Logins, arrival: NewArrival): Promise<void> {
  const { libraryNo, capability, raw, from, to, peer, authenticatedAs, verifiedAddress, now } = arrival
  await inLibrary(logins, 'circulation', libraryNo, async ({ tx }) => {
    await sql`
      insert into mail.arrival as a (library_no, capability, digest, arrived_at, due_at, peer, raw, envelope_from, envelope_to, authenticated_as, verified_address)
      values (${libraryNo}, ${capability}, ${digestOf(arrival)}, ${now}, ${now}, ${peer}::inet, ${raw}, ${from}, ${to}, ${authenticatedAs}, ${verifiedAddress})
      on conflict (library_no, digest) do update set repeats = a.repeats + 1`.execute(tx)
    await sql`
      insert into house.mail_waiting as w (library_no, due_at) values (${libraryNo}, ${now})
      on conflict (library_no) do update set due_at = least(w.due_at, excluded.due_at)`.execute(tx)
  })
}
