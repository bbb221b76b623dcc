// Counts what a mailing would do, without choosing anybody: how many the segment chooses, how many may be written to,
// and how many each rule withholds. Reads roster.headcount: facts of everybody, no number and no name of anybody.
import { type RawBuilder, sql } from 'kysely'
import { ask, type Question, suppressionsInForce } from '../consent/gate-question.ts'
import { codesIn, reasonText, withholding } from '../consent/reasons.ts'
import { HOUSEHOLD, RULES } from '../consent/rules.ts'
import { inLibrary, type Logins, rowsOf } from '../db/scope.ts'
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
  return inLibrary(logins, 'outreach', question.library.libraryNo, async (scope) => {
    // Somebody is waiting for it: by itself PostgreSQL would call the other cores only for a good deal more than this.
    await sql`select set_config('parallel_setup_cost', '10', true)`.execute(scope.tx)
    return countOf(await rowsOf(scope, previewStatement(question, segment)))
  })
}

/** Everybody whom the same rules withhold; `households` counts where none does. */
interface Counted {
  reasons: string
  people: number
  households: number
}

/**
 * One pass over those chosen. Each becomes one number: less than zero by its reasons, and of somebody whom none withholds the
 * number of the household, so that equal ones are counted together, a few dozen reasons and the households. Written so that
 * the rules stand in it once, or PostgreSQL would ask them again wherever their answer is used; and with nothing between
 * them and the counting, so that several cores can each count their share.
 */
export function previewStatement(question: Question, segment: SegmentRule): RawBuilder<Counted> {
  const asked = ask(question)
  return sql<Counted>`
    select greatest(-alike, 0) as reasons, sum(people)::int as people, count(*) filter (where alike >= 0)::int as households
    from (
      select coalesce(nullif(-${withholding(asked)}, 0), s.household) as alike, count(*) as people
      from roster.headcount s
      left join ${suppressionsInForce(asked)} x on x.address_hash = ${asked.addressHash}
      where s.library_no = ${question.library.libraryNo} and ${compileSegment(segment, question.library.timezone, question.now)}
      group by 1
    ) counted
    group by 1`
}

export function countOf(counted: readonly Counted[]): Preview {
  const chosen = counted.reduce((all, { people }) => all + people, 0)
  const open = counted.find(({ reasons }) => reasons === '0')
  const sendable = open?.households ?? 0
  const people = new Map<string, number>()
  for (const some of counted)
    for (const code of codesIn(BigInt(some.reasons))) people.set(code, (people.get(code) ?? 0) + some.people)
  if (open && open.people > sendable) people.set(HOUSEHOLD.code, open.people - sendable)
  const reasons = Object.fromEntries(
    [...RULES, HOUSEHOLD].flatMap(({ code }) => {
      const some = people.get(code)
      return some ? [[code, { people: some, text: reasonText(code) }]] : []
    }),
  )
  return { chosen, sendable, withheld: chosen - sendable, reasons }
}
