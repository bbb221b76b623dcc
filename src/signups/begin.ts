// A form was sent: it waits, sealed, and one mail with a link and a code goes to the address. Nobody is looked up here, so
// neither the answer nor its time can tell whether an address or a card is known; and no address gets more than three
// such mails a day, whoever types it. The page never tells that it came to that.
import { sql } from 'kysely'
import type { Keys } from '../db/keys.ts'
import { inLibrary, type Logins, rowOf, type Scope } from '../db/scope.ts'
import { type KeyedHash, keyedHashFor } from '../lib/keyed-hash.ts'
import { answersSince, queueAnswer } from '../messages/answers.ts'
import type { Library } from '../patrons/library.ts'
import { wordsOf } from '../words/languages.ts'
import { forgetPhoneCodes, sendPhoneCode } from './prove-phone.ts'
import {
  codeHash,
  isSame,
  newCode,
  newSecret,
  readToken,
  sealingKey,
  secretHash,
  TRIES,
  writeToken,
} from './secrets.ts'
import { hasPhone, sealTyped, type Typed, unsealTyped } from './typed.ts'

export interface SignUpDesk {
  logins: Logins
  keys: Keys
  /** Where readers reach this installation, without a slash at the end. */
  publicUrl: string
}

const MAILS_A_DAY = 3
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

/**
 * "Send me a new code": for the form as it was sent. For a sign-up that is over no mail leaves, and nobody is told.
 * `mayMail` may throw: then nothing has happened.
 */
export async function sendNewCode(
  desk: SignUpDesk,
  library: Library,
  { ref, now, mayMail }: { ref: string; now: Date; mayMail: (email: string) => void },
): Promise<void> {
  const token = readToken(ref)
  if (token === null) return
  const { signUpNo } = token
  await inLibrary(desk.logins, 'circulation', library.libraryNo, async (scope) => {
    const row = await rowOf(
      scope,
      sql<{ refHash: Buffer; emailHash: Buffer; ofPhone: boolean; typed: Buffer | null }>`
      select ref_hash as "refHash", email_hash as "emailHash", phone_hash is not null as "ofPhone", typed from outreach.sign_up
      where library_no = ${scope.library} and sign_up_no = ${signUpNo}::bigint and expires_at > ${now}
      for update`,
    )
    if (row === null || !isSame(secretHash(token.secret), row.refHash)) return
    const hash = keyedHashFor(desk.keys.hashing, library.key)
    // Proven meanwhile: whoever typed a stranger's address must not learn of it by the tries that are left.
    if (row.typed === null) return armWithout(scope, hash, signUpNo)
    const typed = unsealTyped(sealingKey(desk.keys.links), library, row.typed)
    if (typed === null) return
    if (row.ofPhone && hasPhone(typed)) return sendPhoneCode(scope, { keys: desk.keys, library, typed, now, signUpNo })
    mayMail(typed.email)
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

const KIND = 'sign-up'

/** Beyond the day's mails no code is good, and the page behaves as if one were; the link of the newest mail still is. */
async function sendProof(scope: Scope<'circulation'>, desk: SignUpDesk, library: Library, proof: Proof): Promise<void> {
  const { signUpNo, typed, emailHash, hash, now } = proof
  // Two forms at once for one address must not both be the third.
  await sql`select pg_advisory_xact_lock(hashtext('gentle answers'), hashtext(${`${scope.library} ${emailHash.toString('hex')}`}))`.execute(
    scope.tx,
  )
  const since = new Date(now.getTime() - 24 * 3_600_000)
  if ((await answersSince(scope, { addressHash: emailHash, kind: KIND, since })) >= MAILS_A_DAY)
    return armWithout(scope, hash, signUpNo)
  const code = newCode()
  const secret = newSecret()
  await sql`update outreach.sign_up set link_hash = ${secretHash(secret)}, code_hash = ${codeHash(hash, signUpNo, code)}, tries_left = ${TRIES}
            where library_no = ${scope.library} and sign_up_no = ${signUpNo}::bigint`.execute(scope.tx)
  const { mail } = wordsOf[typed.pageLanguage].join
  await queueAnswer(scope, library, {
    kind: KIND,
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

/** A code that nobody can type: it is wrong five times, like any other that was not read in the mail. */
const armWithout = async (scope: Scope<'circulation'>, hash: KeyedHash, signUpNo: string): Promise<void> => {
  const nobodys = codeHash(hash, signUpNo, newSecret().toString('hex'))
  await sql`update outreach.sign_up set code_hash = ${nobodys}, tries_left = ${TRIES}
            where library_no = ${scope.library} and sign_up_no = ${signUpNo}::bigint`.execute(scope.tx)
}

/** Forgets forms that nobody proved, that others were proven, and the digits of codes in texts. Returns how many forms. */
export async function sweepSignUps(logins: Logins, library: Library, now: Date): Promise<number> {
  return inLibrary(logins, 'circulation', library.libraryNo, async (scope) => {
    await forgetPhoneCodes(scope, now)
    const row = await rowOf(
      scope,
      sql<{ swept: number }>`
      with swept as (delete from outreach.sign_up where library_no = ${scope.library} and expires_at <= ${now} returning 1)
      select count(*)::int as swept from swept`,
    )
    return row!.swept
  })
}
