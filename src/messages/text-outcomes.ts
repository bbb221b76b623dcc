// What became of a text that was handed over, and what a provider says of it later: events appended, the state that follows
// from them, and what it means for the number. A late word never undoes a better one; a number that is not in use, or that
// the provider blocks, is not texted again and stands on the list for the library system.
import { sql } from 'kysely'
import type { HandOver } from '../channels/channel.ts'
import type { TextFault, TextReport } from '../channels/sms/text-provider.ts'
import { suppressDeadPhone } from '../consent/phone-stops.ts'
import { rowOf, type Scope } from '../db/scope.ts'
import type { Library } from '../patrons/library.ts'
import { announceText } from './due-texts.ts'
import { type FixUpKind, openFixUp } from './fix-ups.ts'
import type { Line } from './lines.ts'
import { type Failure, returnFailures, whyOfFault } from './return-failure.ts'

/** A refusal says what it means for the number where the provider's code tells it. */
export type TextHandOver = HandOver & { fault?: TextFault | null }

export interface TextOutcome {
  textNo: string
  phone: string
  phoneHash: Buffer
  result: TextHandOver
}

/** Tries of a text that is refused for now; about two days. */
const MOST_ATTEMPTS = 12

/** What says that a number itself cannot be texted, for good. */
export const DEAD: Partial<Record<TextFault, FixUpKind>> = {
  'wrong number': 'wrong number',
  landline: 'landline',
  'opted out': 'opted out',
}

/** Of one take. A text that somebody else has taken since is theirs to tell of. */
export async function recordTextOutcomes(
  scope: Scope<'circulation'>,
  library: Library,
  { line, takeNo, outcomes, now }: { line: Line; takeNo: string; outcomes: readonly TextOutcome[]; now: Date },
): Promise<void> {
  const failures: Failure[] = []
  const dead: DeadNumber[] = []
  // In the order of the key, so that two batches never wait for each other in a circle.
  for (const outcome of outcomes.toSorted((a, b) => (BigInt(a.textNo) < BigInt(b.textNo) ? -1 : 1))) {
    const verdict = verdictOf(outcome.result)
    const changed = await rowOf(
      scope,
      sql<{ state: string; kind: string; patronNo: string | null }>`
      update mail.text
      set state = case when ${verdict.state} = 'waiting' and ${!verdict.blameless} and attempts >= ${MOST_ATTEMPTS} then 'failed' else ${verdict.state} end,
          provider_id = coalesce(${verdict.providerId}, provider_id),
          attempts = attempts - ${verdict.blameless ? 1 : 0},
          due_at = case when ${verdict.state} <> 'waiting' or ${verdict.code === 'stale'} then due_at
                        else ${now}::timestamptz + least(interval '1 minute' * 2 ^ greatest(attempts - 1, 0), interval '6 hours') end
      where library_no = ${scope.library} and text_no = ${outcome.textNo}::bigint and state in ('handing', 'unknown') and take_no = ${takeNo}::bigint
      returning state, kind, patron_no as "patronNo"`,
    )
    if (changed === null || verdict.code === 'stale') continue
    const kind = changed.state === 'waiting' ? 'put-off' : changed.state
    await addEvent(scope, { textNo: outcome.textNo, kind, at: now, code: verdict.code, said: verdict.said })
    const fixUp = verdict.fault === null ? undefined : DEAD[verdict.fault]
    if (fixUp) dead.push({ ...outcome, of: changed.kind, patronNo: changed.patronNo, kind: fixUp, now })
    if (hasFailed(changed.state))
      failures.push({ textNo: outcome.textNo, why: whyOfFault(verdict.fault), providerCode: verdict.code })
  }
  // What the provider put off, and what was too old to leave, is due again.
  if (outcomes.some(({ result }) => verdictOf(result).state === 'waiting')) await announceText(scope, line.lineNo, now)
  // After the texts' own row of house.due, as a STOP has it: these announce answers.
  for (const one of dead) await numberIsDead(scope, library, one)
  await returnFailures(scope, library, failures, now)
}

const hasFailed = (state: string): boolean => state === 'failed' || state === 'bounced'

interface Verdict {
  state: 'accepted' | 'unknown' | 'waiting' | 'bounced' | 'failed'
  providerId: string | null
  code: string | null
  said: string | null
  fault: TextFault | null
  /** Not this text's fault, so the try does not count: an outage fails nobody. */
  blameless: boolean
}

