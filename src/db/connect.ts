// Pools: one for each duty, each a login of its own. Numbers that fit are numbers; bigints stay strings, because a
// random patron number does not fit into a JavaScript number.
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { Keys } from './keys.ts'
import { loginPassword } from './keys.ts'
import type { AnyTables, Logins } from './scope.ts'
import { sealsOf } from './seals.ts'

/** Where the server is. `host` may be a socket folder. */
export interface Server {
  host: string
  port: number
  database: string
  ssl?: pg.ClientConfig['ssl']
}

// A date is a day on a calendar, not an instant in this machine's zone.
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text)

export const loginConfig = (server: Server, keys: Keys, login: string): pg.ClientConfig => ({
  host: server.host,
  port: server.port,
  database: server.database,
  ssl: server.ssl,
  user: `gentle_${login}`,
  password: loginPassword(keys, login),
  application_name: `gentle ${login}`,
})

export function openPool(server: Server, keys: Keys, login: string, max: number): pg.Pool {
  const pool = new pg.Pool({ ...loginConfig(server, keys, login), max, idleTimeoutMillis: 30_000 })
  pool.on('error', () => {}) // an idle connection that broke is replaced on the next use, and that use says what is wrong
  // One that breaks between two statements of a transaction says so itself, and unheard that would end the program; the
  // next statement fails with the same words.
  pool.on('connect', (client) => client.on('error', () => {}))
  return pool
}

export interface Database {
  readonly server: Server
  readonly keys: Keys
  readonly logins: Logins
  /** The circulation pool itself, for COPY. */
  readonly copyPool: pg.Pool
  close(): Promise<void>
}

export function connectDatabase(server: Server, keys: Keys, size: { connections?: number } = {}): Database {
  const max = size.connections ?? 8
  const circulation = openPool(server, keys, 'circulation', max)
  const outreach = openPool(server, keys, 'outreach', max)
  const kysely = (pool: pg.Pool) => new Kysely<AnyTables>({ dialect: new PostgresDialect({ pool }) })
  const logins: Logins = { circulation: kysely(circulation), outreach: kysely(outreach), seals: sealsOf(keys) }
  return {
    server,
    keys,
    logins,
    copyPool: circulation,
    async close() {
      await Promise.all([logins.circulation.destroy(), logins.outreach.destroy()])
    },
  }
}
