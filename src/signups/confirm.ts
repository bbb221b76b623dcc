// The proof: whoever opens the link of the mail, or types its code, has the mailbox. Only now does a sign-up count: the
// person is found or made, the words they saw and the way they proved themselves go into the ledger, and what was typed
// is forgotten where it waited. A yes to texts waits for the phone's own code, and is counted here as well. All in one
// transaction, so that a crash leaves it to be done again, and never half.
import { sql } from 'kysely'
import { recordInScope, refuseImpossible } from '../consent/record-choice.ts'
import { refreshStale } from '../consent/standing.ts'
import { inLibrary, rowOf, type Scope } from '../db/scope.ts'
import { dateIn } from '../lib/clock.ts'
import { type KeyedHash, keyedHashFor } from '../lib/keyed-hash.ts'
import type { Library } from '../patrons/library.ts'
import type { SignUpDesk } from './begin.ts'
import { choicesSaid } from './choices-said.ts'
import { type CountedPhone, countPhone } from './count-phone.ts'
import { findOrMakePerson, learnIdentity } from './person.ts'
import { beginPhoneProof, type PhoneStep } from './prove-phone.ts'
import { codeHash, isSame, readToken, sealingKey, secretHash } from './secrets.ts'
import { hasPhone, type Typed, unsealTyped } from './typed.ts'

export type Proof = { link: string } | { ref: string; code: string }

/** A mail proves no phone: a yes to texts waits for a code in a text, or cannot be proven, for want of a number to text from. */
export type TextsToCome = PhoneStep | 'cannot' | null

export type Confirmed =
  /** `typed` with the yeses that count so far. */
  | { kind: 'confirmed'; typed: Typed; texts: TextsToCome }
  /** The phone: its yeses count, unless `notOnCard` names a cardholder who has another number. No page tells which. */
  | { kind: 'phone-confirmed'; typed: Typed; notOnCard: CountedPhone['notOnCard'] }
  | { kind: 'already' }
  | { kind: 'wrong-code' }
  /** Too many wrong ones, or none was sent: a new code is needed. */
  | { kind: 'no-code' }
  /** Forged, of another library, or over. */
  | { kind: 'unknown' }

/**
 * What a link is for, without doing anything: link scanners follow every link before the reader does. 'already': it has been
 * proven. Null: forged, of another library, or over.
 */
export async function lookAtLink(
  desk: SignUpDesk,
  library: Library,
  link: string,
  now: Date,
): Promise<Typed | 'already' | null> {
  const found = await inLibrary(desk.logins, 'circulation', library.libraryNo, (scope) => findRow(scope, link, now))
  if (found === null || !opens(found, { link })) return null
  return found.typed === null ? 'already' : unsealTyped(sealingKey(desk.keys.links), library, found.typed)
}

export async function confirmSignUp(desk: SignUpDesk, library: Library, proof: Proof, now: Date): Promise<Confirmed> {
  const hash = keyedHashFor(desk.keys.hashing, library.key)
  const done = await inLibrary(desk.logins, 'circulation', library.libraryNo, (scope) =>
    confirmInScope(scope, desk, library, { proof, hash, now }),
  )
  if (done.patron !== null) await refreshStale(desk.logins, library.libraryNo, [done.patron])
  return done.outcome
}

interface Row {
  signUpNo: string
  refHash: Buffer
  linkHash: Buffer
  emailHash: Buffer
  phoneHash: Buffer | null
  codeHash: Buffer | null
  triesLeft: number
  typed: Buffer | null
  begunAt: Date
}

async function findRow(scope: Scope<'circulation'>, text: string, now: Date): Promise<Row | null> {
  const token = readToken(text)
  if (token === null) return null
  // Locked, so that of two presses of the button the second finds it done.
  return rowOf(
    scope,
    sql<Row>`
    select sign_up_no as "signUpNo", ref_hash as "refHash", link_hash as "linkHash", email_hash as "emailHash", phone_hash as "phoneHash",
           code_hash as "codeHash", tries_left as "triesLeft", typed, begun_at as "begunAt"
    from outreach.sign_up
    where library_no = ${scope.library} and sign_up_no = ${token.signUpNo}::bigint and expires_at > ${now} for update`,
  )
}

