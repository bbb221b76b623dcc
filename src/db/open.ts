// Opens the installation's database, whichever it is: the embedded server on the data folder, or one of your own named
// by DATABASE_URL. Logins, migrations and the check that key file and database belong together happen here, so that
// whoever holds a Database can trust it.
import { join } from 'node:path'
import pg from 'pg'
import { Problem, sayError } from '../lib/errors.ts'
import { packageRoot } from '../lib/package-root.ts'
import { connectDatabase, type Database, loginConfig, type Server } from './connect.ts'
import { type Embedded, openEmbedded } from './embedded.ts'
import { type Keys, loadKeys, loginPassword } from './keys.ts'
import { ensureLogins } from './logins.ts'
import { migrate } from './migrate.ts'
import { sealsOf } from './seals.ts'
import { signHeads } from './sign-heads.ts'

export interface Installation {
  readonly database: Database
  readonly dataDir: string
  readonly migrated: string[]
  /** True when this process started the embedded server. */
  readonly startedHere: boolean
  /** Closes the pools and leaves the embedded server, stopping it when nobody else is on it. */
  close(): Promise<void>
}

export interface OpenOptions {
  dataDir: string
  databaseUrl: string | null
  connections?: number
  say?: (line: string) => void
}

export const MIGRATIONS = join(packageRoot, 'migrations')

export async function openInstallation(options: OpenOptions): Promise<Installation> {
  const keys = loadKeys(options.dataDir)
  const embedded =
    options.databaseUrl === null
      ? await openEmbedded({ dataDir: options.dataDir, adminPassword: loginPassword(keys, 'admin'), say: options.say })
      : null
  try {
    const { server, admin } = embedded ? onEmbedded(embedded) : onUrl(options.databaseUrl!)
    const migrated = await prepare(server, admin, keys)
    const database = connectDatabase(server, keys, { connections: options.connections })
    return {
      database,
      dataDir: options.dataDir,
      migrated,
      startedHere: embedded?.startedHere ?? false,
      async close() {
        await database.close()
        await embedded?.leave()
      },
    }
  } catch (error) {
    await embedded?.leave()
    throw error
  }
}

interface Place {
  server: Server
  admin: pg.ClientConfig
}

const onEmbedded = (embedded: Embedded): Place => ({
  server: { host: embedded.admin.host, port: embedded.admin.port, database: 'gentle' },
  admin: { ...embedded.admin, database: 'postgres' },
})

function onUrl(url: string): Place {
  let parsed: URL
  try {
    parsed = new URL(url)
  } catch {
    throw new Problem(
      'bad-input',
      'DATABASE_URL is not an address of the form postgres://name:password@host:5432/database.',
    )
  }
  const database = decodeURIComponent(parsed.pathname.slice(1)) || 'gentle'
  const mode = parsed.searchParams.get('sslmode')
  const ssl = mode === null || mode === 'disable' ? undefined : { rejectUnauthorized: mode !== 'no-verify' }
  const server = {
    host: parsed.searchParams.get('host') ?? parsed.hostname,
    port: Number(parsed.port || 5432),
    database,
    ssl,
  }
  return {
    server,
    admin: { ...server, user: decodeURIComponent(parsed.username), password: decodeURIComponent(parsed.password) },
  }
}

/** Logins, migrations and the key check; returns the migrations that ran. Does nothing that has been done before. */
export async function prepare(
  server: Server,
  adminConfig: pg.ClientConfig,
  keys: Keys,
  migrations = MIGRATIONS,
): Promise<string[]> {
  const admin = await connected({ ...adminConfig, application_name: 'gentle admin' })
  try {
    await ensureLogins(admin, keys, server.database)
  } finally {
    await admin.end()
  }
  const owner = await connected(loginConfig(server, keys, 'owner'))
  try {
    const ran = await migrate(owner, migrations, signHeads(sealsOf(keys)))
    await owner.query('insert into house.installation (keys_fingerprint) values ($1) on conflict do nothing', [
      keys.fingerprint,
    ])
    const { rows } = await owner.query<{ keys_fingerprint: string }>('select keys_fingerprint from house.installation')
    if (rows[0]?.keys_fingerprint !== keys.fingerprint)
      throw new Problem(
        'conflict',
        'The key file in the data folder is not the one this database was made with: no address kept in it could be matched and no link would work. Put the right keys.json beside it.',
      )
    return ran
  } finally {
    await owner.end()
  }
}

async function connected(config: pg.ClientConfig): Promise<pg.Client> {
  const client = new pg.Client({ ...config, connectionTimeoutMillis: 10_000 })
  try {
    await client.connect()
    return client
  } catch (cause) {
    throw new Problem(
      'unavailable',
      `The database cannot be reached (${sayError(cause)}). Nothing was changed; check that it runs and that its address and password are right.`,
      { cause },
    )
  }
}
