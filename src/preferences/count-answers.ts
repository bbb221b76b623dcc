// How many answers of one kind went to one address within a day: whoever types a stranger's address, or presses the
// button of a forwarded mail again and again, must not fill a mailbox.
import { sql } from 'kysely'
import type { Scope } from '../db/scope.ts'
import { answersSince } from '../messages/answers.ts'

export async function countAnswers(
  scope: Scope<'circulation'>,
  asked: { addressHash: Buffer; kind: string; now: Date },
): Promise<number> {
  // One after the other for one address, so that a hundred requests in one breath are not all the first.
  await sql`select pg_advisory_xact_lock(hashtext('gentle answers'), hashtext(${asked.addressHash.toString('hex')}))`.execute(
    scope.tx,
  )
  const { addressHash, kind, now } = asked
  return answersSince(scope, { addressHash, kind, since: new Date(now.getTime() - 24 * 3_600_000) })
}