const opens = (row: Row, proof: Proof): boolean =>
  'link' in proof
    ? isSame(secretHash(readToken(proof.link)!.secret), row.linkHash)
    : isSame(secretHash(readToken(proof.ref)!.secret), row.refHash)

type Done = { outcome: Confirmed; patron: string | null }
const only = (outcome: Confirmed): Done => ({ outcome, patron: null })

async function confirmInScope(
  scope: Scope<'circulation'>,
  desk: SignUpDesk,
  library: Library,
  { proof, hash, now }: { proof: Proof; hash: KeyedHash; now: Date },
): Promise<Done> {
  const row = await findRow(scope, 'link' in proof ? proof.link : proof.ref, now)
  if (row === null || !opens(row, proof)) return only({ kind: 'unknown' })
  if ('code' in proof) {
    if (row.triesLeft === 0 || row.codeHash === null) return only({ kind: 'no-code' })
    // Counted before it is looked at, and kept even when it is wrong.
    await sql`update outreach.sign_up set tries_left = tries_left - 1 where library_no = ${scope.library} and sign_up_no = ${row.signUpNo}::bigint`.execute(
      scope.tx,
    )
    if (!isSame(codeHash(hash, row.signUpNo, proof.code.replace(/\D/g, '')), row.codeHash))
      return only({ kind: row.triesLeft === 1 ? 'no-code' : 'wrong-code' })
  }
  // Asked last: whoever typed a stranger's address must not learn from here that the stranger has said yes.
  if (row.typed === null) return only({ kind: 'already' })
  const sent = unsealTyped(sealingKey(desk.keys.links), library, row.typed)
  if (sent === null) return only({ kind: 'unknown' })
  await sql`update outreach.sign_up set state = 'confirmed', typed = null, confirmed_at = ${now}
            where library_no = ${scope.library} and sign_up_no = ${row.signUpNo}::bigint`.execute(scope.tx)
  if (row.phoneHash !== null && hasPhone(sent)) {
    const { emailHash, phoneHash, begunAt } = row
    const { patron, notOnCard } = await countPhone(scope, library, { typed: sent, emailHash, phoneHash, begunAt, now })
    return { outcome: { kind: 'phone-confirmed', typed: sent, notOnCard }, patron }
  }
  const typed = { ...sent, yeses: sent.yeses.filter(({ channel }) => channel !== 'sms') }
  const texts = await beginTexts(scope, desk, library, sent, now)
  const outcome: Confirmed = { kind: 'confirmed', typed, texts }
  // Nothing counts yet, so nobody is made and no name is kept.
  if (typed.yeses.length === 0) return only(outcome)
  const emailHash = hash('email', typed.email)
  const person = await findOrMakePerson(scope, typed, emailHash, dateIn(library.timezone, now))
  if (!person.isChild)
    await learnIdentity(scope, person, typed, typed.phone === null ? null : hash('phone', typed.phone))
  // Mail has just arrived there, so whatever once came back from it says nothing any more.
  await sql`update outreach.suppression set lifted_at = ${now}
            where library_no = ${scope.library} and channel = 'email' and address_hash = ${emailHash} and lifted_at is null and reason = 'bounced'`.execute(
    scope.tx,
  )
  // The page thanks a child like anybody, so that nobody learns from it whose card this is.
  if (person.isChild) return only(outcome)
  const confirmation = 'link' in proof ? 'link in a mail' : 'code from a mail'
  const choices = await choicesSaid(scope, person, typed, { confirmation, now })
  for (const choice of choices) refuseImpossible(choice, now)
  await recordInScope(scope, choices, now)
  return { outcome, patron: person.patron }
}

async function beginTexts(
  scope: Scope<'circulation'>,
  { keys }: SignUpDesk,
  library: Library,
  sent: Typed,
  now: Date,
): Promise<TextsToCome> {
  const yeses = sent.yeses.filter(({ channel }) => channel === 'sms')
  if (yeses.length === 0) return null
  const typed = { ...sent, yeses }
  return (hasPhone(typed) ? await beginPhoneProof(scope, { keys, library, typed, now }) : null) ?? 'cannot'
}
