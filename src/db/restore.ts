// Bringing a backup back: the schemas are made anew by the migrations that the backup knew, filled, and brought up to
// this release, all in one transaction. It ends paused (promise 11): what a backup does not know, stops and mail sent
// since, must be settled before anything leaves. The same way leads to a new major version of PostgreSQL.
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { monotonicMs } from '../lib/clock.ts'
import { Problem, sayError } from '../lib/errors.ts'
import { findTables, PLAIN_FORMS, type SequenceFound } from './backup-contents.ts'
import { damaged, type Manifest, readBackup, type TableSum } from './backup-file.ts'
import { loginConfig, type Server } from './connect.ts'
import type { Examined } from './examine-backup.ts'
import type { Keys } from './keys.ts'
import type { Complete } from './migrate.ts'
import { firstWords } from './pause.ts'
import { sealsOf } from './seals.ts'
import { signHeads } from './sign-heads.ts'

/** The server takes a moment to notice that a program has just ended. */
const CLOSING_MS = 2_000

export interface Restored {
  manifest: Manifest
  tables: TableSum[]
  /** The migrations that ran after the rows were in, because the backup is of an older release. */
  migrated: string[]
}

export interface RestoreOptions {
  /** Whether libraries that are there may be lost. */
  replace: boolean
  now: Date
  signal?: AbortSignal
  onProgress?: (bytes: number) => void
}

/** Throws a Problem, and has changed nothing then. `examined`: what examineBackup said of the file. */
export async function restoreBackup(
  server: Server,
  keys: Keys,
  examined: Examined,
  options: RestoreOptions,
): Promise<Restored> {
  const owner = new pg.Client({ ...loginConfig(server, keys, 'owner'), application_name: 'gentle restore' })
  owner.on('error', () => {}) // the statement under way says it
  await owner.connect()
  const onAbort = () => owner.end().catch(() => {})
  options.signal?.addEventListener('abort', onAbort, { once: true })
  let committing = false
  try {
    await owner.query(PLAIN_FORMS)
    await owner.query(`begin; set local lock_timeout = '10s'`)
    const restored = await restoreInto(owner, examined, signHeads(sealsOf(keys)), options)
    options.signal?.removeEventListener('abort', onAbort) // too late: what is asked now is answered
    committing = true
    await owner.query('commit')
    return restored
  } catch (error) {
    if (error instanceof Problem) throw error
    const why = options.signal?.aborted ? 'it was interrupted' : sayError(error)
    if (committing)
      throw new Problem(
        'unavailable',
        `The connection was lost at the last step (${why}), so the backup is either here whole or nothing was changed. "gentle resume --dry-run" tells which.`,
        { cause: error },
      )
    throw new Problem('unavailable', `The backup was not restored: ${why}. Nothing was changed.`, { cause: error })
  } finally {
    options.signal?.removeEventListener('abort', onAbort)
    await owner.end().catch(() => {}) // what was not committed ends with its connection
  }
}

async function restoreInto(
  owner: pg.Client,
  examined: Examined,
  complete: Complete,
  options: RestoreOptions,
): Promise<Restored> {
  const { file, manifest, known, newer } = examined
  await owner.query(`select pg_advisory_xact_lock(hashtext('gentle migrate'))`)
  await refuseBeside(owner)
  if (!options.replace) await refuseToReplace(owner)
  await dropSchemas(owner)
  for (const migration of known) await runMigration(owner, migration)
  const { tables, fenced } = await load(owner, file, manifest, options)
  for (const sequence of manifest.sequences) await setSequence(owner, sequence, secondsSince(manifest, options.now))
  for (const migration of newer) {
    await runMigration(owner, migration)
    await complete(owner, migration.name)
  }
  await refuseUnfenced(owner, fenced)
  await owner.query('update house.installation set paused_because = $1, paused_at = $2', [
    firstWords(manifest.madeAt),
    options.now,
  ])
  for (const table of await findTables(owner)) await owner.query(`analyze ${table.name}`)
  return { manifest, tables, migrated: newer.map((m) => m.name) }
}

// An import or a campaign that goes on while its tables are exchanged would finish what it began in another world.
async function refuseBeside(owner: pg.Client): Promise<void> {
  const since = monotonicMs()
  for (;;) {
    const { rows } = await owner.query(`
      select from pg_stat_activity where datname = current_database() and usename in ('gentle_circulation', 'gentle_outreach')`)
    if (rows.length === 0) return
    if (monotonicMs() - since > CLOSING_MS)
      throw new Problem(
        'conflict',
        'Gentle Reader is at work on this database. Stop it first (gentle serve, gentle work and any import), then restore. Nothing was changed.',
      )
    await sleep(100)
    await owner.query('select pg_stat_clear_snapshot()') // a transaction sees the list as it first looked at it
  }
}

