// What an erasure blanks in mail and texts: their words, their addresses and what servers said of them. That something left or
// came in stays, under a number that leads to nobody.
import { type RawBuilder, sql } from 'kysely'
import type { Scope } from '../db/scope.ts'
import type { PatronNo } from './ledger.ts'
import { messageNumbers, numbersOf } from './message-numbers.ts'

/** What the rules saw of the person, and what mail servers said, which often repeats the address. */
export async function blankMessages(scope: Scope<'circulation'>, patron: PatronNo): Promise<void> {
  const theirs = sql`library_no = ${scope.library} and message_no in ${messageNumbers(scope, patron)}`
  await sql`
    update mail.event set said = null where ${theirs} and said is not null`.execute(scope.tx)
  await sql`update mail.message set facts = null, phone_hash = null where ${theirs} and (facts is not null or phone_hash is not null)`.execute(
    scope.tx,
  )
}

/** A code or a link that still waits for somebody who has just been forgotten does not leave any more. */
export async function blankAnswers(scope: Scope<'circulation'>, emailHash: Buffer | null, now: Date): Promise<void> {
  await sql`
    update mail.answer
    set state = case when state = 'waiting' then 'failed' else state end, settled_at = coalesce(settled_at, ${now}), said = null,
        address = null, language = null, subject = null, body_text = null, body_html = null, reply_to = null, report = null
    where library_no = ${scope.library} and address_hash = ${emailHash}`.execute(scope.tx)
}

/** What waits to be mailed about their texts: to the library, or to who sent a notice that did not arrive. */
async function blankMailsAbout(
  scope: Scope<'circulation'>,
  theirs: RawBuilder<unknown>,
  phoneHash: Buffer | null,
  now: Date,
) {
  await sql`
    update mail.answer
    set state = 'failed', settled_at = ${now}, said = null, address = null, language = null, subject = null, body_text = null,
        body_html = null, reply_to = null, report = null
    where library_no = ${scope.library} and state = 'waiting'
      and (report ->> 'phone' = ${phoneHash?.toString('hex') ?? null}
           or thread in (select 'conversation-' || conversation_no from mail.conversation where ${theirs}))`.execute(
    scope.tx,
  )
}

/** By person and by phone: most texts know only the phone. One that waits does not leave any more. */
export async function blankTexts(
  scope: Scope<'circulation'>,
  patron: PatronNo,
  phoneHash: Buffer | null,
  now: Date,
): Promise<void> {
  const theirs = sql`library_no = ${scope.library} and (phone_hash = ${phoneHash} or patron_no in ${numbersOf(scope, patron)})`
  await blankMailsAbout(scope, theirs, phoneHash, now)
  await sql`delete from desk.fix_up where ${theirs}`.execute(scope.tx)
  await sql`
    delete from mail.picture where library_no = ${scope.library} and text_no in (select text_no from mail.text where ${theirs})`.execute(
    scope.tx,
  )
  await sql`delete from mail.text_origin o using mail.text t
            where o.library_no = ${scope.library} and t.library_no = o.library_no and t.text_no = o.text_no
              and (t.phone_hash = ${phoneHash} or t.patron_no in ${numbersOf(scope, patron)})`.execute(scope.tx)
  await sql`
    update mail.text set state = case when state = 'waiting' then 'cancelled' else state end, phone = null, body = null, media = null, patron_no = null
    where ${theirs}`.execute(scope.tx)
  await sql`
    update mail.note set said = null
    where library_no = ${scope.library} and conversation_no in (select conversation_no from mail.conversation where ${theirs})`.execute(
    scope.tx,
  )
  await sql`
    update mail.conversation
    set phone = null, patron_no = null, state = 'closed', waiting_since = null, due_at = null, closed_at = coalesce(closed_at, ${now}),
        closed_rule = coalesce(closed_rule, 'the person asked to be forgotten'), change_no = nextval('mail.change_no')
    where ${theirs}`.execute(scope.tx)
}
