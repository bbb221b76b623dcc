// Keeps what a library offers. A topic once named keeps its bit for good: an old yes that names it must never come to mean
// something else, so a topic that is no longer offered ends, and a new one gets a bit that nobody has had.
import { sql } from 'kysely'
import { inLibrary, type Logins, rowsOf, type Scope } from '../db/scope.ts'
import { Problem } from '../lib/errors.ts'
import type { Library } from '../patrons/library.ts'
import type { OffersPlan } from './offers-file.ts'

/** As many bits as a mask holds. */
export const MOST_TOPICS = 60

/** Throws Problem 'conflict' when a topic cannot be kept. */
export async function setOffers(logins: Logins, library: Library, plan: OffersPlan, now: Date): Promise<void> {
  await inLibrary(logins, 'circulation', library.libraryNo, async (scope) => {
    // One at a time: two would give the same bit twice.
    await sql`insert into outreach.join_page (library_no, public_records, origins) values (${scope.library}, ${plan.publicRecords}, ${plan.origins})
              on conflict (library_no) do update set public_records = excluded.public_records, origins = excluded.origins`.execute(
      scope.tx,
    )
    await sql`delete from outreach.offer where library_no = ${scope.library}`.execute(scope.tx)
    for (const [place, { purpose, channel, words }] of plan.offers.entries())
      await sql`insert into outreach.offer (library_no, purpose, channel, place, words)
                values (${scope.library}, ${purpose}, ${channel}, ${place}, ${JSON.stringify(words)}::jsonb)`.execute(
        scope.tx,
      )
    await keepTopics(scope, plan.topics, now)
  })
}

async function keepTopics(scope: Scope<'circulation'>, topics: OffersPlan['topics'], now: Date): Promise<void> {
  const known = await rowsOf(
    scope,
    sql<{ key: string; bit: number; purpose: string }>`
    select key, bit, purpose from outreach.topic where library_no = ${scope.library}`,
  )
  let next = known.length
  for (const [place, { purpose, key, labels }] of topics.entries()) {
    const before = known.find((topic) => topic.key === key)
    if (before && before.purpose !== purpose)
      throw new Problem(
        'conflict',
        `The topic "${key}" belongs to ${before.purpose}, and people said yes to it there. Give the new one another key.`,
      )
    if (!before && next >= MOST_TOPICS)
      throw new Problem(
        'conflict',
        `A library can have ${MOST_TOPICS} topics in its life, ended ones included, because an old yes must keep its meaning. Use one that is there instead of "${key}".`,
      )
    await sql`insert into outreach.topic (library_no, bit, purpose, key, labels, place)
              values (${scope.library}, ${before?.bit ?? next++}, ${purpose}, ${key}, ${JSON.stringify(labels)}::jsonb, ${place})
              on conflict (library_no, key) do update set labels = excluded.labels, place = excluded.place, ended_at = null`.execute(
      scope.tx,
    )
  }
  await sql`update outreach.topic set ended_at = ${now} where library_no = ${scope.library} and ended_at is null
            and not key = any(${topics.map((topic) => topic.key)}::text[])`.execute(scope.tx)
}
