// The take of texts: one statement picks what is due on a line, asks afresh whether the phone may be texted, and marks each
// text `handing` or `withheld`. A confirmation of STOP or HELP is held back by nothing; a notice waits while people sleep.
import { type RawBuilder, sql } from 'kysely'
import { maskOf } from '../consent/purposes.ts'
import { inLibrary, type Logins, rowsOf } from '../db/scope.ts'
import { walkInOrder } from '../db/walk-in-order.ts'
import { monotonicMs } from '../lib/clock.ts'
import type { Answering } from '../patrons/answering.ts'
import type { Library } from '../patrons/library.ts'
import type { Line } from './lines.ts'
import { returnFailures, whyOfReasons } from './return-failure.ts'
import { isOpen, nextOpening, textHours } from './sending-hours.ts'
import { FRESH_MS } from './take.ts'
import type { TakeLog, TakeLogs } from './take-log.ts'
import { lockRates } from './text-rates.ts'

export interface TakenText {
  textNo: string
  phone: string
  phoneHash: Buffer
  body: string
  parts: number
}

export interface TextTake {
  /** Names the log of this take; '' when nothing was taken. */
  takeNo: string
  texts: TakenText[]
  /** Of this take, where logs are kept. Null when nothing was taken. */
  log: TakeLog | null
  withheld: number
  /** Monotonic, from before the decision: freshness counts from here. */
  takenAt: number
  /** When texts that wait for people to be awake may leave. */
  opens: Date
  /** The line's speed allows nothing earlier; null when there may be more right now. */
  notBefore: Date | null
}

export interface TextTakeWork {
  library: Library
  answering: Answering
  line: Line
  most: number
  now: Date
  takeLogs?: TakeLogs
}

export async function takeTexts(logins: Logins, work: TextTakeWork): Promise<TextTake> {
  const { library, answering, line, now, most } = work
  const takenAt = monotonicMs()
  const hours = textHours(answering)
  const awake = isOpen(hours, library.timezone, now)
  const opens = nextOpening(hours, library.timezone, now) ?? now
  let log: TakeLog | null = null
  return inLibrary(
    logins,
    'circulation',
    library.libraryNo,
    async (scope) => {
      await sql`select set_config('idle_in_transaction_session_timeout', '500ms', true), ${walkInOrder}`.execute(
        scope.tx,
      )
      const rates = await lockRates(scope, line, library.timezone, now)
      const base = { takenAt, opens, withheld: 0, texts: [], log, takeNo: '' }
      if (rates.parts === 0) return { ...base, notBefore: rates.retryAt }
      const decided = await rowsOf(
        scope,
        takeTextsStatement(work, { most, parts: rates.parts ?? 1_000_000, quietToo: awake && !rates.onlyUrgent }),
      )
      const texts = decided.filter((one) => one.state === 'handing')
      const withheld = decided.flatMap(({ textNo, reasons }) =>
        reasons === null ? [] : [{ textNo, why: whyOfReasons(reasons), providerCode: null }],
      )
      const spent = texts.reduce((sum, { parts }) => sum + parts, 0)
      if (spent > 0) await rates.spend(spent)
      // Before the commit, as with mail: a kill right after it leaves nothing uncertain.
      if (texts.length > 0) log = work.takeLogs?.open(decided[0]!.takeNo) ?? null
      await returnFailures(scope, library, withheld, now)
      return {
        ...base,
        texts,
        log,
        withheld: withheld.length,
        takeNo: decided[0]?.takeNo ?? '',
        notBefore: decided.length > 0 ? null : rates.onlyUrgent ? new Date(now.getTime() + 15 * 60_000) : null,
      }
    },
    { lockMs: FRESH_MS },
  ).catch((error) => {
    log?.leave() // it may have been committed all the same
    throw error
  })
}

type Decided = TakenText & { state: 'handing' | 'withheld'; takeNo: string; reasons: string[] | null }

/**
 * Walks text_waiting (the transaction asks for that, `walkInOrder`): what is urgent stands before what waits for the hours,
 * however much that is. Locks the texts it picks (another worker skips them). A text is picked as long as the parts before
 * it are within what the line may send; whoever is withheld costs nothing and is counted all the same, the next take comes
 * at once.
 */
export function takeTextsStatement(
  { library, line, now }: TextTakeWork,
  { most, parts, quietToo }: { most: number; parts: number; quietToo: boolean },
): RawBuilder<Decided> {
  const lib = library.libraryNo
  return sql<Decided>`
    with numbered as materialized (select nextval('mail.take_no') as take_no
    ), picked as materialized (
      select text_no, kind, phone_hash, parts, quiet, due_at from mail.text
      where library_no = ${lib} and line_no = ${line.lineNo} and state = 'waiting' and due_at <= ${now} ${quietToo ? sql`` : sql`and not quiet`}
        and (select paused_because from house.installation) is null
      order by quiet, due_at, text_no limit ${most} for no key update skip locked
    ), counted as (
      select *, sum(parts) over (order by quiet, due_at, text_no) - parts as before from picked
    ), judged as materialized (
      select c.text_no, case when c.kind = 'confirmation' then null else x.reasons end as reasons
      from counted c
      cross join lateral (
        select array_agg(distinct case reason when 'stopped' then 'STOPPED' when 'bounced' then 'BOUNCED' when 'complained' then 'COMPLAINED'
                                              when 'life-event' then 'LIFE_EVENT' else 'DO_NOT_WRITE' end) as reasons
        from outreach.suppression
        where library_no = ${lib} and channel = 'sms' and address_hash = c.phone_hash and lifted_at is null and purposes & ${maskOf('notice')}::bigint <> 0
      ) x
      where c.before < ${parts}
    ), changed as (
      update mail.text t
      set state = case when j.reasons is null then 'handing' else 'withheld' end, reasons = j.reasons,
          taken_at = case when j.reasons is null then clock_timestamp() end,
          take_no = case when j.reasons is null then (select take_no from numbered) end,
          attempts = t.attempts + case when j.reasons is null then 1 else 0 end
      from judged j where t.library_no = ${lib} and t.text_no = j.text_no
      returning t.text_no, t.phone, t.phone_hash, t.body, t.parts, t.state, t.quiet, t.due_at, t.reasons
    ), told as (
      insert into mail.text_event (library_no, text_no, kind, at) select ${lib}, text_no, 'withheld', ${now} from changed where state = 'withheld'
    )
    select text_no::text as "textNo", phone, phone_hash as "phoneHash", body, parts, state, reasons, (select take_no::text from numbered) as "takeNo"
    from changed order by quiet, due_at, text_no`
}
