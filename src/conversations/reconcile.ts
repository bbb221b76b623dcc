// Once an hour each provider is asked what came in and what became of what left: a hook that never arrived is found so. One
// process asks for a line at a time, from a while before it was last asked, because lists lag behind.
import { sql } from 'kysely'
import type { TextProvider } from '../channels/sms/text-provider.ts'
import { sayError } from '../lib/errors.ts'
import type { Line } from '../messages/lines.ts'
import type { TextDesk } from './desk.ts'
import { receiveFromProvider } from './receive-from-provider.ts'

const EVERY_MS = 3_600_000
const OVERLAP_MS = 2 * 3_600_000
/** Of a line that was never asked. */
const FIRST_MS = 24 * 3_600_000
/** Who asks for longer than this has died. */
const LEASE_MS = 15 * 60_000

export type Reconciled = { kind: 'asked'; brought: number } | { kind: 'not due' } | { kind: 'failed'; why: string }

export async function reconcileLine(
  desk: TextDesk,
  line: Line,
  provider: TextProvider,
  now: Date,
): Promise<Reconciled> {
  if (provider.fetchSince === null || !(await claim(desk, line, now))) return { kind: 'not due' }
  const since = new Date((line.fetchedUntil?.getTime() ?? now.getTime() - FIRST_MS) - OVERLAP_MS)
  try {
    const brings = await provider.fetchSince(since)
    // What is known already changes nothing; a report says no more than its hook did.
    await receiveFromProvider(desk, line, {
      brings,
      raw: Buffer.from(`found by asking since ${since.toISOString()}`),
      now,
      asked: true,
    })
    await sql`update house.line set fetched_until = ${now}, fetching_since = null where line_no = ${line.lineNo}`.execute(
      desk.logins.circulation,
    )
    return { kind: 'asked', brought: brings.length }
  } catch (error) {
    // The lease stands, so that a provider that is down is asked again in a quarter of an hour and not at once.
    return { kind: 'failed', why: sayError(error) }
  }
}

async function claim(desk: TextDesk, line: Line, now: Date): Promise<boolean> {
  const { rows } = await sql`
    update house.line set fetching_since = ${now}
    where line_no = ${line.lineNo} and (fetched_until is null or fetched_until <= ${new Date(now.getTime() - EVERY_MS)})
      and (fetching_since is null or fetching_since <= ${new Date(now.getTime() - LEASE_MS)})
    returning line_no`.execute(desk.logins.circulation)
  return rows.length > 0
}
