// A house for one test file: its own database, cloned from the migrated template, with the logins of the real thing.
// Tests speak to real PostgreSQL under the same row-level security as the product.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, inject } from 'vitest'
import { connectDatabase, type Database, loginConfig } from '../src/db/connect.ts'
import { type Journal, openJournal } from '../src/db/journal.ts'
import { loadKeys } from '../src/db/keys.ts'
import { ensureLogins } from '../src/db/logins.ts'
import { TEMPLATE } from './postgres.ts'

export interface House {
  database: Database
  journal: Journal
  /** A folder of this file's own. */
  folder: string
  /** A raw connection under one of the product's logins, to attack with. */
  connectAs(login: 'owner' | 'circulation' | 'outreach' | 'backup'): Promise<pg.Client>
  /** A connection that no wall stops: to look behind them all, and to tamper. */
  connectAsSuperuser(): Promise<pg.Client>
}

/** Call at the top of a test file; the fields are there once tests run. */
export function openHouse(): House {
  const house = {} as House
  const name = `gentle_${process.pid}_${Math.random().toString(36).slice(2, 10)}`
  const { admin, keysDir } = inject('server')
  const onServer = async (act: (client: pg.Client) => Promise<unknown>) => {
    const client = new pg.Client({ ...admin, database: 'postgres' })
    await client.connect()
    try {
      await act(client)
    } finally {
      await client.end()
    }
  }
  const opened: pg.Client[] = []
  const open = async (config: pg.ClientConfig) => {
    const client = new pg.Client(config)
    client.on('error', () => {}) // a test may end the connection under it
    opened.push(client)
    await client.connect()
    return client
  }
  beforeAll(async () => {
    await onServer((client) => client.query(`create database ${name} template ${TEMPLATE}`))
    const keys = loadKeys(keysDir)
    await onServer((client) => ensureLogins(client, keys, name)) // a clone does not inherit who may do what in it
    house.folder = mkdtempSync(join(tmpdir(), 'gentle-house-'))
    house.database = connectDatabase({ host: admin.host, port: admin.port, database: name }, keys, { connections: 6 })
    house.journal = openJournal(house.folder)
    house.connectAs = (login) => open(loginConfig(house.database.server, keys, login))
    house.connectAsSuperuser = () => open({ ...admin, database: name })
  })
  afterAll(async () => {
    await Promise.all(opened.map((client) => client.end()))
    await house.database.close()
    await onServer((client) => client.query(`drop database if exists ${name} with (force)`))
  })
  return house
}
