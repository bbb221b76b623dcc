// The fresh code: six digits sent to the address itself, ten minutes, five tries. It proves that whoever holds a link reads
// the mailbox too. It belongs to the very link that asked for it: whoever was passed one message uses up that message's
// codes, and its reader comes by another.
import { randomInt } from 'node:crypto'
import { sql } from 'kysely'
import { inLibrary, type Logins, rowOf, type Scope } from '../db/scope.ts'
import type { FormSeal } from '../lib/form-seal.ts'
import type { MessageLink } from '../lib/signed-links.ts'
import { queueAnswer } from '../messages/answers.ts'
import type { Library } from '../patrons/library.ts'
import { type Language, wordsOf } from '../words/languages.ts'
import { countAnswers } from './count-answers.ts'
import { personOf } from './link-person.ts'

export const CODE_MINUTES = 10
const CODE_TRIES = 5
const CARD_TRIES = 5
const OF_A_LINK = { anHour: 3, aDay: 5 }
/** Of all links together. With five tries each, a guesser has a hundred in a million a day. */
const OF_AN_ADDRESS_A_DAY = 20
const HOUR = 3_600_000

export interface CodeDoor {
  logins: Logins
  forms: FormSeal
}

const KIND = 'fresh-code'

/** What seals and codes are bound to. */
export const aboutLink = (library: Library, { patron, addressHash }: MessageLink): string =>
  `${library.libraryNo}/${patron}/${addressHash.toString('hex')}`

const aboutCode = (library: Library, link: MessageLink) => `${aboutLink(library, link)}/${link.message}`

/**
 * Replaces an earlier code of this link. Nothing is sent, and nobody told, where the link or the address had its codes
 * (then the last one still stands), and where the person has another address by now.
 */
export async function sendFreshCode(
  { logins, forms }: CodeDoor,
  library: Library,
  link: MessageLink,
  mail: { to: string; language: Language; now: Date },
): Promise<void> {
  const code = randomInt(1_000_000).toString().padStart(6, '0')
  const { to, language, now } = mail
  const words = wordsOf[language].preferences.codeMail
  await inLibrary(logins, 'circulation', library.libraryNo, async (scope) => {
    const { addressHash } = link
    if ((await countAnswers(scope, { addressHash, kind: KIND, now })) >= OF_AN_ADDRESS_A_DAY) return
    if ((await personOf(scope, link)) === null) return
    const asked = await askedWithinADay(scope, link, now)
    const lately = asked.filter((at) => now.getTime() - at.getTime() < HOUR)
    if (asked.length >= OF_A_LINK.aDay || lately.length >= OF_A_LINK.anHour) return
    const until = new Date(now.getTime() + CODE_MINUTES * 60_000)
    await sql`
      insert into outreach.fresh_code (library_no, patron_no, address_hash, message_no, code_hash, expires_at, tries_left, asked_at)
      values (${scope.library}, ${link.patron}::bigint, ${addressHash}, ${link.message}::bigint,
              ${forms.codeHash(aboutCode(library, link), code)}, ${until}, ${CODE_TRIES}, ${[...asked, now]}::timestamptz[])
      on conflict (library_no, patron_no, address_hash, message_no) do update
      set code_hash = excluded.code_hash, expires_at = excluded.expires_at, tries_left = excluded.tries_left,
          asked_at = excluded.asked_at, card_tries_left = 0`.execute(scope.tx)
    await queueAnswer(scope, library, {
      kind: KIND,
      to,
      addressHash,
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
  })
}

/** When this link's codes left. What is older, of any of the person's links, is forgotten by the way. */
async function askedWithinADay(scope: Scope<'circulation'>, link: MessageLink, now: Date): Promise<Date[]> {
  const dayAgo = new Date(now.getTime() - 24 * HOUR)
  await sql`delete from outreach.fresh_code
            where library_no = ${scope.library} and patron_no = ${link.patron}::bigint and expires_at < ${dayAgo}`.execute(
    scope.tx,
  )
  const row = await rowOf(
    scope,
    sql<{ asked: Date[] }>`select asked_at as asked from outreach.fresh_code where ${codeOfLink(scope, link)}`,
  )
  return (row?.asked ?? []).filter((at) => at > dayAgo)
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
      from outreach.fresh_code where ${codeOfLink(scope, link)} for update`,
    )
    if (kept === null || kept.over || kept.triesLeft < 1 || (await personOf(scope, link)) === null) return 'over'
    const right = /^\d{6}$/.test(code) && forms.codeHash(aboutCode(library, link), code).equals(kept.codeHash)
    // The row stays: it knows how often this link asked, and how often a card number may be tried behind this code.
    const used = right ? sql`tries_left = 0, card_tries_left = ${CARD_TRIES}` : sql`tries_left = tries_left - 1`
    await sql`update outreach.fresh_code set ${used} where ${codeOfLink(scope, link)}`.execute(scope.tx)
    return right ? 'right' : kept.triesLeft === 1 ? 'over' : 'wrong'
  })
}

/** As a condition on outreach.fresh_code. */
export const codeOfLink = (scope: Scope<'circulation'>, link: MessageLink) =>
  sql`library_no = ${scope.library} and patron_no = ${link.patron}::bigint and address_hash = ${link.addressHash}
      and message_no = ${link.message}::bigint`
