// The stop door for texts: what is said by a phone holds for all of a library's texts to it, whoever has that phone and
// whether we know them or not. It runs in the transaction that stores the text, only inserts on its way to "no", and is in
// the journal before it is committed.
import { type RawBuilder, sql } from 'kysely'
import type { Journal } from '../db/journal.ts'
import { rowOf, rowsOf, type Scope } from '../db/scope.ts'
import type { Library } from '../patrons/library.ts'
import { appendChoices, type PatronNo } from './ledger.ts'
import { CONSENT_MASK, maskOf } from './purposes.ts'

/** Every purpose there is or will be. */
const EVERYTHING = -1
export const ALL_BUT_NOTICES = ~maskOf('notice')

export interface PhoneWord {
  phoneHash: Buffer
  now: Date
}

/** Whether everything has been stopped to this phone, notices too. */
export const hasStopped = async (scope: Scope<'circulation'>, phoneHash: Buffer): Promise<boolean> =>
  (await stopInForce(scope, phoneHash))?.everything === true

/** Whether a stop was said since then that is still in force, of everything or of all but notices. */
export const stoppedSince = async (scope: Scope<'circulation'>, phoneHash: Buffer, since: Date): Promise<boolean> =>
  (await rowOf(
    scope,
    sql`select from outreach.suppression
        where ${ofPhone(scope, phoneHash)} and reason = 'stopped' and since >= ${since} limit 1`,
  )) !== null

/**
 * Ends all of the library's texts to this phone; said again it is no harm. `method` is how it was said, for the ledger, whose
 * head it locks: call it last. Returns whose standing has to be refreshed once this is committed.
 */
export async function stopPhone(
  scope: Scope<'circulation'>,
  journal: Journal,
  library: Library,
  said: PhoneWord & { method: string },
): Promise<PatronNo[]> {
  const { phoneHash, now, method } = said
  if (await hasStopped(scope, phoneHash)) return []
  const patrons = await patronsOfPhone(scope, phoneHash)
  const entry = {
    at: now.toISOString(),
    library: library.key,
    channel: 'sms',
    purposes: EVERYTHING,
    addressHash: phoneHash.toString('hex'),
  }
  // The address once, and each person: what they agreed to for texts ends, too.
  journal.write(patrons.length === 0 ? [{ ...entry, patron: null }] : patrons.map((patron) => ({ ...entry, patron })))
  await suppress(scope, { phoneHash, now, purposes: EVERYTHING, reason: 'stopped' })
  await appendChoices(
    scope,
    patrons.map((patron) => ({
      patron,
      purpose: 'all',
      channel: 'sms',
      decision: 'stop',
      method,
      wording: null,
      decidedAt: now,
      attestedBy: 'the patron',
    })),
    now,
  )
  return patrons
}

/** Says, of somebody who has stopped, that notices may come after all. False when there was no such stop. */
export async function keepNotices(
  scope: Scope<'circulation'>,
  journal: Journal,
  library: Library,
  word: PhoneWord,
): Promise<boolean> {
  if (!(await hasStopped(scope, word.phoneHash))) return false
  noteWord(journal, library, word, 'notices')
  await liftStopsOf(scope, word)
  await suppress(scope, { ...word, purposes: ALL_BUT_NOTICES, reason: 'stopped' })
  return true
}

/**
 * START: what STOP ended for service may come again. What rests on consent needs a new yes of its own, with its words: the
 * ledger's stop stands. False when there was nothing to undo.
 */
export async function startPhone(
  scope: Scope<'circulation'>,
  journal: Journal,
  library: Library,
  word: PhoneWord,
): Promise<boolean> {
  if ((await stopInForce(scope, word.phoneHash)) === null) return false
  noteWord(journal, library, word, 'start')
  await liftStopsOf(scope, word)
  return true
}

/** Where this is not committed after all, the provider brings the text again: the phone did say it. */
const noteWord = (journal: Journal, library: Library, { phoneHash, now }: PhoneWord, word: 'start' | 'notices') =>
  journal.write([
    { kind: 'phone', at: now.toISOString(), library: library.key, addressHash: phoneHash.toString('hex'), word },
  ])

