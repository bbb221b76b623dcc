// A segment's rule as SQL over a standing or headcount row with the alias `s`. Only equality and order on plain columns:
// under row-level security nothing else could use an index.
import { type RawBuilder, sql } from 'kysely'
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
  // Worked out once a statement: row-level security lets it see the topics of this library alone.
  if ('topic' in rule)
    return sql`s.topics & (select coalesce(bit_or(1::bigint << bit), 0) from outreach.topic
                           where library_no = (select house.current_library()) and key = any(${rule.topic}::text[])) <> 0`
  if ('not' in rule) return sql`not ${compileSegment(rule.not, timezone, now)}`
  const parts = ('all' in rule ? rule.all : rule.any).map((part) => compileSegment(part, timezone, now))
  return sql`(${sql.join(parts, 'all' in rule ? sql` and ` : sql` or `)})`
}
