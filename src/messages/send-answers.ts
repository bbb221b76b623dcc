// Hands over what waits among a library's answers: take with a lease, hand over with no transaction open, record. At
// least once, always under one Message-ID: a code that comes twice is better than one that never comes. Tried again for a
// day, and forgotten as soon as a mail server has it.
import { sql } from 'kysely'
import type { EmailProvider, HandOver, OutgoingMail } from '../channels/channel.ts'
import { composeMail } from '../channels/email/compose.ts'
import { composeDeliveryStatus } from '../channels/email/delivery-status.ts'
import { OUR_HEADER } from '../channels/email/is-automatic.ts'
import { isDeadAddress } from '../channels/email/smtp-replies.ts'
import { inLibrary, type Logins, rowOf, rowsOf } from '../db/scope.ts'
import { sayError } from '../lib/errors.ts'
import type { Library } from '../patrons/library.ts'
import type { Language } from '../words/languages.ts'
import { answerMessageId } from './answer-ids.ts'
import { clearRefused, raiseAlarm } from './mailbox-alarm.ts'
import type { KeptReport } from './report-answers.ts'
import { returnAddress } from './return-address.ts'

export interface AnswerPost {
  logins: Logins
  /** The address answers are from; its domain makes the Message-IDs. */
  mailFrom: string
  /** Where mails to staff come back to us; without it only what is refused at once is known. */
  replyDomain?: string | null
  now: () => Date
  say?: (line: string) => void
}

/** Longer than any provider takes to answer: whoever holds an answer for longer has died. */
const LEASE_MS = 2 * 60_000
const AT_ONCE = 50
const KEPT_TRYING_HOURS = 24
/** A mailbox that puts a mail off for so long (it is full, its server is away) is told of like one that refuses. */
const LATE_MS = 3_600_000

type Waiting = { answerNo: string; address: string; toStaff: boolean } & (
  | (Words & { report: null })
  | { report: KeptReport }
)

interface Words {
  language: Language
  subject: string
  text: string
  html: string
  replyTo: string | null
  thread: string | null
}

/** One round. Returns how many were taken; fewer than were waiting when there are many. */
export async function sendAnswers(post: AnswerPost, provider: EmailProvider, library: Library): Promise<number> {
  const taken = await takeWaiting(post, library)
  const next = taken.values()
  const lane = async () => {
    for (const answer of next) await settle(post, library, answer, await handOver(post, provider, library, answer))
  }
  await Promise.all(Array.from({ length: Math.min(provider.width, taken.length) }, lane))
  return taken.length
}

const takeWaiting = ({ logins, now }: AnswerPost, library: Library): Promise<Waiting[]> =>
  inLibrary(logins, 'circulation', library.libraryNo, (scope) =>
    rowsOf(
      scope,
      // The lease is the hour at which it would be due again. Whatever another process holds is passed over.
      sql<Waiting>`
      with next as (
        select answer_no from mail.answer where library_no = ${scope.library} and state = 'waiting' and due_at <= ${now()}
        order by due_at limit ${AT_ONCE} for update skip locked
      )
      update mail.answer a set due_at = ${new Date(now().getTime() + LEASE_MS)}, attempts = attempts + 1
      from next where a.library_no = ${scope.library} and a.answer_no = next.answer_no
      returning a.answer_no as "answerNo", address, language, subject, body_text as text, body_html as html, reply_to as "replyTo", thread, report, to_staff as "toStaff"`,
    ),
  )

async function handOver(
  post: AnswerPost,
  provider: EmailProvider,
  library: Library,
  answer: Waiting,
): Promise<HandOver> {
  try {
    const mail = write(post, library, answer)
    const result = await provider.handOver(mail, () => true)
    // A server that sends for one address alone must not cost the library its mail: without a way back, then.
    if (mail.envelopeFrom === '' || mail.envelopeFrom === post.mailFrom || !mayBeForSender(result)) return result
    return await provider.handOver({ ...mail, envelopeFrom: post.mailFrom }, () => true)
  } catch (error) {
    return { kind: 'refused', permanent: true, code: 'not-written', said: sayError(error) }
  }
}

