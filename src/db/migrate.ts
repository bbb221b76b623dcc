// Migrations: plain SQL files, forward only, each in a transaction of its own under one lock, remembered with the hash
// of its text so that a migration changed after it ran is found rather than half believed.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type pg from 'pg'
import { Problem, sayError } from '../lib/errors.ts'

/** What a migration needs beyond its SQL, in its own transaction: what only the key file can do. */
export type Complete = (owner: pg.Client, name: string) => Promise<void>

/** The names of the migrations that ran now. `owner` is a connection of the owner's login. */
export async function migrate(
  owner: pg.Client,
  folder: string,
  complete: Complete = async () => {},
): Promise<string[]> {
  await owner.query(`select pg_advisory_lock(hashtext('gentle migrate'))`)
  try {
    await owner.query('create schema if not exists migrations')
    await owner.query(
      'create table if not exists migrations.done (name text primary key, hash text not null, at timestamptz not null default now())',
    )
    const done = new Map(
      (await owner.query<{ name: string; hash: string }>('select name, hash from migrations.done')).rows.map((r) => [
        r.name,
        r.hash,
      ]),
    )
    const files = readdirSync(folder)
      .filter((name) => /^\d{4}-[a-z0-9-]+\.sql$/.test(name))
      .sort()
    for (const name of done.keys())
      if (!files.includes(name))
        throw new Problem(
          'conflict',
          `The database knows the migration ${name}, this release does not: the data is newer than the program. Start the newer release.`,
        )
    const ran: string[] = []
    for (const name of files) {
      const text = readFileSync(join(folder, name), 'utf8')
      const hash = createHash('sha256').update(text).digest('hex')
      const before = done.get(name)
      if (before === hash) continue
      if (before !== undefined)
        throw new Problem(
          'conflict',
          `The migration ${name} was changed after it ran here. Take the release's own file; a change needs a migration of its own.`,
        )
      await runOne(owner, { name, hash, text }, complete)
      ran.push(name)
    }
    return ran
  } finally {
    await owner.query(`select pg_advisory_unlock(hashtext('gentle migrate'))`)
  }
}

async function runOne(
  owner: pg.Client,
  { name, hash, text }: { name: string; hash: string; text: string },
  complete: Complete,
): Promise<void> {
  try {
    await owner.query('begin')
    // A migration that cannot have its lock soon gives way to the live system instead of queueing everybody behind it.
    await owner.query(`set local lock_timeout = '5s'`)
    await owner.query(text)
    await complete(owner, name)
    await owner.query('insert into migrations.done (name, hash) values ($1, $2)', [name, hash])
    await owner.query('commit')
  } catch (cause) {
    await owner.query('rollback')
    throw new Problem(
      'unavailable',
      `The migration ${name} did not run: ${sayError(cause)}. Nothing of it was kept; the data is as it was.`,
      { cause },
    )
  }
}
