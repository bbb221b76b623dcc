// The door in the wall at the counter: somebody who signed up without a card stands before staff, who link the sign-up
// with the card. All that they chose goes along with its own day, a no as well as a yes, and whoever they were without a
// card is emptied, so that nobody is written to twice and erasing the cardholder forgets all of them.
import { sql } from 'kysely'
import { type Choice, choicesOf, type LedgerEntry } from '../consent/ledger.ts'
import { recordInScope } from '../consent/record-choice.ts'
import { refreshStale } from '../consent/standing.ts'
import { inLibrary, type Logins, rowOf, type Scope } from '../db/scope.ts'
import { normaliseEmail } from '../lib/addresses.ts'
import { dateIn } from '../lib/clock.ts'
import { Problem } from '../lib/errors.ts'
import { findPatron } from '../patrons/find-patron.ts'
import type { Library } from '../patrons/library.ts'
import { findWithoutCard, isOpenCard, lockAddress } from '../signups/person.ts'
import { writeAudit } from './audit.ts'

export interface Linking {
  /** By which they signed up. */
  email: string
  patronId: string
  /** Who links. */
  by: string
  /** It is meant that the card has another address, and that mail goes there. */
  otherAddress: boolean
  now: Date
}

export interface Linked {
  /** The cardholder, and who they were before. */
  patron: string
  signedUpAs: string
  choices: number
  yeses: number
}

/** How the ledger names it. */
const METHOD = 'linked to a card at the counter'

/** Throws Problem when there is nobody to link, or it would write to a stranger; then nothing has changed. */
export async function linkToCard(logins: Logins, library: Library, linking: Linking): Promise<Linked> {
  const email = normaliseEmail(linking.email)
  if (email === null) throw new Problem('bad-input', `"${linking.email}" is no email address.`)
  if (linking.by.trim() === '') throw new Problem('bad-input', 'Say who links it, with the person present.')
  const linked = await inLibrary(logins, 'circulation', library.libraryNo, async (scope) => {
    const emailHash = scope.seals.hashFor(library.key)('email', email)
    await lockAddress(scope, emailHash)
    const signed = await findWithoutCard(scope, emailHash)
    if (signed === null)
      throw new Problem('not-found', `Nobody has signed up at ${library.name} without a card and with this address.`)
    const patron = await findPatron(scope, library, linking.patronId)
    await lockBoth(scope, patron, signed.patron)
    const isSame = await refuseWrongCard(scope, library, patron, { ...linking, emailHash })
    const said = await choicesOf(scope, signed.patron)
    const yeses = said.filter(({ decision }) => decision === 'grant')
    const linked = { patron, signedUpAs: signed.patron, choices: said.length, yeses: yeses.length }
    await writeAudit(scope, {
      who: linking.by,
      did: 'linked a sign-up to a card',
      about: { patronNo: patron, signedUpAs: signed.patron },
    })
    if (isSame) await bringName(scope, linked)
    await bringWishes(scope, linked)
    await empty(scope, signed.patron)
    // Not journalled: the no that ends the sign-up is nobody's word, and a backup of before holds the sign-up as it was.
    await recordInScope(
      scope,
      [...said.map((one) => ofCard(one, patron, linking.by)), ending(linked, linking)],
      linking.now,
    )
    return linked
  })
  await refreshStale(logins, library.libraryNo, [linked.patron, linked.signedUpAs])
  return linked
}

/** In the order of the key, as everybody locks standing. */
const lockBoth = (scope: Scope<'circulation'>, ...patrons: string[]) =>
  sql`select from outreach.standing where library_no = ${scope.library} and patron_no = any(${patrons}::bigint[]) order by patron_no for update`.execute(
    scope.tx,
  )

