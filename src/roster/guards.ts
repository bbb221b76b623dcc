// When an import stops and asks: a patron file that was cut short, filtered or exported wrongly looks like thousands of
// people leaving or losing their addresses. Nothing has changed yet when a guard speaks; `--approve` says it is meant.

import type { LibraryNo } from '../db/scope.ts'
import type { Session } from '../db/session.ts'
import type { Absence } from './known-lines.ts'
import type { Staged } from './stage.ts'

export interface Refusal {
  reason: string
  detail: string
}

/** How the staged file differs from the roster. */
export interface Difference {
  /** Patrons in the roster and not missing before. */
  present: number
  added: number
  changed: number
  /** Gone missing with this file. */
  missing: number
  /** Patrons with an address; counted only when some lose theirs. */
  withEmail: number
  emailsGone: number
  withPhone: number
  phonesGone: number
}

/** Of a file that meets an empty roster: everybody in it is new. */
export const allNew = ({ rows, problems }: Staged): Difference => ({
  present: 0,
  added: rows - problems.length,
  changed: 0,
  missing: 0,
  withEmail: 0,
  emailsGone: 0,
  withPhone: 0,
  phonesGone: 0,
})

export async function measureDifference(
  session: Session,
  library: LibraryNo,
  { present, leaving }: Absence,
  delta: boolean,
): Promise<Difference> {
  const told = await session.client.query<Pick<Difference, 'added' | 'changed' | 'emailsGone' | 'phonesGone'>>(
    `select count(*) filter (where added)::int as added, count(*) filter (where changed)::int as changed,
            count(*) filter (where email_gone)::int as "emailsGone", count(*) filter (where phone_gone)::int as "phonesGone"
     from incoming`,
  )
  const gone = told.rows[0]!.emailsGone + told.rows[0]!.phonesGone
  const had = await session.client.query<Pick<Difference, 'withEmail' | 'withPhone'>>(
    `select count(*) filter (where email_given)::int as "withEmail", count(*) filter (where phone_given)::int as "withPhone"
     from outreach.standing where library_no = $1 and has_card and $2`,
    [library, gone > 0],
  )
  return { ...told.rows[0]!, ...had.rows[0]!, present, missing: delta ? 0 : leaving }
}

/** More than 5% of what there was (but never for fewer than five people), or more than 500. */
const tooMany = (gone: number, of: number): boolean => gone > 500 || gone > Math.max(of * 0.05, 4)

const count = (n: number): string => n.toLocaleString('en-US')

/** The first guard that speaks, or null. */
export function whatLooksWrong(staged: Staged, d: Difference): Refusal | null {
  if (staged.problems.length > Math.max(staged.rows * 0.1, 4))
    return {
      reason: 'too-many-problems',
      detail: `${count(staged.problems.length)} of ${count(staged.rows)} lines cannot be read; the first is line ${staged.problems[0]!.line}: ${staged.problems[0]!.reason}. Most likely the export or the mapping is wrong. Nothing was changed. Mend it, or say --approve to take in the others.`,
    }
  if (tooMany(d.missing, d.present))
    return {
      reason: 'roster-shrank',
      detail: `${count(d.missing)} of ${count(d.present)} patrons are not in this file. A file that was cut short or filtered looks like this. Nothing was changed. If they really left, say --approve; if the file holds only changes, say --delta.`,
    }
  if (tooMany(d.emailsGone, d.withEmail))
    return {
      reason: 'emails-gone',
      detail: `${count(d.emailsGone)} of ${count(d.withEmail)} patrons who had an email address have none in this file. Nothing was changed. Check the email column; if it is meant, say --approve.`,
    }
  if (tooMany(d.phonesGone, d.withPhone))
    return {
      reason: 'phones-gone',
      detail: `${count(d.phonesGone)} of ${count(d.withPhone)} patrons who had a phone have none in this file. Nothing was changed. Check the phone column; if it is meant, say --approve.`,
    }
  return null
}
