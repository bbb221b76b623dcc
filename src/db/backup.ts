// Making a backup: every table as it was at one instant, while everything else goes on. PostgreSQL's own pg_dump is not
// at hand everywhere, so this is COPY of each table in one snapshot, under a login that can read all and change nothing.
import { open, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { Problem, sayError } from '../lib/errors.ts'
import { findMigrationsDone, findSequences, findTables, PLAIN_FORMS } from './backup-contents.ts'
import { BACKUP_VERSION, backupText, type Manifest, peekManifest, type TableSum } from './backup-file.ts'
import { loginConfig, type Server } from './connect.ts'
import type { Keys } from './keys.ts'

export interface MadeBackup {
  manifest: Manifest
  tables: TableSum[]
  /** Of the file. */
  bytes: number
}

export interface BackupOptions {
  /** Written into the file: who made it, and when. */
  release: string
  now: Date
  signal?: AbortSignal
  onProgress?: (done: number, total: number) => void
}

/** Writes `file` whole or not at all. Throws Problem 'conflict' when it would overwrite something else. */
export async function makeBackup(
  server: Server,
  keys: Keys,
  file: string,
  options: BackupOptions,
): Promise<MadeBackup> {
  await refuseToOverwrite(file)
  const reader = new pg.Client(loginConfig(server, keys, 'backup'))
  const owner = new pg.Client(loginConfig(server, keys, 'owner'))
  for (const client of [reader, owner]) client.on('error', () => {}) // the statement under way says it
  try {
    await Promise.all([reader.connect(), owner.connect()])
    await reader.query(PLAIN_FORMS)
    await reader.query('begin transaction isolation level repeatable read read only')
    const snapshot = await reader.query<{ id: string }>('select pg_export_snapshot() as id')
    const { manifest, total } = await describe(reader, owner, snapshot.rows[0]!.id, keys, options)
    const tables: TableSum[] = []
    let done = 0
    const copyOut = async function* (table: Manifest['tables'][number]): AsyncGenerator<Buffer> {
      const rows = reader.query(copyTo(`copy ${table.name} (${table.columns.join(', ')}) to stdout`))
      for await (const chunk of rows as AsyncIterable<Buffer>) {
        done += chunk.length
        options.onProgress?.(Math.min(done, total), total)
        yield chunk
      }
    }
    const bytes = await writeWhole(file, backupText(manifest, copyOut, tables), options.signal)
    return { manifest, tables, bytes }
  } catch (error) {
    throw explain(file, error)
  } finally {
    await Promise.all([reader.end(), owner.end()].map((ending) => ending.catch(() => {})))
  }
}

/** The owner alone sees sequences and migrations; it looks through the same snapshot. */
async function describe(
  reader: pg.Client,
  owner: pg.Client,
  snapshot: string,
  keys: Keys,
  options: BackupOptions,
): Promise<{ manifest: Manifest; total: number }> {
  await owner.query('begin transaction isolation level repeatable read read only')
  await owner.query(`set transaction snapshot ${pg.escapeLiteral(snapshot)}`)
  const migrations = await findMigrationsDone(owner)
  const sequences = await findSequences(owner)
  await owner.query('rollback')
  const tables = await findTables(reader)
  const manifest: Manifest = {
    format: 'gentle-backup',
    version: BACKUP_VERSION,
    release: options.release,
    madeAt: options.now.toISOString(),
    keysFingerprint: keys.fingerprint,
    migrations,
    tables: tables.map(({ name, columns }) => ({ name, columns })),
    sequences,
  }
  return { manifest, total: tables.reduce((sum, table) => sum + table.bytes, 0) }
}

// A slip of the keyboard must not put a backup in the place of a patron file or the keys.
async function refuseToOverwrite(file: string): Promise<void> {
  const there = await stat(file).catch(() => null)
  if (there === null || (there.isFile() && there.size === 0)) return
  if (there.isFile() && (await peekManifest(file).catch(() => null)) !== null) return
  throw new Problem('conflict', `${file} exists and is not a backup. Give the backup another name.`)
}

/** Under its own name only once it is whole and on the disk; the mode keeps it to this account. Returns its size. */
async function writeWhole(file: string, text: AsyncIterable<Buffer>, signal?: AbortSignal): Promise<number> {
  const partial = `${file}.partial`
  await rm(partial, { force: true }) // left by a program that was killed
  const handle = await open(partial, 'wx', 0o600)
  try {
    const gzip = createGzip({ level: 5, chunkSize: 1 << 18 })
    await pipeline(Readable.from(text), gzip, (packed: AsyncIterable<Buffer>) => handle.writeFile(packed), { signal })
    await handle.sync()
    const written = await handle.stat()
    const named = await stat(partial).catch(() => null)
    if (named?.ino !== written.ino)
      throw new Problem('conflict', `Another backup to ${file} was started meanwhile; this one was given up.`)
    await rename(partial, file)
    await syncFolder(dirname(file))
    return written.size
  } catch (error) {
    await rm(partial, { force: true }).catch(() => {})
    throw error
  } finally {
    await handle.close().catch(() => {})
  }
}

/** Without it a power cut could undo the rename. Windows has no such thing, and does not need it. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  await handle.sync().finally(() => handle.close())
}

function explain(file: string, error: unknown): unknown {
  if (error instanceof Problem) return error
  const { code, name } = error as { code?: string; name?: string }
  const sentence =
    name === 'AbortError'
      ? 'The backup was interrupted.'
      : code === 'ENOSPC' || code === 'EDQUOT'
        ? `The disk that ${file} is on is full.`
        : code === 'ENOENT'
          ? `There is no folder ${dirname(file)}.`
          : `The backup could not be finished (${sayError(error)}).`
  return new Problem('unavailable', `${sentence} No backup was made, and an older one of that name is as it was.`, {
    cause: error,
  })
}
