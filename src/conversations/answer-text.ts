// A person's answer to a text. The first to answer wins and the other is told; nobody who has stopped is answered by text;
// what is long, or comes when somebody else has answered meanwhile, is kept and asked about first; and two machines that
// answer each other are stopped.
import { sql } from 'kysely'
import { measureText } from '../channels/sms/parts.ts'
import { hasStopped } from '../consent/phone-stops.ts'
import { rowOf, type Scope } from '../db/scope.ts'
import { Problem } from '../lib/errors.ts'
import { announceText } from '../messages/due-texts.ts'
import { queueText } from '../messages/queue-text.ts'
import type { NotSent } from '../words/texts-shape.ts'
import { addNote, type Conversation, findConversation } from './conversation.ts'
import type { Place } from './desk.ts'

export interface Answer {
  conversationNo: string
  body: string
  /** A member of staff, as the library names them. */
  by: string
  /** The last text that they had seen; what came after it still waits. Not said: all that there is. */
  seen?: string | null
  /** They were asked, and want it so. */
  evenIfLong?: boolean
  evenIfAnswered?: boolean
  /** The same answer brought twice leaves once. */
  once?: string
  now: Date
}

export type Answered =
  | { kind: 'sent'; textNo: string; parts: number; body: string }
  /** `asked`: it is kept, and leaves when its writer says so. */
  | { kind: 'not sent'; why: NotSent; asked: boolean; parts: number; other: { by: string; body: string } | null }

/** Without being asked first. */
const MOST_PARTS = 3
const REPEAT_MINUTES = 10
const MOST_IN_TEN_MINUTES = 20
const ASKED_FIRST = 'ASKED_FIRST'

/** Throws Problem 'not-found'. */
export async function answerText(scope: Scope<'circulation'>, place: Place, answer: Answer): Promise<Answered> {
  const conversation = await conversationToAnswer(scope, place, answer.conversationNo)
  const body = answer.body.trim()
  const { parts } = measureText(body)
  const refusal = await whyNot(scope, conversation, { ...answer, body, parts })
  if (refusal === null) return send(scope, place, conversation, { ...answer, body })
  const { why, other = null } = refusal
  const asked = why === 'too long' || why === 'already answered'
  if (asked) await keepAsked(scope, conversation, { ...answer, body, parts })
  return { kind: 'not sent', why, asked, parts, other }
}

/** What this person was asked about a while ago leaves now. Null when there is nothing such. */
export async function sendAsked(
  scope: Scope<'circulation'>,
  place: Place,
  { conversationNo, by, now }: { conversationNo: string; by: string; now: Date },
): Promise<Answered | null> {
  const conversation = await conversationToAnswer(scope, place, conversationNo)
  const kept = await rowOf(
    scope,
    sql<{ textNo: string; body: string; parts: number }>`
    select text_no as "textNo", body, parts from mail.text
    where library_no = ${scope.library} and conversation_no = ${conversationNo}::bigint and state = 'withheld' and reasons = array[${ASKED_FIRST}]
      and asked_by = ${by} and at > ${now}::timestamptz - interval '3 days'
    order by text_no desc limit 1 for update`,
  )
  if (kept === null) return null
  if (await hasStopped(scope, conversation.phoneHash))
    return { kind: 'not sent', why: 'stopped', asked: false, parts: kept.parts, other: null }
  await sql`
    update mail.text set state = 'waiting', reasons = null, due_at = ${now}, at = ${now}
    where library_no = ${scope.library} and text_no = ${kept.textNo}::bigint`.execute(scope.tx)
  await announceText(scope, place.line.lineNo, now)
  // What came after they wrote it they had not seen.
  await markAnswered(scope, conversation, { by, seen: kept.textNo, now })
  return { kind: 'sent', ...kept }
}

async function conversationToAnswer(
  scope: Scope<'circulation'>,
  { library }: Place,
  conversationNo: string,
): Promise<Conversation> {
  const conversation = await findConversation(scope, conversationNo, true)
  if (conversation === null) throw new Problem('not-found', `${library.name} has no conversation ${conversationNo}.`)
  return conversation
}

interface Refusal {
  why: NotSent
  other?: { by: string; body: string } | null
}