async function refuseToReplace(owner: pg.Client): Promise<void> {
  const { rows } = await owner.query<{ key: string }>('select key from house.library order by key limit 5')
  if (rows.length > 0)
    throw new Problem(
      'conflict',
      `There are libraries here already (${rows.map((r) => r.key).join(', ')}), and a restore puts the backup in the place of everything. If that is meant, make a backup of what is here and add --replace. Nothing was changed.`,
    )
}

async function dropSchemas(owner: pg.Client): Promise<void> {
  const { rows } = await owner.query<{ name: string }>(
    `select quote_ident(nspname) as name from pg_namespace where nspowner = 'gentle_owner'::regrole and nspname <> 'migrations'`,
  )
  for (const { name } of rows) await owner.query(`drop schema ${name} cascade`)
  await owner.query('delete from migrations.done')
}

async function runMigration(owner: pg.Client, migration: Examined['known'][number]): Promise<void> {
  await owner.query(migration.text)
  await owner.query('insert into migrations.done (name, hash) values ($1, $2)', [migration.name, migration.hash])
}

/**
 * COPY does not write into a table whose row-level security binds its owner. So each table is unbound for its own rows
 * and bound again, out of everybody's sight: the table was made by this transaction. Triggers stay as they are; the
 * ledger is only ever appended to here, too.
 */
async function load(
  owner: pg.Client,
  file: string,
  manifest: Manifest,
  options: RestoreOptions,
): Promise<{ tables: TableSum[]; fenced: string[] }> {
  const here = new Map((await findTables(owner)).map((table) => [table.name, table]))
  const parts = readBackup(file, options.onProgress)
  await parts.next() // the manifest, which was examined
  const rowsOfOne = async function* (): AsyncGenerator<Buffer> {
    for (let part = await parts.next(); !part.done && part.value.kind === 'rows'; part = await parts.next())
      yield part.value.rows
  }
  for (const { name, columns } of manifest.tables) {
    const table = here.get(name)
    // Names go into statements: only those that the database itself gives.
    if (!table || columns.some((column) => !table.columns.includes(column)))
      throw damaged(file, `its table ${name} is not one that its release had`)
    if (table.forced) await owner.query(`alter table ${name} no force row level security`)
    const into = owner.query(copyFrom(`copy ${name} (${columns.join(', ')}) from stdin`))
    await pipeline(Readable.from(rowsOfOne()), into, { signal: options.signal })
    if (table.forced) await owner.query(`alter table ${name} force row level security`)
  }
  const end = await parts.next()
  if (end.done || end.value.kind !== 'seal') throw damaged(file, 'its end is missing')
  return { tables: end.value.tables, fenced: [...here.values()].filter((t) => t.forced).map((t) => t.name) }
}

/** A table of the libraries that is not fenced again would show one library's patrons to another. */
async function refuseUnfenced(owner: pg.Client, wereForced: readonly string[]): Promise<void> {
  const forced = new Set((await findTables(owner)).filter((table) => table.forced).map((table) => table.name))
  const open = wereForced.filter((name) => !forced.has(name))
  if (open.length > 0) throw new Error(`row-level security is not forced on ${open.join(', ')}`)
}

const secondsSince = (manifest: Manifest, now: Date): number =>
  Math.max(0, Math.ceil((now.getTime() - Date.parse(manifest.madeAt)) / 1000))

/**
 * Some numbers given out since the backup stand outside: a message's in its Message-ID and its links, a library's in
 * links. Given out again, a bounce or a stop would be put down to somebody else, so these continue well beyond.
 */
async function setSequence(owner: pg.Client, sequence: SequenceFound, seconds: number): Promise<void> {
  const leap =
    sequence.name === 'mail.message_no'
      ? 1_000_000 + 1_000 * seconds
      : sequence.name === 'house.library_library_no_seq'
        ? 100
        : 0
  await owner.query('select setval(to_regclass($1), $2::bigint, $3)', [
    sequence.name,
    (BigInt(sequence.lastValue) + BigInt(leap)).toString(),
    sequence.isCalled || leap > 0,
  ])
}
