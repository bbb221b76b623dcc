// The topics of a yes that staff take down, from the keys by which the library's offers name them.
import { sql } from 'kysely'
import { rowsOf, type Scope } from '../db/scope.ts'
import { Problem } from '../lib/errors.ts'
import type { Choice } from './ledger.ts'

/** The mask of these topics; null is all of them. Throws Problem 'bad-input' for a topic that the purpose does not have. */
export async function topicMask(
  scope: Scope<'circulation'>,
  { purpose, decision }: Pick<Choice, 'purpose' | 'decision'>,
  keys: readonly string[],
): Promise<string | null> {
  if (keys.length === 0) return null
  if (decision !== 'grant') throw new Problem('bad-input', 'Only a yes names topics; a no is to the whole purpose.')
  const topics = await rowsOf(
    scope,
    sql<{ key: string; bit: number }>`
    select key, bit from outreach.topic where library_no = ${scope.library} and purpose = ${purpose} order by place, bit`,
  )
  const bits = keys.map((key) => {
    const topic = topics.find((one) => one.key === key)
    if (topic) return 1n << BigInt(topic.bit)
    const there = topics.length === 0 ? 'It has none' : `It has ${topics.map((one) => one.key).join(', ')}`
    throw new Problem('bad-input', `There is no topic "${key}" of ${purpose}. ${there}: see "gentle offers show".`)
  })
  return bits.reduce((mask, bit) => mask | bit, 0n).toString()
}
