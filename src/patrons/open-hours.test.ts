import { expect, test } from 'vitest'
import { USUAL_ANSWERING } from './answering.ts'
import { readOpenHours, whatIsWrongWithAnswering } from './check-answering.ts'
import { afterOpenMinutes, isOpenAt, opensNext } from './open-hours.ts'

const zone = 'America/New_York'
const hours = { openHours: readOpenHours('mon-fri 09:00-17:00, sat 10:00-14:00'), closedOn: ['2026-11-26'] }

test('a library is open in its hours, on its own clock, and not on its holidays', () => {
  expect(isOpenAt(hours, zone, new Date('2026-11-23T14:00:00Z'))).toBe(true)
  expect(isOpenAt(hours, zone, new Date('2026-11-23T13:59:00Z'))).toBe(false)
  expect(isOpenAt(hours, zone, new Date('2026-11-23T22:00:00Z'))).toBe(false)
  expect(isOpenAt(hours, zone, new Date('2026-11-26T15:00:00Z'))).toBe(false)
})

test('open minutes are counted over evenings, holidays and the change of clocks', () => {
  const due = (at: string, minutes: number) => afterOpenMinutes(hours, zone, new Date(at), minutes)?.toISOString()
  expect(due('2026-11-23T15:00:00Z', 120)).toBe('2026-11-23T17:00:00.000Z')
  expect(due('2026-11-25T21:30:00Z', 60)).toBe('2026-11-27T14:30:00.000Z')
  // Saturday 13:30 in summer time, and the next open hour in winter time.
  expect(due('2026-10-31T17:30:00Z', 60)).toBe('2026-11-02T14:30:00.000Z')
})

test('it opens next when its doors do, and never when it has no hours', () => {
  expect(opensNext(hours, zone, new Date('2026-11-22T03:00:00Z'))?.toISOString()).toBe('2026-11-23T14:00:00.000Z')
  expect(opensNext({ openHours: {}, closedOn: [] }, zone, new Date('2026-11-22T03:00:00Z'))).toBeNull()
})

test('hours that make no sense are told in a sentence', () => {
  expect(() => readOpenHours('mon 17:00-09:00')).toThrow('are no hours of a day')
  expect(whatIsWrongWithAnswering({ ...USUAL_ANSWERING, openHours: {} })).toMatch(/no hour/)
  expect(whatIsWrongWithAnswering({ ...USUAL_ANSWERING, email: 'nobody' })).toMatch(/no email/)
})
