// The seeded town: known people first, then as many households as are asked for, one line at a time, so that a roster of
// a million needs no more memory than one of a thousand. The same options give the same lines.
import { type DayNo, dayNo } from './calendar.ts'
import { branches as demoBranches } from './demo-library.ts'
import { drawFacts, type Facts } from './draw-facts.ts'
import { canFormHouseholds, formHouseholds } from './form-households.ts'
import { knownLines } from './known-people.ts'
import { type Random, seededRandom } from './random.ts'
import type { GeneratedPatron } from './roster-columns.ts'
import { settleHousehold, type Town } from './settle-household.ts'

/** Big enough that every child finds a fitting guardian, small enough to be nothing. */
const BATCH = 500

export interface RosterOptions {
  seed: number
  /** How many lines in all, the known people included. */
  people: number
  /** YYYY-MM-DD: the day the roster was exported. */
  today: string
  /** The branches' keys, the main one first; the demo library's when left out. */
  branches?: readonly string[]
}

export function* generateRoster(options: RosterOptions): Generator<GeneratedPatron> {
  const today = dayNo(options.today)
  const known = knownLines(today)
  if (options.people < known.length) {
    throw new RangeError(`A roster has at least its ${known.length} known people; asked for ${options.people}.`)
  }
  yield* known

  const random = seededRandom(options.seed)
  const branches = options.branches ?? demoBranches.map((branch) => branch.key)
  const town: Town = { today, branches, people: 0, homes: 0, mailboxes: 0, phones: 0 }
  for (let left = options.people - known.length; left > 0; left -= BATCH) {
    const batch = drawBatch(random, today, Math.min(BATCH, left))
    for (const household of formHouseholds(random, batch)) yield* settleHousehold(random, town, household)
  }
}

function drawBatch(random: Random, today: DayNo, size: number): Facts[] {
  const draw = () => Array.from({ length: size }, () => drawFacts(random, today))
  let batch = draw()
  while (!canFormHouseholds(batch)) batch = draw()
  return batch
}
