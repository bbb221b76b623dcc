// A text that was made of a mail and did not arrive returns to whoever sent the mail, once, in the transaction that writes
// down that it failed: the mail it came of is taken out of its table, and the report is queued. Only senders that the door
// has admitted are kept there, and one that fails in great numbers is told of it at a bounded pace.
import { sql } from 'kysely'
import type { WhyNotDelivered } from '../channels/email/why-not-delivered.ts'
import type { TextFault } from '../channels/sms/text-provider.ts'
import { rowsOf, type Scope } from '../db/scope.ts'
import type { Library } from '../patrons/library.ts'
import { queueReports, type TextOrigin } from './report-answers.ts'

/** Where a failure returns to, kept beside the text. */
export async function keepOrigin(scope: Scope<'circulation'>, textNo: string, origin: TextOrigin): Promise<void> {
  await sql`
    insert into mail.text_origin (library_no, text_no, sender, address, message_id, subject, arrived_at)
    values (${scope.library}, ${textNo}::bigint, ${origin.sender}, ${origin.address}, ${origin.messageId}, ${origin.subject}, ${origin.arrivedAt})`.execute(
    scope.tx,
  )
}

export interface Failure {
  textNo: string
  why: WhyNotDelivered
  providerCode: string | null
}

/** Of texts that will not arrive. Call it late: it queues answers. Texts that came of no mail cost one look. */
export async function returnFailures(
  scope: Scope<'circulation'>,
  library: Library,
  failures: readonly Failure[],
  now: Date,
): Promise<void> {
  if (failures.length === 0) return
  const origins = await rowsOf(
    scope,
    sql<TextOrigin & { textNo: string }>`
    delete from mail.text_origin
    where library_no = ${scope.library} and text_no = any(${failures.map(({ textNo }) => textNo)}::bigint[])
    returning text_no as "textNo", sender, address, message_id as "messageId", subject, arrived_at as "arrivedAt"`,
  )
  const reports = origins.map(({ textNo, ...origin }) => {
    const { why, providerCode } = failures.find((one) => one.textNo === textNo)!
    return { origin, why, providerCode }
  })
  await queueReports(scope, library, reports, now)
}

export const whyOfFault = (fault: TextFault | null): WhyNotDelivered => ofFault[fault ?? 'unknown']

const ofFault: Record<TextFault, WhyNotDelivered> = {
  'wrong number': 'not-in-use',
  landline: 'landline',
  'opted out': 'stopped',
  unreachable: 'unreachable',
  blocked: 'carrier-refused',
  filtered: 'carrier-refused',
  unregistered: 'carrier-refused',
  unknown: 'unclear',
}

/** Of a text that was withheld. What a reader told us about their life is not told on. */
export function whyOfReasons(reasons: readonly string[]): WhyNotDelivered {
  if (reasons.includes('STOPPED')) return 'stopped'
  return reasons.includes('BOUNCED') ? 'came-back-before' : 'not-to-be-texted'
}
