// Conversations as staff see them: the list, and one with its texts and notes. A page that stays open asks for what has
// changed since it looked.
import { sql } from 'kysely'
import { rowOf, rowsOf, type Scope } from '../db/scope.ts'
import { type Conversation, conversationColumns, findConversation, type NoteKind } from './conversation.ts'
import { type PictureOfText, picturesOf } from './pictures.ts'

export interface ListedConversation extends Conversation {
  /** Of whoever waits, the last that they wrote; else of either side. What was held back was never said. */
  lastWords: string | null
  lastDirection: 'in' | 'out' | null
}

export interface WhichConversations {
  /** 'waiting': somebody waits for an answer. */
  state?: 'open' | 'closed' | 'waiting'
  /** Only what has changed since, in the order of the changes. */
  changedAfter?: string
  owner?: string
  most?: number
}

/** Most urgent first; with `changedAfter`, in the order in which they changed. */
export const listConversations = (
  scope: Scope<'circulation'>,
  { state, changedAfter, owner, most = 100 }: WhichConversations,
): Promise<ListedConversation[]> =>
  rowsOf(
    scope,
    sql<ListedConversation>`
    select ${conversationColumns}, last."lastWords", last."lastDirection"
    from mail.conversation c
    left join lateral (
      select t.body as "lastWords", t.direction as "lastDirection" from mail.text t
      where t.library_no = c.library_no and t.conversation_no = c.conversation_no and t.state <> 'withheld'
        and (c.waiting_since is null or t.direction = 'in')
      order by t.text_no desc limit 1
    ) last on true
    where c.library_no = ${scope.library}
      ${state === 'waiting' ? sql`and c.waiting_since is not null` : state ? sql`and c.state = ${state}` : sql``}
      ${owner === undefined ? sql`` : sql`and c.owner = ${owner}`}
      ${changedAfter === undefined ? sql`` : sql`and c.change_no > ${changedAfter}::bigint`}
    order by ${
      changedAfter === undefined
        ? sql`c.state = 'closed', c.waiting_since is null, c.due_at nulls last, c.conversation_no desc`
        : sql`c.change_no`
    } limit ${most}`,
  )

/** How many people wait, however long the list is. */
export async function countWaiting(scope: Scope<'circulation'>): Promise<number> {
  const row = await rowOf(
    scope,
    sql<{ waiting: number }>`
    select count(*)::int as waiting from mail.conversation
    where library_no = ${scope.library} and state = 'open' and waiting_since is not null`,
  )
  return row!.waiting
}

/** The number of the newest change in any conversation: one step in the index conversation_changed. */
export async function newestChange(scope: Scope<'circulation'>): Promise<string> {
  const row = await rowOf(
    scope,
    sql<{ newest: string | null }>`
    select change_no as newest from mail.conversation where library_no = ${scope.library} order by change_no desc limit 1`,
  )
  return row?.newest ?? '0'
}

/** Differs whenever its page would: what changed the conversation, and how far its latest texts have come: those on their way change nothing else. */
export async function stampOfConversation(scope: Scope<'circulation'>, conversationNo: string): Promise<string> {
  const conversation = await findConversation(scope, conversationNo)
  if (conversation === null) return 'gone'
  const row = await rowOf(
    scope,
    sql<{ stamp: string | null }>`
    select string_agg(text_no || left(state, 3), '-' order by text_no) as stamp from (
      select text_no, state from mail.text
      where library_no = ${scope.library} and phone_hash = ${conversation.phoneHash} order by text_no desc limit 10) newest`,
  )
  return `${conversation.changeNo}-${row?.stamp ?? ''}`
}

export interface ConversationText {
  textNo: string
  direction: 'in' | 'out'
  kind: string
  body: string | null
  media: { url: string; type: string }[] | null
  parts: number
  state: string
  at: Date
  askedBy: string | null
  repeatOf: string | null
  meaning: string | null
  reasons: string[] | null
}

export interface ConversationNote {
  noteNo: string
  kind: NoteKind
  at: Date
  who: string
  said: string | null
}

export interface WholeConversation {
  conversation: Conversation
  texts: ConversationText[]
  notes: ConversationNote[]
  pictures: PictureOfText[]
}

/** The newest 500 texts, oldest first; those that stand in no conversation (notices) went to the same phone. Null when there is none. */
export async function readConversation(
  scope: Scope<'circulation'>,
  conversationNo: string,
): Promise<WholeConversation | null> {
  const conversation = await findConversation(scope, conversationNo)
  if (conversation === null) return null
  const texts = await rowsOf(
    scope,
    sql<ConversationText>`
    select * from (
      select text_no as "textNo", direction, kind, body, media, parts, state, at, asked_by as "askedBy", repeat_of as "repeatOf", meaning, reasons
      from mail.text where library_no = ${scope.library} and phone_hash = ${conversation.phoneHash} and line_no = ${conversation.lineNo}
      order by text_no desc limit 500) newest
    order by "textNo"::bigint`,
  )
  const notes = await rowsOf(
    scope,
    sql<ConversationNote>`
    select note_no as "noteNo", kind, at, who, said from mail.note
    where library_no = ${scope.library} and conversation_no = ${conversationNo}::bigint order by note_no limit 1000`,
  )
  const withPictures = texts.filter(({ media }) => media !== null).map(({ textNo }) => textNo)
  const pictures = withPictures.length === 0 ? [] : await picturesOf(scope, withPictures)
  return { conversation, texts, notes, pictures }
}
