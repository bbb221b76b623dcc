// The second proof: a code goes to the phone as a text, and whoever types it on the page holds that phone. It begins only
// when the mailbox is proven, so that nobody has a stranger's phone texted by filling in a form; and what it proves counts
// for that very phone, never for another one on somebody's card.
import { sql } from 'kysely'
import type { Keys } from '../db/keys.ts'
import { rowOf, type Scope } from '../db/scope.ts'
import { isAbroad } from '../lib/addresses.ts'
import { type KeyedHash, keyedHashFor } from '../lib/keyed-hash.ts'
import { type Line, linesOf } from '../messages/lines.ts'
import { inOnePart, queueText } from '../messages/queue-text.ts'
import type { Library } from '../patrons/library.ts'
import { wordsOf } from '../words/languages.ts'
import { codeHash, newCode, newSecret, sealingKey, secretHash, TRIES, writeToken } from './secrets.ts'
import { sealTyped, type TypedWithPhone } from './typed.ts'

const TEXTS_A_DAY = 3
/** Beyond it somebody is using the library's line to text strangers. People who sign up are never so many. */
const TEXTS_AN_HOUR = 200
const GOOD_FOR_MINUTES = 60

/** The page that asks for the digits: `ref` knows the sign-up, and of the phone only its end is shown. */
export interface PhoneStep {
  ref: string
  phone: string
}

export interface PhoneToProve {
  keys: Keys
  library: Library
  typed: TypedWithPhone
  now: Date
}

/**
 * In the caller's transaction, before the head of the ledger is locked. `typed` holds the yeses to texts alone. Null where
 * the library has no number to text from.
 */
export async function beginPhoneProof(scope: Scope<'circulation'>, proof: PhoneToProve): Promise<PhoneStep | null> {
  const { keys, library, typed, now } = proof
  const line = await lineOf(scope, library)
  if (line === null) return null
  const hash = keyedHashFor(keys.hashing, library.key)
  const ref = newSecret()
  const row = await rowOf(
    scope,
    sql<{ signUpNo: string }>`
    insert into outreach.sign_up (library_no, ref_hash, link_hash, email_hash, phone_hash, typed, begun_at, expires_at)
    values (${scope.library}, ${secretHash(ref)}, ${secretHash(newSecret())}, ${hash('email', typed.email)}, ${hash('phone', typed.phone)},
            ${sealTyped(sealingKey(keys.links), library, typed)}, ${now}, ${new Date(now.getTime() + GOOD_FOR_MINUTES * 60_000)})
    returning sign_up_no as "signUpNo"`,
  )
  const { signUpNo } = row!
  await sendPhoneCode(scope, { ...proof, signUpNo })
  return { ref: writeToken({ signUpNo, secret: ref }), phone: endOf(typed.phone) }
}

/** "…23": enough to know one's own phone by. */
export const endOf = (phone: string): string => `…${phone.slice(-2)}`

const lineOf = async (scope: Scope<'circulation'>, library: Library): Promise<Line | null> =>
  (await linesOf({ circulation: scope.tx }, library.libraryNo))[0] ?? null

/** A new code replaces the last. Where none may be sent, none is good, and the page behaves as if one were. */
export async function sendPhoneCode(
  scope: Scope<'circulation'>,
  { keys, library, typed, now, signUpNo }: PhoneToProve & { signUpNo: string },
): Promise<void> {
  const hash = keyedHashFor(keys.hashing, library.key)
  const phoneHash = hash('phone', typed.phone)
  const line = await lineOf(scope, library)
  const code = newCode()
  const sends = line !== null && (await maySend(scope, line, { phone: typed.phone, phoneHash, now }))
  await armWith(scope, hash, signUpNo, sends ? code : newSecret().toString('hex'))
  if (!sends) return
  const language = typed.pageLanguage
  await queueText(scope, line, {
    kind: 'code',
    phone: typed.phone,
    phoneHash,
    body: inOnePart(wordsOf[language].texts.code(library.name, `${code.slice(0, 3)} ${code.slice(3)}`)),
    language,
    askedBy: 'rule: a phone is proven by a code',
    now,
  })
}

const armWith = (scope: Scope<'circulation'>, hash: KeyedHash, signUpNo: string, code: string) =>
  sql`update outreach.sign_up set code_hash = ${codeHash(hash, signUpNo, code)}, tries_left = ${TRIES}
      where library_no = ${scope.library} and sign_up_no = ${signUpNo}::bigint`.execute(scope.tx)

/**
 * Not abroad, where a text costs the library many times as much and somebody may earn by it. Counted one after the other,
 * because two forms at once must not both be the third.
 */
async function maySend(
  scope: Scope<'circulation'>,
  line: Line,
  { phone, phoneHash, now }: { phone: string; phoneHash: Buffer; now: Date },
): Promise<boolean> {
  if (isAbroad(phone, line.number)) return false
  await sql`select pg_advisory_xact_lock(hashtext('gentle phone codes'), ${scope.library})`.execute(scope.tx)
  const row = await rowOf(
    scope,
    sql<{ today: number; thisHour: number }>`
    select (select count(*)::int from mail.text where library_no = ${scope.library} and phone_hash = ${phoneHash} and kind = 'code'
              and at > ${before(now, 24)}) as today,
           (select count(*)::int from mail.text where library_no = ${scope.library} and kind = 'code' and at > ${before(now, 1)}) as "thisHour"`,
  )
  return row!.today < TEXTS_A_DAY && row!.thisHour < TEXTS_AN_HOUR
}

const before = (now: Date, hours: number): Date => new Date(now.getTime() - hours * 3_600_000)

/** Digits that are good for nothing any more, and the phones that they went to; a code that still waits leaves no more. */
export async function forgetPhoneCodes(scope: Scope<'circulation'>, now: Date): Promise<void> {
  await sql`
    update mail.text set body = null, phone = null, state = case when state = 'waiting' then 'cancelled' else state end
    where library_no = ${scope.library} and kind = 'code' and at <= ${new Date(now.getTime() - GOOD_FOR_MINUTES * 60_000)}
      and body is not null and state <> 'handing'`.execute(scope.tx)
}
