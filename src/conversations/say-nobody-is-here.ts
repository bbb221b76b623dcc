// Out of hours, once an evening: "we have your text, a person reads it on Monday at 9". Of a library that cannot watch its
// answers, once a day: "nobody watches this number, call us". The text itself waits for a person all the same.
import { sql } from 'kysely'
import { plainFor } from '../channels/sms/plain-replacement.ts'
import type { Scope } from '../db/scope.ts'
import { dateIn } from '../lib/clock.ts'
import { inOnePart, queueText } from '../messages/queue-text.ts'
import { isOpenAt, opensNext } from '../patrons/open-hours.ts'
import { type Language, wordsOf } from '../words/languages.ts'
import { addNote, type Conversation } from './conversation.ts'
import type { Place } from './desk.ts'
import type { Stored } from './receive-text.ts'

export async function sayNobodyIsHere(
  scope: Scope<'circulation'>,
  place: Place,
  conversation: Conversation,
  stored: Stored,
): Promise<void> {
  const { library, line, answering } = place
  const { now, language } = stored
  if (answering.watched && isOpenAt(answering, library.timezone, now)) return
  const opens = answering.watched ? opensNext(answering, library.timezone, now) : null
  // One evening lasts until the doors open.
  const evening = dateIn(library.timezone, opens ?? now)
  if (conversation.acknowledgedOn === evening) return
  const words = wordsOf[language].texts
  const queued = await queueText(scope, line, {
    kind: 'acknowledgement',
    phone: stored.phone,
    phoneHash: stored.phoneHash,
    body: inOnePart(
      opens === null
        ? words.notWatched(library.name, library.phone)
        : words.closed(library.name, dayAndHour(language, library.timezone, opens)),
    ),
    language,
    askedBy: opens === null ? 'rule: nobody watches' : 'rule: we are closed',
    conversationNo: conversation.conversationNo,
    patronNo: conversation.patronNo,
    answersNo: stored.textNo,
    once: `evening ${conversation.conversationNo} ${evening}`,
    now,
  })
  await sql`
    update mail.conversation set acknowledged_on = ${evening}
    where library_no = ${scope.library} and conversation_no = ${conversation.conversationNo}::bigint`.execute(scope.tx)
  if (queued !== null)
    await addNote(scope, conversation.conversationNo, { kind: 'acknowledged', who: 'rule: once an evening', now })
}

/** "Monday 9:00 AM", in letters that a telephone's own alphabet has. */
const dayAndHour = (language: Language, timezone: string, at: Date): string =>
  [
    ...new Intl.DateTimeFormat(language, {
      timeZone: timezone,
      weekday: 'long',
      hour: 'numeric',
      minute: '2-digit',
    }).format(at),
  ]
    .map((letter) => (/[\x20-\x7e]/.test(letter) ? letter : (plainFor(letter) ?? letter)))
    .join('')
