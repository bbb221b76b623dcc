// Texts that a process was handing over when it died. The log of its take says what had not begun to leave, which goes back
// and waits, and what the provider had taken; whatever was on the wire is `unknown`: shown, never sent again, and settled
// by the provider's own report if one comes.
import { sql } from 'kysely'
import { inLibrary, type LibraryNo, type Logins, rowsOf } from '../db/scope.ts'
import { announceText } from './due-texts.ts'
import { fateOf, type Settled } from './settle-abandoned.ts'
import type { TakeLogs } from './take-log.ts'

const AT_ONCE = 2_000

/** `takenBefore`: the lease, which must be longer than a provider may take to answer. */
export async function settleAbandonedTexts(
  logins: Logins,
  library: LibraryNo,
  logs: TakeLogs,
  { takenBefore, now }: { takenBefore: Date; now: Date },
): Promise<Settled> {
  const { settled, takes } = await inLibrary(logins, 'circulation', library, async (scope) => {
    const abandoned = await rowsOf(
      scope,
      sql<{ textNo: string; takeNo: string; lineNo: number }>`
      select text_no as "textNo", take_no as "takeNo", line_no as "lineNo" from mail.text
      where library_no = ${library} and state = 'handing' and taken_at < ${takenBefore}
      order by text_no limit ${AT_ONCE} for no key update skip locked`,
    )
    const takes = new Set(abandoned.map(({ takeNo }) => takeNo))
    const known = new Map([...takes].map((takeNo) => [takeNo, logs.read(takeNo)]))
    const fates = abandoned.map(({ textNo, takeNo }) => fateOf(known.get(takeNo), textNo))
    const settled = { unknown: 0, accepted: 0, waiting: 0 }
    for (const fate of fates) settled[fate]++
    if (abandoned.length > 0)
      await sql`
      with told as (
        select * from unnest(${abandoned.map((a) => a.textNo)}::bigint[], ${fates}::text[]) t (text_no, fate)
      ), changed as (
        update mail.text m set state = t.fate, attempts = m.attempts - case when t.fate = 'waiting' then 1 else 0 end
        from told t where m.library_no = ${library} and m.text_no = t.text_no
        returning m.text_no, m.state
      )
      insert into mail.text_event (library_no, text_no, kind, at, said)
      select ${library}, text_no, state, ${now},
             case state when 'unknown' then 'the program ended while this was being handed over'
                        else 'taken by the provider; the program ended before it had written this down' end
      from changed where state <> 'waiting'`.execute(scope.tx)
    const back = abandoned.filter((_, i) => fates[i] === 'waiting')
    for (const lineNo of new Set(back.map((one) => one.lineNo))) await announceText(scope, lineNo, now)
    // As with mail: a log is kept as long as a text of its take is not settled.
    const held = await rowsOf(
      scope,
      sql<{ takeNo: string }>`
      select distinct take_no as "takeNo" from mail.text
      where library_no = ${library} and state = 'handing' and take_no = any(${[...takes]}::bigint[])`,
    )
    for (const { takeNo } of held) takes.delete(takeNo)
    return { settled, takes }
  })
  for (const takeNo of takes) logs.clear(takeNo)
  return settled
}
