// Asking for the way to one's choices by typing an address. The page says the same to everybody and the same work is done
// for everybody; only the mail, which the address alone can read, tells whether we know it. An address that must not be
// written to gets none: anybody can type it.
import { sql } from 'kysely'
import { maskOf } from '../consent/purposes.ts'
import { inLibrary, type Logins, rowOf, rowsOf, type Scope } from '../db/scope.ts'
import { normaliseEmail } from '../lib/addresses.ts'
import { type LinkSigner, NO_PURPOSE } from '../lib/signed-links.ts'
import type { AnswerPart } from '../messages/answer-frame.ts'
import { queueAnswer } from '../messages/answers.ts'
import type { Library } from '../patrons/library.ts'
import { type Language, wordsOf } from '../words/languages.ts'
import { countAnswers } from './count-answers.ts'

const A_DAY = 3
const KIND = 'link-asked-for'
/** More people than this behind one address are a club, and the desk can tell them apart. */
const MOST_PEOPLE = 5

export interface LinkRequest {
  email: string
  language: Language
  /** Where readers reach this installation, without a slash at the end. */
  publicUrl: string
  now: Date
}

export interface AskDoor {
  logins: Logins
  links: LinkSigner
}

/** Nothing is done for what is no address. */
export async function askForLink(door: AskDoor, library: Library, request: LinkRequest): Promise<void> {
  const to = normaliseEmail(request.email)
  if (to === null) return
  const { language, now } = request
  const addressHash = door.logins.seals.hashFor(library.key)('email', to)
  await inLibrary(door.logins, 'circulation', library.libraryNo, async (scope) => {
    const people = await peopleAt(scope, addressHash)
    const silent = await isSilent(scope, addressHash)
    if ((await countAnswers(scope, { addressHash, kind: KIND, now })) >= A_DAY) return
    const words = wordsOf[language].preferences.linkMail
    const linkOf = (patron: string) =>
      door.links.sign({ library: library.libraryNo, message: '0', patron, purpose: NO_PURPOSE, addressHash })
    const known: AnswerPart[] = [
      people.length === 1 ? words.known(library.name) : words.shared(library.name),
      ...people.map((patron, at) => ({
        link: `${request.publicUrl}/p/${linkOf(patron)}`,
        says: people.length === 1 ? words.open : words.openOf(at + 1),
      })),
      words.notYou,
    ]
    const unknown: AnswerPart[] = [
      words.unknown(library.name),
      { link: `${request.publicUrl}/${library.key}/join`, says: words.join },
      words.notYou,
    ]
    await sql`savepoint before_mail`.execute(scope.tx)
    await queueAnswer(scope, library, {
      kind: KIND,
      to,
      addressHash,
      language,
      subject: words.subject(library.name),
      parts: people.length > 0 ? known : unknown,
      now,
    })
    // Taken back only now, so that silence takes as long as a mail.
    if (silent) await sql`rollback to savepoint before_mail`.execute(scope.tx)
  })
}

/** Stopped or erased as a whole, bounced, complained of, or waiting for staff. Who stopped one kind is still written to. */
const isSilent = async (scope: Scope<'circulation'>, addressHash: Buffer): Promise<boolean> =>
  (await rowOf(
    scope,
    sql`select 1 from (
          select bit_or(purposes) filter (where reason = 'stopped') as stopped, bool_or(reason <> 'stopped') as other
          from outreach.suppression
          where library_no = ${scope.library} and channel = 'email' and address_hash = ${addressHash} and lifted_at is null) x
        where x.other or x.stopped & ${maskOf('all')}::bigint = ${maskOf('all')}::bigint`,
  )) !== null

const peopleAt = async (scope: Scope<'circulation'>, addressHash: Buffer): Promise<string[]> =>
  (await rowsOf(scope, peopleStatement(scope.library, addressHash))).map((row) => row.patron)

/** By the index standing_by_email, whose condition is repeated here: it holds only people who ever chose something. */
export const peopleStatement = (library: number, addressHash: Buffer) => sql<{ patron: string }>`
  select patron_no as patron from outreach.standing
  where library_no = ${library} and email_hash = ${addressHash}
    and (agreed_email <> 0 or refused_email <> 0 or agreed_sms <> 0 or refused_sms <> 0 or agreed_post <> 0 or refused_post <> 0)
  order by patron_no limit ${MOST_PEOPLE}`
