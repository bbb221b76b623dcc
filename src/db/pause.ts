// The pause of the whole installation after a restore: nothing is taken while it stands (promise 11). It says itself
// which backup it comes from, because what happened since then has to be settled before it ends.
import { sql } from 'kysely'
import type { Logins } from './scope.ts'

export interface Pause {
  because: string
  /** When the restore was. */
  at: Date
  /** When the backup was made that was restored. */
  backupOf: Date
  /** Whether stops were replayed and uncertain messages parked: a restore that was broken off has yet to do so. */
  settled: boolean
}

const WORDS = 'restored from a backup of '
const NOT_SETTLED = ', being settled'

/** What a restore writes in the transaction that brings the rows. */
export const firstWords = (madeAt: string): string => `${WORDS}${madeAt}${NOT_SETTLED}`

export async function readPause(logins: Logins): Promise<Pause | null> {
  const { rows } = await sql<{ because: string | null; at: Date | null }>`
    select paused_because as because, paused_at as at from house.installation`.execute(logins.circulation)
  const { because = null, at = null } = rows[0] ?? {}
  if (because === null) return null
  const [, made = ''] = /^restored from a backup of (\S+?)(?:,|$)/.exec(because) ?? []
  const backupOf = new Date(made)
  return {
    because: because.replace(NOT_SETTLED, ''),
    at: at ?? new Date(0),
    backupOf: Number.isNaN(backupOf.getTime()) ? new Date(0) : backupOf,
    settled: !because.endsWith(NOT_SETTLED),
  }
}

export async function markSettled(logins: Logins): Promise<void> {
  await sql`update house.installation set paused_because = replace(paused_because, ${NOT_SETTLED}, '')`.execute(
    logins.circulation,
  )
}

/** Ends this very pause; false when there is another by now, or none. */
export async function endPause(logins: Logins, pause: Pause): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update house.installation set paused_because = null, paused_at = null
    where paused_because = ${pause.because} and paused_at is not distinct from ${pause.at}`.execute(logins.circulation)
  return numAffectedRows === 1n
}