function verdictOf(result: TextHandOver): Verdict {
  const base = { providerId: null, code: null, said: null, fault: result.fault ?? null, blameless: false }
  switch (result.kind) {
    case 'accepted':
      return { ...base, state: 'accepted', providerId: result.providerId, said: result.said }
    case 'unknown':
      return { ...base, state: 'unknown', said: result.why }
    case 'stale':
      return { ...base, state: 'waiting', code: 'stale', blameless: true }
    case 'refused': {
      const { code, said, permanent } = result
      // Of a sender that is not registered nothing leaves; a code of words speaks of the line to the provider.
      const blameless = base.fault === 'unregistered' || (!permanent && !/^\d/.test(code))
      if (!permanent || base.fault === 'unregistered') return { ...base, state: 'waiting', code, said, blameless }
      return { ...base, state: base.fault !== null && DEAD[base.fault] ? 'bounced' : 'failed', code, said }
    }
  }
}

/** What the states are worth: a report changes a state only for one that says more. */
export const RANK = sql`case t.state when 'bounced' then 5 when 'delivered' then 4 when 'failed' then 3 when 'accepted' then 2 else 1 end`
export const RANKS = { bounced: 5, delivered: 4, failed: 3, accepted: 2 } as const

/**
 * A provider's later word. False when this library has no such text. The same report twice leaves one event.
 */
export async function recordTextReport(
  scope: Scope<'circulation'>,
  library: Library,
  { line, report, now }: { line: Line; report: TextReport; now: Date },
): Promise<boolean> {
  const dead = report.state === 'failed' && report.permanent && report.fault !== null ? DEAD[report.fault] : undefined
  const state = report.state === 'failed' ? (dead ? 'bounced' : 'failed') : report.state
  const textNo = ownReference(library, report.reference)
  if (textNo?.startsWith('m')) return false // a campaign's message
  const text = await rowOf(
    scope,
    sql<{
      textNo: string
      of: string
      phone: string | null
      phoneHash: Buffer
      patronNo: string | null
      state: string
    }>`
    update mail.text t
    set state = case when ${RANK} < ${RANKS[state]} and t.state not in ('withheld', 'cancelled') then ${state} else t.state end,
        provider_id = coalesce(t.provider_id, ${report.providerId})
    where library_no = ${scope.library} and line_no = ${line.lineNo} and direction = 'out'
      and ${textNo === null ? sql`provider_id = ${report.providerId}` : sql`text_no = ${textNo}::bigint`}
    returning text_no as "textNo", kind as of, phone, phone_hash as "phoneHash", patron_no as "patronNo", state`,
  )
  if (text === null) return false
  const event = { textNo: text.textNo, kind: state, at: report.at ?? now, code: report.code, said: report.said }
  const known = await rowOf(
    scope,
    sql`select from mail.text_event where library_no = ${scope.library} and text_no = ${text.textNo}::bigint
        and kind = ${event.kind} and code is not distinct from ${event.code} limit 1`,
  )
  if (known === null) await addEvent(scope, event)
  if (dead && known === null) await numberIsDead(scope, library, { ...text, kind: dead, now })
  // A failure that is told of a text which has arrived after all changes nothing, and returns nothing.
  if (report.state === 'failed' && hasFailed(text.state))
    await returnFailures(
      scope,
      library,
      [{ textNo: text.textNo, why: whyOfFault(report.fault), providerCode: report.code || null }],
      now,
    )
  return true
}

/** "7-1204": the library and the text; comes back from whichever provider can carry it. */
export const textReference = (library: Pick<Library, 'libraryNo'>, textNo: string): string =>
  `${library.libraryNo}-${textNo}`

/** "7-m1204": of a campaign's message, which is kept apart from the texts. */
export const messageReference = (library: Pick<Library, 'libraryNo'>, messageNo: string): string =>
  `${library.libraryNo}-m${messageNo}`

export function libraryOfReference(reference: string | null): number | null {
  const read = /^(\d{1,9})-m?\d{1,19}$/.exec(reference ?? '')
  return read ? Number(read[1]) : null
}

const ownReference = (library: Library, reference: string | null): string | null =>
  libraryOfReference(reference) === library.libraryNo ? reference!.split('-')[1]! : null

interface DeadNumber {
  textNo: string
  /** The kind of text that did not arrive. */
  of: string
  phone: string | null
  phoneHash: Buffer
  patronNo: string | null
  kind: FixUpKind
  now: Date
}

async function numberIsDead(scope: Scope<'circulation'>, library: Library, about: DeadNumber): Promise<void> {
  await suppressDeadPhone(scope, { phoneHash: about.phoneHash, now: about.now })
  // A number that somebody typed into a form stands on no card that could be put right.
  if (about.of !== 'code') await openFixUp(scope, library, { ...about, said: null })
}

export async function addEvent(
  scope: Scope<'circulation'>,
  event: { textNo: string; kind: string; at: Date; code: string | null; said: string | null },
): Promise<void> {
  await sql`
    insert into mail.text_event (library_no, text_no, kind, at, code, said)
    values (${scope.library}, ${event.textNo}::bigint, ${event.kind}, ${event.at}, ${event.code}, ${event.said})`.execute(
    scope.tx,
  )
}
