// One PostgreSQL for the whole run of tests: the embedded one, or yours with TEST_DATABASE_URL (an address whose login
// may create roles and databases). Migrated once into a template; each test file clones it (test/house.ts).
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { openEmbedded } from '../src/db/embedded.ts'
import { loadKeys } from '../src/db/keys.ts'
import { prepare } from '../src/db/open.ts'

export interface TestServer {
  admin: { host: string; port: number; user: string; password: string }
  keysDir: string
}

declare module 'vitest' {
  export interface ProvidedContext {
    server: TestServer
  }
}

export const TEMPLATE = 'gentle_template'

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dir = mkdtempSync(join(tmpdir(), 'gentle-test-'))
  const keys = loadKeys(dir)
  const url = process.env.TEST_DATABASE_URL
  const embedded = url ? null : await openEmbedded({ dataDir: dir, adminPassword: 'test' })
  const admin = embedded ? embedded.admin : fromUrl(url!)
  const client = new pg.Client({ ...admin, database: 'postgres' })
  await client.connect()
  await client.query(`drop database if exists ${TEMPLATE} with (force)`)
  await client.end()
  await prepare({ host: admin.host, port: admin.port, database: TEMPLATE }, { ...admin, database: 'postgres' }, keys)
  project.provide('server', { admin, keysDir: dir })
  return async () => {
    await embedded?.leave({ force: true })
    rmSync(dir, { recursive: true, force: true })
  }
}

function fromUrl(url: string): TestServer['admin'] {
  const u = new URL(url)
  return {
    host: u.searchParams.get('host') ?? u.hostname,
    port: Number(u.port || 5432),
    user: decodeURIComponent(u.username),
    password: decodeURIComponent(u.password),
  }
}
