// One person as the distribution sees them (no name, no address yet): drawn link by link down the chain of
// conditionals, so that what was found together in the sample is found together in the demo town.
import { ageOn, type DayNo, isoDate, monthStart } from './calendar.ts'
import type { Random } from './random.ts'
import {
  ageOdds,
  ageRanges,
  bandOdds,
  branchOdds,
  type Category,
  categories,
  categoryOdds,
  emailGivenShare,
  eraOf,
  generationOf,
  monthOdds,
  type NoticeChoice,
  noticeChoices,
  noticeOdds,
  tenureOdds,
  tenureYears,
  useBands,
} from './sfpl-distribution.ts'

export interface Facts {
  category: Category
  birth: DayNo
  age: number
  /** Place in the list of branches, the main one first. */
  branch: number
  /** Months between the month of last use and today's; null when the card was never used. */
  monthsSinceUse: number | null
  lastUsed: DayNo | null
  registered: DayNo
  notice: NoticeChoice
  emailGiven: boolean
}

export function drawFacts(random: Random, today: DayNo): Facts {
  const category = categories[random.choose(categoryOdds)]!
  const birth = drawBirth(random, today, category)
  const age = ageOn(today, birth)
  const generation = generationOf(category)
  const monthsSinceUse = drawMonthsSinceUse(random, category, (today - birth) / 30.44)
  const era = eraOf(monthsSinceUse)
  const lastUsed = monthsSinceUse === null ? null : drawDay(random, today, monthsSinceUse)
  const notice = noticeChoices[random.choose(noticeOdds[generation][era])]!

  const until = lastUsed ?? today
  const years = tenureYears[random.choose(tenureOdds[era])]!
  const registered = Math.max(birth + 14, until - years * 365 - random.below(365))
  return {
    category,
    birth,
    age,
    branch: random.choose(branchOdds[generation]),
    monthsSinceUse,
    lastUsed,
    registered: Math.min(registered, until),
    notice,
    emailGiven: random.chance(emailGivenShare[notice]),
  }
}

function drawBirth(random: Random, today: DayNo, category: Category): DayNo {
  const [low, high] = ageRanges[random.choose(ageOdds[category])]!
  // Children become young adults at 14 and adults at 18; a few have the adult card already at 17.
  const youngest = category === 'Young adult' ? 14 : category === 'Adult' ? 17 : 0
  const oldest = category === 'Juvenile' ? 13 : category === 'Young adult' ? 17 : 97
  const age = random.between(Math.max(low, youngest), Math.min(high, oldest))
  return bornOn(random, today, age)
}

/** A birthday that makes somebody exactly `age` years old on `today`. */
function bornOn(random: Random, today: DayNo, age: number): DayNo {
  const date = isoDate(today)
  const anniversary = monthStart(today, 12 * age) + Number(date.slice(8)) - 1
  const birth = anniversary - random.below(365)
  // On the 29th of February an anniversary can fall one day late; and nobody gets a card in the first weeks of life.
  return ageOn(today, birth) < age ? birth - 1 : Math.min(birth, today - 90)
}

function drawMonthsSinceUse(random: Random, category: Category, ageMonths: number): number | null {
  // A child of four cannot have used a card five years ago: drawn again, and after ten times simply recent.
  for (let attempt = 0; attempt < 10; attempt++) {
    const place = random.choose(bandOdds[category])
    const band = useBands[place]!
    if (band === null) return null
    const months = band[0] + random.choose(monthOdds[place]!)
    if (months < ageMonths - 2) return months
  }
  return 0
}

function drawDay(random: Random, today: DayNo, monthsBefore: number): DayNo {
  const first = monthStart(today, monthsBefore)
  const last = monthsBefore === 0 ? today : monthStart(today, monthsBefore - 1) - 1
  return random.between(first, last)
}