async function whyNot(
  scope: Scope<'circulation'>,
  conversation: Conversation,
  answer: Answer & { parts: number },
): Promise<Refusal | null> {
  if (conversation.phone === null) return { why: 'forgotten' }
  if (answer.body === '') return { why: 'empty' }
  if (await hasStopped(scope, conversation.phoneHash)) return { why: 'stopped' }
  const lately = await rowOf(
    scope,
    sql<{ repeated: boolean; texts: number }>`
    select coalesce(bool_or(direction = 'out' and kind = 'answer' and body = ${answer.body} and state <> 'withheld'), false) as repeated,
           count(*)::int as texts
    from mail.text where library_no = ${scope.library} and conversation_no = ${conversation.conversationNo}::bigint
      and at > ${answer.now}::timestamptz - ${sql.lit(REPEAT_MINUTES)} * interval '1 minute'`,
  )
  if (lately!.repeated) return { why: 'repeated' }
  if (lately!.texts >= MOST_IN_TEN_MINUTES) return { why: 'too many' }
  const other = answer.evenIfAnswered ? null : await answeredByAnother(scope, conversation, answer)
  if (other !== null) return { why: 'already answered', other }
  return answer.parts > MOST_PARTS && !answer.evenIfLong ? { why: 'too long' } : null
}

/** Somebody else answered what this person was about to; null while anybody still waits for a first answer. */
async function answeredByAnother(
  scope: Scope<'circulation'>,
  conversation: Conversation,
  { by, seen }: Answer,
): Promise<{ by: string; body: string } | null> {
  if (seen == null && conversation.waitingSince !== null) return null
  return rowOf(
    scope,
    sql<{ by: string; body: string }>`
    select asked_by as by, coalesce(body, '') as body from mail.text
    where library_no = ${scope.library} and conversation_no = ${conversation.conversationNo}::bigint and direction = 'out' and kind = 'answer'
      and state not in ('withheld', 'cancelled') and asked_by <> ${by}
      and text_no > coalesce(${seen ?? null}::bigint, (select max(text_no) from mail.text
            where library_no = ${scope.library} and conversation_no = ${conversation.conversationNo}::bigint and direction = 'in'), 0)
    order by text_no desc limit 1`,
  )
}

async function send(
  scope: Scope<'circulation'>,
  { line }: Place,
  conversation: Conversation,
  { body, by, seen, once, now }: Answer,
): Promise<Answered> {
  const queued = await queueText(scope, line, {
    kind: 'answer',
    phone: conversation.phone!,
    phoneHash: conversation.phoneHash,
    body,
    language: conversation.language,
    askedBy: by,
    conversationNo: conversation.conversationNo,
    patronNo: conversation.patronNo,
    once,
    now,
  })
  if (queued === null)
    return { kind: 'not sent', why: 'repeated', asked: false, parts: measureText(body).parts, other: null }
  await markAnswered(scope, conversation, { by, seen: seen ?? null, now })
  return { kind: 'sent', ...queued, body }
}

/** What came after the last text that they had seen still waits, since it came. */
async function markAnswered(
  scope: Scope<'circulation'>,
  { conversationNo }: Conversation,
  { by, seen, now }: { by: string; seen: string | null; now: Date },
): Promise<void> {
  await sql`
    with unseen as (
      select min(at) as since from mail.text
      where library_no = ${scope.library} and conversation_no = ${conversationNo}::bigint and direction = 'in' and text_no > ${seen}::bigint
    )
    update mail.conversation
    set owner = coalesce(owner, ${by}), last_out_at = ${now},
        waiting_since = case when state = 'open' then unseen.since end,
        due_at = case when unseen.since is not null then due_at end,
        escalated_at = case when unseen.since is not null then escalated_at end
    from unseen where library_no = ${scope.library} and conversation_no = ${conversationNo}::bigint`.execute(scope.tx)
  await addNote(scope, conversationNo, { kind: 'answered', who: by, now })
}

async function keepAsked(
  scope: Scope<'circulation'>,
  conversation: Conversation,
  { body, by, parts, now }: Answer & { parts: number },
): Promise<void> {
  await sql`
    insert into mail.text (library_no, line_no, direction, kind, conversation_no, patron_no, phone, phone_hash, body, language, parts,
                           state, at, due_at, reasons, asked_by)
    values (${scope.library}, ${conversation.lineNo}, 'out', 'answer', ${conversation.conversationNo}::bigint, ${conversation.patronNo}::bigint,
            ${conversation.phone}, ${conversation.phoneHash}, ${body}, ${conversation.language}, ${parts}, 'withheld', ${now}, ${now},
            array[${ASKED_FIRST}], ${by})`.execute(scope.tx)
}
