// Invitations: the link at the foot of a notice by which a cardholder who was never asked can say yes. Made from a card
// number, for the library's own system. Whoever has answered already is not asked again, and children are not asked.
import { sql } from 'kysely'
import { isMinorOn } from '../consent/minors.ts'
import { inLibrary, type Logins, rowsOf } from '../db/scope.ts'
import { cardKey } from '../lib/card-key.ts'
import { dateIn } from '../lib/clock.ts'
import type { InvitationSigner } from '../lib/invitation-links.ts'
import type { KeyedHex } from '../lib/keyed-hash.ts'
import type { Library } from '../patrons/library.ts'

export type Invited =
  | { kind: 'link'; url: string }
  /** No such card in the last patron file, or more than one: the page that everybody may open. */
  | { kind: 'join-page'; url: string }
  | { kind: 'do-not-ask'; because: 'answered' | 'minor' | 'closed' }

export interface InvitationDesk {
  logins: Logins
  invitations: InvitationSigner
  /** Where readers reach this installation, without a slash at the end. */
  publicUrl: string
}

interface Holder {
  key: string
  patron: string
  minor: boolean
  open: boolean
  answered: boolean
}

/** For each card number, in their order, some ten thousands at once: the library is read through once for all of them. */
export async function inviteByCard(
  { logins, invitations, publicUrl }: InvitationDesk,
  library: Library,
  cards: readonly string[],
  { hash, now }: { hash: KeyedHex; now: Date },
): Promise<Invited[]> {
  const keys = cards.map((card) => (card.trim() === '' ? null : cardKey(hash, card.trim())))
  const holders = await inLibrary(logins, 'circulation', library.libraryNo, (scope) =>
    rowsOf(
      scope,
      sql<Holder>`
      select s.card_key as key, s.patron_no as patron, ${isMinorOn(dateIn(library.timezone, now))} as minor,
             s.status in ('active', 'barred') and s.missing < 2 as open,
             exists (select from outreach.ledger l where l.library_no = s.library_no and l.patron_no = s.patron_no) as answered
      from outreach.standing s
      where s.library_no = ${scope.library} and s.has_card and s.card_key = any(${keys.filter((key) => key !== null)}::bigint[])`,
    ),
  )
  const byKey = Map.groupBy(holders, ({ key }) => key)
  return keys.map((key): Invited => {
    const [holder, another] = (key !== null && byKey.get(key)) || []
    if (holder === undefined || another !== undefined)
      return { kind: 'join-page', url: `${publicUrl}/${library.key}/join` }
    if (holder.minor) return { kind: 'do-not-ask', because: 'minor' }
    if (!holder.open) return { kind: 'do-not-ask', because: 'closed' }
    if (holder.answered) return { kind: 'do-not-ask', because: 'answered' }
    const token = invitations.sign({ library: library.libraryNo, patron: holder.patron })
    return { kind: 'link', url: `${publicUrl}/i/${token}` }
  })
}
