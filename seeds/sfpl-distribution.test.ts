// Holds the drawn town against the source: with the public sample where it is to be had, and against its totals always.
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { dayNo } from './calendar.ts'
import { drawFacts, type Facts } from './draw-facts.ts'
import { seededRandom } from './random.ts'
import { ageRanges, categories, noticeChoices, useBands } from './sfpl-distribution.ts'

const today = dayNo('2026-11-22')
const random = seededRandom(2016)
const town: Facts[] = Array.from({ length: 50_000 }, () => drawFacts(random, today))
const shareOf = (holds: (person: Facts) => boolean) => town.filter(holds).length / town.length
const bandOf = (months: number | null) =>
  useBands.findIndex((band) =>
    band === null || months === null ? band === months : months >= band[0] && months <= band[1],
  )

test('eight to fourteen in a hundred were last here three to six months ago', () => {
  const share = shareOf(({ monthsSinceUse }) => monthsSinceUse !== null && monthsSinceUse >= 3 && monthsSinceUse <= 6)
  expect(share).toBeGreaterThan(0.08)
  expect(share).toBeLessThan(0.14)
})

test('nobody used a card before having one, or joined before being born, or did either after today', () => {
  const impossible = town.filter(
    ({ birth, registered, lastUsed }) =>
      registered <= birth || registered > today || (lastUsed !== null && (lastUsed < registered || lastUsed > today)),
  )
  expect(impossible).toEqual([])
})

test('children have children’s cards, and seniors are old', () => {
  const ages = (category: Facts['category']) => town.filter((p) => p.category === category).map((p) => p.age)
  expect(Math.max(...ages('Juvenile'))).toBeLessThan(14)
  expect(Math.max(...ages('Young adult'))).toBeLessThan(18)
  expect(Math.min(...ages('Senior'))).toBeGreaterThanOrEqual(65)
})

const sampleFile = fileURLToPath(new URL('../../shared/data/sfpl-library-usage-sample.csv', import.meta.url))

describe.skipIf(!existsSync(sampleFile))('beside the public sample', () => {
  // The smoothing moves a share by two points at most; a share among 101 rows is itself uncertain by four or five.
  const NEAR = 0.035
  const rows = existsSync(sampleFile) ? readSample(sampleFile) : []
  const sampleShare = (holds: (row: SampleRow) => boolean) => rows.filter(holds).length / rows.length

  test.each(categories)('as many are of the kind %s', (category) => {
    expect(shareOf((p) => p.category === category)).toBeCloseToShare(
      sampleShare((row) => row.patron_type_definition === category.toUpperCase()),
      NEAR,
    )
  })

  test.each(ageRanges)('as many are %i to %i years old', (low, high) => {
    const range = high === 97 ? `${low} years and over` : `${low} to ${high} years`
    expect(shareOf((p) => p.age >= low && p.age <= high)).toBeCloseToShare(
      sampleShare((row) => row.age_range === range),
      NEAR,
    )
  })

  test.each(useBands.map((band, place) => ({ band, place })))('as many were last here in the months $band', (at) => {
    expect(shareOf((p) => bandOf(p.monthsSinceUse) === at.place)).toBeCloseToShare(
      sampleShare((row) => bandOf(monthsSinceUse(row)) === at.place),
      NEAR,
    )
  })

  test.each(noticeChoices)('as many want notices by %s', (notice) => {
    expect(shareOf((p) => p.notice === notice)).toBeCloseToShare(
      sampleShare((row) => row.notice_preference_definition === notice),
      NEAR,
    )
  })

  test('as many gave an e-mail, and as many belong to the main library', () => {
    expect(shareOf((p) => p.emailGiven)).toBeCloseToShare(
      sampleShare((row) => row.provided_email_address === 'TRUE'),
      NEAR,
    )
    expect(shareOf((p) => p.branch === 0)).toBeCloseToShare(
      sampleShare((row) => row.home_library_definition === 'Main Library'),
      NEAR,
    )
  })

  test('what went apart stays apart: the young and the main library, wanting print and giving an e-mail', () => {
    const young = town.filter((p) => p.category === 'Juvenile')
    expect(young.filter((p) => p.branch === 0).length / young.length).toBeLessThan(0.27)
    const print = town.filter((p) => p.notice === 'print')
    expect(print.filter((p) => p.emailGiven).length / print.length).toBeLessThan(0.2)
  })
})

type SampleRow = Record<string, string>

function readSample(file: string): SampleRow[] {
  const [header, ...lines] = readFileSync(file, 'utf8')
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .filter((line) => line !== '')
    .map((line) => line.slice(1, -1).split('","'))
  return lines.map((fields) => Object.fromEntries(header!.map((name, place) => [name, fields[place] ?? ''])))
}

function monthsSinceUse(row: SampleRow): number | null {
  if (row.circulation_active_year === '') return null
  const month = new Date(`1 ${row.circulation_active_month} 2000 UTC`).getUTCMonth()
  return (2016 - Number(row.circulation_active_year)) * 12 + 6 - month
}

expect.extend({
  toBeCloseToShare(seen: number, wanted: number, within: number) {
    return {
      pass: Math.abs(seen - wanted) <= within,
      message: () => `${(seen * 100).toFixed(1)}% where the sample has ${(wanted * 100).toFixed(1)}%`,
    }
  },
})

declare module 'vitest' {
  interface Assertion {
    toBeCloseToShare(wanted: number, within: number): void
  }
}
