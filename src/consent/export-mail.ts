// What left for one patron and what did not, for the export: messages with the yes they rest on, answers to what the person
// did, and mailings that left them alone by lot. Found by key, so that one person's question reads no whole table.
import { type RawBuilder, sql } from 'kysely'
import { rowsOf, type Scope } from '../db/scope.ts'
import type { LedgerEntry, PatronNo } from './ledger.ts'
import { messageNumbers, numbersOf } from './message-numbers.ts'
import type { Channel, Purpose } from './purposes.ts'
import { reasonText } from './reasons.ts'

export interface MessageRecord {
  messageNo: string
  mailing: string | null
  purpose: Purpose
  channel: Channel
  state: string
  dueAt: Date
  /** The yes that it rests on; null of a notice. */
  restsOn: { decidedAt: Date; said: string | null } | null
  /** Why it was held back. */
  withheldBecause: { code: string; says: string }[]
  events: { kind: string; at: Date }[]
}

/** Of the last 12 months, newest first. */
export async function messagesOf(
  scope: Scope<'circulation'>,
  patron: PatronNo,
  choices: readonly LedgerEntry[],
  now: Date,
): Promise<MessageRecord[]> {
  const rows = await rowsOf(
    scope,
    sql<Omit<MessageRecord, 'restsOn' | 'withheldBecause'> & { reasons: string[] | null }>`
    select m.message_no as "messageNo", c.name as mailing, m.purpose, m.channel, m.state, m.due_at as "dueAt", m.reasons,
           coalesce((select json_agg(json_build_object('kind', e.kind, 'at', e.at) order by e.event_no)
             from mail.event e where e.library_no = m.library_no and e.message_no = m.message_no), '[]') as events
    from mail.message m left join outreach.campaign c on c.library_no = m.library_no and c.campaign_no = m.campaign_no
    where m.library_no = ${scope.library} and m.message_no in ${messageNumbers(scope, patron)} and m.due_at > ${yearBefore(now)}
    order by m.due_at desc, m.message_no desc`,
  )
  return rows.map(({ reasons, ...message }) => ({
    ...message,
    events: message.events.map(({ kind, at }) => ({ kind, at: new Date(at) })),
    restsOn: yesOf(message, choices),
    withheldBecause: (reasons ?? []).map((code) => ({ code, says: reasonText(code) })),
  }))
}

const yearBefore = (now: Date): RawBuilder<unknown> => sql`${now}::timestamptz - interval '12 months'`

/** The newest yes to this purpose and channel at the time. */
function yesOf(message: Pick<MessageRecord, 'purpose' | 'channel' | 'dueAt'>, choices: readonly LedgerEntry[]) {
  const yes = choices
    .filter(
      (c) =>
        c.decision === 'grant' &&
        c.purpose === message.purpose &&
        ['all', message.channel].includes(c.channel) &&
        c.decidedAt <= message.dueAt,
    )
    .sort((a, b) => b.decidedAt.getTime() - a.decidedAt.getTime())[0]
  return yes ? { decidedAt: yes.decidedAt, said: yes.said } : null
}

export interface AnswerRecord {
  kind: string
  state: string
  queuedAt: Date
}

/** To the person's address, of the last 12 months, newest first; not what they said: a code in one may still open something. */
export const answersOf = (scope: Scope<'circulation'>, patron: PatronNo, now: Date): Promise<AnswerRecord[]> =>
  rowsOf(
    scope,
    sql<AnswerRecord>`
    select a.kind, a.state, a.queued_at as "queuedAt" from outreach.standing s
    join mail.answer a on a.library_no = s.library_no and a.address_hash = s.email_hash and a.queued_at > ${yearBefore(now)}
    where s.library_no = ${scope.library} and s.patron_no = ${patron}::bigint order by a.queued_at desc, a.answer_no desc`,
  )

export interface LeftAlone {
  mailing: string
  at: Date | null
}

/** Mailings whose comparison group the person was drawn into. */
export const leftAloneOf = (scope: Scope<'circulation'>, patron: PatronNo): Promise<LeftAlone[]> =>
  rowsOf(
    scope,
    sql<LeftAlone>`
    select c.name as mailing, c.launched_at as at from outreach.campaign c
    join outreach.holdout h on h.library_no = c.library_no and h.campaign_no = c.campaign_no and h.patron_no = ${patron}::bigint
    where c.library_no = ${scope.library} order by c.launched_at desc`,
  )

export interface TextRecord {
  direction: 'out' | 'in'
  kind: string
  body: string | null
  state: string
  at: Date
  /** Those that came with it, as a file would hold them. */
  pictures: { type: string; base64: string }[]
}

/**
 * Texts between this person and the library, of the last 12 months, newest first, from whichever phone. Those of which only
 * the phone is known are in nobody's: it may have been somebody else's by then.
 */
export const textsOf = (scope: Scope<'circulation'>, patron: PatronNo, now: Date): Promise<TextRecord[]> =>
  rowsOf(
    scope,
    sql<TextRecord>`
    select direction, kind, body, state, at,
           coalesce((select json_agg(json_build_object('type', p.type, 'base64', encode(p.bytes, 'base64')) order by p.place) from mail.picture p
             where p.library_no = t.library_no and p.text_no = t.text_no and p.state = 'kept'), '[]') as pictures
    from mail.text t
    where library_no = ${scope.library} and patron_no in ${numbersOf(scope, patron)} and at > ${yearBefore(now)}
    order by at desc, text_no desc`,
  )
