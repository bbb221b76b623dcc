// Requests of providers that truly are theirs and could not be processed: shown to a person until they were tried again
// and it went well, or somebody has set them aside, with a name and a reason. They are the line's host's.
import { sql } from 'kysely'
import type { TextIn, TextReport } from '../channels/sms/text-provider.ts'
import { inLibrary, type Logins, rowOf, rowsOf, type Scope } from '../db/scope.ts'
import { Problem } from '../lib/errors.ts'
import { lineByNo } from '../messages/lines.ts'
import type { Library } from '../patrons/library.ts'
import type { TextDesk } from './desk.ts'
import { processOne } from './receive-from-provider.ts'

export interface KeptHook {
  hookNo: string
  lineNo: number
  at: Date
  why: string
  /** What it brought could be read, so it can be tried again. */
  canBeTried: boolean
}

export interface WholeHook extends KeptHook {
  /** As it came, cut to what a screen holds. */
  body: string
  brought: TextIn | TextReport | null
}

const MOST_SHOWN = 200
const columns = sql`hook_no as "hookNo", line_no as "lineNo", at, why, brought is not null as "canBeTried"`

/** The oldest first, without what they say. */
export const listHooks = (scope: Scope<'circulation'>): Promise<KeptHook[]> =>
  rowsOf(
    scope,
    sql<KeptHook>`
    select ${columns} from mail.hook where library_no = ${scope.library} and settled_at is null order by hook_no limit ${MOST_SHOWN}`,
  )

/** Whoever shows it writes the audit entry. Throws Problem 'not-found'. */
export async function readHook(scope: Scope<'circulation'>, library: Library, hookNo: string): Promise<WholeHook> {
  const row = await rowOf(
    scope,
    sql<Omit<WholeHook, 'body'> & { body: Buffer }>`
    select ${columns}, substring(body for 4000) as body, brought from mail.hook
    where library_no = ${scope.library} and hook_no = ${hookNo}::bigint and settled_at is null`,
  )
  if (row === null) throw notOpen(library, hookNo)
  return { ...row, body: row.body.toString('utf8'), brought: row.brought && withDates(row.brought) }
}

/** Throws Problem 'conflict' when it still cannot be processed, 'not-found' when somebody has settled it. */
export async function tryHookAgain(
  desk: TextDesk,
  library: Library,
  { hookNo, by, now }: { hookNo: string; by: string; now: Date },
): Promise<void> {
  const inScope = <R>(work: (scope: Scope<'circulation'>) => Promise<R>) =>
    inLibrary(desk.logins, 'circulation', library.libraryNo, work)
  const hook = await inScope((scope) => readHook(scope, library, hookNo))
  if (hook.brought === null)
    throw new Problem(
      'conflict',
      'This request could not be read, so trying it again changes nothing. Look at it, and close it.',
    )
  const line = await lineByNo(desk.logins, hook.lineNo)
  if (line === null) throw new Problem('conflict', 'The number that it was for has ended. Look at it, and close it.')
  const why = await processOne(desk, line, hook.brought, now)
  if (why !== null) throw new Problem('conflict', `It was tried again, and it is the same: ${why}.`)
  await inScope((scope) => settle(scope, library, { hookNo, by, because: 'tried again, and it went well', now }))
}

export const setHookAside = (
  logins: Logins,
  library: Library,
  close: { hookNo: string; by: string; because: string; now: Date },
): Promise<void> => inLibrary(logins, 'circulation', library.libraryNo, (scope) => settle(scope, library, close))

async function settle(
  scope: Scope<'circulation'>,
  library: Library,
  { hookNo, by, because, now }: { hookNo: string; by: string; because: string; now: Date },
): Promise<void> {
  const row = await rowOf(
    scope,
    sql`
    update mail.hook set settled_at = ${now}, settled_by = ${by}, settled_why = ${because}, body = '', brought = null
    where library_no = ${scope.library} and hook_no = ${hookNo}::bigint and settled_at is null returning 1`,
  )
  if (row === null) throw notOpen(library, hookNo)
}

const notOpen = (library: Library, hookNo: string) =>
  new Problem('not-found', `${library.name} has no open request number ${hookNo}. "gentle hooks list" shows them.`)

/** JSON keeps instants as words. */
function withDates(brought: TextIn | TextReport): TextIn | TextReport {
  const date = (at: Date | null) => (at === null ? null : new Date(at))
  return brought.kind === 'text' ? { ...brought, sentAt: date(brought.sentAt) } : { ...brought, at: date(brought.at) }
}
