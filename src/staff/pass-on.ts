// "Pass it on": where the library's policy allows it, a patron gets a note of the library's own that somebody asked, and
// the asker learns nothing. The register keeps that a note was passed on, not to whom, and not what it said.
import { sql } from 'kysely'
import { settingOf } from '../consent/change-policy.ts'
import { inLibrary, type Logins, rowOf } from '../db/scope.ts'
import { normaliseEmail } from '../lib/addresses.ts'
import { Problem } from '../lib/errors.ts'
import { queueAnswer } from '../messages/answers.ts'
import { findPatron } from '../patrons/find-patron.ts'
import type { Library } from '../patrons/library.ts'
import { knownLanguage, wordsOf } from '../words/languages.ts'
import { writeAudit } from './audit.ts'
import { findRequest } from './request.ts'

interface Note {
  requestNo: number
  patronId: string
  /** What the asker wanted to have told. */
  says: string
  by: string
  now: Date
}

/** Throws Problem 'not-allowed' (the policy), 'not-found', 'bad-input', or 'not-ready' when we know no address to write to. */
export async function passOn(logins: Logins, library: Library, note: Note): Promise<void> {
  const says = note.says.trim()
  if (says === '' || says.length > 1_000 || /[^\P{Cc}\n]/u.test(says))
    throw new Problem('bad-input', 'Write what is to be passed on, in at most 1,000 plain characters.')
  await inLibrary(logins, 'circulation', library.libraryNo, async (scope) => {
    if ((await settingOf(scope, 'pass-on')) !== true)
      throw new Problem(
        'not-allowed',
        `${library.name} does not pass notes on. Whoever answers for it may allow it: "gentle policy loosen pass-on".`,
      )
    await findRequest(scope, note.requestNo)
    const patron = await findPatron(scope, library, note.patronId)
    // The audit tells that an address was used, as of any look; beside the request it would tell who was asked about.
    await writeAudit(scope, { who: note.by, did: 'used an address', about: { patronNo: patron } })
    const person = await rowOf(
      scope,
      sql<{ email: string; language: string; hash: Buffer }>`
      select i.email, s.language, s.email_hash as hash from roster.identity i
      join outreach.standing s on s.library_no = i.library_no and s.patron_no = i.patron_no
      where i.library_no = ${scope.library} and i.patron_no = ${patron}::bigint and s.email_hash is not null
        and s.email_usable and s.status <> 'deceased'
        and not exists (select from outreach.suppression x where x.library_no = i.library_no and x.channel = 'email'
              and x.address_hash = s.email_hash and x.lifted_at is null and x.reason <> 'stopped')`,
    )
    const to = person?.email ? normaliseEmail(person.email) : null
    if (person === null || to === null)
      throw new Problem(
        'not-ready',
        'We know no address to write this patron to: names and addresses are kept only of people who agreed to something. Nothing was sent; a letter by hand is the way.',
      )
    const language = knownLanguage(person.language) ?? knownLanguage(library.language) ?? 'en'
    const words = wordsOf[language].passedOn
    await sql`update desk.request set passed_on = true where library_no = ${scope.library} and request_no = ${note.requestNo}`.execute(
      scope.tx,
    )
    await queueAnswer(scope, library, {
      kind: 'note by staff',
      to,
      addressHash: person.hash,
      now: note.now,
      language,
      subject: words.subject,
      parts: [words.asked(library.name), ...says.split(/\n+/).map((line) => `“${line}”`), words.toldNothing],
      because: words.why,
    })
  })
}
