// A provider's later word about a campaign's text: events appended, and the state that follows from them. As with every text
// a late word never undoes a better one, and a number that is not in use goes onto the list for the library system.
import { sql } from 'kysely'
import type { TextReport } from '../channels/sms/text-provider.ts'
import { suppressDeadPhone } from '../consent/phone-stops.ts'
import { inLibrary, type Logins, rowOf } from '../db/scope.ts'
import type { Library } from '../patrons/library.ts'
import { openFixUp } from './fix-ups.ts'
import type { Line } from './lines.ts'
import { DEAD, RANK, RANKS } from './text-outcomes.ts'

/** False when this library has no such message. The same report twice leaves one event. */
export async function recordMessageReport(
  logins: Logins,
  library: Library,
  { line, report, now }: { line: Line; report: TextReport; now: Date },
): Promise<boolean> {
  if (!line.forOutreach) return false
  const dead = report.state === 'failed' && report.permanent && report.fault !== null ? DEAD[report.fault] : undefined
  const state = report.state === 'failed' ? (dead ? 'bounced' : 'failed') : report.state
  const named = /^\d+-m(\d+)$/.exec(report.reference ?? '')?.[1]
  const message = await inLibrary(logins, 'outreach', library.libraryNo, async (scope) => {
    const found = await rowOf(
      scope,
      sql<{ messageNo: string; patronNo: string }>`
      update mail.message t
      set state = case when ${RANK} < ${RANKS[state]} and t.state not in ('withheld', 'cancelled') then ${state} else t.state end,
          provider_id = coalesce(t.provider_id, ${report.providerId}), line_no = coalesce(t.line_no, ${line.lineNo})
      where library_no = ${scope.library} and channel = 'sms'
        and ${named === undefined ? sql`line_no = ${line.lineNo} and provider_id = ${report.providerId}` : sql`message_no = ${named}::bigint`}
      returning message_no as "messageNo", patron_no as "patronNo"`,
    )
    if (found === null) return null
    await sql`
      insert into mail.event (library_no, message_no, basis, kind, at, code, said)
      select ${scope.library}, ${found.messageNo}::bigint, 'consent', ${state}, ${report.at ?? now}, ${report.code}, ${report.said}
      where not exists (select from mail.event where library_no = ${scope.library} and message_no = ${found.messageNo}::bigint
                        and kind = ${state} and code is not distinct from ${report.code})`.execute(scope.tx)
    return found
  })
  if (message === null) return false
  if (dead)
    await inLibrary(logins, 'circulation', library.libraryNo, async (scope) => {
      const { patronNo } = message
      const texted = await rowOf(
        scope,
        sql<{ phoneHash: Buffer | null; phone: string | null }>`
        select m.phone_hash as "phoneHash", case when s.phone_hash = m.phone_hash then i.phone end as phone
        from mail.message m
        left join outreach.standing s on s.library_no = m.library_no and s.patron_no = m.patron_no
        left join roster.identity i on i.library_no = m.library_no and i.patron_no = m.patron_no
        where m.library_no = ${scope.library} and m.message_no = ${message.messageNo}::bigint`,
      )
      if (!texted?.phoneHash) return
      const about = { phone: texted.phone, phoneHash: texted.phoneHash, patronNo, now }
      await suppressDeadPhone(scope, about)
      await openFixUp(scope, library, { ...about, kind: dead, textNo: null, said: null })
    })
  return true
}
