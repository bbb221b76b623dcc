// The benchmark's installation: a PostgreSQL of its own on a temporary folder, with the very settings, logins and
// migrations of the product, so that a figure says what an installation would do and leaves nothing behind.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { connectDatabase, type Database } from '../src/db/connect.ts'
import { openEmbedded } from '../src/db/embedded.ts'
import { type Journal, openJournal } from '../src/db/journal.ts'
import { loadKeys, loginPassword } from '../src/db/keys.ts'
import { prepare } from '../src/db/open.ts'

/** What a measured run needs to work with: enough for other processes to open the same database. */
export interface Ground {
  database: Database
  /** Where keys.json lies. */
  keysDir: string
  /** For files of the run. */
  folder: string
  /** A connection that no wall stops, to set up and to look behind. */
  superuser: pg.Client
}

export interface BenchHouse extends Ground {
  journal: Journal
  quick: boolean
  say: (line: string) => void
  /** So that no figure pays for what was written before it. */
  settle(): Promise<void>
  close(): Promise<void>
}

export async function openBenchHouse(options: { quick: boolean; say: (line: string) => void }): Promise<BenchHouse> {
  const keysDir = mkdtempSync(join(tmpdir(), 'gentle-bench-'))
  const keys = loadKeys(keysDir)
  const embedded = await openEmbedded({ dataDir: keysDir, adminPassword: loginPassword(keys, 'admin') })
  try {
    const server = { host: embedded.admin.host, port: embedded.admin.port, database: 'gentle' }
    await prepare(server, { ...embedded.admin, database: 'postgres' }, keys)
    const database = connectDatabase(server, keys)
    const superuser = new pg.Client({ ...embedded.admin, database: 'gentle' })
    superuser.on('error', () => {}) // the statement under way fails with the same words
    await superuser.connect()
    const leave = async () => {
      await embedded.leave({ force: true })
      rmSync(keysDir, { recursive: true, force: true })
    }
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => void leave().finally(() => process.exit(130)))
    return {
      ...options,
      database,
      keysDir,
      folder: keysDir,
      superuser,
      journal: openJournal(keysDir),
      async settle() {
        await superuser.query('checkpoint')
      },
      async close() {
        await superuser.end()
        await database.close()
        await leave()
      },
    }
  } catch (error) {
    await embedded.leave({ force: true })
    throw error
  }
}
