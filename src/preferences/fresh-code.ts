// The fresh code: six digits sent to the address itself, ten minutes, five tries. It proves that whoever holds a link reads
// the mailbox too; what it opens stands in a seal of the page's own form, so nothing is remembered on either side.
import { randomInt } from 'node:crypto'
import { sql } from 'kysely'
import { inLibrary, type Logins, rowOf, type Scope } from '../db/scope.ts'
import type { FormSeal } from '../lib/form-seal.ts'
import type { MessageLink } from '../lib/signed-links.ts'
import { queueAnswer } from '../messages/answers.ts'
import type { Library } from '../patrons/library.ts'
import { type Language, wordsOf } from '../words/languages.ts'
import { countAnswers } from './count-answers.ts'

export const CODE_MINUTES = 10
const CODE_TRIES = 5
const PROOF_MINUTES = 15
/** With five tries each, a guesser has fifty in a million a day. */
const CODES_A_DAY = 10

export interface CodeDoor {
  logins: Logins
  forms: FormSeal
}

const KIND = 'fresh-code'
const about = (library: Library, { patron, addressHash }: MessageLink) =>
  `${library.libraryNo}/${patron}/${addressHash.toString('hex')}`

/**
 * Replaces an earlier code. False when this address had its codes of the day: then the last one still stands. Where the
 * person has another address by now, nothing is sent and true is returned, so that nobody learns of it.
 */
export async function sendFreshCode(
  { logins, forms }: CodeDoor,
  library: Library,
  link: MessageLink,
  mail: { to: string; language: Language; now: Date },
): Promise<boolean> {
  const code = randomInt(1_000_000).toString().padStart(6, '0')
  const { to, language, now } = mail
  const words = wordsOf[language].preferences.codeMail
  return inLibrary(logins, 'circulation', library.libraryNo, async (scope) => {
    if ((await countAnswers(scope, { addressHash: link.addressHash, kind: KIND, now })) >= CODES_A_DAY) return false
    if (!(await isTheirs(scope, link))) return true
    const until = new Date(now.getTime() + CODE_MINUTES * 60_000)
    await sql`
      insert into outreach.fresh_code (library_no, patron_no, address_hash, code_hash, expires_at, tries_left)
      values (${scope.library}, ${link.patron}::bigint, ${link.addressHash}, ${forms.codeHash(about(library, link), code)}, ${until}, ${CODE_TRIES})
      on conflict (library_no, patron_no, address_hash) do update
      set code_hash = excluded.code_hash, expires_at = excluded.expires_at, tries_left = excluded.tries_left`.execute(
      scope.tx,
    )
    await queueAnswer(scope, library, {
      kind: KIND,
      to,
      addressHash: link.addressHash,
      language,
      subject: words.subject(library.name),
      parts: [
        words.opening(library.name),
        { code: `${code.slice(0, 3)} ${code.slice(3)}` },
        words.good(CODE_MINUTES),
        words.notYou,
      ],
      now,
    })
    return true
  })
}

export type Checked = 'right' | 'wrong' | 'over'

/** Used up by the right answer, by five wrong ones, and by time. Spaces and dashes between the digits do not matter. */
export async function checkFreshCode(
  { logins, forms }: CodeDoor,
  library: Library,
  link: MessageLink,
  typed: { code: string; now: Date },
): Promise<Checked> {
  const code = typed.code.normalize('NFKC').replace(/[\s.-]/g, '')
  return inLibrary(logins, 'circulation', library.libraryNo, async (scope) => {
    const kept = await rowOf(
      scope,
      // Locked: of two guesses at once the second sees what the first has used up.
      sql<{ codeHash: Buffer; triesLeft: number; over: boolean }>`
      select code_hash as "codeHash", tries_left as "triesLeft", expires_at <= ${typed.now} as over
      from outreach.fresh_code where ${keyOf(scope, link)} for update`,
    )
    if (kept === null || kept.over || kept.triesLeft < 1 || !(await isTheirs(scope, link))) return 'over'
    const right = /^\d{6}$/.test(code) && forms.codeHash(about(library, link), code).equals(kept.codeHash)
    if (right) await sql`delete from outreach.fresh_code where ${keyOf(scope, link)}`.execute(scope.tx)
    else
      await sql`update outreach.fresh_code set tries_left = tries_left - 1 where ${keyOf(scope, link)}`.execute(
        scope.tx,
      )
    return right ? 'right' : kept.triesLeft === 1 ? 'over' : 'wrong'
  })
}

/**
 * The link's address is still this person's. Whoever reads the mailbox that somebody has left (a partner, an employer)
 * holds its old mails and gets what is sent there, and must neither see nor change anything of who has moved on.
 */
const isTheirs = async (scope: Scope<'circulation'>, link: MessageLink): Promise<boolean> =>
  (await rowOf(
    scope,
    sql`select 1 from outreach.standing
        where library_no = ${scope.library} and patron_no = ${link.patron}::bigint and email_hash = ${link.addressHash}`,
  )) !== null

const keyOf = (scope: Scope<'circulation'>, link: MessageLink) =>
  sql`library_no = ${scope.library} and patron_no = ${link.patron}::bigint and address_hash = ${link.addressHash}`

/** What a right code opens, for a quarter of an hour and for this very link's person and address. */
export const sealProof = ({ forms }: CodeDoor, library: Library, link: MessageLink, now: Date): string =>
  forms.seal('own page', [about(library, link)], new Date(now.getTime() + PROOF_MINUTES * 60_000))

export const isProof = async (
  { logins, forms }: CodeDoor,
  library: Library,
  link: MessageLink,
  proof: string,
  now: Date,
): Promise<boolean> =>
  forms.open('own page', proof, now)?.[0] === about(library, link) &&
  inLibrary(logins, 'circulation', library.libraryNo, (scope) => isTheirs(scope, link))
