import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dateReader, dayAfter, eighteenthBirthday, flawOfDateFormat, isNever, isoDate } from './dates.ts'

const days = fc.date({ min: new Date('1850-01-01'), max: new Date('2150-01-01'), noInvalidDate: true })
const partsOf = (day: Date) => {
  const [year = '', month = '', date = ''] = day.toISOString().slice(0, 10).split('-')
  return { year, month, date, number: Number(year + month + date) }
}

test('every day of the calendar reads the same in every format', () => {
  fc.assert(
    fc.property(days, (day) => {
      const { year, month, date, number } = partsOf(day)
      expect(dateReader()(`${year}-${month}-${date}`)).toBe(number)
      expect(dateReader()(`${year}-${month}-${date}T23:59:59Z`)).toBe(number)
      expect(dateReader('MM/DD/YYYY')(`${month}/${date}/${year}`)).toBe(number)
      expect(dateReader('M/D/YYYY')(`${Number(month)}/${Number(date)}/${year} 12:00:00 AM`)).toBe(number)
      expect(dateReader('YYYYMMDD')(`${year}${month}${date}`)).toBe(number)
      expect(dateReader('DD.MM.YYYY')(`${date}.${month}.${year}`)).toBe(number)
      expect(dateReader('YYYY-MM-DD HH:mm')(`${year}-${month}-${date} 08:30`)).toBe(number)
      expect(isoDate(number)).toBe(`${year}-${month}-${date}`)
    }),
  )
})

test.each([
  '2025-02-29',
  '2025-13-01',
  '2025-00-10',
  '2025-04-31',
  '05/03/2025',
  '2025-5-3',
  'soon',
  '2025-05-03x',
  '0001-01-01',
])('no day of the calendar, or not in this format: %s', (text) => {
  expect(dateReader()(text)).toBe(-1)
})

test('a file in the wrong format is caught where days pass the twelfth', () => {
  expect(dateReader('MM/DD/YYYY')('25/12/2025')).toBe(-1)
  expect(dateReader('YYYYMMDD')('2025-12-25')).toBe(-1)
})

test.each(['', '  -  -    ', '0000-00-00', '0000-00-00 00:00:00', '00000000', 'NULL', '\\N'])(
  'library systems write an empty date so: %j',
  (text) => {
    expect(dateReader()(text)).toBe(0)
    expect(dateReader('MM-DD-YYYY')(text)).toBe(0)
  },
)

test('a month alone is enough for a date of last use', () => {
  expect(dateReader('YYYY-MM')('2025-05')).toBe(20250501)
})

test('a leap-day child turns 18 on 1 March', () => {
  expect(eighteenthBirthday(20080229)).toBe(20260301)
  expect(eighteenthBirthday(20080228)).toBe(20260228)
})

test('the end of a century means never', () => {
  expect([20991231, 99991231, 99990101].every(isNever)).toBe(true)
  expect(isNever(20991230)).toBe(false)
})

test('tomorrow is found over the end of a year', () => {
  expect(dayAfter('2025-12-31')).toBe(20260101)
})

test('a format that could be misread is refused with its reason', () => {
  expect(flawOfDateFormat('MM/DD/YY')).toMatch(/two-digit years/)
  expect(flawOfDateFormat('day/month')).toMatch(/YYYY/)
  expect(flawOfDateFormat('DD')).toMatch(/year/)
  expect(flawOfDateFormat('MM/DD/YYYY HH:mm:ss')).toBeNull()
})
