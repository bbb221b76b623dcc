// Which messages one patron was sent, found by key. There is no index from a patron to all messages: a launch would have to
// write it half a million times, for a question that is asked of one person now and then.
import { type RawBuilder, sql } from 'kysely'
import type { Scope } from '../db/scope.ts'
import type { PatronNo } from './ledger.ts'

/** As a sub-select of message numbers: campaign by campaign, and what belongs to none. */
export const messageNumbers = (scope: Scope<'circulation'>, patron: PatronNo): RawBuilder<unknown> => sql`
  (select m.message_no from outreach.campaign c
   join mail.message m on m.library_no = c.library_no and m.campaign_no = c.campaign_no and m.patron_no = ${patron}::bigint
   where c.library_no = ${scope.library}
   union all
   select message_no from mail.message where library_no = ${scope.library} and patron_no = ${patron}::bigint and campaign_no is null)`
