// The mail that tells a sender that a text did not arrive, in the queue of answers. It is written when it leaves, always
// under one Message-ID, and never about a mail that itself came from nowhere.
import { sql } from 'kysely'
import { phoneOfAddress } from '../channels/email/gateway-address.ts'
import type { WhyNotDelivered } from '../channels/email/why-not-delivered.ts'
import { rowOf, type Scope } from '../db/scope.ts'
import type { Library } from '../patrons/library.ts'
import { ANSWERS, announceDue } from './due.ts'

/** The mail that was to become a text. */
export interface TextOrigin {
  /** Who is told. */
  sender: string
  /** Where the text was to go: 6145550123@ the gateway. */
  address: string
  messageId: string | null
  subject: string
  arrivedAt: Date
}

/** As it stands in the database. */
export interface KeptReport extends Omit<TextOrigin, 'sender' | 'arrivedAt'> {
  why: WhyNotDelivered
  providerCode: string | null
  arrivedAt: string
  /** The keyed hash of the phone, so that it goes when its owner is erased. */
  phone: string | null
}

export const REPORT = 'text-not-delivered'

/** So many within an hour leave at once; what is more leaves one by one, and what would wait for most of a day not at all. */
const AT_ONCE = 200
const GAP_MS = 10_000
const LONGEST_MS = 20 * 3_600_000

export interface NewReport {
  origin: TextOrigin
  why: WhyNotDelivered
  providerCode: string | null
}

/** Call it late, as queueAnswer asks. Whatever a sender is not told of for its great number stays on our own lists. */
export async function queueReports(
  scope: Scope<'circulation'>,
  library: Library,
  reports: readonly NewReport[],
  now: Date,
): Promise<void> {
  for (const [sender, theirs] of Map.groupBy(reports, ({ origin }) => origin.sender.toLowerCase())) {
    const hash = scope.seals.hashFor(library.key)
    const addressHash = hash('email', sender)
    const turns = await nextTurns(scope, addressHash, theirs.length, now)
    const queued = theirs.slice(0, turns.length).map(({ origin, why, providerCode }): [string, KeptReport] => {
      const { address, messageId, subject, arrivedAt } = origin
      const phone = phoneOfAddress(address.slice(0, address.lastIndexOf('@')))
      return [
        origin.sender,
        {
          ...{ address, messageId, subject, why, providerCode, arrivedAt: arrivedAt.toISOString() },
          phone: phone && hash('phone', phone).toString('hex'),
        },
      ]
    })
    if (queued.length === 0) continue
    await sql`
      insert into mail.answer (library_no, kind, address_hash, queued_at, due_at, address, report)
      select ${scope.library}, ${REPORT}, ${addressHash}, ${now}, t.due_at, t.address, t.report
      from unnest(${turns}::timestamptz[], ${queued.map(([to]) => to)}::text[], ${queued.map(([, report]) => JSON.stringify(report))}::jsonb[])
        t (due_at, address, report)`.execute(scope.tx)
    await announceDue(scope, ANSWERS.sender, ANSWERS.campaignNo, turns[0]!)
  }
}

/** When each of them may leave; fewer than there are when some would wait for too long. */
async function nextTurns(
  scope: Scope<'circulation'>,
  addressHash: Buffer,
  reports: number,
  now: Date,
): Promise<Date[]> {
  const row = await rowOf(
    scope,
    sql<{ lately: number; last: Date | null }>`
    select count(*) filter (where queued_at > ${now}::timestamptz - interval '1 hour')::int as lately,
           max(due_at) filter (where state = 'waiting') as last
    from mail.answer where library_no = ${scope.library} and address_hash = ${addressHash} and kind = ${REPORT}
      and queued_at > ${now}::timestamptz - interval '1 day'`,
  )
  const atOnce = Math.max(0, AT_ONCE - row!.lately)
  const from = Math.max(now.getTime(), row!.last?.getTime() ?? 0)
  return Array.from({ length: reports }, (_, i) => (i < atOnce ? now.getTime() : from + (i - atOnce + 1) * GAP_MS))
    .filter((at) => at - now.getTime() <= LONGEST_MS)
    .map((at) => new Date(at))
}
