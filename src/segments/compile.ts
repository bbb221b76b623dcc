// A segment's rule as SQL over a standing or headcount row with the alias `s`. Only equality and order on plain columns:
// under row-level security nothing else could use an index.
import { type RawBuilder, sql } from 'kysely'
import { maskOf, purposeNames } from '../consent/purposes.ts'
import { dateIn, monthIn } from '../lib/clock.ts'
import type { SegmentRule } from './rule.ts'

/** `now` and `timezone` say which month it is at the library. */
export function compileSegment(rule: SegmentRule, timezone: string, now: Date): RawBuilder<boolean> {
  if ('lapsed' in rule) {
    const month = monthIn(timezone, now)
    const { minMonths, maxMonths, neverUsed } = rule.lapsed
    const window = sql<boolean>`s.last_use between ${sql.lit(month - maxMonths)} and ${sql.lit(month - minMonths)}`
    // Said outright: a card never used has no month, and "unknown" would fall out of a `not`.
    // Who has no card has not stopped using it.
    return neverUsed
      ? sql`((s.last_use is null and s.has_card) or ${window})`
      : sql`(s.last_use is not null and ${window})`
  }
  if ('agreed' in rule) {
    const today = sql`${dateIn(timezone, now)}::date`
    const { minMonths, maxMonths } = rule.agreed
    // The oldest yes by e-mail, which an end of consent is counted from.
    return sql`(s.agreed_email_on is not null and s.agreed_email_on between ${today} - ${sql.lit(maxMonths)} * interval '1 month'
                and ${today} - ${sql.lit(minMonths)} * interval '1 month')`
  }
  if ('branch' in rule) return sql`s.branch = any(${rule.branch}::text[])`
  if ('category' in rule) return sql`s.category = any(${rule.category}::text[])`
  if ('language' in rule) return sql`s.language = any(${rule.language}::text[])`
  if ('topic' in rule) return compileTopics(rule.topic)
  if ('not' in rule) return sql`not ${compileSegment(rule.not, timezone, now)}`
  const parts = ('all' in rule ? rule.all : rule.any).map((part) => compileSegment(part, timezone, now))
  return sql`(${sql.join(parts, 'all' in rule ? sql` and ` : sql` or `)})`
}

/**
 * Who ticked one of these topics; and who said yes to their purpose and ticked none, because "none ticked means all" stands
 * in the words of that yes. What the topics amount to is worked out once a statement, and row-level security lets it see
 * those of this library alone.
 */
function compileTopics(keys: string[]): RawBuilder<boolean> {
  const named = sql`library_no = (select house.current_library()) and key = any(${keys}::text[])`
  const bits = (which: RawBuilder<unknown>) =>
    sql`(select coalesce(bit_or(1::bigint << bit), 0) from outreach.topic where ${which})`
  const beside = sql`library_no = (select house.current_library()) and purpose in (select purpose from outreach.topic where ${named})`
  const masks = sql.join(
    purposeNames.map((purpose) => sql`when ${sql.lit(purpose)} then ${sql.lit(maskOf(purpose))}`),
    sql` `,
  )
  const purposes = sql`(select coalesce(bit_or(case purpose ${masks} end), 0)::bigint from outreach.topic where ${named})`
  return sql`(s.topics & ${bits(named)} <> 0
              or (s.topics & ${bits(beside)} = 0 and (s.agreed_email | s.agreed_sms | s.agreed_post) & ${purposes} <> 0))`
}