/** A number that is not in use, or cannot be texted. Saying it again is no harm. */
export const suppressDeadPhone = (scope: Scope<'circulation'>, word: PhoneWord): Promise<void> =>
  suppress(scope, { ...word, purposes: EVERYTHING, reason: 'bounced' })

/** Whoever texts us has a phone that works. */
export const liftDeadPhone = (scope: Scope<'circulation'>, word: PhoneWord) =>
  lift(scope, word, sql`reason = 'bounced'`)

/** A reader told us something about the person: silence until staff have looked. */
export const pausePhone = (scope: Scope<'circulation'>, word: PhoneWord): Promise<void> =>
  suppress(scope, { ...word, purposes: EVERYTHING, reason: 'life-event' })

/** Whether something else than the person's own stop holds texts back: what was told about them, or what staff said. */
export const isHeldBack = async (scope: Scope<'circulation'>, phoneHash: Buffer): Promise<boolean> =>
  (await rowOf(
    scope,
    sql`select from outreach.suppression where ${ofPhone(scope, phoneHash)} and reason in ('life-event', 'staff') limit 1`,
  )) !== null

export const unpausePhone = (scope: Scope<'circulation'>, word: PhoneWord) =>
  lift(scope, word, sql`reason = 'life-event'`)

/** Staff looked, and it is so. */
export async function suppressPhoneForGood(scope: Scope<'circulation'>, word: PhoneWord): Promise<void> {
  await suppress(scope, { ...word, purposes: EVERYTHING, reason: 'staff' })
  await lift(scope, word, sql`reason = 'life-event'`)
}

/** People who ever chose something and have this phone, by the index standing_by_phone. */
export async function patronsOfPhone(scope: Scope<'circulation'>, phoneHash: Buffer): Promise<PatronNo[]> {
  const rows = await rowsOf(
    scope,
    sql<{ patronNo: string }>`
    select patron_no as "patronNo" from outreach.standing
    where library_no = ${scope.library} and phone_hash = ${phoneHash}
      and (agreed_email <> 0 or refused_email <> 0 or agreed_sms <> 0 or refused_sms <> 0 or agreed_post <> 0 or refused_post <> 0)
    order by patron_no limit 100`,
  )
  return rows.map((row) => row.patronNo)
}

/** A stop of what rests on consent alone (an erased person's) is none of these: only their own new yes lifts it. */
export const ofTexts = sql`reason = 'stopped' and purposes & ~${CONSENT_MASK}::bigint <> 0`

const stopInForce = (scope: Scope<'circulation'>, phoneHash: Buffer): Promise<{ everything: boolean } | null> =>
  rowOf(
    scope,
    sql<{ everything: boolean }>`
    select purposes & ${maskOf('notice')}::bigint <> 0 as everything from outreach.suppression
    where ${ofPhone(scope, phoneHash)} and ${ofTexts} order by everything desc limit 1`,
  )

const ofPhone = (scope: Scope<'circulation'>, phoneHash: Buffer) =>
  sql`library_no = ${scope.library} and channel = 'sms' and address_hash = ${phoneHash} and lifted_at is null`

const liftStopsOf = (scope: Scope<'circulation'>, word: PhoneWord) => lift(scope, word, ofTexts)

async function lift(
  scope: Scope<'circulation'>,
  { phoneHash, now }: PhoneWord,
  which: RawBuilder<unknown>,
): Promise<void> {
  await sql`update outreach.suppression set lifted_at = ${now} where ${ofPhone(scope, phoneHash)} and ${which}`.execute(
    scope.tx,
  )
}

async function suppress(
  scope: Scope<'circulation'>,
  s: PhoneWord & { purposes: number; reason: 'stopped' | 'bounced' | 'life-event' | 'staff' },
): Promise<void> {
  await sql`
    insert into outreach.suppression (library_no, channel, address_hash, purposes, reason, since)
    select ${scope.library}, 'sms', ${s.phoneHash}, ${s.purposes}::bigint, ${s.reason}, ${s.now}
    where not exists (select from outreach.suppression where ${ofPhone(scope, s.phoneHash)} and reason = ${s.reason}
                      and purposes & ${s.purposes}::bigint = ${s.purposes}::bigint)`.execute(scope.tx)
}
