// "Yes, go on": a yes said again by the link of a message, in the very words it was said in before, so that it does not
// come to its end. It renews what is in force and was shown, and never revives a no; and only for the address that the link
// was sent to.
import { sql } from 'kysely'
import { inLibrary, type Logins, rowsOf } from '../db/scope.ts'
import { dateIn } from '../lib/clock.ts'
import type { MessageLink } from '../lib/signed-links.ts'
import type { Library } from '../patrons/library.ts'
import { guardiansYes } from './guardian.ts'
import { type Choice, kindsOf, type LedgerEntry } from './ledger.ts'
import { isMinorOn } from './minors.ts'
import { PURPOSES, type Purpose, purposeNames } from './purposes.ts'
import { recordChoices } from './record-choice.ts'

export interface YesInForce {
  purpose: Purpose
  decidedAt: Date
  /** The words that were said yes to. */
  said: string
  /** Of a yes to some topics only: their mask, and how they are called. */
  topics: string | null
  kinds: LedgerEntry['kinds']
}

const purposes = sql.join(purposeNames.map((name) => sql`(${name}::text, ${sql.lit(1 << PURPOSES[name].bit)}::bigint)`))

/** What the person of this link agreed to by e-mail and never took back. Empty for an address they no longer have. */
export const readYeses = (logins: Logins, library: Library, link: MessageLink, now: Date): Promise<YesInForce[]> =>
  inLibrary(logins, 'circulation', library.libraryNo, (scope) =>
    rowsOf(
      scope,
      sql<YesInForce>`
      select p.name as purpose, y.decided_at as "decidedAt", w.said, y.topics, y.kinds
      from outreach.standing s
      join (values ${purposes}) p (name, bit) on s.agreed_email & p.bit <> 0
      cross join lateral (
        select l.decided_at, l.wording_id, l.topics, ${kindsOf('l')} as kinds from outreach.ledger l
        where l.library_no = s.library_no and l.patron_no = s.patron_no and l.decision = 'grant' and not ${guardiansYes('l')}
          and l.purpose = p.name and l.channel in ('email', 'all')
        order by l.decided_at desc, l.entry_no desc limit 1) y
      join outreach.wording w on w.library_no = s.library_no and w.wording_id = y.wording_id
      where s.library_no = ${scope.library} and s.patron_no = ${link.patron}::bigint and s.email_hash = ${link.addressHash}
        and not ${isMinorOn(dateIn(library.timezone, now))}
        and not exists (select from outreach.stale x where x.library_no = s.library_no and x.patron_no = s.patron_no)
        and not exists (select from outreach.suppression x where x.library_no = s.library_no and x.channel = 'email'
              and x.address_hash = s.email_hash and x.lifted_at is null and x.purposes & p.bit <> 0)
      order by p.bit`,
    ),
  )

const DAY = 24 * 3_600_000

/** Of those that were shown, returns what holds anew. Pressed twice on a day it is said once. */
export async function renewByLink(
  logins: Logins,
  library: Library,
  link: MessageLink,
  { shown, now }: { shown: readonly string[]; now: Date },
): Promise<YesInForce[]> {
  const yeses = (await readYeses(logins, library, link, now)).filter((yes) => shown.includes(yes.purpose))
  const choices = yeses
    .filter((yes) => now.getTime() - yes.decidedAt.getTime() > DAY)
    .map(
      ({ purpose, said, topics }): Choice => ({
        patron: link.patron,
        purpose,
        channel: 'email',
        decision: 'grant',
        method: 'said again by a link in a message',
        wording: said,
        topics,
        decidedAt: now,
        attestedBy: 'whoever holds the link',
      }),
    )
  if (choices.length > 0) await recordChoices(logins, library.libraryNo, choices, now)
  return yeses
}
