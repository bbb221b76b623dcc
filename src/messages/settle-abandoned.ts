// What a process was handing over when it died. Its log says what had not begun to leave, which goes back and waits, and
// what the mail server or the provider of texts had taken; whatever was on the wire at that moment is `unknown`: shown,
// never guessed, never tried again.
import { sql } from 'kysely'
import { inLibrary, type LibraryNo, type Logins, rowsOf } from '../db/scope.ts'
import { announceDue } from './due.ts'
import type { Progress, TakeLogs } from './take-log.ts'

export interface Settled {
  /** Nobody can tell whether they left. */
  unknown: number
  /** Had left, and were not written down yet. */
  accepted: number
  /** Had not begun to leave; they wait for the next take. */
  waiting: number
}

interface Abandoned {
  messageNo: string
  takeNo: string | null
  campaignNo: string
  sender: string
}

const AT_ONCE = 2_000

/** `takenBefore`: the lease, which must be longer than a provider may take to answer. */
export async function settleAbandoned(
  logins: Logins,
  library: LibraryNo,
  logs: TakeLogs,
  { takenBefore, now }: { takenBefore: Date; now: Date },
): Promise<Settled> {
  const { settled, takes } = await inLibrary(logins, 'outreach', library, async (scope) => {
    const abandoned = await rowsOf(
      scope,
      sql<Abandoned>`
      select message_no as "messageNo", take_no as "takeNo", campaign_no as "campaignNo", sender from mail.message
      where library_no = ${library} and state = 'handing' and taken_at < ${takenBefore}
      order by message_no limit ${AT_ONCE} for no key update skip locked`,
    )
    const takes = new Set(abandoned.flatMap(({ takeNo }) => takeNo ?? []))
    const known = new Map([...takes].map((takeNo) => [takeNo, logs.read(takeNo)]))
    const fates = abandoned.map(({ messageNo, takeNo }) =>
      fateOf(takeNo === null ? null : known.get(takeNo), messageNo),
    )
    const settled = { unknown: 0, accepted: 0, waiting: 0 }
    for (const fate of fates) settled[fate]++
    if (abandoned.length > 0)
      await sql`
      with told as (
        select * from unnest(${abandoned.map((a) => a.messageNo)}::bigint[], ${fates}::text[]) t (message_no, fate)
      ), changed as (
        update mail.message m set state = t.fate, attempts = m.attempts - case when t.fate = 'waiting' then 1 else 0 end
        from told t where m.library_no = ${library} and m.message_no = t.message_no
        returning m.message_no, m.state, m.channel
      )
      insert into mail.event (library_no, message_no, basis, kind, said)
      select ${library}, message_no, 'consent', state,
             case when state = 'unknown' then 'the program ended while this was being handed over'
                  else 'taken by the ' || case channel when 'sms' then 'provider' else 'mail server' end
                       || '; the program ended before it had written this down' end
      from changed where state <> 'waiting'`.execute(scope.tx)
    const back = abandoned.filter((_, i) => fates[i] === 'waiting')
    for (const [, { sender, campaignNo }] of new Map(back.map((a) => [`${a.sender} ${a.campaignNo}`, a])))
      await announceDue(scope, sender, campaignNo, now)
    // Of a take of which somebody else holds a message right now, or of which there was no room for all, the log is needed again.
    const held = await rowsOf(
      scope,
      sql<{ takeNo: string }>`
      select distinct take_no as "takeNo" from mail.message
      where library_no = ${library} and state = 'handing' and take_no = any(${[...takes]}::bigint[])`,
    )
    for (const { takeNo } of held) takes.delete(takeNo)
    return { settled, takes }
  })
  for (const takeNo of takes) logs.clear(takeNo)
  return settled
}

export function fateOf(log: ReadonlyMap<string, Progress> | null | undefined, messageNo: string): keyof Settled {
  if (!log) return 'unknown'
  const progress = log.get(messageNo)
  return progress === 'begun' ? 'unknown' : progress === 'accepted' ? 'accepted' : 'waiting'
}
