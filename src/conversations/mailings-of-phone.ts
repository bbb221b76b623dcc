// The notes of mailings by text that a phone had from a line: people answer those, too, and whoever reads the answer has to
// see what it answers. The gate's messages stay where they are; here they are only read.
import { sql } from 'kysely'
import { rowsOf, type Scope } from '../db/scope.ts'
import { Problem } from '../lib/errors.ts'
import { type Letter, readLetter } from '../messages/letter.ts'
import { noteOf } from '../messages/render-text.ts'
import type { Library } from '../patrons/library.ts'
import { knownLanguage, type Language } from '../words/languages.ts'
import type { Conversation } from './conversation.ts'

export interface MailingOfPhone {
  messageNo: string
  /** What staff call the mailing. */
  mailing: string
  /** In the language of the conversation, without the library's name and how to stop, which stood around it. */
  note: string | null
  state: string
  at: Date
}

const MOST = 100

/** Those that left or may have, oldest first: one step in the index message_by_phone. Of somebody erased there are none. */
export async function mailingsOfPhone(
  scope: Scope<'circulation'>,
  library: Library,
  { phoneHash, lineNo, language }: Pick<Conversation, 'phoneHash' | 'lineNo' | 'language'>,
): Promise<MailingOfPhone[]> {
  const found = await rowsOf(
    scope,
    sql<Omit<MailingOfPhone, 'note'> & { letter: unknown }>`
    select m.message_no as "messageNo", c.name as mailing, c.letter, m.state, m.taken_at as at
    from mail.message m join outreach.campaign c on c.library_no = m.library_no and c.campaign_no = m.campaign_no
    where m.library_no = ${scope.library} and m.phone_hash = ${phoneHash} and m.line_no = ${lineNo}
      and m.state in ('accepted', 'delivered', 'bounced', 'unknown') and m.taken_at is not null
    order by m.taken_at desc, m.message_no desc limit ${MOST}`,
  )
  return found.reverse().map(({ letter, ...one }) => ({
    ...one,
    note: sayNote(readLetter(letter, 'The letter of this campaign'), language, library),
  }))
}

function sayNote(letter: Letter, language: Language, library: Library): string | null {
  const tongue = [language, knownLanguage(library.language)].find((one) => one !== null && letter.texts[one])
  if (tongue == null) return null
  try {
    return noteOf(letter, tongue, library)
  } catch (error) {
    // A detail of the library that the note names has been taken out since.
    if (error instanceof Problem) return letter.texts[tongue] ?? null
    throw error
  }
}
