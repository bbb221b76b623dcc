// A phone is proven: now its yeses to texts count, for the person whose phone it is. Of a cardholder that is whoever has this
// very number on the card; where the card has another one or none, nothing is noted and staff are asked to look, because
// only the library system may change what it knows.
import { sql } from 'kysely'
import type { Choice } from '../consent/ledger.ts'
import { liftDeadPhone, stoppedSince } from '../consent/phone-stops.ts'
import { recordInScope, refuseImpossible } from '../consent/record-choice.ts'
import { rowOf, rowsOf, type Scope } from '../db/scope.ts'
import { dateIn } from '../lib/clock.ts'
import { linesOf } from '../messages/lines.ts'
import { queueFirstText } from '../messages/queue-text.ts'
import { readAnswering } from '../patrons/answering.ts'
import type { Library } from '../patrons/library.ts'
import { choicesSaid } from './choices-said.ts'
import { findByNumber, findCardholder, findOrMakePerson, type Person } from './person.ts'
import type { TypedWithPhone } from './typed.ts'

export interface ProvenPhone {
  typed: TypedWithPhone
  emailHash: Buffer
  phoneHash: Buffer
  begunAt: Date
  now: Date
}

export interface CountedPhone {
  /** Whose standing has to be refreshed; null when nothing counts. */
  patron: string | null
  /** A cardholder with another number on the card, or none: for staff to look at. */
  notOnCard: string | null
}

/** In the caller's transaction, which has found the code right; locks the head of the ledger, so call it last. */
export async function countPhone(
  scope: Scope<'circulation'>,
  library: Library,
  proven: ProvenPhone,
): Promise<CountedPhone> {
  const { typed, emailHash, phoneHash, begunAt, now } = proven
  // Said by the phone itself, perhaps to this very code: a yes that was asked for before it is no answer to it.
  if (await stoppedSince(scope, phoneHash, begunAt)) return { patron: null, notOnCard: null }
  const today = dateIn(library.timezone, now)
  const person =
    typed.known === null
      ? ((await findCardholder(scope, typed, { by: 'phone', hash: phoneHash }, today)) ??
        (await findOrMakePerson(scope, typed, emailHash, today)))
      : await findByNumber(scope, { patron: typed.known, emailHash, today })
  if (person === null || person.isChild) return { patron: null, notOnCard: null }
  if (person.hasCard && !(await isOnCard(scope, person, phoneHash))) return { patron: null, notOnCard: person.patron }
  if (person.hasCard) await putProvenPhone(scope, person, typed.phone)
  else await learnPhone(scope, person, proven)
  // A text has just arrived there.
  await liftDeadPhone(scope, { phoneHash, now })
  await welcome(scope, library, proven)
  const choices = await choicesSaid(scope, person, typed, { confirmation: 'code in a text', now })
  for (const choice of choices) refuseImpossible(choice, now)
  await recordInScope(scope, [...choices, ...(await pauseThatGoesOn(scope, person, proven))], now)
  return { patron: person.patron, notOnCard: null }
}

/** A yes ends every pause of its person. On one's own page a pause stands beside the boxes, so it is said once more. */
async function pauseThatGoesOn(
  scope: Scope<'circulation'>,
  { patron }: Person,
  { typed, now }: ProvenPhone,
): Promise<Choice[]> {
  if (typed.known === null) return []
  const row = await rowOf(
    scope,
    sql<{ until: Date }>`
    select paused_until as until from outreach.standing
    where library_no = ${scope.library} and patron_no = ${patron}::bigint and paused_until > ${now}`,
  )
  if (row === null) return []
  const { until } = row
  const pause = { purpose: 'all', channel: 'email', decision: 'pause', until, wording: null } as const
  return [{ patron, ...pause, method: 'own page', decidedAt: now, attestedBy: 'the patron' }]
}

const isOnCard = async (scope: Scope<'circulation'>, { patron }: Person, phoneHash: Buffer): Promise<boolean> =>
  (await rowOf(
    scope,
    sql`select from outreach.standing
        where library_no = ${scope.library} and patron_no = ${patron}::bigint and phone_hash = ${phoneHash}`,
  )) !== null

/** Of a cardholder whose name and address are what they typed until the next patron file: the phone on the card is this one. */
const putProvenPhone = (scope: Scope<'circulation'>, { patron }: Person, phone: string): Promise<unknown> =>
  sql`update roster.identity set phone = ${phone}
      where library_no = ${scope.library} and patron_no = ${patron}::bigint and typed`.execute(scope.tx)

/**
 * Of somebody without a card: from now on texts go to this phone and to no other, and whoever else chose something under it,
 * or at their mailbox, is of their household. The lock keeps two people who prove one phone at once from missing each other.
 */
async function learnPhone(
  scope: Scope<'circulation'>,
  { patron }: Person,
  { typed, emailHash, phoneHash }: ProvenPhone,
): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('gentle sign-up'), hashtext(${`${scope.library} ${phoneHash.toString('hex')}`}))`.execute(
    scope.tx,
  )
  // The indexes standing_by_email and standing_by_phone, whose condition is repeated here; locked in the order of the key.
  const others = await rowsOf(
    scope,
    sql<{ patron: string; household: string }>`
    select patron_no as patron, household from outreach.standing
    where library_no = ${scope.library} and (email_hash = ${emailHash} or phone_hash = ${phoneHash})
      and (agreed_email <> 0 or refused_email <> 0 or agreed_sms <> 0 or refused_sms <> 0 or agreed_post <> 0 or refused_post <> 0)
    order by patron_no for no key update`,
  )
  const household =
    others
      .map((one) => BigInt(one.household))
      .reduce(least, null)
      ?.toString() ?? null
  await sql`
    update outreach.standing set household = ${household}::bigint
    where library_no = ${scope.library} and patron_no = any(${others.map((one) => one.patron)}::bigint[]) and household <> ${household}::bigint`.execute(
    scope.tx,
  )
  await sql`
    update outreach.standing set phone_hash = ${phoneHash}, phone_given = true, household = coalesce(${household}::bigint, household)
    where library_no = ${scope.library} and patron_no = ${patron}::bigint`.execute(scope.tx)
  await sql`
    insert into roster.identity as i (library_no, patron_no, given_name, family_name, preferred_name, email, phone, address_line1, address_line2, city, region, postal_code, country, typed)
    values (${scope.library}, ${patron}::bigint, ${typed.name}, '', '', ${typed.email}, ${typed.phone}, '', '', '', '', '', '', true)
    on conflict (library_no, patron_no) do update set phone = excluded.phone, learned_at = now() where i.typed`.execute(
    scope.tx,
  )
  await sql`update outreach.standing set identity_known = true where library_no = ${scope.library} and patron_no = ${patron}::bigint`.execute(
    scope.tx,
  )
}

const least = (a: bigint | null, b: bigint): bigint => (a === null || b < a ? b : a)

/** Who writes, how often, and how to stop: the first text to a phone says it, and comes before anything else does. */
async function welcome(scope: Scope<'circulation'>, library: Library, { typed, now }: ProvenPhone): Promise<void> {
  const circulation = { circulation: scope.tx }
  const line = (await linesOf(circulation, library.libraryNo))[0]
  if (line === undefined) return
  const answering = await readAnswering(circulation, library.libraryNo)
  await queueFirstText(scope, library, { line, answering }, { phone: typed.phone, language: typed.language, now })
}
