// When an import stops and asks: a patron file that was cut short, filtered or exported wrongly looks like thousands of
// people leaving or losing their addresses. Nothing has changed yet when a guard speaks; `--approve` says it is meant.

import type { LibraryNo } from '../db/scope.ts'
import type { Session } from '../db/session.ts'
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
  withEmail: number
  emailsGone: number
  withPhone: number
  phonesGone: number
}

export async function measureDifference(
  session: Session,
  library: LibraryNo,
  first: boolean,
  delta: boolean,
): Promise<Difference> {
  if (first) {
    const { rows } = await session.client.query<{ added: number }>('select count(*)::int as added from incoming')
    return {
      present: 0,
      added: rows[0]!.added,
      changed: 0,
      missing: 0,
      withEmail: 0,
      emailsGone: 0,
      withPhone: 0,
      phonesGone: 0,
    }
  }
  const { rows } = await session.client.query<Difference>({
    text: `
      with known as materialized (
        select p.fingerprint <> i.fingerprint as changed, p.patron_id is null as added,
               s.email_given and not i.email_given as email_gone, s.phone_given and not i.phone_given as phone_gone
        from incoming i
        left join roster.patron p on p.library_no = $1 and p.patron_id = i.patron_id
        left join outreach.standing s on s.library_no = $1 and s.patron_no = p.patron_no)
      select (select count(*)::int from roster.patron where library_no = $1 and missing = 0) as present,
             count(*) filter (where added)::int as added,
             count(*) filter (where changed)::int as changed,
             (select count(*) filter (where $2)::int from roster.patron p where p.library_no = $1 and p.missing = 0
                and not exists (select from seen e where e.patron_id = p.patron_id)) as missing,
             (select count(*)::int from outreach.standing where library_no = $1 and email_given) as "withEmail",
             count(*) filter (where email_gone)::int as "emailsGone",
             (select count(*)::int from outreach.standing where library_no = $1 and phone_given) as "withPhone",
             count(*) filter (where phone_gone)::int as "phonesGone"
      from known`,
    values: [library, !delta],
  })
  return rows[0]!
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
      detail: `${count(d.emailsGone)} of ${count(d.withEmail)} patrons who had an e-mail address have none in this file. Nothing was changed. Check the e-mail column; if it is meant, say --approve.`,
    }
  if (tooMany(d.phonesGone, d.withPhone))
    return {
      reason: 'phones-gone',
      detail: `${count(d.phonesGone)} of ${count(d.withPhone)} patrons who had a phone have none in this file. Nothing was changed. Check the phone column; if it is meant, say --approve.`,
    }
  return null
}
