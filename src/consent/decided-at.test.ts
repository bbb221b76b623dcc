// When a choice was made, as files tell it.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dayAt, readDecidedAt } from './decided-at.ts'

const now = new Date('2026-11-22T15:00:00Z')
const read = (text: string, decision: 'grant' | 'deny' = 'grant', timezone = 'America/New_York') =>
  readDecidedAt(text, { decision, timezone, now })

test('a time with a zone is that instant; one without is the library’s own', () => {
  const at = (text: string) => (read(text) as { at: Date }).at.toISOString()
  expect(at('2025-05-03T16:00:00.123Z')).toBe('2025-05-03T16:00:00.123Z')
  expect(at('2025-05-03T16:00:00+02:00')).toBe('2025-05-03T14:00:00.000Z')
  expect(at('2025-05-03 16:00')).toBe('2025-05-03T20:00:00.000Z')
  expect(at('2025-01-03 16:00:30')).toBe('2025-01-03T21:00:30.000Z')
})

test('of a day alone, a no outlasts every yes of that day, and never lies in the future', () => {
  expect(read('2025-05-03')).toEqual({ at: new Date('2025-05-03T04:00:00Z'), day: '2025-05-03' })
  expect(read('2025-05-03', 'deny')).toEqual({ at: new Date('2025-05-04T03:59:59Z'), day: '2025-05-03' })
  expect(read('2026-11-22', 'deny')).toEqual({ at: now, day: '2026-11-22' })
})

test('what is no date, and what has not happened yet, is told apart', () => {
  for (const text of [
    '',
    'yesterday',
    '05/03/2025',
    '2025-02-30',
    '2025-13-01',
    '2025-05-03T25:00',
    '2025-05-03T16:00 EST',
  ])
    expect(read(text)).toBe('unreadable')
  expect(read('2026-11-23')).toBe('future')
  expect(read('2026-11-22T15:00:30Z')).toMatchObject({ day: null }) // clocks differ a little
})

test('a local time reads back as itself in any zone, also around a change of the clocks', () => {
  const zones = ['America/New_York', 'Europe/Dublin', 'Pacific/Auckland', 'Asia/Kathmandu', 'UTC']
  const start = Date.UTC(2020, 0, 1)
  fc.assert(
    fc.property(fc.constantFrom(...zones), fc.integer({ min: 0, max: 2_200 }), (timezone, days) => {
      // Noon exists on every day everywhere.
      const day = new Date(start + days * 86_400_000).toISOString().slice(0, 10)
      const noon = read(`${day} 12:00`, 'grant', timezone) as { at: Date }
      expect(dayAt(noon.at, timezone)).toBe(day)
      expect(
        new Intl.DateTimeFormat('en-GB', { timeZone: timezone, hour: '2-digit', minute: '2-digit' }).format(noon.at),
      ).toBe('12:00')
      const no = read(day, 'deny', timezone) as { at: Date }
      expect(dayAt(no.at, timezone)).toBe(day)
    }),
  )
})
