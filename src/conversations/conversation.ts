// A conversation: the texts with one phone on one line, which is open as long as somebody waits or a person has not closed
// it. Its row is locked by whatever changes it, so that two texts of one phone, or two answers, come one after the other.
import { sql } from 'kysely'
import { rowOf, type Scope } from '../db/scope.ts'
import type { Answering } from '../patrons/answering.ts'
import type { Library } from '../patrons/library.ts'
import { afterOpenMinutes } from '../patrons/open-hours.ts'
import { knownLanguage, type Language } from '../words/languages.ts'

export interface Conversation {
  conversationNo: string
  lineNo: number
  /** Null once it is forgotten. */
  phone: string | null
  phoneHash: Buffer
  patronNo: string | null
  language: Language
  state: 'open' | 'closed'
  owner: string | null
  waitingSince: Date | null
  dueAt: Date | null
  escalatedAt: Date | null
  acknowledgedOn: string | null
  lastInAt: Date | null
  lastOutAt: Date | null
  closedAt: Date | null
  closedBy: string | null
  closedRule: string | null
  changeNo: string
}

export const conversationColumns = sql`conversation_no as "conversationNo", line_no as "lineNo", phone, phone_hash as "phoneHash",
  patron_no as "patronNo", language, state, owner, waiting_since as "waitingSince", due_at as "dueAt", escalated_at as "escalatedAt",
  to_char(acknowledged_on, 'YYYY-MM-DD') as "acknowledgedOn", last_in_at as "lastInAt", last_out_at as "lastOutAt",
  closed_at as "closedAt", closed_by as "closedBy", closed_rule as "closedRule", change_no as "changeNo"`

/** A conversation that only keywords made; nobody has to read it. */
export const BY_KEYWORD = 'only keywords came, and they were answered'

/** Found or made, and locked until the caller's transaction ends. */
export async function lockConversationOf(
  scope: Scope<'circulation'>,
  library: Library,
  about: { lineNo: number; phone: string; phoneHash: Buffer; patronNo: string | null; now: Date },
): Promise<Conversation> {
  const { lineNo, phone, phoneHash, patronNo, now } = about
  const found = await rowOf(
    scope,
    sql<Conversation>`
    select ${conversationColumns} from mail.conversation
    where library_no = ${scope.library} and line_no = ${lineNo} and phone_hash = ${phoneHash} for update`,
  )
  if (found !== null && found.phone !== null) return found
  const language = (await languageOf(scope, phoneHash, patronNo)) ?? knownLanguage(library.language) ?? 'en'
  const made = await rowOf(
    scope,
    sql<Conversation>`
    insert into mail.conversation as c (library_no, line_no, phone, phone_hash, patron_no, language, state, closed_at, closed_rule, change_no)
    values (${scope.library}, ${lineNo}, ${phone}, ${phoneHash}, ${patronNo}::bigint, ${language}, 'closed', ${now}, ${BY_KEYWORD}, nextval('mail.change_no'))
    on conflict (library_no, line_no, phone_hash) do update set phone = excluded.phone, patron_no = coalesce(c.patron_no, excluded.patron_no)
    returning ${conversationColumns}`,
  )
  return made!
}

/** As the person chose it, or as the last text to them was written. */
async function languageOf(
  scope: Scope<'circulation'>,
  phoneHash: Buffer,
  patronNo: string | null,
): Promise<Language | null> {
  const row = await rowOf(
    scope,
    sql<{ chosen: string | null; written: string | null }>`
    select (select coalesce(own_language, language) from outreach.standing where library_no = ${scope.library} and patron_no = ${patronNo}::bigint) as chosen,
           (select language from mail.text where library_no = ${scope.library} and phone_hash = ${phoneHash} and direction = 'out' and language is not null
            order by text_no desc limit 1) as written`,
  )
  return knownLanguage(row?.chosen ?? '') ?? knownLanguage(row?.written ?? '')
}

export const findConversation = (scope: Scope<'circulation'>, conversationNo: string, lock = false) =>
  rowOf(
    scope,
    sql<Conversation>`
    select ${conversationColumns} from mail.conversation
    where library_no = ${scope.library} and conversation_no = ${conversationNo}::bigint ${lock ? sql`for update` : sql``}`,
  )

export type NoteKind =
  | 'opened'
  | 'taken'
  | 'assigned'
  | 'answered'
  | 'noted'
  | 'escalated'
  | 'acknowledged'
  | 'read-as'
  | 'undone'
  | 'closed'

/** Appended, and every page that shows the conversation learns of it. */
export async function addNote(
  scope: Scope<'circulation'>,
  conversationNo: string,
  note: { kind: NoteKind; who: string; said?: string | null; now: Date },
): Promise<void> {
  await sql`
    with noted as (
      insert into mail.note (library_no, conversation_no, kind, at, who, said)
      values (${scope.library}, ${conversationNo}::bigint, ${note.kind}, ${note.now}, ${note.who}, ${note.said ?? null}))
    update mail.conversation set change_no = nextval('mail.change_no')
    where library_no = ${scope.library} and conversation_no = ${conversationNo}::bigint`.execute(scope.tx)
}

/** Somebody waits for an answer now; since the oldest text that has none. */
export async function openForAnswer(
  scope: Scope<'circulation'>,
  library: Library,
  answering: Answering,
  conversation: Conversation,
  now: Date,
): Promise<Date | null> {
  const dueAt = answering.watched ? afterOpenMinutes(answering, library.timezone, now, answering.dueMinutes) : null
  const row = await rowOf(
    scope,
    sql<{ dueAt: Date | null }>`
    update mail.conversation
    set state = 'open', closed_at = null, closed_by = null, closed_rule = null,
        owner = case when state = 'open' then owner end,
        waiting_since = coalesce(waiting_since, ${now}), due_at = coalesce(due_at, ${dueAt}::timestamptz), last_in_at = ${now}
    where library_no = ${scope.library} and conversation_no = ${conversation.conversationNo}::bigint
    returning due_at as "dueAt"`,
  )
  if (conversation.state === 'closed' || conversation.waitingSince === null)
    await addNote(scope, conversation.conversationNo, {
      kind: 'opened',
      who: 'rule: a text that a person has to read',
      now,
    })
  return row!.dueAt
}
