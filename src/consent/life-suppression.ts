// The pause that follows when a reader tells us that somebody moved, died, or never was at an address. Like a stop it only
// inserts, so it waits for nobody; unlike a stop it is nobody's own word, so only staff end it or make it final.
import { type RawBuilder, sql } from 'kysely'
import type { Scope } from '../db/scope.ts'
import { CONSENT_MASK } from './purposes.ts'

interface Whose {
  patron: string
  /** Of the address that was written to; null when only the person is known. */
  addressHash: Buffer | null
  now: Date
}

/** The address of the message, and this person's own e-mail and phone where the roster has them. */
const addressesOf = (scope: Scope<'circulation'>, { patron, addressHash }: Whose): RawBuilder<unknown> => sql`(
  select 'email' as channel, ${addressHash}::bytea as address_hash where ${addressHash}::bytea is not null
  union select a.channel, a.address_hash
  from outreach.standing s cross join lateral (values ('email', s.email_hash), ('sms', s.phone_hash)) a (channel, address_hash)
  where s.library_no = ${scope.library} and s.patron_no = ${patron}::bigint and a.address_hash is not null)`

/** Outreach only: a notice about a hold is the library system's own affair. `everywhere`: not only at this address. */
export async function pauseForLifeEvent(
  scope: Scope<'circulation'>,
  whose: Whose & { everywhere: boolean },
): Promise<void> {
  const which = whose.everywhere ? sql`true` : sql`a.address_hash = ${whose.addressHash}::bytea`
  await insert(scope, whose, which, 'life-event', CONSENT_MASK)
}

/** Staff looked, and it is so. */
export async function suppressForGood(
  scope: Scope<'circulation'>,
  whose: Whose & { noticesToo: boolean },
): Promise<void> {
  const paused = sql`exists (select from outreach.suppression x where x.library_no = ${scope.library} and x.channel = a.channel
    and x.address_hash = a.address_hash and x.lifted_at is null and x.reason = 'life-event')`
  await insert(scope, whose, paused, 'staff', whose.noticesToo ? -1 : CONSENT_MASK)
}

const insert = (
  scope: Scope<'circulation'>,
  whose: Whose,
  which: RawBuilder<unknown>,
  reason: 'life-event' | 'staff',
  purposes: number,
) =>
  sql`
  insert into outreach.suppression (library_no, channel, address_hash, purposes, reason, since)
  select ${scope.library}, a.channel, a.address_hash, ${purposes}::bigint, ${reason}, ${whose.now}
  from ${addressesOf(scope, whose)} a
  where ${which} and not exists (select from outreach.suppression x where x.library_no = ${scope.library} and x.channel = a.channel
    and x.address_hash = a.address_hash and x.lifted_at is null and x.reason = ${reason} and x.purposes & ${purposes}::bigint = ${purposes}::bigint)`.execute(
    scope.tx,
  )

export async function liftLifeEvents(scope: Scope<'circulation'>, whose: Whose): Promise<void> {
  await sql`
    update outreach.suppression x set lifted_at = ${whose.now} from ${addressesOf(scope, whose)} a
    where x.library_no = ${scope.library} and x.channel = a.channel and x.address_hash = a.address_hash
      and x.lifted_at is null and x.reason = 'life-event'`.execute(scope.tx)
}
