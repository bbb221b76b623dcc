// A segment's rule as SQL over a standing or headcount row with the alias `s`. Only equality and order on plain columns:
// under row-level security nothing else could use an index.
import { type RawBuilder, sql } from 'kysely'
import { monthIn } from '../lib/clock.ts'
import type { SegmentRule } from './rule.ts'

/** `now` and `timezone` say which month it is at the library. */
export function compileSegment(rule: SegmentRule, timezone: string, now: Date): RawBuilder<boolean> {
  if ('lapsed' in rule) {
    const month = monthIn(timezone, now)
    const { minMonths, maxMonths, neverUsed } = rule.lapsed
    const window = sql<boolean>`s.last_use between ${sql.lit(month - maxMonths)} and ${sql.lit(month - minMonths)}`
    // Said outright: a card never used has no month, and "unknown" would fall out of a `not`.
    return neverUsed ? sql`(s.last_use is null or ${window})` : sql`(s.last_use is not null and ${window})`
  }
  if ('branch' in rule) return sql`s.branch = any(${rule.branch}::text[])`
  if ('category' in rule) return sql`s.category = any(${rule.category}::text[])`
  if ('language' in rule) return sql`s.language = any(${rule.language}::text[])`
  if ('not' in rule) return sql`not ${compileSegment(rule.not, timezone, now)}`
  const parts = ('all' in rule ? rule.all : rule.any).map((part) => compileSegment(part, timezone, now))
  return sql`(${sql.join(parts, 'all' in rule ? sql` and ` : sql` or `)})`
}
