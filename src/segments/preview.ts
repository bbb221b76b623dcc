// Counts what a mailing would do, without choosing anybody: how many the segment chooses, how many may be written to,
// and how many each rule withholds. Reads roster.headcount: facts of everybody, no number and no name of anybody.
import { type RawBuilder, sql } from 'kysely'
import { ask, type Question, suppressionsInForce } from '../consent/gate-question.ts'
import { HOUSEHOLD, RULES, reasonText } from '../consent/rules.ts'
import { inLibrary, type Logins, rowOf } from '../db/scope.ts'
import { compileSegment } from './compile.ts'
import type { SegmentRule } from './rule.ts'

export interface Preview {
  /** chosen = sendable + withheld. */
  chosen: number
  sendable: number
  withheld: number
  /** A person can have several reasons, so these add up to more than `withheld`. Only reasons that somebody has. */
  reasons: Record<string, { people: number; text: string }>
}

export async function previewSegment(logins: Logins, question: Question, segment: SegmentRule): Promise<Preview> {
  return inLibrary(logins, 'outreach', question.library.libraryNo, async (scope) =>
    countOf((await rowOf(scope, previewStatement(question, segment)))!),
  )
}

type Counted = Record<string, number>

/** One pass: each rule is a filter on one aggregate, so that a million patrons are read once, and asked once:
 * "offset 0" keeps PostgreSQL from asking every rule again wherever its answer is used. */
export function previewStatement(question: Question, segment: SegmentRule): RawBuilder<Counted> {
  const asked = ask(question)
  const open = sql`not (${sql.join(
    RULES.map(({ code }) => sql.ref(code)),
    sql` or `,
  )})`
  return sql<Counted>`
    select count(*)::int as "chosen",
           count(*) filter (where ${open})::int as "mayBe",
           count(distinct household) filter (where ${open})::int as "households",
           ${sql.join(RULES.map(({ code }) => sql`count(*) filter (where ${sql.ref(code)})::int as ${sql.ref(code)}`))}
    from (
      select s.household, ${sql.join(RULES.map((rule) => sql`${rule.withholds(asked)} as ${sql.ref(rule.code)}`))}
      from roster.headcount s
      left join ${suppressionsInForce(asked)} x on x.address_hash = s.email_hash
      where s.library_no = ${question.library.libraryNo} and ${compileSegment(segment, question.library.timezone, question.now)}
      offset 0
    ) asked`
}

export function countOf(counted: Counted): Preview {
  const { chosen = 0, mayBe = 0, households = 0 } = counted
  const reasons: Preview['reasons'] = {}
  for (const { code } of RULES) if (counted[code]) reasons[code] = { people: counted[code], text: reasonText(code) }
  if (mayBe > households) reasons[HOUSEHOLD.code] = { people: mayBe - households, text: reasonText(HOUSEHOLD.code) }
  return { chosen, sendable: households, withheld: chosen - households, reasons }
}
