// Erasing a person: everything that names them goes, in one transaction, and the journal has it before. What stays is what
// keeps them from being written to again (keyed hashes) and what they chose, under a random number that leads nowhere.
import { sql } from 'kysely'
import type { Journal } from '../db/journal.ts'
import { inLibrary, type Logins, rowOf, type Scope } from '../db/scope.ts'
import { Problem } from '../lib/errors.ts'
import type { Library } from '../patrons/library.ts'
import { blankAnswers, blankMessages, blankTexts } from './blank-mail.ts'
import { forgetArrivals } from './forget-arrivals.ts'
import { FORGOTTEN } from './forgotten-tables.ts'
import { isHeldNow } from './hold.ts'
import { appendChoices, type PatronNo } from './ledger.ts'
import { maskOf } from './purposes.ts'

/** What the ledger says of an erasure. */
export const ERASED = 'erased'

export type Erased =
  | { kind: 'erased'; at: Date }
  /** They were before: nothing was left to do. */
  | { kind: 'already-erased'; at: Date }

/** One line of the register: all that is left to know somebody by. */
export interface Traces {
  patron: PatronNo
  at: Date
  /** Who did it. */
  by: string
  idHash: Buffer | null
  emailHash: Buffer | null
  phoneHash: Buffer | null
}

/**
 * Cannot be undone. Throws Problem 'not-found' for a number that nobody has and nobody had, 'conflict' while a hold keeps
 * what would be forgotten.
 */
export async function erasePatron(
  { logins, journal }: { logins: Logins; journal: Journal },
  library: Library,
  { patron, by, now }: { patron: PatronNo; by: string; now: Date },
): Promise<Erased> {
  return inLibrary(logins, 'circulation', library.libraryNo, async (scope) => {
    const before = await beginErasing(scope, patron)
    if (before) return { kind: 'already-erased', at: before }
    await refuseWhileHeld(scope)
    const traces = { ...(await tracesOf(scope, library, patron)), patron, at: now, by }
    const hex = (hash: Buffer | null) => hash?.toString('hex') ?? null
    journal.write([
      {
        kind: 'erasure',
        at: now.toISOString(),
        library: library.key,
        patron,
        id: hex(traces.idHash),
        email: hex(traces.emailHash),
        phone: hex(traces.phoneHash),
      },
    ])
    await carryOut(scope, library, traces, now)
    return { kind: 'erased', at: now }
  })
}

async function refuseWhileHeld(scope: Scope<'circulation'>): Promise<void> {
  for (const kind of ['facts', 'identity', 'choices'] as const)
    if (await isHeldNow(scope, kind))
      throw new Problem(
        'conflict',
        'A hold keeps these records for now, because the law asks the library to keep them. Nothing was forgotten, and nobody is written to who has stopped. Ask again when the hold has ended.',
      )
}

/**
 * Locks the person's standing, as everybody does first, and then the making of keys: one that is being made for this
 * patron in the same breath would outlive the erasure. Returns when they were erased, if they were.
 */
export async function beginErasing(scope: Scope<'circulation'>, patron: PatronNo): Promise<Date | null> {
  await sql`select from outreach.standing where library_no = ${scope.library} and patron_no = ${patron}::bigint for update`.execute(
    scope.tx,
  )
  await sql`select pg_advisory_xact_lock(hashtext('gentle patron keys'), ${scope.library})`.execute(scope.tx)
  const row = await rowOf(
    scope,
    sql<{ at: Date }>`
    select erased_at as at from outreach.erasure where library_no = ${scope.library} and patron_no = ${patron}::bigint`,
  )
  return row?.at ?? null
}

async function tracesOf(scope: Scope<'circulation'>, library: Library, patron: PatronNo) {
  const found = await rowOf(
    scope,
    sql<{ patronId: string | null; emailHash: Buffer | null; phoneHash: Buffer | null; known: boolean }>`
    select p.patron_id as "patronId", s.email_hash as "emailHash", s.phone_hash as "phoneHash",
           p.patron_no is not null or s.patron_no is not null
             or exists (select from outreach.ledger where library_no = ${scope.library} and patron_no = ${patron}::bigint) as known
    from (values (1)) one
    left join roster.patron p on p.library_no = ${scope.library} and p.patron_no = ${patron}::bigint
    left join outreach.standing s on s.library_no = ${scope.library} and s.patron_no = ${patron}::bigint`,
  )
  if (!found?.known)
    throw new Problem('not-found', `${library.name} knows nobody by this number, so there is nothing to erase.`)
  const { patronId, emailHash, phoneHash } = found
  const idHash = patronId === null ? null : scope.seals.hashFor(library.key)('patron', patronId)
  return { idHash, emailHash, phoneHash }
}

/**
 * The register first: only what stands in it opens the deletion of a standing. The address goes on the do-not-write list
 * as a stop does, so a later yes of the person's own lifts it and nothing else can. Appends to the ledger last.
 */
export async function carryOut(
  scope: Scope<'circulation'>,
  library: Library,
  traces: Traces,
  now: Date,
): Promise<void> {
  const { patron, at, by, idHash, emailHash, phoneHash } = traces
  await sql`
    insert into outreach.erasure (library_no, patron_no, erased_at, erased_by, id_hash, email_hash, phone_hash)
    values (${scope.library}, ${patron}::bigint, ${at}, ${by}, ${idHash}, ${emailHash}, ${phoneHash})`.execute(scope.tx)
  await sql`
    insert into outreach.suppression (library_no, channel, address_hash, purposes, reason, since)
    select ${scope.library}, t.channel, t.hash, ${maskOf('all')}, 'stopped', ${at}
    from (values ('email', ${emailHash}::bytea), ('sms', ${phoneHash}::bytea)) t (channel, hash) where t.hash is not null`.execute(
    scope.tx,
  )
  await sql`
    update roster.patron child set guardian_id = null from roster.patron p
    where child.library_no = ${scope.library} and p.library_no = child.library_no and p.patron_no = ${patron}::bigint
      and child.guardian_id = p.patron_id`.execute(scope.tx)
  for (const table of FORGOTTEN) await forget(scope, table, patron)
  await blankMessages(scope, patron)
  await blankAnswers(scope, emailHash, now)
  await blankTexts(scope, patron, phoneHash, now)
  await forgetArrivals(scope, { hash: scope.seals.hashFor(library.key), emailHash, phoneHash }, now)
  // A form that waits for its proof holds a name and an address, sealed.
  await sql`delete from outreach.sign_up
            where library_no = ${scope.library} and (email_hash = ${emailHash} or phone_hash = ${phoneHash})`.execute(
    scope.tx,
  )
  await appendChoices(
    scope,
    [
      {
        patron,
        purpose: 'all',
        channel: 'all',
        decision: 'stop',
        method: ERASED,
        wording: null,
        decidedAt: at,
        attestedBy: by,
      },
    ],
    now,
  )
  await forget(scope, 'outreach.stale', patron)
}

const forget = (scope: Scope<'circulation'>, table: string, patron: PatronNo) =>
  sql`delete from ${sql.raw(table)} where library_no = ${scope.library} and patron_no = ${patron}::bigint`.execute(
    scope.tx,
  )
