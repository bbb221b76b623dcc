// The mail by which a text reaches the library's own mailbox, queued in the transaction that stores the text: who wrote,
// what, what a rule made of it, and until when somebody should answer. Where mail is a public record it points and tells nothing.
import type { Scope } from '../db/scope.ts'
import { queueAnswer } from '../messages/answers.ts'
import { knownLanguage, wordsOf } from '../words/languages.ts'
import type { TextMeaning } from '../words/texts-shape.ts'
import type { Conversation } from './conversation.ts'
import type { Place } from './desk.ts'
import { replyAddress } from './reply-address.ts'

export interface ToldText {
  conversation: Conversation
  body: string
  pictures: number
  meaning: TextMeaning | null
  repeat: boolean
  /** No answer can go to this phone. */
  stopped: boolean
  dueAt: Date | null
  replyDomain: string | null
  now: Date
}

export async function tellLibrary(scope: Scope<'circulation'>, place: Place, told: ToldText): Promise<void> {
  const { library, answering } = place
  const { conversation, replyDomain, now } = told
  const language = knownLanguage(library.language) ?? 'en'
  const words = wordsOf[language].texts.staff
  const phone = sayPhone(conversation.phone ?? '')
  const instant = sayWhen(language, library.timezone)
  const said = answering.pointerOnly
    ? [words.pointer(conversation.conversationNo)]
    : [
        words.said(phone, instant(now)),
        ...paragraphs(told.body === '' ? words.pictureOnly : told.body),
        ...(told.pictures > 0 ? [words.pictures(told.pictures, conversation.conversationNo)] : []),
        ...(told.meaning === null ? [] : [words.readAs[told.meaning]]),
        ...(told.repeat ? [words.repeat] : []),
      ]
  const canAnswer = replyDomain !== null && !answering.pointerOnly
  await queueToStaff(scope, place, {
    kind: 'text-came-in',
    subject: answering.pointerOnly
      ? words.pointerSubject(conversation.conversationNo)
      : words.subject(phone, conversation.conversationNo),
    parts: [
      ...(canAnswer && !told.stopped ? [words.above] : []),
      ...said,
      ...(told.dueAt === null ? [] : [words.due(instant(told.dueAt))]),
      ...(told.stopped
        ? [words.noAnswerByText]
        : canAnswer
          ? [words.answerByMail]
          : [words.answerElsewhere(conversation.conversationNo), words.noAnswerByMail]),
    ],
    replyTo: canAnswer ? replyAddress(scope.seals, library, conversation.conversationNo, replyDomain) : null,
    conversationNo: conversation.conversationNo,
    now,
  })
}

export interface StaffMail {
  kind: string
  to?: string
  subject: string
  parts: readonly string[]
  replyTo: string | null
  conversationNo: string
  now: Date
}

/** Every mail of one conversation stands in one thread. */
export async function queueToStaff(
  scope: Scope<'circulation'>,
  { library, answering }: Place,
  mail: StaffMail,
): Promise<void> {
  const to = mail.to ?? answering.email ?? library.email
  const language = knownLanguage(library.language) ?? 'en'
  await queueAnswer(scope, library, {
    kind: mail.kind,
    to,
    addressHash: scope.seals.hashFor(library.key)('email', to.toLowerCase()),
    toStaff: true,
    language,
    subject: mail.subject,
    parts: mail.parts,
    because: wordsOf[language].texts.staff[mail.kind === 'text-went-out' ? 'closingSent' : 'closing'],
    replyTo: mail.replyTo,
    thread: `conversation-${mail.conversationNo}`,
    now: mail.now,
  })
}

const paragraphs = (text: string): string[] =>
  text
    .split(/\n{2,}/)
    .map((one) => one.trim())
    .filter((one) => one !== '')

/** "(614) 555-0101"; of another country, or a short code, as it is. */
export const sayPhone = (phone: string): string => phone.replace(/^\+1(\d{3})(\d{3})(\d{4})$/, '($1) $2-$3')

export const sayWhen =
  (language: string, timezone: string) =>
  (at: Date): string =>
    new Intl.DateTimeFormat(language, { timeZone: timezone, dateStyle: 'medium', timeStyle: 'short' })
      .format(at)
      .replaceAll(/[\u202f\u00a0]/g, ' ')
