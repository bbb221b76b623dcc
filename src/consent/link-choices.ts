// What a reader does by the links of a message: stop, and be quiet for a while. A link knows a number and a keyed address
// hash, so all of this works for people since erased.
import { sql } from 'kysely'
import type { Journal } from '../db/journal.ts'
import { inLibrary, type Logins, rowOf, rowsOf } from '../db/scope.ts'
import type { MessageLink } from '../lib/signed-links.ts'
import type { Library } from '../patrons/library.ts'
import type { Choice } from './ledger.ts'
import { maskOf, type Purpose } from './purposes.ts'
import { recordChoices } from './record-choice.ts'
import { stop } from './stop.ts'

export interface LinkDoor {
  logins: Logins
  journal: Journal
}

/** Ends outreach e-mail to the address, all of it or one purpose. Said again it changes nothing and adds nothing. */
export async function stopByLink(
  { logins, journal }: LinkDoor,
  library: Library,
  link: MessageLink,
  said: { purpose: Purpose | 'all'; method: string; now: Date },
): Promise<void> {
  if (await alreadyStopped(logins, library, link, said.purpose)) return
  const { purpose, method, now } = said
  await stop(
    logins,
    journal,
    library,
    { patron: link.patron, addressHash: link.addressHash, channel: 'email', purpose, method, attestedBy: 'the patron' },
    now,
  )
}

/** Both halves: the address is suppressed, and the last word of this very person is a stop that covers it. */
const alreadyStopped = (logins: Logins, library: Library, link: MessageLink, purpose: Purpose | 'all') =>
  inLibrary(logins, 'circulation', library.libraryNo, async (scope) => {
    const row = await rowOf(
      scope,
      sql`
      select 1 where exists (
        select from outreach.suppression where library_no = ${scope.library} and channel = 'email' and address_hash = ${link.addressHash}
          and lifted_at is null and reason = 'stopped' and purposes & ${maskOf(purpose)}::bigint = ${maskOf(purpose)}::bigint
      ) and exists (
        select from (select decision, purpose, channel from outreach.ledger where library_no = ${scope.library}
                       and patron_no = ${link.patron}::bigint order by entry_no desc limit 1) l
        where l.decision = 'stop' and l.purpose in ('all', ${purpose}) and l.channel in ('all', 'email'))`,
    )
    return row !== null
  })

/** Nobody at this address is written to for so many months. Returns until when; never earlier than promised before. */
export const pauseByLink = (
  door: LinkDoor,
  library: Library,
  link: MessageLink,
  pause: { months: number; now: Date },
): Promise<Date> =>
  pauseUntilByLink(door, library, link, {
    until: inMonths(pause.now, pause.months),
    method: 'link in a message',
    now: pause.now,
  })

/** The same until an instant. */
export async function pauseUntilByLink(
  { logins, journal }: LinkDoor,
  library: Library,
  link: MessageLink,
  { until, method, now }: { until: Date; method: string; now: Date },
): Promise<Date> {
  const people = await readersOf(logins, library, link)
  // Who reads a mailbox that its person has left is told of no promise but their own.
  const promised = people.find((one) => one.patron === link.patron && one.readsHere)?.pausedUntil
  // The same wish said twice on a day is one wish.
  const open = people.filter((one) => until.getTime() - (one.pausedUntil?.getTime() ?? 0) > 24 * 3_600_000)
  const choices = open.map(
    ({ patron }): Choice => ({
      patron,
      purpose: 'all',
      channel: 'email',
      decision: 'pause',
      until,
      method,
      wording: null,
      decidedAt: now,
      attestedBy: patron === link.patron ? 'the patron' : 'somebody who reads the same address',
    }),
  )
  if (choices.length > 0)
    await recordChoices(logins, library.libraryNo, choices, now, { journal, libraryKey: library.key })
  return promised && promised > until ? promised : until
}

/** The person of the link, in the roster or not, and whoever shares the address: a pause is for the mailbox. */
export async function readersOf(logins: Logins, library: Library, link: MessageLink) {
  const rows = await inLibrary(logins, 'circulation', library.libraryNo, (scope) =>
    rowsOf(
      scope,
      sql<{ patron: string; pausedUntil: Date | null; readsHere: boolean }>`
      select s.patron_no as patron, s.paused_until as "pausedUntil", coalesce(s.email_hash = ${link.addressHash}, false) as "readsHere" from outreach.standing s
      where s.library_no = ${scope.library}
        and (s.patron_no = ${link.patron}::bigint or (s.email_hash = ${link.addressHash} and s.agreed_email <> 0
             and s.household = (select household from outreach.standing o where o.library_no = ${scope.library} and o.patron_no = ${link.patron}::bigint)))
      order by s.patron_no limit 50`,
    ),
  )
  return rows.some((row) => row.patron === link.patron)
    ? rows
    : [{ patron: link.patron, pausedUntil: null, readsHere: false }, ...rows]
}

/** The same day so many months on, or the last day of a shorter month. */
function inMonths(from: Date, months: number): Date {
  const to = new Date(from)
  to.setUTCMonth(to.getUTCMonth() + months)
  if (to.getUTCDate() !== from.getUTCDate()) to.setUTCDate(0)
  return to
}
