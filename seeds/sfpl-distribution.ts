// How a real city library's patrons are spread over kind, age, branch, last use, notices and e-mail: the figures that
// the roster generator draws from. They stand here, apart from the drawing, so that they can be checked against the
// source.
//
// Source: San Francisco Public Library, "Library Usage" (public, de-identified), a sample of 101 rows; no row is kept
// here, only counts. So few rows cannot carry a joint table, so the joint distribution is a chain of conditionals:
//   kind; age given kind; branch given generation; band of months since last use given kind; month given band;
//   notice choice given generation and how long ago; e-mail given notice choice; years on the roster given how long ago.
// Smoothing: a conditional is its counts plus BACK_OFF rows spread like the whole sample, so a kind seen three times
// leans on everybody; ages get AGE_SMOOTHING of a row in each range that makes sense for the kind; a month within a
// band is half as counted and half flat (the sample has no one at five months, a town has).
// Last use is counted in months before the newest month of the sample (July 2016, shifted to the month of the
// roster's `today`). Three to six months hold 11 of 101 people (10.9%): nothing had to be stretched.
import { type Odds, odds } from './random.ts'

const BACK_OFF = 4
const AGE_SMOOTHING = 0.25

/** Counts that lean on the whole sample as if it had added `BACK_OFF` rows. */
function leanOn(overall: readonly number[], counts: readonly number[]): Odds {
  const total = overall.reduce((sum, n) => sum + n, 0)
  return odds(counts.map((n, place) => n + (BACK_OFF * overall[place]!) / total))
}

export const categories = ['Adult', 'Senior', 'Juvenile', 'Young adult', 'Welcome', 'Visitor', 'Staff'] as const
export type Category = (typeof categories)[number]
export const categoryOdds = odds([65, 16, 12, 3, 3, 1, 1])

/** The sample's age ranges; the last is open, and ends here at 97. */
export const ageRanges = [
  [0, 9],
  [10, 19],
  [20, 24],
  [25, 34],
  [35, 44],
  [45, 54],
  [55, 59],
  [60, 64],
  [65, 74],
  [75, 97],
] as const

// A dash is a range that the kind cannot have; a zero is one that the sample merely did not show.
const aged = (counts: readonly (number | '-')[]): Odds => odds(counts.map((n) => (n === '-' ? 0 : n + AGE_SMOOTHING)))
export const ageOdds: Record<Category, Odds> = {
  Adult: aged(['-', 2, 6, 19, 10, 15, 7, 5, 1, '-']),
  Senior: aged(['-', '-', '-', '-', '-', '-', '-', '-', 15, 1]),
  Juvenile: aged([8, 4, '-', '-', '-', '-', '-', '-', '-', '-']),
  'Young adult': aged(['-', 3, '-', '-', '-', '-', '-', '-', '-', '-']),
  Welcome: aged(['-', '-', 1, 1, 1, 0, 0, 0, 0, '-']),
  Visitor: aged(['-', '-', 0, 0, 0, 0, 0, 0, 1, 0]),
  Staff: aged(['-', '-', 0, 0, 0, 0, 1, 0, '-', '-']),
}

/** The kinds by generation; with so few rows the finer kinds say nothing of their own on branch and notices. */
export type Generation = 'young' | 'grown' | 'senior'
export const generationOf = (category: Category): Generation =>
  category === 'Juvenile' || category === 'Young adult' ? 'young' : category === 'Senior' ? 'senior' : 'grown'

// The sample's main library, then its 24 branches in four groups by size: 6 or 7 rows each, 4, 2, 1.
const branchesOverall = [37, 20, 20, 16, 8]
export const branchOdds: Record<Generation, Odds> = {
  young: leanOn(branchesOverall, [2, 6, 3, 3, 1]),
  grown: leanOn(branchesOverall, [27, 12, 15, 10, 6]),
  senior: leanOn(branchesOverall, [8, 2, 2, 3, 1]),
}

/** Months since last use, in bands; `null` is a card that was never used. The sample's oldest is 101 months. */
export const useBands = [[0, 0], [1, 2], [3, 6], [7, 12], [13, 24], [25, 48], [49, 101], null] as const
const bandsOverall = [19, 12, 11, 7, 21, 16, 5, 10]
export const bandOdds: Record<Category, Odds> = {
  Adult: leanOn(bandsOverall, [10, 9, 4, 7, 11, 13, 4, 7]),
  Senior: leanOn(bandsOverall, [3, 0, 5, 0, 5, 1, 0, 2]),
  Juvenile: leanOn(bandsOverall, [6, 2, 1, 0, 3, 0, 0, 0]),
  'Young adult': leanOn(bandsOverall, [0, 0, 0, 0, 1, 0, 1, 1]),
  Welcome: leanOn(bandsOverall, [0, 1, 0, 0, 0, 2, 0, 0]),
  Visitor: leanOn(bandsOverall, [0, 0, 0, 0, 1, 0, 0, 0]),
  Staff: leanOn(bandsOverall, [0, 0, 1, 0, 0, 0, 0, 0]),
}

const halfFlat = (counts: readonly number[]): Odds => {
  const total = counts.reduce((sum, n) => sum + n, 0)
  return odds(counts.map((n) => n / total + 1 / counts.length))
}
const flat = (low: number, high: number): Odds => odds(Array.from({ length: high - low + 1 }, () => 1))
/** Which month of its band, one entry a band that has months. */
export const monthOdds: readonly Odds[] = [
  flat(0, 0),
  halfFlat([10, 2]),
  halfFlat([6, 4, 0, 1]),
  halfFlat([0, 1, 0, 1, 3, 2]),
  halfFlat([4, 0, 6, 1, 5, 0, 0, 4, 0, 0, 0, 1]),
  flat(25, 48),
  flat(49, 101),
]

/** How long ago, coarsely: within two years, longer, never. */
export type Era = 'recent' | 'old' | 'never'
export const eraOf = (monthsSinceUse: number | null): Era =>
  monthsSinceUse === null ? 'never' : monthsSinceUse <= 24 ? 'recent' : 'old'

export const noticeChoices = ['email', 'phone', 'print'] as const
export type NoticeChoice = (typeof noticeChoices)[number]
const noticesOverall = [72, 17, 12]
export const noticeOdds: Record<Generation, Record<Era, Odds>> = {
  young: {
    recent: leanOn(noticesOverall, [7, 6, 0]),
    old: leanOn(noticesOverall, [1, 0, 0]),
    never: leanOn(noticesOverall, [1, 0, 0]),
  },
  grown: {
    recent: leanOn(noticesOverall, [36, 5, 3]),
    old: leanOn(noticesOverall, [10, 3, 6]),
    never: leanOn(noticesOverall, [6, 1, 0]),
  },
  senior: {
    recent: leanOn(noticesOverall, [8, 2, 3]),
    old: leanOn(noticesOverall, [1, 0, 0]),
    never: leanOn(noticesOverall, [2, 0, 0]),
  },
}

/** The share who gave an e-mail address, half a row added to either side. */
export const emailGivenShare: Record<NoticeChoice, number> = {
  email: 67.5 / 73,
  phone: 2.5 / 18,
  print: 1.5 / 13,
}

/** Whole years from joining to last use (to today for cards never used). */
export const tenureYears = [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13] as const
export const tenureOdds: Record<Era, Odds> = {
  recent: odds([19, 14, 8, 4, 4, 2, 3, 2, 3, 1, 1, 1, 8]),
  old: odds([7, 3, 0, 1, 3, 2, 0, 1, 2, 2, 0, 0, 0]),
  never: odds([2, 4, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0]),
}
