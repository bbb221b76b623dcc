import { expect, test } from 'vitest'
import { USUAL_ANSWERING } from '../patrons/answering.ts'
import { sayDue, sayMoment } from './spoken-time.ts'

const maple = { timezone: 'America/New_York' }
/** Thanksgiving week: Tuesday, 10:46 in the morning. */
const now = new Date('2026-11-24T15:46:00Z')
const due = (at: string) => sayDue(maple, USUAL_ANSWERING, { dueAt: new Date(at), now })

test('a due time is said as somebody at the desk would say it', () => {
  expect(due('2026-11-24T21:30:00Z')).toBe('answer by 4:30 pm today')
  expect(due('2026-11-25T14:50:00Z')).toBe('answer by 9:50 am tomorrow')
  expect(due('2026-11-27T16:00:00Z')).toBe('answer by 11:00 am on Friday')
  expect(due('2026-12-07T16:00:00Z')).toBe('answer by 11:00 am on December 7')
})

test('what is due when the library opens next is due at opening', () => {
  expect(due('2026-11-30T14:00:00Z')).toBe('due at opening on Monday')
  expect(due('2026-11-25T14:00:00Z')).toBe('due at opening tomorrow')
})

test('what is late says so', () => {
  expect(due('2026-11-23T21:30:00Z')).toBe('should have been answered by 4:30 pm yesterday')
})

test('the day is the library’s, not the server’s', () => {
  expect(sayMoment(maple, new Date('2026-11-25T04:59:00Z'), now)).toBe('11:59 pm today')
  expect(sayMoment(maple, new Date('2026-11-25T05:00:00Z'), now)).toBe('12:00 am tomorrow')
})
