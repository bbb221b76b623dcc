// Who a proven sign-up is: the cardholder, where the card number and the proven address or phone are both those of the patron file;
// else whoever signed up with this address before; else somebody new, known by what they typed and by no line of any
// file. This is the door in the wall between sign-ups and cards that only the person's own act opens; the other one, at the
// counter, is in staff/link-to-card.ts.
import { sql } from 'kysely'
import { isMinorOn } from '../consent/minors.ts'
import { rowOf, rowsOf, type Scope } from '../db/scope.ts'
import { randomPatronNo } from '../patrons/patron-no.ts'
import type { Typed } from './typed.ts'

export interface Person {
  patron: string
  /** The mask of topics that their yeses name so far. */
  topics: string
  hasCard: boolean
  /** By the patron file. A child is not asked for a yes, so nothing is noted of theirs. */
  isChild: boolean
}

/** In the caller's transaction, which holds the sign-up. `today`: an ISO date on the library's calendar. */
export async function findOrMakePerson(
  scope: Scope<'circulation'>,
  typed: Typed,
  emailHash: Buffer,
  today: string,
): Promise<Person> {
  await lockAddress(scope, emailHash)
  const holder = await findCardholder(scope, typed, { by: 'email', hash: emailHash }, today)
  const known = await findWithoutCard(scope, emailHash)
  return holder ?? known ?? makePerson(scope, typed, emailHash)
}

/** Two people at one mailbox who sign up at the same moment are one person without a card. */
export async function lockAddress(scope: Scope<'circulation'>, emailHash: Buffer): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('gentle sign-up'), hashtext(${`${scope.library} ${emailHash.toString('hex')}`}))`.execute(
    scope.tx,
  )
}

/** Of somebody who came by their own link, as long as they have not left the mailbox that it belongs to. */
export const findByNumber = (
  scope: Scope<'circulation'>,
  { patron, emailHash, today }: { patron: string; emailHash: Buffer; today: string },
): Promise<Person | null> =>
  rowOf(
    scope,
    sql<Person>`
    select patron_no as patron, topics, has_card as "hasCard", ${isMinorOn(today)} as "isChild" from outreach.standing s
    where library_no = ${scope.library} and patron_no = ${patron}::bigint and email_hash = ${emailHash}
      and (not has_card or ${isOpenCard})`,
  )

export const findWithoutCard = (scope: Scope<'circulation'>, emailHash: Buffer): Promise<Person | null> =>
  rowOf(
    scope,
    sql<Person>`
    select patron_no as patron, topics, has_card as "hasCard", false as "isChild" from outreach.standing
    where library_no = ${scope.library} and email_hash = ${emailHash} and not has_card order by patron_no limit 1`,
  )

/** Of a standing: a card that is closed, or whose holder has died or left, is nobody's door. */
export const isOpenCard = sql<boolean>`(has_card and status in ('active', 'barred') and missing < 2)`

/**
 * Of two cards that both fit, neither is a door. No index serves this: the library is read once, in a third of a second for
 * a million, whether anybody is found or not.
 */
export async function findCardholder(
  scope: Scope<'circulation'>,
  { cardKey, invited }: Pick<Typed, 'cardKey' | 'invited'>,
  proven: { by: 'email' | 'phone'; hash: Buffer },
  today: string,
): Promise<Person | null> {
  if (cardKey === null && invited === null) return null
  const theirs = invited === null ? sql`card_key = ${cardKey}::bigint` : sql`patron_no = ${invited}::bigint`
  const rows = await rowsOf(
    scope,
    sql<Person>`
    select patron_no as patron, topics, has_card as "hasCard", ${isMinorOn(today)} as "isChild" from outreach.standing s
    where library_no = ${scope.library} and ${theirs} and ${sql.ref(`${proven.by}_hash`)} = ${proven.hash}
      and ${isOpenCard} limit 2`,
  )
  return rows.length === 1 ? rows[0]! : null
}

async function makePerson(scope: Scope<'circulation'>, typed: Typed, emailHash: Buffer): Promise<Person> {
  const patron = randomPatronNo().toString()
  const others = await othersAtMailbox(scope, emailHash)
  // Theirs, since whoever shares a phone with them belongs to it as well.
  const household =
    others.length === 0
      ? patron
      : others
          .map((one) => BigInt(one.household))
          .reduce(least)
          .toString()
  await sql`
    insert into outreach.standing (library_no, patron_no, has_card, status, branch, category, language, email_given, email_usable, email_hash, household, address_shared)
    values (${scope.library}, ${patron}::bigint, false, 'active', '', '', ${typed.language}, true, true, ${emailHash}, ${household}::bigint, ${others.length > 0})`.execute(
    scope.tx,
  )
  await sql`
    update outreach.standing set household = ${household}::bigint, address_shared = true
    where library_no = ${scope.library} and patron_no = any(${others.map((one) => one.patron)}::bigint[])
      and (household, address_shared) is distinct from (${household}::bigint, true)`.execute(scope.tx)
  return { patron, topics: '0', hasCard: false, isChild: false }
}

const least = (a: bigint, b: bigint): bigint => (a < b ? a : b)

/**
 * Whoever ever chose something at this address, locked in the order of the key, as everybody locks standing: from now on they
 * are one household and greeted without a name. Found by the index standing_by_email, whose condition is repeated here; the
 * rest is never written to before an import has looked at everybody.
 */
const othersAtMailbox = (scope: Scope<'circulation'>, emailHash: Buffer) =>
  rowsOf(
    scope,
    sql<{ patron: string; household: string }>`
    select patron_no as patron, household from outreach.standing
    where library_no = ${scope.library} and email_hash = ${emailHash}
      and (agreed_email <> 0 or refused_email <> 0 or agreed_sms <> 0 or refused_sms <> 0 or agreed_post <> 0 or refused_post <> 0)
    order by patron_no for no key update`,
  )

/**
 * What we know of them is what they typed; of a cardholder only until the next patron file says it, and never over what a
 * patron file has said. The phone is kept as typed: until a code has proven it, it is in no hash and nothing is sent to it,
 * and it takes the place of none that was proven or stands on the card.
 */
export async function learnIdentity(
  scope: Scope<'circulation'>,
  { patron, hasCard }: Person,
  typed: Typed,
  phoneHash: Buffer | null,
): Promise<void> {
  await sql`
    insert into roster.identity as i (library_no, patron_no, given_name, family_name, preferred_name, email, phone, address_line1, address_line2, city, region, postal_code, country, typed)
    select library_no, patron_no, ${typed.name}, '', '', ${typed.email}, case when coalesce(phone_hash, ${phoneHash}) = ${phoneHash} then ${typed.phone}::text end,
           '', '', '', '', '', '', true
    from outreach.standing where library_no = ${scope.library} and patron_no = ${patron}::bigint
    on conflict (library_no, patron_no) do update set
      given_name = excluded.given_name, email = excluded.email, phone = coalesce(excluded.phone, i.phone), learned_at = now()
    where i.typed`.execute(scope.tx)
  await sql`update outreach.standing set identity_known = true, language = case when ${hasCard} then language else ${typed.language} end
            where library_no = ${scope.library} and patron_no = ${patron}::bigint`.execute(scope.tx)
}
