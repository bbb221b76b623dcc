// Mail that nothing could be done with: shown to staff until a person has tried it again or closed it, with a name.
import { sql } from 'kysely'
import { readMail } from '../../channels/email/read-mail.ts'
import { inLibrary, type Logins, rowOf, rowsOf, type Scope } from '../../db/scope.ts'
import { Problem } from '../../lib/errors.ts'
import type { Library } from '../../patrons/library.ts'
import { emptied } from './hand-on.ts'

export interface KeptArrival {
  arrivalNo: string
  capability: string
  why: string
  arrivedAt: Date
  from: string
  to: string
  subject: string
}

const MOST_SHOWN = 200

/** The oldest first. */
export async function listKeptArrivals(scope: Scope<'circulation'>): Promise<KeptArrival[]> {
  const rows = await rowsOf(
    scope,
    sql<Omit<KeptArrival, 'subject'> & { raw: Buffer }>`
    select arrival_no as "arrivalNo", capability, said as why, arrived_at as "arrivedAt", envelope_from as "from",
           envelope_to as "to", substring(raw for 65536) as raw
    from mail.arrival where library_no = ${scope.library} and state = 'kept' order by arrival_no limit ${MOST_SHOWN}`,
  )
  return Promise.all(
    rows.map(async ({ raw, ...row }) => {
      const reading = await readMail(raw, { envelopeFrom: row.from })
      return { ...row, subject: reading.kind === 'read' ? reading.mail.subject : '' }
    }),
  )
}

/** Back into the line, as if it had just come. */
export const tryKeptAgain = (logins: Logins, library: Library, arrivalNo: string, now: Date): Promise<void> =>
  inLibrary(logins, 'circulation', library.libraryNo, async (scope) => {
    const row = await rowOf(
      scope,
      sql`update mail.arrival set state = 'waiting', attempts = 0, due_at = ${now}, settled_at = null, said = null
          where library_no = ${scope.library} and arrival_no = ${arrivalNo}::bigint and state = 'kept' returning 1`,
    )
    if (row === null) throw notKept(library, arrivalNo)
    await sql`insert into house.mail_waiting as w (library_no, due_at) values (${scope.library}, ${now})
              on conflict (library_no) do update set due_at = least(w.due_at, excluded.due_at)`.execute(scope.tx)
  })

/** A person has seen to it. What it said is forgotten then. */
export const closeKept = (
  logins: Logins,
  library: Library,
  arrivalNo: string,
  { by, now }: { by: string; now: Date },
): Promise<void> =>
  inLibrary(logins, 'circulation', library.libraryNo, async (scope) => {
    const row = sql`library_no = ${scope.library} and arrival_no = ${arrivalNo}::bigint and state = 'kept'`
    const { numAffectedRows } = await emptied(scope, row, `closed by ${by}`, now)
    if (!numAffectedRows) throw notKept(library, arrivalNo)
  })

/** After a restore: what waited when the backup was made may have been handed on since, so a person looks at it. */
export async function keepWaitingArrivals(scope: Scope<'circulation'>, now: Date): Promise<void> {
  await sql`update mail.arrival set state = 'kept', settled_at = ${now},
              said = 'It waited when the backup was made that was restored, and may have been dealt with since.'
            where library_no = ${scope.library} and state = 'waiting'`.execute(scope.tx)
}

const notKept = (library: Library, arrivalNo: string) =>
  new Problem('not-found', `${library.name} has no kept mail number ${arrivalNo}. "gentle mail kept" shows them.`)