const mayBeForSender = (result: HandOver): boolean =>
  result.kind === 'refused' &&
  (result.code.startsWith('sender-refused') || (result.permanent && !isDeadAddress(result.code)))

function write({ logins, mailFrom, replyDomain, now }: AnswerPost, library: Library, answer: Waiting): OutgoingMail {
  const messageId = answerMessageId(library, answer.answerNo, mailFrom)
  const from = { name: library.name, address: mailFrom }
  if (answer.report !== null) {
    const { why, address, providerCode, arrivedAt, messageId: original, subject } = answer.report
    return composeDeliveryStatus({
      ...{ messageId, from, to: answer.address, now: now(), why, address, providerCode },
      reportedBy: address.slice(address.lastIndexOf('@') + 1),
      arrivedAt: new Date(arrivedAt),
      original: { messageId: original, subject },
    })
  }
  const { address, language, subject, text, html, replyTo, thread } = answer
  // A mail that nobody ever got stands at the head of the thread: every mail of the conversation refers to it.
  const head = thread === null ? null : `<${library.key}.${thread}@${mailFrom.slice(mailFrom.indexOf('@') + 1)}>`
  const raw = composeMail({
    from,
    to: { address },
    replyTo: { name: library.name, address: replyTo ?? library.email },
    subject,
    text,
    html,
    messageId,
    date: now(),
    language,
    ...(head !== null && { headers: { 'In-Reply-To': head, References: head, [OUR_HEADER]: library.key } }),
  })
  const comesBack = answer.toStaff && replyDomain
  const envelopeFrom = comesBack ? returnAddress(logins.seals, library, answer.answerNo, replyDomain) : mailFrom
  return { messageId, envelopeFrom, to: address, raw }
}

/** Half a minute, one, two … up to an hour; after a day nobody waits for it any more. */
async function settle(
  { logins, now, say = () => {} }: AnswerPost,
  library: Library,
  { answerNo, address, toStaff }: Waiting,
  result: HandOver,
): Promise<void> {
  const lasting = result.kind === 'accepted' || (result.kind === 'refused' && result.permanent)
  const state = result.kind === 'accepted' ? 'accepted' : 'failed'
  const said = result.kind === 'unknown' ? result.why : result.kind === 'stale' ? null : result.said
  const over = sql`(${lasting} or queued_at < ${now()}::timestamptz - ${sql.lit(KEPT_TRYING_HOURS)} * interval '1 hour')`
  const forgotten = ['address', 'language', 'subject', 'body_text', 'body_html', 'reply_to', 'report'].map(
    (column) => sql`${sql.raw(column)} = case when not ${over} then ${sql.raw(column)} end`,
  )
  const told = await inLibrary(logins, 'circulation', library.libraryNo, async (scope) => {
    const settled = await rowOf(
      scope,
      sql<{ state: string; queuedAt: Date }>`
      update mail.answer
      set state = case when ${over} then ${state} else 'waiting' end, said = ${said},
          settled_at = case when ${over} then ${now()}::timestamptz end,
          due_at = ${now()}::timestamptz + least(interval '30 seconds' * 2 ^ (attempts - 1), interval '1 hour'),
          ${sql.join(forgotten)}
      where library_no = ${scope.library} and answer_no = ${answerNo}::bigint and state = 'waiting' returning state, queued_at as "queuedAt"`,
    )
    if (!toStaff || settled === null) return null
    if (settled.state === 'accepted') await clearRefused(scope, address, now())
    const late = settled.state === 'waiting'
    if (settled.state === 'accepted' || (late && now().getTime() - settled.queuedAt.getTime() < LATE_MS)) return null
    return raiseAlarm(scope, library, { mailbox: address, how: 'refused', said, late, now: now() })
  })
  if (told !== null) say(told)
}