/** Returns whether the card has the same address. */
async function refuseWrongCard(
  scope: Scope<'circulation'>,
  library: Library,
  patron: string,
  { emailHash, otherAddress, now }: Linking & { emailHash: Buffer },
): Promise<boolean> {
  const card = await rowOf(
    scope,
    sql<{ open: boolean; child: boolean; usable: boolean; same: boolean }>`
    select ${isOpenCard} as open, coalesce(minor_until > ${dateIn(library.timezone, now)}::date, false) as child,
           email_usable as usable, email_hash is not distinct from ${emailHash} as same
    from outreach.standing where library_no = ${scope.library} and patron_no = ${patron}::bigint`,
  )
  if (!card?.open)
    throw new Problem('conflict', 'This card is closed, or its holder has died or left. Nothing was linked.')
  if (card.child)
    throw new Problem(
      'bad-input',
      'The patron file says that this is a child’s card, and a child is not asked for a yes.',
    )
  if (!card.usable)
    throw new Problem(
      'not-ready',
      'This card has no email address that mail could reach. Put the address on the card in the library system; after the next patron file it can be linked.',
    )
  if (!card.same && !otherAddress)
    throw new Problem(
      'conflict',
      'This card has another address than the sign-up. Look whether it is the right card. If it is, and the person wants the mail at the card’s address, add --other-address; else change the address in the library system and link after the next patron file.',
    )
  return card.same
}

const ofCard = (said: LedgerEntry, patron: string, by: string): Choice => ({
  patron,
  purpose: said.purpose,
  channel: said.channel,
  decision: said.decision,
  until: said.until,
  topics: said.topics,
  wording: said.said,
  decidedAt: said.decidedAt,
  method: METHOD,
  attestedBy: by,
  evidence: {
    ...said.evidence,
    linked: 'staff at the counter, person present',
    'first noted as': `${said.method}; ${said.attestedBy}`,
  },
})

const ending = ({ signedUpAs }: Linked, { by, now }: Linking): Choice => ({
  patron: signedUpAs,
  purpose: 'all',
  channel: 'all',
  decision: 'deny',
  method: METHOD,
  wording: null,
  decidedAt: now,
  attestedBy: by,
})

/** Until the next patron file says it; and never over what a patron file has said. */
async function bringName(scope: Scope<'circulation'>, { patron, signedUpAs }: Linked): Promise<void> {
  await sql`
    insert into roster.identity (library_no, patron_no, given_name, family_name, preferred_name, email, phone, address_line1, address_line2, city, region, postal_code, country, typed)
    select library_no, ${patron}::bigint, given_name, family_name, preferred_name, email, phone, address_line1, address_line2, city, region, postal_code, country, true
    from roster.identity where library_no = ${scope.library} and patron_no = ${signedUpAs}::bigint
    on conflict (library_no, patron_no) do nothing`.execute(scope.tx)
  await sql`
    update outreach.standing s set identity_known = true
    where s.library_no = ${scope.library} and s.patron_no = ${patron}::bigint
      and exists (select from roster.identity i where i.library_no = s.library_no and i.patron_no = s.patron_no)`.execute(
    scope.tx,
  )
}

/** What was wished with the card, if anything, counts more. */
async function bringWishes(scope: Scope<'circulation'>, { patron, signedUpAs }: Linked): Promise<void> {
  await sql`
    insert into outreach.preference (library_no, patron_no, about, pace_days, language, method, said_at)
    select w.library_no, ${patron}::bigint, w.about, w.pace_days, w.language, w.method, w.said_at from outreach.preference w
    where w.library_no = ${scope.library} and w.patron_no = ${signedUpAs}::bigint
      and not exists (select from outreach.preference c where c.library_no = w.library_no and c.patron_no = ${patron}::bigint and c.about = w.about)
    order by w.preference_no`.execute(scope.tx)
}

/** The key goes, and with it the details that are sealed here; without an address nobody meets this number again. */
async function empty(scope: Scope<'circulation'>, patron: string): Promise<void> {
  for (const table of ['outreach.preference', 'outreach.fresh_code', 'outreach.patron_key'])
    await sql`delete from ${sql.raw(table)} where library_no = ${scope.library} and patron_no = ${patron}::bigint`.execute(
      scope.tx,
    )
  await sql`
    update outreach.standing set email_hash = null, email_given = false, email_usable = false, household = patron_no
    where library_no = ${scope.library} and patron_no = ${patron}::bigint`.execute(scope.tx)
}
