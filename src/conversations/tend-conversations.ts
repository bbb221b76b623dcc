// What happens to conversations by themselves: one that nobody answered by its due time is told to somebody further up, and
// one that was answered and had no further text for three days is closed by that rule, which stands with it.
import { sql } from 'kysely'
import { inLibrary, rowsOf, type Scope } from '../db/scope.ts'
import { lineByNo } from '../messages/lines.ts'
import { readAnswering } from '../patrons/answering.ts'
import type { Library } from '../patrons/library.ts'
import { knownLanguage, wordsOf } from '../words/languages.ts'
import { addNote, type Conversation, conversationColumns } from './conversation.ts'
import type { TextDesk } from './desk.ts'
import { replyAddress } from './reply-address.ts'
import { queueToStaff, sayWhen } from './tell-library.ts'

export const CLOSED_AFTER_DAYS = 3
export const ANSWERED_RULE = `answered, and nothing came for ${CLOSED_AFTER_DAYS} days`
const AT_ONCE = 100

/** Returns how many were escalated and closed. */
export async function tendConversations(
  desk: TextDesk,
  library: Library,
  now: Date,
): Promise<{ escalated: number; closed: number }> {
  const answering = await readAnswering(desk.logins, library.libraryNo)
  return inLibrary(desk.logins, 'circulation', library.libraryNo, async (scope) => {
    const closed = await closeAnswered(scope, now)
    const late = await rowsOf(
      scope,
      sql<Conversation>`
      select ${conversationColumns} from mail.conversation
      where library_no = ${scope.library} and state = 'open' and due_at <= ${now} and escalated_at is null and waiting_since is not null
      order by due_at limit ${AT_ONCE} for update skip locked`,
    )
    const language = knownLanguage(library.language) ?? 'en'
    const words = wordsOf[language].texts.staff
    for (const conversation of late) {
      const { conversationNo } = conversation
      const line = await lineByNo({ circulation: scope.tx }, conversation.lineNo)
      await sql`
        update mail.conversation set escalated_at = ${now}
        where library_no = ${scope.library} and conversation_no = ${conversationNo}::bigint`.execute(scope.tx)
      await addNote(scope, conversationNo, { kind: 'escalated', who: 'rule: nobody answered in time', now })
      if (line === null) continue
      const canAnswer = desk.replyDomain !== null && !answering.pointerOnly
      await queueToStaff(
        scope,
        { library, line, answering },
        {
          kind: 'text-unanswered',
          to: answering.escalateTo ?? answering.email ?? library.email,
          subject: words.escalatedSubject(conversationNo),
          parts: [
            words.escalated(sayWhen(language, library.timezone)(conversation.waitingSince!)),
            words.answerElsewhere(conversationNo),
          ],
          replyTo: canAnswer ? replyAddress(scope.seals, library, conversationNo, desk.replyDomain!) : null,
          conversationNo,
          now,
        },
      )
    }
    return { escalated: late.length, closed }
  })
}

async function closeAnswered(scope: Scope<'circulation'>, now: Date): Promise<number> {
  const over = await rowsOf(
    scope,
    sql<{ conversationNo: string }>`
    update mail.conversation c set state = 'closed', due_at = null, escalated_at = null, closed_at = ${now}, closed_rule = ${ANSWERED_RULE}
    from (
      select conversation_no from mail.conversation
      where library_no = ${scope.library} and state = 'open' and waiting_since is null
        and greatest(last_in_at, last_out_at) < ${now}::timestamptz - ${sql.lit(CLOSED_AFTER_DAYS)} * interval '24 hours'
      order by conversation_no limit ${AT_ONCE} for update skip locked
    ) o
    where c.library_no = ${scope.library} and c.conversation_no = o.conversation_no
    returning c.conversation_no as "conversationNo"`,
  )
  for (const { conversationNo } of over)
    await addNote(scope, conversationNo, { kind: 'closed', who: `rule: ${ANSWERED_RULE}`, now })
  return over.length
}
