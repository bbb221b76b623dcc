// Whether a mailing passes over the kinds that people chose: its purpose has topics at this library, and its rules name
// none. It then reaches people who ticked other kinds only, which whoever approves it should know.
import { sql } from 'kysely'
import type { Purpose } from '../consent/purposes.ts'
import { rowsOf, type Scope } from '../db/scope.ts'
import type { SegmentRule } from './rule.ts'

/** The topics that could have been named. */
export async function topicsPassedOver(
  scope: Scope<'outreach'>,
  { purpose, segment }: { purpose: Purpose; segment: SegmentRule },
): Promise<string[]> {
  if (namesTopics(segment)) return []
  const topics = await rowsOf(
    scope,
    sql<{ key: string }>`
    select key from outreach.topic
    where library_no = ${scope.library} and purpose = ${purpose} and ended_at is null order by place, bit`,
  )
  return topics.map(({ key }) => key)
}

function namesTopics(rule: SegmentRule): boolean {
  if ('topic' in rule) return true
  if ('not' in rule) return namesTopics(rule.not)
  return ('all' in rule ? rule.all : 'any' in rule ? rule.any : []).some(namesTopics)
}
