// The take: the moment at which it is decided who is written to. One statement picks due messages, asks every rule of
// the gate afresh under the lock of the household's standing, and marks each message `handing` or `withheld`. What it
// hands out is good for half a second (promise 2).
import { type RawBuilder, sql } from 'kysely'
import { type Asked, ask, suppressionOfRow } from '../consent/gate-question.ts'
import { PURPOSES } from '../consent/purposes.ts'
import { bitOf, codesOf, withholding } from '../consent/reasons.ts'
import { HOUSEHOLD, NO_LONGER_CHOSEN, RULES_VERSION } from '../consent/rules.ts'
import { inLibrary, type Logins, rowOf } from '../db/scope.ts'
import { walkInOrder } from '../db/walk-in-order.ts'
import { monotonicMs } from '../lib/clock.ts'
import type { Library } from '../patrons/library.ts'
import { compileSegment } from '../segments/compile.ts'
import { cancelWaiting } from './cancel-waiting.ts'
import { identifyTaken, type Taken } from './identify-taken.ts'
import { findMailing, type Mailing } from './mailing.ts'
import { isOpen, nextOpening } from './sending-hours.ts'
import type { TakeLog, TakeLogs } from './take-log.ts'
import { mailTerms, type TakeTerms } from './take-terms.ts'

/** How long a take may be handed over from: past it, it goes back and is decided again. */
export const FRESH_MS = 500

export interface Take {
  /** Names the log of this take; '' when nothing was taken. */
  takeNo: string
  mailing: Mailing | null
  messages: Taken[]
  /** Of this take, where logs are kept. Null when nothing was taken. */
  log: TakeLog | null
  withheld: number
  /** Monotonic, from before the decision: freshness counts from here. */
  takenAt: number
  /** Nothing to do before then; null when there may be more right now. */
  notBefore: Date | null
}

export interface TakeWork {
  library: Library
  sender: string
  campaignNo: string
  most: number
  now: Date
  takeLogs?: TakeLogs
  /** Without any, those of mail. */
  terms?: TakeTerms
}

export async function takeDue(logins: Logins, work: TakeWork): Promise<Take> {
  const takenAt = monotonicMs()
  const nothing = (mailing: Mailing | null, notBefore: Date | null): Take => ({
    takeNo: '',
    mailing,
    messages: [],
    log: null,
    withheld: 0,
    takenAt,
    notBefore,
  })
  const mailing = await inLibrary(logins, 'outreach', work.library.libraryNo, async (scope) => {
    const found = await findMailing(scope, work.campaignNo)
    if (found?.state === 'cancelled') await cancelWaiting(scope, work.campaignNo)
    return found
  })
  if (mailing === null || mailing.state !== 'launched') return nothing(mailing, inMinutes(work.now, 24 * 60))
  const terms = work.terms ?? mailTerms(work.library, work.sender)
  const hours = terms.hours(mailing)
  if (!isOpen(hours, work.library.timezone, work.now))
    return nothing(mailing, nextOpening(hours, work.library.timezone, work.now) ?? inMinutes(work.now, 60))
  let log: TakeLog | null = null
  return inLibrary(
    logins,
    'outreach',
    work.library.libraryNo,
    async (scope) => {
      await sql`select set_config('idle_in_transaction_session_timeout', '500ms', true), ${TAKES_BY_KEY}`.execute(
        scope.tx,
      )
      const drawn = await terms.draw(scope, mailing, work.most, work.now)
      if (drawn.granted === 0) return nothing(mailing, drawn.retryAt)
      const decided = (await rowOf(scope, takeStatement(work, mailing, drawn.granted)))!
      const about = { mailing, timezone: work.library.timezone, line: terms.line, messages: decided.handing }
      const messages = decided.handing.length === 0 ? [] : await identifyTaken(scope, about)
      await drawn.settle(messages)
      // Before the take is committed: whoever is killed right after it has a log that says that nothing had begun to leave.
      if (decided.handing.length > 0) log = work.takeLogs?.open(decided.takeNo) ?? null
      const idle = decided.handing.length === 0 && decided.withheld === 0
      return {
        takeNo: decided.takeNo,
        mailing,
        messages,
        log,
        withheld: decided.withheld,
        takenAt,
        notBefore: idle ? inMinutes(work.now, 1) : null,
      }
    },
    { purpose: PURPOSES[mailing.purpose].bit, lockMs: FRESH_MS },
  ).catch((error) => {
    log?.leave() // it may have been committed all the same
    throw error
  })
}

const inMinutes = (from: Date, minutes: number): Date => new Date(from.getTime() + minutes * 60_000)

/**
 * What a take asks of the planner. Memoize keeps answers per parameter, and throws them away for each row here: it took half of a
 * take's time.
 */
export const TAKES_BY_KEY = sql`set_config('enable_memoize', 'off', true), ${walkInOrder}`

interface Decided {
  takeNo: string
  handing: string[]
  withheld: number
}

/**
 * Locks: the messages picked (another worker skips them), then the standing rows of their households in the order of
 * the key, as imports and refreshes do. Waits on those at most `lock_timeout`. The rules see each row as it is once
 * locked (READ COMMITTED re-reads it), suppressions as they were when the statement began; a stop after that instant
 * has half a second until the last hand-over of this take. A patron whose standing is stale is passed over, and nothing
 * is taken while the installation is paused, even by a worker that found its work just before.
 *
 * Households stand in an array, and others are looked up one by one ("offset 0"), so that the plan holds in the minute after people have come
 * in and agreed, too, when PostgreSQL still believes that nobody has: joined, each take then read the whole library.
 */
