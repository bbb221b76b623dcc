// The one way to a library's rows: a transaction that first states which library it is for, under the login of one
// duty. Nothing else in the program states a library, and PostgreSQL shows nothing to a transaction that has not.
// There is no SET ROLE: it could be undone. Each duty is a login of its own, so a Scope<'outreach'> cannot read the
// roster however the SQL is written.
import { type Kysely, type RawBuilder, sql, type Transaction } from 'kysely'
import type { Seals } from './seals.ts'

export type Duty = 'circulation' | 'outreach'
export type LibraryNo = number

/** No table is typed: SQL is written as SQL here, and each statement says what rows it returns. */
export type AnyTables = Record<string, never>

/** An open transaction of one duty for one library. */
export interface Scope<D extends Duty> {
  readonly duty: D
  readonly library: LibraryNo
  readonly tx: Transaction<AnyTables>
  /** What the key file is good for; null for outreach, which can therefore open nothing. */
  readonly seals: D extends 'circulation' ? Seals : null
}

export type Logins = { readonly [D in Duty]: Kysely<AnyTables> } & {
  readonly seals: Seals
  /** For work that is done again after a crash until a later, ordinary commit says that it is done: see `committingSoon`. */
  readonly commitsSoon?: true
}

/**
 * Commits that do not wait for the disk. The next ordinary commit of anybody carries them there, so whatever is decided or
 * sent because of them is safe; what a crash takes is taken from the end, never from the middle.
 */
export const committingSoon = (logins: Logins): Logins => ({ ...logins, commitsSoon: true })

export interface ScopeOptions {
  /** Bit number of the purpose for which outreach may read identities in this transaction (view roster.reachable). */
  purpose?: number
  /** Upper bound for waiting on a lock. */
  lockMs?: number
  /** One snapshot for the whole transaction, for counts that must agree. */
  snapshot?: boolean
}

/** Runs `work` in a transaction of `duty` for `library`; never call a provider inside it. */
export async function inLibrary<D extends Duty, R>(
  logins: Logins,
  duty: D,
  library: LibraryNo,
  work: (scope: Scope<D>) => Promise<R>,
  options: ScopeOptions = {},
): Promise<R> {
  const begin = logins[duty].transaction()
  return (options.snapshot ? begin.setIsolationLevel('repeatable read') : begin).execute(async (tx) => {
    await sql`select set_config('gentle.library', ${String(library)}, true),
                     set_config('gentle.purpose', ${options.purpose === undefined ? '' : String(options.purpose)}, true),
                     set_config('lock_timeout', ${`${options.lockMs ?? 5_000}ms`}, true)
                     ${logins.commitsSoon ? sql`, set_config('synchronous_commit', 'off', true)` : sql``}`.execute(tx)
    const seals = (duty === 'circulation' ? logins.seals : null) as Scope<D>['seals']
    return work({ duty, library, tx, seals })
  })
}

/** Rows of a statement. */
export const rowsOf = async <Row>(db: { tx: Kysely<AnyTables> }, statement: RawBuilder<Row>): Promise<Row[]> =>
  (await statement.execute(db.tx)).rows

/** The one row of a statement, or null. */
export const rowOf = async <Row>(db: { tx: Kysely<AnyTables> }, statement: RawBuilder<Row>): Promise<Row | null> =>
  (await rowsOf(db, statement))[0] ?? null
