// What texts leave behind, for tests to look at: suppressions, conversations, the fix-up list, mails to the library.
import { type RawBuilder, sql } from 'kysely'
import { type Conversation, conversationColumns } from '../src/conversations/conversation.ts'
import { inLibrary, rowsOf, type Scope } from '../src/db/scope.ts'
import { type FixUp, listFixUps } from '../src/messages/fix-ups.ts'
import type { Library } from '../src/patrons/library.ts'
import type { House } from './house.ts'

const look = <Row>(
  house: House,
  library: Library,
  statement: (scope: Scope<'circulation'>) => RawBuilder<Row>,
): Promise<Row[]> =>
  inLibrary(house.database.logins, 'circulation', library.libraryNo, (scope) => rowsOf(scope, statement(scope)))

export const suppressionsOf = (house: House, library: Library) =>
  look(
    house,
    library,
    (scope) => sql<{ reason: string; purposes: string; liftedAt: Date | null }>`
    select reason, purposes, lifted_at as "liftedAt" from outreach.suppression
    where library_no = ${scope.library} and channel = 'sms' order by suppression_no`,
  )

export const conversationOf = async (house: House, library: Library, phone: string): Promise<Conversation | null> =>
  (
    await look(
      house,
      library,
      (scope) =>
        sql<Conversation>`select ${conversationColumns} from mail.conversation where library_no = ${scope.library} and phone = ${phone}`,
    )
  )[0] ?? null

export const fixUpsOf = (house: House, library: Library): Promise<FixUp[]> =>
  inLibrary(house.database.logins, 'circulation', library.libraryNo, (scope) => listFixUps(scope, true))

export interface QueuedMail {
  kind: string
  address: string | null
  subject: string | null
  text: string | null
  replyTo: string | null
  thread: string | null
}

/** Every mail that was queued for anybody, oldest first. */
export const answersSinceAll = (house: House, library: Library): Promise<QueuedMail[]> =>
  look(
    house,
    library,
    (scope) => sql<QueuedMail>`
    select kind, address, subject, body_text as text, reply_to as "replyTo", thread from mail.answer
    where library_no = ${scope.library} order by answer_no`,
  )
