// The database logins and who may do what: an owner that migrates, one login a duty, one for backups. None is a member
// of another, none may bypass row-level security. Passwords come from the key file and are set anew at each migration,
// so a copy of the database without the key file lets nobody in.
import { setTimeout } from 'node:timers/promises'
import pg from 'pg'
import { type Keys, loginPassword } from './keys.ts'

const LOGINS = ['owner', 'circulation', 'outreach', 'backup'] as const

/** Makes the logins and the database; safe to run again and by two processes at once. `admin` may create roles. */
export async function ensureLogins(admin: pg.Client, keys: Keys, database: string): Promise<void> {
  await admin.query(`select pg_advisory_lock(hashtext('gentle logins'))`)
  try {
    for (let tries = 1; ; tries++)
      try {
        return await makeLogins(admin, keys, database)
      } catch (error) {
        if (tries === MOST_TRIES || !wasBesideAnother(error)) throw error
        await setTimeout(Math.random() * 50)
      }
  } finally {
    await admin.query(`select pg_advisory_unlock(hashtext('gentle logins'))`)
  }
}

const MOST_TRIES = 40

/**
 * Logins belong to the whole server and an advisory lock to one database: somebody who came in by another database changes
 * the same rows. PostgreSQL says so with XX000; where both create, the second hears that it exists.
 */
const wasBesideAnother = (error: unknown): boolean =>
  error instanceof pg.DatabaseError &&
  (['23505', '42710', '42P04'].includes(error.code ?? '') || /tuple concurrently (updated|deleted)/.test(error.message))

async function makeLogins(admin: pg.Client, keys: Keys, database: string): Promise<void> {
  for (const login of LOGINS) {
    const role = `gentle_${login}`
    const { rowCount } = await admin.query('select from pg_roles where rolname = $1', [role])
    await admin.query(
      `${rowCount === 0 ? 'create' : 'alter'} role ${role} login noinherit password ${pg.escapeLiteral(loginPassword(keys, login))}`,
    )
  }
  const { rowCount } = await admin.query('select from pg_database where datname = $1', [database])
  if (rowCount === 0) await admin.query(`create database ${pg.escapeIdentifier(database)}`)
  await admin.query(
    `grant create, connect, temporary on database ${pg.escapeIdentifier(database)} to gentle_owner, gentle_circulation`,
  )
  await admin.query(`revoke create on database ${pg.escapeIdentifier(database)} from gentle_circulation`)
  await admin.query(`grant connect on database ${pg.escapeIdentifier(database)} to gentle_outreach, gentle_backup`)
  await admin.query(`revoke all on database ${pg.escapeIdentifier(database)} from public`)
}
