// Whose link it is today. Whoever reads the mailbox that somebody has left (a partner, an employer) holds its old mails and
// gets what is sent there, and must neither see nor change anything of who has moved on.
import { sql } from 'kysely'
import { rowOf, type Scope } from '../db/scope.ts'
import type { MessageLink } from '../lib/signed-links.ts'

export interface LinkPerson {
  hasCard: boolean
  /** Keyed hash of the card number; null where the patron file brings none. */
  cardKey: string | null
}

/** Null when the link's address is no longer this person's, or the person is gone. */
export const personOf = (scope: Scope<'circulation'>, link: MessageLink): Promise<LinkPerson | null> =>
  rowOf(
    scope,
    sql<LinkPerson>`
    select has_card as "hasCard", card_key as "cardKey" from outreach.standing
    where library_no = ${scope.library} and patron_no = ${link.patron}::bigint and email_hash = ${link.addressHash}`,
  )
