// A hold: while counsel says that records must stay, nothing of that kind is deleted, by no schedule and at nobody's
// wish. It names a kind of record and never a person, because it would be a list of who is asked about.
import { type RawBuilder, sql } from 'kysely'
import { inLibrary, type LibraryNo, type Logins, rowOf, rowsOf, type Scope } from '../db/scope.ts'
import { Problem } from '../lib/errors.ts'
import type { Library } from '../patrons/library.ts'
import { type KeptKind, keptKinds } from './retention.ts'

export interface Hold {
  holdNo: number
  kind: KeptKind | 'all'
  because: string
  by: string
  since: Date
  endedAt: Date | null
  endedBy: string | null
  endedBecause: string | null
}

const columns = sql`hold_no as "holdNo", kind, because, by_name as by, since, ended_at as "endedAt", ended_by as "endedBy",
  ended_because as "endedBecause"`

export const listHolds = (logins: Logins, library: Library): Promise<Hold[]> =>
  inLibrary(logins, 'circulation', library.libraryNo, (scope) =>
    rowsOf(scope, sql<Hold>`select ${columns} from desk.hold where library_no = ${scope.library} order by hold_no`),
  )

/** SQL that is true while records of this kind must stay. */
export const isHeld = (library: LibraryNo, kind: KeptKind): RawBuilder<boolean> =>
  sql`exists (select from desk.hold h where h.library_no = ${library} and h.kind in (${kind}, 'all') and h.ended_at is null)`

export async function isHeldNow(scope: Scope<'circulation'>, kind: KeptKind): Promise<boolean> {
  const row = await rowOf(scope, sql<{ held: boolean }>`select ${isHeld(scope.library, kind)} as held`)
  return row!.held
}

/** Throws Problem 'bad-input'. */
export async function addHold(
  logins: Logins,
  library: Library,
  hold: { kind: string; because: string; by: string; now: Date },
): Promise<Hold> {
  if (hold.kind !== 'all' && !(keptKinds as string[]).includes(hold.kind))
    throw new Problem('bad-input', `There is no kind "${hold.kind}". There is: all, ${keptKinds.join(', ')}.`)
  refuseBlank(hold)
  return inLibrary(logins, 'circulation', library.libraryNo, async (scope) => {
    await sql`select pg_advisory_xact_lock(hashtext('gentle hold'), ${library.libraryNo})`.execute(scope.tx)
    return (await rowOf(
      scope,
      sql<Hold>`
      insert into desk.hold (library_no, hold_no, kind, because, by_name, since)
      select ${scope.library}, coalesce(max(hold_no), 0) + 1, ${hold.kind}, ${hold.because.trim()}, ${hold.by.trim()}, ${hold.now}
      from desk.hold where library_no = ${scope.library} returning ${columns}`,
    ))!
  })
}

/** What was due meanwhile goes in the next night. Throws Problem 'not-found' or 'bad-input'. */
export async function endHold(
  logins: Logins,
  library: Library,
  hold: { holdNo: number; because: string; by: string; now: Date },
): Promise<Hold> {
  refuseBlank(hold)
  return inLibrary(logins, 'circulation', library.libraryNo, async (scope) => {
    const ended = await rowOf(
      scope,
      sql<Hold>`
      update desk.hold set ended_at = ${hold.now}, ended_by = ${hold.by.trim()}, ended_because = ${hold.because.trim()}
      where library_no = ${scope.library} and hold_no = ${hold.holdNo} and ended_at is null returning ${columns}`,
    )
    if (ended) return ended
    throw new Problem(
      'not-found',
      `${library.name} has no hold number ${hold.holdNo} in force. "gentle hold list" shows them.`,
    )
  })
}

function refuseBlank({ because, by }: { because: string; by: string }): void {
  if (because.trim() === '' || by.trim() === '')
    throw new Problem('bad-input', 'A hold begins and ends with a reason and the name of who says so.')
}
