// Which messages one patron was sent, found by key, under whichever number they were known by then. There is no index from a patron to all messages: a launch would have to
// write it half a million times, for a question that is asked of one person now and then.
import { type RawBuilder, sql } from 'kysely'
import type { Scope } from '../db/scope.ts'
import type { PatronNo } from './ledger.ts'

/**
 * As rows of `no`: the person's number, and the one they had without a card before staff linked the two, whose messages stay
 * under it. The audit alone knows of it, as long as it is kept.
 */
export const numbersOf = (scope: Scope<'circulation'>, patron: PatronNo): RawBuilder<unknown> => sql`
  (select ${patron}::bigint as no
   union select (about ->> 'signedUpAs')::bigint from desk.audit
   where library_no = ${scope.library} and about ->> 'patronNo' = ${patron} and about ? 'signedUpAs')`

/** As a sub-select of message numbers: campaign by campaign, and what belongs to none. */
export const messageNumbers = (scope: Scope<'circulation'>, patron: PatronNo): RawBuilder<unknown> => sql`
  (with theirs as materialized ${numbersOf(scope, patron)}
   select m.message_no from theirs cross join outreach.campaign c
   join mail.message m on m.library_no = c.library_no and m.campaign_no = c.campaign_no and m.patron_no = theirs.no
   where c.library_no = ${scope.library}
   union all
   select message_no from theirs join mail.message on library_no = ${scope.library} and patron_no = theirs.no and campaign_no is null)`
