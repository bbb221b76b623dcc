// The fix-up list: what a phone told us that the library system does not know yet, and that a person has to put right there.
// One line for a phone and kind; it stays until a named person has closed it, and the number and the words go then.
import { sql } from 'kysely'
import { suppressPhoneForGood, unpausePhone } from '../consent/phone-stops.ts'
import { inLibrary, type Logins, rowOf, rowsOf, type Scope } from '../db/scope.ts'
import { Problem } from '../lib/errors.ts'
import type { Library } from '../patrons/library.ts'
import { knownLanguage, wordsOf } from '../words/languages.ts'
import { queueAnswer } from './answers.ts'

export const FIX_UP_KINDS = [
  'wrong number',
  'landline',
  'opted out',
  'stopped',
  'not theirs',
  'died',
  'new number',
] as const
export type FixUpKind = (typeof FIX_UP_KINDS)[number]

/** Silence goes with these until staff have looked. */
const PAUSES: readonly FixUpKind[] = ['not theirs', 'died']

export interface NewFixUp {
  kind: FixUpKind
  phone: string | null
  phoneHash: Buffer
  patronNo: string | null
  textNo: string | null
  said: string | null
  now: Date
}

/** The library is told at most once an hour that something waits, never about whom. Call it late, as queueAnswer asks. */
export async function openFixUp(scope: Scope<'circulation'>, library: Library, fix: NewFixUp): Promise<void> {
  const row = await rowOf(
    scope,
    sql<{ added: boolean }>`
    insert into desk.fix_up as f (library_no, kind, patron_no, phone, phone_hash, text_no, said, opened_at)
    values (${scope.library}, ${fix.kind}, ${fix.patronNo}::bigint, ${fix.phone}, ${fix.phoneHash}, ${fix.textNo}::bigint, ${fix.said}, ${fix.now})
    on conflict (library_no, phone_hash, kind) where closed_at is null do update set said = coalesce(excluded.said, f.said)
    returning (f.xmax = 0) as added`, // a row that was there before has been locked by this very statement
  )
  if (row!.added) await tellStaff(scope, library, fix.now)
}

const TOLD = 'fix-ups'

async function tellStaff(scope: Scope<'circulation'>, library: Library, now: Date): Promise<void> {
  const last = await rowOf(
    scope,
    sql<{ waits: boolean; at: Date }>`
    select state = 'waiting' as waits, queued_at as at from mail.answer
    where library_no = ${scope.library} and kind = ${TOLD} and address_hash = ${staffHash(scope, library)} order by queued_at desc limit 1`,
  )
  if (last?.waits) return
  const dueAt = new Date(Math.max(now.getTime(), (last?.at.getTime() ?? 0) + 3_600_000))
  const language = knownLanguage(library.language) ?? 'en'
  const { fixUp, fixUpSubject, closing } = wordsOf[language].texts.staff
  await queueAnswer(scope, library, {
    kind: TOLD,
    to: library.email,
    addressHash: staffHash(scope, library),
    toStaff: true,
    language,
    subject: fixUpSubject,
    parts: [fixUp, `gentle fix-ups list --library ${library.key}`],
    because: closing,
    now: dueAt,
  })
}

const staffHash = (scope: Scope<'circulation'>, library: Library): Buffer =>
  scope.seals.hashFor(library.key)('email', library.email.toLowerCase())

export interface FixUp {
  fixNo: string
  kind: FixUpKind
  patronNo: string | null
  phone: string | null
  said: string | null
  openedAt: Date
  closedAt: Date | null
  closedBy: string | null
  outcome: 'done' | 'not so' | null
}

/** Open ones, oldest first; or the last hundred of all. Whoever shows them writes the audit entry. */
export const listFixUps = (scope: Scope<'circulation'>, all: boolean): Promise<FixUp[]> =>
  rowsOf(
    scope,
    sql<FixUp>`
    select fix_no as "fixNo", kind, patron_no as "patronNo", phone, said, opened_at as "openedAt", closed_at as "closedAt",
           closed_by as "closedBy", outcome
    from desk.fix_up where library_no = ${scope.library}
    ${all ? sql`order by fix_no desc limit 100` : sql`and closed_at is null order by fix_no limit 500`}`,
  )

/**
 * Done: the library system knows it now, and what paused is final. Not so: it was read wrongly, and what paused goes on.
 * Throws Problem 'not-found', or 'conflict' when somebody closed it before.
 */
export const closeFixUp = (
  logins: Logins,
  library: Library,
  close: { fixNo: string; outcome: 'done' | 'not so'; by: string; now: Date },
): Promise<FixUpKind> =>
  inLibrary(logins, 'circulation', library.libraryNo, async (scope) => {
    const which = sql`library_no = ${scope.library} and fix_no = ${close.fixNo}::bigint`
    const found = await rowOf(
      scope,
      sql<{ kind: FixUpKind; phoneHash: Buffer; closedBy: string | null }>`
      select kind, phone_hash as "phoneHash", closed_by as "closedBy" from desk.fix_up where ${which} for update`,
    )
    if (found === null) throw new Problem('not-found', `${library.name} has no line ${close.fixNo} on its fix-up list.`)
    if (found.closedBy !== null)
      throw new Problem('conflict', `Line ${close.fixNo} was closed before, by ${found.closedBy}. Nothing was changed.`)
    await sql`
      update desk.fix_up set phone = null, said = null, closed_at = ${close.now}, closed_by = ${close.by}, outcome = ${close.outcome}
      where ${which}`.execute(scope.tx)
    const about = { phoneHash: found.phoneHash, now: close.now }
    if (PAUSES.includes(found.kind)) {
      if (close.outcome === 'done') await suppressPhoneForGood(scope, about)
      else await unpausePhone(scope, about)
    }
    return found.kind
  })
