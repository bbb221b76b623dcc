// The proof that nothing is unanswered: every text that came in since a day is counted once, as answered, closed by a named
// person, closed by a stated rule, or waiting; and what fits none of these is named. It reads what is kept and trusts nothing
// that was only meant to happen.
import { sql } from 'kysely'
import { rowsOf, type Scope } from '../db/scope.ts'
import { type MailboxAlarm, openAlarms } from '../messages/mailbox-alarm.ts'

export const FATES = ['answered', 'closed by a person', 'closed by a rule', 'waiting', 'handed on', 'LOST'] as const
export type Fate = (typeof FATES)[number]

export interface Unanswered {
  since: Date
  counts: Record<Fate, number>
  /** The oldest that wait, or that nothing accounts for. */
  waiting: { textNo: string; conversationNo: string | null; at: Date; fate: Fate }[]
  /** Requests of providers that are not read yet, or that nobody could read and nobody has looked at. */
  unread: number
  /** Mails about texts that the library's own mail server did not take: its mailbox may be full, or gone. */
  mailsFailed: number
  /** Mailboxes of the library that take no mail now. */
  alarms: MailboxAlarm[]
}

/**
 * Answered: an answer by rule stands against it that left or will (a provider may have given it itself), or a person answered
 * after it came. A repeat is answered with what it repeats.
 */
const fateOf = sql`
  case
    when t.meaning = 'handed on' then 'handed on'
    when exists (select from mail.text a where a.library_no = t.library_no and a.answers_no = coalesce(t.repeat_of, t.text_no)
                 and a.conversation_no = t.conversation_no and a.kind in ('confirmation', 'fixed') and a.state <> 'withheld') and c.waiting_since is null then 'answered'
    when t.meaning in ('stop', 'stop sentence') and c.waiting_since is null
      and exists (select from outreach.suppression x where x.library_no = t.library_no and x.channel = 'sms' and x.address_hash = t.phone_hash
                  and x.reason = 'stopped' and x.since <= t.at) then 'answered'
    when c.waiting_since <= t.at then 'waiting'
    when exists (select from mail.text a where a.library_no = t.library_no and a.conversation_no = t.conversation_no
                 and a.kind = 'answer' and a.state not in ('withheld', 'cancelled') and a.at >= t.at) then 'answered'
    when c.state = 'closed' and c.closed_by is not null then 'closed by a person'
    when c.state = 'closed' and c.closed_rule is not null then 'closed by a rule'
    when c.state = 'open' then 'waiting'
    else 'LOST'
  end`

export async function findUnanswered(scope: Scope<'circulation'>, since: Date): Promise<Unanswered> {
  const rows = await rowsOf(
    scope,
    sql<{ fate: Fate; texts: number }>`
    select ${fateOf} as fate, count(*)::int as texts
    from mail.text t left join mail.conversation c on c.library_no = t.library_no and c.conversation_no = t.conversation_no
    where t.library_no = ${scope.library} and t.direction = 'in' and t.at >= ${since} group by 1`,
  )
  const waiting = await rowsOf(
    scope,
    sql<Unanswered['waiting'][number]>`
    select * from (
      select t.text_no as "textNo", t.conversation_no as "conversationNo", t.at, ${fateOf} as fate
      from mail.text t left join mail.conversation c on c.library_no = t.library_no and c.conversation_no = t.conversation_no
      where t.library_no = ${scope.library} and t.direction = 'in' and t.at >= ${since}) all_of_them
    where fate in ('waiting', 'LOST') order by at limit 50`,
  )
  const [left] = await rowsOf(
    scope,
    sql<{ unread: number; mailsFailed: number }>`
    select (select count(*)::int from mail.hook where library_no = ${scope.library} and settled_at is null)
             + (select count(*)::int from mail.brought where library_no = ${scope.library}) as unread,
           (select count(*)::int from mail.answer where library_no = ${scope.library} and kind = 'text-came-in' and state = 'failed'
              and queued_at >= ${since}) as "mailsFailed"`,
  )
  const counts = Object.fromEntries(FATES.map((fate) => [fate, 0])) as Record<Fate, number>
  for (const { fate, texts } of rows) counts[fate] = texts
  return { since, counts, waiting, ...left!, alarms: await openAlarms(scope) }
}
