// The register of requests by others: police, lawyers, parents, agencies. It says who asked, on what paper, what was
// decided and by whom, and never about whom: there is no column for it, and text that could name a patron is refused.
import { sql } from 'kysely'
import { inLibrary, type Logins, rowOf, rowsOf, type Scope } from '../db/scope.ts'
import { dateIn } from '../lib/clock.ts'
import { Problem } from '../lib/errors.ts'
import type { Library } from '../patrons/library.ts'
import { refusePatronTraces } from './patron-traces.ts'

export const ASKED_AS = ['police', 'court', 'lawyer', 'parent', 'agency', 'press', 'other'] as const
export const DECISIONS = ['refused', 'answered', 'partly answered', 'withdrawn'] as const

export interface RequestByOthers {
  requestNo: number
  askedOn: string
  asker: string
  askedAs: (typeof ASKED_AS)[number]
  paper: string
  notedBy: string
  decision: (typeof DECISIONS)[number] | null
  because: string | null
  decidedBy: string | null
  decidedAt: Date | null
  passedOn: boolean
}

const columns = sql`request_no as "requestNo", asked_on as "askedOn", asker, asked_as as "askedAs", paper, noted_by as "notedBy",
  decision, because, decided_by as "decidedBy", decided_at as "decidedAt", passed_on as "passedOn"`

export const listRequests = (logins: Logins, library: Library): Promise<RequestByOthers[]> =>
  inLibrary(logins, 'circulation', library.libraryNo, (scope) =>
    rowsOf(
      scope,
      sql<RequestByOthers>`select ${columns} from desk.request where library_no = ${scope.library} order by request_no`,
    ),
  )

/** Throws Problem 'not-found'. */
export async function findRequest(scope: Scope<'circulation'>, requestNo: number): Promise<RequestByOthers> {
  const found = await rowOf(
    scope,
    sql<RequestByOthers>`
    select ${columns} from desk.request where library_no = ${scope.library} and request_no = ${requestNo}`,
  )
  if (found) return found
  throw new Problem('not-found', `There is no request number ${requestNo}. "gentle request list" shows them.`)
}

/** Throws Problem 'bad-input' when something in it could name a patron. */
export async function addRequest(
  logins: Logins,
  library: Library,
  asked: {
    asker: string
    askedAs: RequestByOthers['askedAs']
    paper: string
    askedOn: string | null
    by: string
    now: Date
  },
): Promise<RequestByOthers> {
  const { asker, askedAs, paper, by, now } = asked
  const today = dateIn(library.timezone, now)
  const askedOn = asked.askedOn ?? today
  if (!/^\d{4}-\d\d-\d\d$/.test(askedOn) || Number.isNaN(Date.parse(askedOn)) || askedOn > today)
    throw new Problem('bad-input', `"${askedOn}" is no day until today; write it like 2026-03-02.`)
  return inLibrary(logins, 'circulation', library.libraryNo, async (scope) => {
    await refusePatronTraces(scope, { 'who asked': asker, 'the paper': paper, 'the name of who noted it': by })
    await sql`select pg_advisory_xact_lock(hashtext('gentle request'), ${library.libraryNo})`.execute(scope.tx)
    return (await rowOf(
      scope,
      sql<RequestByOthers>`
      insert into desk.request (library_no, request_no, asked_on, asker, asked_as, paper, noted_by, noted_at)
      select ${scope.library}, coalesce(max(request_no), 0) + 1, ${askedOn}::date, ${asker.trim()}, ${askedAs}, ${paper.trim()}, ${by.trim()}, ${now}
      from desk.request where library_no = ${scope.library} returning ${columns}`,
    ))!
  })
}

/** Once: a decision that changes is a request of its own. Throws Problem 'not-found', 'conflict' or 'bad-input'. */
export async function decideRequest(
  logins: Logins,
  library: Library,
  decided: { requestNo: number; decision: (typeof DECISIONS)[number]; because: string; by: string; now: Date },
): Promise<RequestByOthers> {
  return inLibrary(logins, 'circulation', library.libraryNo, async (scope) => {
    await refusePatronTraces(scope, { 'the reason': decided.because, 'the name of who decided': decided.by })
    const before = await findRequest(scope, decided.requestNo)
    const after = await rowOf(
      scope,
      sql<RequestByOthers>`
      update desk.request set decision = ${decided.decision}, because = ${decided.because.trim()}, decided_by = ${decided.by.trim()}, decided_at = ${decided.now}
      where library_no = ${scope.library} and request_no = ${decided.requestNo} and decision is null returning ${columns}`,
    )
    if (after) return after
    throw new Problem(
      'conflict',
      `Request ${before.requestNo} was decided already by ${before.decidedBy}: ${before.decision}. If something new came, note it as a request of its own.`,
    )
  })
}