export function takeStatement(
  { library, campaignNo, now, terms }: TakeWork,
  mailing: Mailing,
  most: number,
): RawBuilder<Decided> {
  const asked = ask(
    { library, purpose: mailing.purpose, channel: mailing.channel, now },
    sql<boolean>`coalesce(s.touched_by = p.message_no, false)`,
  )
  const lib = library.libraryNo
  const prompt = mailing.purpose === 'reengagement'
  // Written down before it leaves: the provider may speak of it before we have heard that it was taken.
  const leavesBy = terms?.line
    ? sql`, line_no = ${terms.line.lineNo}, phone_hash = (select phone_hash from held where held.patron_no = j.patron_no)`
    : sql``
  return sql<Decided>`
    with numbered as materialized (select nextval('mail.take_no') as take_no
    ), picked as materialized (
      select m.message_no, m.patron_no from mail.message m
      where m.library_no = ${lib} and m.campaign_no = ${campaignNo}::bigint and m.state = 'waiting' and m.due_at <= ${now}
        and (select paused_because from house.installation) is null
        and not exists (select from outreach.stale z where z.library_no = ${lib} and z.patron_no = m.patron_no)
      order by m.due_at, m.message_no limit ${most} for no key update of m skip locked
    ), households as materialized (
      select distinct h.household from picked p
      cross join lateral (select household, agreed_email, agreed_sms from outreach.standing where library_no = ${lib} and patron_no = p.patron_no offset 0) h
      where h.agreed_email <> 0 or h.agreed_sms <> 0
    ), held as materialized (
      select ${HELD} from outreach.standing o
      where o.library_no = ${lib} and (o.agreed_email <> 0 or o.agreed_sms <> 0) and o.household = any(array(select household from households))
      order by o.patron_no for no key update of o
    ), asked as materialized (
      select p.message_no, p.patron_no, s.household,
             case when s.patron_no is null then ${bitOf('SAID_NO')}
                  else ${withholding(asked)} | case when ${compileSegment(mailing.segment, library.timezone, now)} then 0 else ${bitOf(NO_LONGER_CHOSEN.code)} end
             end as reasons
      from picked p
      left join held s on s.patron_no = p.patron_no
      left join lateral ${suppressionOfRow(asked)} x on true
    ), judged as materialized (
      select message_no, patron_no, household,
             case when reasons = 0 and row_number() over (partition by household, reasons = 0 order by message_no) > 1
                  then ${bitOf(HOUSEHOLD.code)} else reasons end as reasons
      from asked
    ), withheld as (
      update mail.message m set state = 'withheld', reasons = ${codesOf(sql`j.reasons`)}, facts = ${factsSeen(asked)}
      from judged j
      left join held s on s.patron_no = j.patron_no
      left join lateral ${suppressionOfRow(asked)} x on true
      where m.library_no = ${lib} and m.message_no = j.message_no and j.reasons <> 0
      returning m.message_no
    ), handing as (
      update mail.message m set state = 'handing', taken_at = clock_timestamp(), attempts = m.attempts + 1, take_no = (select take_no from numbered)${leavesBy}
      from judged j where m.library_no = ${lib} and m.message_no = j.message_no and j.reasons = 0
      returning m.message_no
    ), touched as (
      update outreach.standing s set touched_by = t.message_no, unasked_before_at = s.unasked_at, unasked_at = ${now}
             ${prompt ? sql`, prompted_at = ${now}, prompts_unanswered = s.prompts_unanswered + 1` : sql``}
      from (
        select h.patron_no, j.message_no from judged j
        cross join lateral (select patron_no from outreach.standing where library_no = ${lib} and household = j.household and (agreed_email <> 0 or agreed_sms <> 0) offset 0) h
        where j.reasons = 0
      ) t
      where s.library_no = ${lib} and s.patron_no = t.patron_no and s.touched_by is distinct from t.message_no
    ), told as (
      insert into mail.event (library_no, message_no, basis, kind) select ${lib}, message_no, 'consent', 'withheld' from withheld
    )
    select (select take_no::text from numbered) as "takeNo", coalesce(array(select message_no::text from handing), '{}') as handing, (select count(*)::int from withheld) as withheld`
}

/** All that outreach may read of a standing row and the rules, a segment and the take look at; `*` would ask for its card, too. */
const HELD = sql.raw(
  `patron_no household last_use missing status branch category language minor_until expires_on email_given email_usable email_hash phone_hash identity_known
   agreed_email agreed_sms agreed_post refused_email refused_sms refused_post paused_until prompted_at prompts_unanswered unasked_at unasked_before_at
   touched_by topics has_card agreed_email_on agreed_sms_on agreed_post_on own_pace_days`
    .split(/\s+/)
    .map((column) => `o.${column}`)
    .join(', '),
)

/** What the rules saw of somebody withheld: the row s and the suppressions x of a question. */
const factsSeen = (asked: Asked): RawBuilder<object> => sql`
  jsonb_build_object('rules', ${sql.lit(RULES_VERSION)}::int, 'agreed', ${asked.agreed}, 'refused', ${asked.refused}, 'status', s.status,
    'lastUseMonth', s.last_use, 'expiresOn', s.expires_on, 'minorUntil', s.minor_until, 'missing', s.missing, 'promptedAt', s.prompted_at,
    'promptsUnanswered', s.prompts_unanswered, 'unaskedAt', s.unasked_at, 'unaskedBeforeAt', s.unasked_before_at, 'pausedUntil', s.paused_until,
    'stopped', x.stopped, 'bounced', x.bounced, 'complained', x.complained, 'byStaff', x.by_staff,
    'lifeEvent', x.life_event, 'ownPaceDays', s.own_pace_days)`
