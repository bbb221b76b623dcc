// Hands mail that came in to its capability, once. The mail is lent for a minute, so that nobody reads it twice at the same
// time and whoever dies gives it back; what is done about it and that it is done are one transaction. What cannot be read,
// and what fails ten times, is kept for a person and never dropped.
import { sql } from 'kysely'
import { readMail } from '../../channels/email/read-mail.ts'
import { inLibrary, type LibraryNo, type Logins, rowOf, rowsOf, type Scope } from '../../db/scope.ts'
import { sayError } from '../../lib/errors.ts'
import type { Library } from '../../patrons/library.ts'
import type { Capability, Handled, StoringCapability } from './capability.ts'

const AT_ONCE = 20
const LENT_MS = 60_000
const MOST_TRIES = 10

interface Lent {
  arrivalNo: string
  capability: string
  attempts: number
  arrivedAt: Date
  peer: string
  raw: Buffer
  from: string
  to: string
  authenticatedAs: string | null
  verifiedAddress: string | null
}

/** Libraries in which mail waits, the longest waiting first; none while the installation is paused. */
export async function findArrivalsDue(logins: Logins, now: Date): Promise<LibraryNo[]> {
  const { rows } = await sql<{ libraryNo: LibraryNo }>`
    select library_no as "libraryNo" from house.mail_waiting
    where due_at <= ${now} and (select paused_because from house.installation) is null order by due_at limit 100`.execute(
    logins.circulation,
  )
  return rows.map((row) => row.libraryNo)
}

/** Returns how many mails it had in hand. */
export async function handOnArrivals(
  logins: Logins,
  library: Library,
  { capabilities, now }: { capabilities: readonly Capability[]; now: Date },
): Promise<number> {
  const lent = await inLibrary(logins, 'circulation', library.libraryNo, (scope) => lend(scope, now))
  for (const arrival of lent) await handOn(logins, library, arrival, { capabilities, now })
  return lent.length
}

const lend = (scope: Scope<'circulation'>, now: Date): Promise<Lent[]> =>
  // The order of arrival is the order of the number; SKIP LOCKED lets a second worker take the next ones.
  rowsOf(
    scope,
    sql<Lent>`
    update mail.arrival a set due_at = ${new Date(now.getTime() + LENT_MS)}, attempts = attempts + 1
    from (select arrival_no from mail.arrival where library_no = ${scope.library} and state = 'waiting' and due_at <= ${now}
          order by arrival_no limit ${AT_ONCE} for update skip locked) due
    where a.library_no = ${scope.library} and a.arrival_no = due.arrival_no
    returning a.arrival_no as "arrivalNo", capability, attempts, arrived_at as "arrivedAt", host(peer) as peer, raw,
              envelope_from as "from", envelope_to as "to", authenticated_as as "authenticatedAs", verified_address as "verifiedAddress"`,
  ).then((rows) => rows.sort((a, b) => Number(BigInt(a.arrivalNo) - BigInt(b.arrivalNo))))

async function handOn(
  logins: Logins,
  library: Library,
  arrival: Lent,
  { capabilities, now }: { capabilities: readonly Capability[]; now: Date },
): Promise<void> {
  const inScope = <R>(work: (scope: Scope<'circulation'>) => Promise<R>) =>
    inLibrary(logins, 'circulation', library.libraryNo, work)
  const capability = capabilities.find(
    (one): one is StoringCapability => one.capability === arrival.capability && !('obey' in one),
  )
  const { arrivalNo, from, to, peer, authenticatedAs, verifiedAddress, arrivedAt, attempts } = arrival
  try {
    if (capability === undefined) throw new Error(`Nothing here does "${arrival.capability}".`)
    const reading = await readMail(arrival.raw, { envelopeFrom: from })
    if (reading.kind === 'unreadable')
      return await inScope((scope) => settle(scope, arrivalNo, { kind: 'kept', why: reading.why }, now))
    const mail = { arrivalNo, from, to, peer, authenticatedAs, verifiedAddress, arrivedAt, mail: reading.mail }
    await inScope(async (scope) => {
      if (!(await isStillOurs(scope, arrival))) return
      await settle(scope, arrivalNo, await capability.receive(scope, library, mail, now), now)
    })
  } catch (error) {
    const why = sayError(error)
    await inScope((scope) =>
      attempts >= MOST_TRIES
        ? settle(scope, arrivalNo, { kind: 'kept', why: `It was tried ${attempts} times in vain: ${why}` }, now)
        : putOff(scope, arrival, why, now),
    )
  }
}

/** A process that was away for longer than the loan finds the mail in somebody else's hands. */
const isStillOurs = async (scope: Scope<'circulation'>, { arrivalNo, attempts }: Lent): Promise<boolean> =>
  (await rowOf(
    scope,
    sql`select from mail.arrival where library_no = ${scope.library} and arrival_no = ${arrivalNo}::bigint
          and state = 'waiting' and attempts = ${attempts} for update`,
  )) !== null

async function settle(scope: Scope<'circulation'>, arrivalNo: string, handled: Handled, now: Date): Promise<void> {
  const row = sql`library_no = ${scope.library} and arrival_no = ${arrivalNo}::bigint and state = 'waiting'`
  if (handled.kind === 'kept')
    await sql`update mail.arrival set state = 'kept', settled_at = ${now}, said = ${handled.why} where ${row}`.execute(
      scope.tx,
    )
  else await emptied(scope, row, handled.said, now)
}

/** Done: what it said and whose it was is forgotten. */
export const emptied = (scope: Scope<'circulation'>, row: ReturnType<typeof sql>, said: string, now: Date) =>
  sql`update mail.arrival set state = 'done', settled_at = ${now}, said = ${said}, raw = null, envelope_from = null,
        envelope_to = null, authenticated_as = null, verified_address = null where ${row}`.execute(scope.tx)

/** A minute, then two, four, up to an hour. */
async function putOff(
  scope: Scope<'circulation'>,
  { arrivalNo, attempts }: Lent,
  why: string,
  now: Date,
): Promise<void> {
  const at = new Date(now.getTime() + Math.min(60, 2 ** (attempts - 1)) * 60_000)
  await sql`update mail.arrival set due_at = ${at}, said = ${why}
            where library_no = ${scope.library} and arrival_no = ${arrivalNo}::bigint and state = 'waiting' and attempts = ${attempts}`.execute(
    scope.tx,
  )
}

/** After a round: to the time when something is due next, or away. The row is locked before looking. */
export async function settleArrivalsDue(logins: Logins, library: LibraryNo): Promise<void> {
  await inLibrary(logins, 'circulation', library, async (scope) => {
    const row = sql`library_no = ${library}`
    if ((await rowOf(scope, sql`select from house.mail_waiting where ${row} for update`)) === null) return
    const next = await rowOf(
      scope,
      sql<{ due: Date | null }>`select min(due_at) as due from mail.arrival where ${row} and state = 'waiting'`,
    )
    if (next?.due == null) await sql`delete from house.mail_waiting where ${row}`.execute(scope.tx)
    else await sql`update house.mail_waiting set due_at = ${next.due} where ${row}`.execute(scope.tx)
  })
}
