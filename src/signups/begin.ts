// A form was sent: it waits, sealed, and one mail with a link and a code goes to the address. Nobody is looked up here, so
// neither the answer nor its time can tell whether an address or a card is known; and no address gets more than three
// such mails a day, whoever types it.
import { sql } from 'kysely'
import type { Keys } from '../db/keys.ts'
import { inLibrary, type Logins, rowOf, type Scope } from '../db/scope.ts'
import { type KeyedHash, keyedHashFor } from '../lib/keyed-hash.ts'
import { answersSince, queueAnswer } from '../messages/answers.ts'
import type { Library } from '../patrons/library.ts'
import { wordsOf } from '../words/languages.ts'
import { codeHash, isSame, newCode, newSecret, readToken, sealingKey, secretHash, writeToken } from './secrets.ts'
import { sealTyped, type Typed, unsealTyped } from './typed.ts'

export interface SignUpDesk {
  logins: Logins
  keys: Keys
  /** Where readers reach this installation, without a slash at the end. */
  publicUrl: string
}

const MAILS_A_DAY = 3
export const TRIES = 5
const KEPT_HOURS = 48

/** Returns the token by which the page that asks for the code knows this sign-up. */
export async function beginSignUp(desk: SignUpDesk, library: Library, typed: Typed, now: Date): Promise<string> {
  const hash = keyedHashFor(desk.keys.hashing, library.key)
  const emailHash = hash('email', typed.email)
  const ref = newSecret()
  return inLibrary(desk.logins, 'circulation', library.libraryNo, async (scope) => {
    const row = await rowOf(
      scope,
      sql<{ signUpNo: string }>`
      insert into outreach.sign_up (library_no, ref_hash, link_hash, email_hash, typed, begun_at, expires_at)
      values (${scope.library}, ${secretHash(ref)}, ${secretHash(newSecret())}, ${emailHash}, ${sealTyped(sealingKey(desk.keys.links), library, typed)},
              ${now}, ${new Date(now.getTime() + KEPT_HOURS * 3_600_000)})
      returning sign_up_no as "signUpNo"`,
    )
    const { signUpNo } = row!
    await sendProof(scope, desk, library, { signUpNo, typed, emailHash, hash, now })
    return writeToken({ signUpNo, secret: ref })
  })
}

/** "Send me a new code": for the form as it was sent. Nothing happens for a sign-up that is over, and nobody is told. */
export async function sendNewCode(desk: SignUpDesk, library: Library, ref: string, now: Date): Promise<void> {
  const token = readToken(ref)
  if (token === null) return
  const { signUpNo } = token
  await inLibrary(desk.logins, 'circulation', library.libraryNo, async (scope) => {
    const row = await rowOf(
      scope,
      sql<{ refHash: Buffer; emailHash: Buffer; typed: Buffer }>`
      select ref_hash as "refHash", email_hash as "emailHash", typed from outreach.sign_up
      where library_no = ${scope.library} and sign_up_no = ${signUpNo}::bigint and state = 'pending' and expires_at > ${now}
      for update`,
    )
    if (row === null || !isSame(secretHash(token.secret), row.refHash)) return
    const typed = unsealTyped(sealingKey(desk.keys.links), library, row.typed)
    if (typed === null) return
    const hash = keyedHashFor(desk.keys.hashing, library.key)
    await sendProof(scope, desk, library, { signUpNo, typed, emailHash: row.emailHash, hash, now })
  })
}

interface Proof {
  signUpNo: string
  typed: Typed
  emailHash: Buffer
  hash: KeyedHash
  now: Date
}

/** Beyond the day's mails the sign-up stays without a code, and the page says what it always says. */
async function sendProof(scope: Scope<'circulation'>, desk: SignUpDesk, library: Library, proof: Proof): Promise<void> {
  const { signUpNo, typed, emailHash, hash, now } = proof
  // Two forms at once for one address must not both be the third.
  await sql`select pg_advisory_xact_lock(hashtext('gentle answers'), hashtext(${`${scope.library} ${emailHash.toString('hex')}`}))`.execute(
    scope.tx,
  )
  if ((await answersSince(scope, emailHash, new Date(now.getTime() - 24 * 3_600_000))) >= MAILS_A_DAY) return
  const code = newCode()
  const secret = newSecret()
  await sql`update outreach.sign_up set link_hash = ${secretHash(secret)}, code_hash = ${codeHash(hash, signUpNo, code)}, tries_left = ${TRIES}
            where library_no = ${scope.library} and sign_up_no = ${signUpNo}::bigint`.execute(scope.tx)
  const { mail } = wordsOf[typed.pageLanguage].join
  await queueAnswer(scope, library, {
    kind: 'sign-up',
    to: typed.email,
    addressHash: emailHash,
    language: typed.pageLanguage,
    subject: mail.subject(library.name),
    parts: [
      mail.says(library.name),
      {
        link: `${desk.publicUrl}/${library.key}/join/yes/${writeToken({ signUpNo, secret })}?lang=${typed.pageLanguage}`,
        says: mail.link,
      },
      mail.code,
      { code: `${code.slice(0, 3)} ${code.slice(3)}` },
      mail.notYou,
    ],
    now,
  })
}

/** Forgets forms that nobody proved, and that others were proven. Returns how many. */
export async function sweepSignUps(logins: Logins, library: Library, now: Date): Promise<number> {
  const row = await inLibrary(logins, 'circulation', library.libraryNo, (scope) =>
    rowOf(
      scope,
      sql<{ swept: number }>`
      with swept as (delete from outreach.sign_up where library_no = ${scope.library} and expires_at <= ${now} returning 1)
      select count(*)::int as swept from swept`,
    ),
  )
  return row!.swept
}
