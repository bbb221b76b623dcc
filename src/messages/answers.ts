// Answers: the mail that answers what a person did a moment ago, a code, a link or a receipt. It is written whole in the
// transaction of that act, so that there is no act without its answer and no answer without its act, and it rests on the
// act alone: no rule of the gate and no quiet hour holds it back, and it says nothing that was not asked for.
import { sql } from 'kysely'
import { rowOf, rowsOf, type Scope } from '../db/scope.ts'
import type { Library } from '../patrons/library.ts'
import { type AnswerWords, renderAnswer } from './answer-frame.ts'
import { ANSWERS, announceDue } from './due.ts'

export interface NewAnswer extends AnswerWords {
  /** What it answers, for a report: 'sign-up', 'fresh-code'. */
  kind: string
  /** A bare address, and its keyed hash. */
  to: string
  addressHash: Buffer
  now: Date
  /** Where an answer to it goes; the library's own address unless said otherwise. */
  replyTo?: string | null
  /** The mails of one conversation stand together: a name for it, of letters, digits and hyphens. */
  thread?: string | null
  /** To the library itself: if it comes back, we want to know. */
  toStaff?: boolean
}

/** Call it late in the transaction: other answers of this library wait for its end. Returns the answer's number. */
export async function queueAnswer(scope: Scope<'circulation'>, library: Library, answer: NewAnswer): Promise<string> {
  const { kind, to, addressHash, language, subject, now, replyTo = null, thread = null, toStaff = false } = answer
  const { text, html } = renderAnswer(answer, library)
  const row = await rowOf(
    scope,
    sql<{ answerNo: string }>`
    insert into mail.answer (library_no, kind, address_hash, queued_at, due_at, address, language, subject, body_text, body_html, reply_to, thread, to_staff)
    values (${scope.library}, ${kind}, ${addressHash}, ${now}, ${now}, ${to}, ${language}, ${subject}, ${text}, ${html}, ${replyTo}, ${thread}, ${toStaff})
    returning answer_no as "answerNo"`,
  )
  await announceDue(scope, ANSWERS.sender, ANSWERS.campaignNo, now)
  return row!.answerNo
}

/** How many answers of one kind this address was sent since; whoever types a stranger's address must not fill their mailbox. */
export async function answersSince(
  scope: Scope<'circulation'>,
  { addressHash, kind, since }: { addressHash: Buffer; kind: string; since: Date },
): Promise<number> {
  const row = await rowOf(
    scope,
    sql<{ answers: number }>`
    select count(*)::int as answers from mail.answer
    where library_no = ${scope.library} and address_hash = ${addressHash} and kind = ${kind} and queued_at > ${since}`,
  )
  return row!.answers
}

export interface QueuedAnswer {
  answerNo: string
  kind: string
  state: 'waiting' | 'accepted' | 'failed'
  at: Date
}

/** The newest answers of a library, without what they say: that is forgotten once they have left. */
export const listAnswers = (scope: Scope<'circulation'>, most: number): Promise<QueuedAnswer[]> =>
  rowsOf(
    scope,
    sql<QueuedAnswer>`
    select answer_no as "answerNo", kind, state, coalesce(settled_at, queued_at) as at from mail.answer
    where library_no = ${scope.library} order by answer_no desc limit ${most}`,
  )

/** After a restore: what waited when the backup was made has left since, or its hour is over. Returns how many. */
export async function dropWaitingAnswers(scope: Scope<'circulation'>, now: Date): Promise<number> {
  const row = await rowOf(
    scope,
    sql<{ dropped: number }>`
    with dropped as (
      update mail.answer set state = 'failed', settled_at = ${now}, said = 'it waited when the backup was made that was restored',
                             address = null, language = null, subject = null, body_text = null, body_html = null, reply_to = null, report = null
      where library_no = ${scope.library} and state = 'waiting' returning 1)
    select count(*)::int as dropped from dropped`,
  )
  return row!.dropped
}
