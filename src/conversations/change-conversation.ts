// What staff do with a conversation besides answering: take it, give it to somebody, note something, undo what a rule read,
// close it. Every act is noted with a name.
import { sql } from 'kysely'
import { unpausePhone } from '../consent/phone-stops.ts'
import { rowOf, type Scope } from '../db/scope.ts'
import { Problem } from '../lib/errors.ts'
import { addNote, type Conversation, findConversation } from './conversation.ts'

interface Act {
  conversationNo: string
  by: string
  now: Date
}

/** Throws Problem 'conflict' when somebody else has it: the first wins, and is named to the other. */
export async function takeConversation(scope: Scope<'circulation'>, { conversationNo, by, now }: Act): Promise<void> {
  const conversation = await find(scope, conversationNo)
  if (conversation.owner === by) return
  if (conversation.owner !== null)
    throw new Problem('conflict', `${conversation.owner} has this conversation already. They were first; talk to them.`)
  await setOwner(scope, conversationNo, by)
  await addNote(scope, conversationNo, { kind: 'taken', who: by, now })
}

/** To somebody, or back to everybody (null). */
export async function assignConversation(
  scope: Scope<'circulation'>,
  { conversationNo, by, now, to }: Act & { to: string | null },
): Promise<void> {
  await find(scope, conversationNo)
  await setOwner(scope, conversationNo, to)
  await addNote(scope, conversationNo, { kind: 'assigned', who: by, said: to, now })
}

export async function noteOnConversation(
  scope: Scope<'circulation'>,
  { conversationNo, by, now, said }: Act & { said: string },
): Promise<void> {
  await find(scope, conversationNo)
  if (said.trim() === '') throw new Problem('bad-input', 'The note is empty. Nothing was noted.')
  await addNote(scope, conversationNo, { kind: 'noted', who: by, said: said.trim(), now })
}

/**
 * `seen`: the last text that they had seen; nothing that came after it is closed unread. Not said: all that there is.
 * Throws Problem 'conflict' when it was closed before, or something came meanwhile.
 */
export async function closeConversation(
  scope: Scope<'circulation'>,
  { conversationNo, by, now, reason = null, seen = null }: Act & { reason?: string | null; seen?: string | null },
): Promise<void> {
  const conversation = await find(scope, conversationNo)
  if (conversation.state === 'closed')
    throw new Problem(
      'conflict',
      `This conversation was closed before, by ${conversation.closedBy ?? `a rule: ${conversation.closedRule}`}.`,
    )
  const unseen = seen === null ? null : await cameAfter(scope, conversationNo, seen)
  if (unseen !== null)
    throw new Problem(
      'conflict',
      `They wrote again while you were looking: “${unseen.body || 'a picture'}”. It stays open; read it first.`,
    )
  await sql`
    update mail.conversation set state = 'closed', waiting_since = null, due_at = null, escalated_at = null, closed_at = ${now}, closed_by = ${by}
    where library_no = ${scope.library} and conversation_no = ${conversationNo}::bigint`.execute(scope.tx)
  await addNote(scope, conversationNo, { kind: 'closed', who: by, said: reason, now })
}

/**
 * What a rule read (a wrong number, a death) was read wrongly: texts go on. A stop is not undone here, however it was said:
 * only the person's own START does that. Throws Problem 'conflict' when nothing is there to be undone.
 */
export async function undoMeaning(scope: Scope<'circulation'>, { conversationNo, by, now }: Act): Promise<void> {
  const conversation = await find(scope, conversationNo)
  const undone = await rowOf(
    scope,
    sql`
    update desk.fix_up set closed_at = ${now}, closed_by = ${by}, outcome = 'not so', phone = null, said = null
    where library_no = ${scope.library} and phone_hash = ${conversation.phoneHash} and closed_at is null and kind in ('not theirs', 'died', 'new number')
    returning fix_no`,
  )
  if (undone === null)
    throw new Problem(
      'conflict',
      'No rule holds anything back here that staff could undo. A stop ends with the person’s own START.',
    )
  await unpausePhone(scope, { phoneHash: conversation.phoneHash, now })
  await addNote(scope, conversationNo, { kind: 'undone', who: by, now })
}

const cameAfter = (scope: Scope<'circulation'>, conversationNo: string, seen: string) =>
  rowOf(
    scope,
    sql<{ body: string | null }>`
    select left(body, 300) as body from mail.text
    where library_no = ${scope.library} and conversation_no = ${conversationNo}::bigint and direction = 'in' and text_no > ${seen}::bigint
    order by text_no limit 1`,
  )

async function find(scope: Scope<'circulation'>, conversationNo: string): Promise<Conversation> {
  const conversation = await findConversation(scope, conversationNo, true)
  if (conversation === null) throw new Problem('not-found', `There is no conversation ${conversationNo} here.`)
  return conversation
}

const setOwner = (scope: Scope<'circulation'>, conversationNo: string, owner: string | null) =>
  sql`update mail.conversation set owner = ${owner} where library_no = ${scope.library} and conversation_no = ${conversationNo}::bigint`.execute(
    scope.tx,
  )
