// The stop door: whatever a person does to say "no more" ends here, and what happens here is obeyed before it returns.
// It only inserts (a suppression by keyed address hash, a ledger entry), so it never waits for a row that bulk work
// holds; what is already taken by a sender is at most half a second from going out or back (promise 2).
import { sql } from 'kysely'
import type { Journal } from '../db/journal.ts'
import { inLibrary, type Logins } from '../db/scope.ts'
import type { Library } from '../patrons/library.ts'
import { appendChoices, type PatronNo } from './ledger.ts'
import { type Channel, maskOf, type Purpose } from './purposes.ts'
import { refreshStale } from './standing.ts'

export interface Stop {
  patron: PatronNo
  /** Of the address that was written to: the stop covers whoever shares it. Null when only the patron is known. */
  addressHash: Buffer | null
  channel: Channel
  purpose: Purpose | 'all'
  method: string
  attestedBy: string
}

/** Returns once nothing covered by it can be taken any more, in any process. Saying it twice is no harm. */
export async function stop(logins: Logins, journal: Journal, library: Library, said: Stop, now: Date): Promise<void> {
  journal.write([
    {
      at: now.toISOString(),
      library: library.key,
      patron: said.patron,
      channel: said.channel,
      purposes: maskOf(said.purpose),
      addressHash: said.addressHash?.toString('hex') ?? null,
    },
  ])
  await inLibrary(logins, 'circulation', library.libraryNo, async (scope) => {
    if (said.addressHash)
      await sql`insert into outreach.suppression (library_no, channel, address_hash, purposes, reason, since)
                values (${library.libraryNo}, ${said.channel}, ${said.addressHash}, ${maskOf(said.purpose)}, 'stopped', ${now})`.execute(
        scope.tx,
      )
    const { patron, purpose, channel, method, attestedBy } = said
    await appendChoices(
      scope,
      [{ patron, purpose, channel, decision: 'stop', method, wording: null, decidedAt: now, attestedBy }],
      now,
    )
  })
  await refreshStale(logins, library.libraryNo, [said.patron])
}
