// An answer that staff wrote by mail, to the address that stood in ours: it goes out as a text, and they are told what went
// out, or why nothing did. Only somebody whose own domain has signed the mail, and whom the library allows, is taken for
// staff; what a program wrote is never sent on.
import { sql } from 'kysely'
import { type LibraryNo, type Logins, rowOf, type Scope } from '../db/scope.ts'
import { answerNoIn } from '../messages/answer-ids.ts'
import { lineByNo } from '../messages/lines.ts'
import { type Answering, readAnswering } from '../patrons/answering.ts'
import { type Library, libraryByNo } from '../patrons/library.ts'
import { knownLanguage, languages, wordsOf } from '../words/languages.ts'
import { type Answered, answerText, sendAsked } from './answer-text.ts'
import { findConversation } from './conversation.ts'
import type { Place } from './desk.ts'
import { isOurs, type ReplyTo, readReplyToken, replyAddress } from './reply-address.ts'
import { queueToStaff, sayPhone } from './tell-library.ts'

export interface StaffMailIn {
  /** What stood between the plus sign and the @. */
  tag: string
  /** The address in From, only when its own domain has signed the mail. */
  verifiedAddress: string | null
  /** A program wrote it: an answer of its own accord, a delivery report, a mailing list. */
  automatic: boolean
  /** The person's own words: what they quote and their signature are gone. */
  text: string
  /** The Message-ID of the mail that it answers. */
  inReplyTo: string | null
  /** Of the mail; the same one brought twice is sent once. */
  arrivalNo: string
  replyDomain: string | null
  now: Date
}

/** As the mail door wants to hear it. 'kept': a person has to look at it. */
export type StaffAnswerTaken = { kind: 'done'; said: string } | { kind: 'kept'; why: string }

/** Whose mail it is; null when the address is none that we made. */
export async function libraryOfReply(logins: Logins, tag: string): Promise<LibraryNo | null> {
  const reply = readReplyToken(tag)
  const library = reply && (await libraryByNo(logins, reply.libraryNo))
  return reply && library && isOurs(logins.seals, library, reply) ? reply.libraryNo : null
}

export async function receiveStaffAnswer(
  scope: Scope<'circulation'>,
  library: Library,
  mail: StaffMailIn,
): Promise<StaffAnswerTaken> {
  const reply = readReplyToken(mail.tag)
  if (reply === null || reply.libraryNo !== library.libraryNo || !isOurs(scope.seals, library, reply))
    return { kind: 'kept', why: 'it was sent to an address that this program did not make' }
  if (mail.automatic) return { kind: 'done', said: 'written by a program: nothing was sent' }
  const answering = await readAnswering({ circulation: scope.tx }, library.libraryNo)
  if (!isAllowed(mail.verifiedAddress, library, answering))
    return {
      kind: 'kept',
      why:
        mail.verifiedAddress === null
          ? 'nobody can tell who wrote it: it is not signed (DKIM) by the domain in its From line'
          : `${mail.verifiedAddress} is not of the library’s staff (gentle answering set --staff-domain)`,
    }
  const place = await placeOfReply(scope, { library, answering }, reply)
  if (place === null) return { kind: 'kept', why: 'its conversation is not there any more' }
  const by = mail.verifiedAddress!.toLowerCase()
  const about = { conversationNo: reply.conversationNo, by, now: mail.now }
  const answered = saysSend(mail.text)
    ? await sendAsked(scope, place, about)
    : await answerText(scope, place, {
        ...about,
        body: mail.text,
        seen: await seenWith(scope, library, reply, mail.inReplyTo),
        once: `mail ${mail.arrivalNo}`,
      })
  if (answered === null) return { kind: 'kept', why: 'it says to send what was asked about, and nothing was asked' }
  await tellWriter(scope, place, { answered, by, mail, conversationNo: reply.conversationNo })
  return {
    kind: 'done',
    said: answered.kind === 'sent' ? `sent as a text of ${answered.parts} parts` : `not sent: ${answered.why}`,
  }
}

/** The last text that had come when the mail was written that is answered here; what came after it still waits. */
async function seenWith(
  scope: Scope<'circulation'>,
  library: Library,
  { conversationNo }: ReplyTo,
  inReplyTo: string | null,
): Promise<string | null> {
  const answerNo = answerNoIn(library, inReplyTo)
  if (answerNo === null) return null
  const row = await rowOf(
    scope,
    sql<{ seen: string | null }>`
    select max(text_no) as seen from mail.text
    where library_no = ${scope.library} and conversation_no = ${conversationNo}::bigint and direction = 'in'
      and at <= (select queued_at from mail.answer where library_no = ${scope.library} and answer_no = ${answerNo}::bigint)`,
  )
  return row!.seen
}

const saysSend = (text: string): boolean =>
  languages.some(
    (language) =>
      text
        .trim()
        .replace(/[.!]+$/, '')
        .toUpperCase() === wordsOf[language].texts.staff.sendWord,
  )

export function isAllowed(address: string | null, library: Library, { staffDomains, email }: Answering): boolean {
  if (address === null) return false
  const domainOf = (one: string) => one.slice(one.lastIndexOf('@') + 1).toLowerCase()
  const allowed = staffDomains.length > 0 ? staffDomains : [domainOf(email ?? library.email)]
  return allowed.some((one) => one.toLowerCase() === domainOf(address))
}

async function placeOfReply(
  scope: Scope<'circulation'>,
  { library, answering }: { library: Library; answering: Answering },
  { conversationNo }: ReplyTo,
): Promise<Place | null> {
  const conversation = await findConversation(scope, conversationNo)
  const line = conversation && (await lineByNo({ circulation: scope.tx }, conversation.lineNo))
  return line ? { library, line, answering } : null
}

async function tellWriter(
  scope: Scope<'circulation'>,
  place: Place,
  told: { answered: Answered; by: string; mail: StaffMailIn; conversationNo: string },
): Promise<void> {
  const { answered, by, mail, conversationNo } = told
  const { library } = place
  const words = wordsOf[knownLanguage(library.language) ?? 'en'].texts.staff
  const conversation = (await findConversation(scope, conversationNo))!
  const phone = sayPhone(conversation.phone ?? '')
  const parts =
    answered.kind === 'sent'
      ? [words.sentAs(answered.parts), answered.body, words.sentTo(phone)]
      : [
          words.notSent[answered.why],
          ...(answered.other === null ? [] : [words.answeredBy(answered.other.by), answered.other.body]),
          ...(answered.why === 'too long' ? [words.confirmLong(answered.parts)] : []),
          ...(answered.why === 'already answered' ? [words.sendAnyway] : []),
        ]
  await queueToStaff(scope, place, {
    kind: answered.kind === 'sent' ? 'text-went-out' : 'text-not-sent',
    to: by,
    subject: words.subject(phone, conversationNo),
    parts: [words.above, ...parts],
    replyTo: mail.replyDomain === null ? null : replyAddress(scope.seals, library, conversationNo, mail.replyDomain),
    conversationNo,
    now: mail.now,
  })
}
