// The same roster some weeks later: a share of the people moved, came in, renewed or got a new mailbox; nobody joined or
// left. It is what a nightly import mostly sees, and what the benchmark imports the second time.
import { dayNo, isoDate } from './calendar.ts'
import { phoneDigits } from './places.ts'
import { seededRandom } from './random.ts'
import type { GeneratedPatron } from './roster-columns.ts'

export function* changeRoster(options: {
  rows: Iterable<GeneratedPatron>
  /** The part of all lines to change, 0 to 1. */
  share: number
  seed: number
  today: string
}): Generator<GeneratedPatron> {
  const random = seededRandom(options.seed)
  const today = dayNo(options.today)
  let changed = 0
  for (const row of options.rows) {
    if (!random.chance(options.share)) {
      yield row
      continue
    }
    changed++
    const change = random.below(5)
    // Coming in is the commonest change; who was in today already moves house instead.
    const last = isoDate(today)
    if (change < 2 && row.last_used_on !== last) yield { ...row, last_used_on: last }
    else if (change === 2) yield { ...row, email: `moved.${changed.toString(36)}@example.net` }
    else if (change === 3) yield { ...row, phone: otherPhone(row.phone, changed) }
    else yield { ...row, address_line1: `${changed} New Mill Road`, address_line2: '' }
  }
}

function otherPhone(phone: string, n: number): string {
  const digits = phoneDigits(n)
  return digits === phone ? phoneDigits(n + 1) : digits
}
