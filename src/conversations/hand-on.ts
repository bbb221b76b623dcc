// "Which library?" was answered: the texts that waited for it at the host go to the library that was chosen, as they came.
// Stored there first and closed here after, so that a crash between shows them twice and never loses one.
import { sql } from 'kysely'
import { inLibrary, rowsOf } from '../db/scope.ts'
import { addNote } from './conversation.ts'
import { type Place, placeOf, type TextDesk } from './desk.ts'
import { receiveText } from './receive-text.ts'

interface Waiting {
  textNo: string
  conversationNo: string
  providerId: string
  body: string
  media: { url: string; type: string }[] | null
}

/** Returns how many there were. */
export async function handOnWaiting(desk: TextDesk, chosen: Place, phone: string, now: Date): Promise<number> {
  const host = await placeOf(desk, chosen.line, chosen.line.hostNo)
  const phoneHash = desk.logins.seals.hashFor(host.library.key)('phone', phone)
  const hostNo = host.library.libraryNo
  const waiting = await inLibrary(desk.logins, 'circulation', hostNo, (scope) =>
    rowsOf(
      scope,
      sql<Waiting>`
      select text_no as "textNo", conversation_no as "conversationNo", provider_id as "providerId", body, media from mail.text t
      where library_no = ${scope.library} and line_no = ${chosen.line.lineNo} and phone_hash = ${phoneHash} and meaning = 'which library'
        and exists (select from mail.conversation c where c.library_no = t.library_no and c.conversation_no = t.conversation_no and c.state = 'open')
      order by text_no`,
    ),
  )
  if (waiting.length === 0) return 0
  // The host itself was chosen: they are where they belong, and stay on its list.
  if (hostNo !== chosen.library.libraryNo)
    for (const { providerId, body, media } of waiting)
      await receiveText(desk, chosen, {
        text: {
          kind: 'text',
          providerId,
          from: phone,
          to: chosen.line.number,
          body,
          media: media ?? [],
          answeredItself: null,
          sentAt: null,
        },
        now,
      })
  await inLibrary(desk.logins, 'circulation', hostNo, async (scope) => {
    await sql`
      update mail.text set meaning = ${hostNo === chosen.library.libraryNo ? null : 'handed on'}
      where library_no = ${scope.library} and text_no = any(${waiting.map((one) => one.textNo)}::bigint[])`.execute(
      scope.tx,
    )
    if (hostNo === chosen.library.libraryNo) return
    const { conversationNo } = waiting[0]!
    const rule = `handed on to ${chosen.library.name}, which was chosen`
    await sql`
      update mail.conversation set state = 'closed', waiting_since = null, due_at = null, closed_at = ${now}, closed_rule = ${rule}
      where library_no = ${scope.library} and conversation_no = ${conversationNo}::bigint and state = 'open'`.execute(
      scope.tx,
    )
    await addNote(scope, conversationNo, { kind: 'closed', who: `rule: ${rule}`, now })
  })
  return waiting.length
}
