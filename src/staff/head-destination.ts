// Where the head of a library's ledger goes each day: an e-mail address, a folder on another disk, a webhook. A copy that
// nobody at this machine can reach is what makes a change behind our back show.
import { statSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import { sql } from 'kysely'
import { inLibrary, type Logins, rowOf, rowsOf, type Scope } from '../db/scope.ts'
import { normaliseEmail } from '../lib/addresses.ts'
import { readWebhook } from '../lib/egress.ts'
import { Problem } from '../lib/errors.ts'
import type { Library } from '../patrons/library.ts'

export interface HeadDestination {
  destinationNo: number
  kind: 'email' | 'file' | 'webhook'
  target: string
  addedBy: string
  lastSentAt: Date | null
  lastSaid: string | null
  endedAt: Date | null
}

const columns = sql`destination_no as "destinationNo", kind, target, added_by as "addedBy", last_sent_at as "lastSentAt",
  last_said as "lastSaid", ended_at as "endedAt"`

export const listDestinations = (logins: Logins, library: Library): Promise<HeadDestination[]> =>
  inLibrary(logins, 'circulation', library.libraryNo, (scope) =>
    rowsOf(
      scope,
      sql<HeadDestination>`select ${columns} from desk.head_destination where library_no = ${scope.library} order by destination_no`,
    ),
  )

/** Throws Problem 'bad-input' for what is no place, 'conflict' for one that gets the head already. */
export async function addDestination(
  logins: Logins,
  library: Library,
  added: { kind: HeadDestination['kind']; target: string; by: string; now: Date },
): Promise<HeadDestination> {
  const target = added.target.trim()
  if (added.kind === 'webhook') readWebhook(target)
  if (added.kind === 'email' && normaliseEmail(target) !== target.toLowerCase())
    throw new Problem('bad-input', `"${target}" is no email address.`)
  if (added.kind === 'file' && !isAbsolute(target))
    throw new Problem(
      'bad-input',
      `"${target}" is no whole path. Name a folder from the root on, best on another disk.`,
    )
  if (added.kind === 'file' && !statSync(target, { throwIfNoEntry: false })?.isDirectory())
    throw new Problem(
      'bad-input',
      `There is no folder "${target}" on this machine. Make it, or connect its disk, and add it then.`,
    )
  return inLibrary(logins, 'circulation', library.libraryNo, async (scope) => {
    await sql`select pg_advisory_xact_lock(hashtext('gentle head destination'), ${library.libraryNo})`.execute(scope.tx)
    const same = await rowOf(
      scope,
      sql<{ no: number }>`
      select destination_no as no from desk.head_destination
      where library_no = ${scope.library} and kind = ${added.kind} and ended_at is null
        and case kind when 'email' then lower(target) = lower(${target}) else target = ${target} end`,
    )
    if (same) throw new Problem('conflict', `The head goes there already, as place ${same.no}. Nothing was added.`)
    return (await rowOf(
      scope,
      sql<HeadDestination>`
      insert into desk.head_destination (library_no, destination_no, kind, target, added_by, added_at)
      select ${scope.library}, coalesce(max(destination_no), 0) + 1, ${added.kind}, ${target}, ${added.by}, ${added.now}
      from desk.head_destination where library_no = ${scope.library} returning ${columns}`,
    ))!
  })
}

/** Throws Problem 'not-found'. */
export async function endDestination(
  logins: Logins,
  library: Library,
  { destinationNo, now }: { destinationNo: number; now: Date },
): Promise<void> {
  const ended = await inLibrary(logins, 'circulation', library.libraryNo, (scope) =>
    rowOf(
      scope,
      sql`update desk.head_destination set ended_at = ${now}
          where library_no = ${scope.library} and destination_no = ${destinationNo} and ended_at is null returning 1`,
    ),
  )
  if (ended === null)
    throw new Problem('not-found', `There is no destination number ${destinationNo}. "gentle head list" shows them.`)
}

export async function noteSent(
  scope: Scope<'circulation'>,
  sent: { destinationNo: number; at: Date | null; said: string },
): Promise<void> {
  await sql`update desk.head_destination set last_sent_at = coalesce(${sent.at}, last_sent_at), last_said = ${sent.said.slice(0, 300)}
            where library_no = ${scope.library} and destination_no = ${sent.destinationNo}`.execute(scope.tx)
}
