import fc from 'fast-check'
import { expect, test } from 'vitest'
import { monthNo } from '../lib/clock.ts'
import { choosePicks } from './column-picks.ts'
import { dateReader } from './dates.ts'
import { COLUMNS, type Column, cleanText, lineReader, type RosterLine } from './roster-line.ts'

const iso = dateReader()
const read = lineReader({
  picks: choosePicks(COLUMNS, undefined).picks,
  dates: { birth_date: iso, registered_on: iso, expires_on: iso, last_used_on: iso },
  today: '2026-11-22',
  country: 'US',
})
const rowOf = (row: Partial<Record<Column, string>>) =>
  COLUMNS.map((column) => ({ patron_id: '7', ...row })[column] ?? '')
const lineOf = (row: Partial<Record<Column, string>>) => read(rowOf(row)) as RosterLine
const reasonOf = (row: Partial<Record<Column, string>>) => read(rowOf(row)) as string

test('Rosa’s row becomes a line, and the day of her last use is forgotten', () => {
  const rosa = lineOf({
    patron_id: ' 1041 ',
    given_name: 'ROSA',
    email: 'Rosa@Example.org',
    phone: '(614) 555-0101',
    language: 'es-MX',
    registered_on: '2015-06-01',
    expires_on: '2099-12-31',
    last_used_on: '2026-07-14 16:20:05',
    birth_date: '1984-02-29',
  })
  expect(rosa).toMatchObject({
    patronId: '1041',
    givenName: 'ROSA',
    email: 'rosa@example.org',
    phone: '+16145550101',
    language: 'es',
    registeredOn: '2015-06-01',
    expiresOn: null,
    lastUse: monthNo(2026, 7),
    minorUntil: null,
    status: 'active',
  })
  expect(JSON.stringify(rosa)).not.toMatch(/2026-07|1984/)
})

test('of a child’s birth date only the end of minority stays', () => {
  expect(lineOf({ birth_date: '2014-09-30' }).minorUntil).toBe('2032-09-30')
  expect(lineOf({ birth_date: '2008-11-22' }).minorUntil).toBeNull()
  expect(lineOf({ birth_date: '2008-11-23' }).minorUntil).toBe('2026-11-23')
})

test('an e-mail that cannot be one was given all the same', () => {
  expect(lineOf({ email: 'none' })).toMatchObject({ email: null, emailGiven: true })
  expect(lineOf({ email: '  ' })).toMatchObject({ email: null, emailGiven: false })
})

test('a card never used has no month', () => {
  expect(lineOf({ last_used_on: '' }).lastUse).toBeNull()
})

test.each([
  [{ patron_id: ' ' }, 'it has no patron_id'],
  [{ patron_id: '9'.repeat(101) }, 'its patron_id is longer than 100 characters'],
  [{ last_used_on: '2026-11-24' }, 'its last_used_on lies in the future'],
  [{ last_used_on: '9999-12-31' }, 'its last_used_on lies in the future'],
  [{ birth_date: '2027-01-01' }, 'its birth_date lies in the future'],
  [{ last_used_on: '2026-02-30' }, 'its last_used_on is no date of the calendar in the format expected'],
  [{ expires_on: 'soon' }, 'its expires_on is no date of the calendar in the format expected'],
  [{ status: 'Rosa' }, 'its status is none of active, barred, deceased, closed: translate it in the mapping'],
])('a row that cannot be taken says why: %j', (row, reason) => {
  expect(reasonOf(row)).toBe(reason)
})

test('tomorrow is no future: the file may have been made in another time zone', () => {
  expect(lineOf({ last_used_on: '2026-11-23' }).lastUse).toBe(monthNo(2026, 11))
})

test('a reason never holds anything of the person', () => {
  const row = fc.record(
    Object.fromEntries(COLUMNS.map((column) => [column, fc.string({ minLength: 12, maxLength: 16 })])),
  )
  fc.assert(
    fc.property(row, (row) => {
      const outcome = read(rowOf(row))
      if (typeof outcome !== 'string') return
      for (const text of Object.values(row)) expect(outcome).not.toContain(text)
    }),
  )
})

test('a status may be written in capitals', () => {
  expect(lineOf({ status: 'DECEASED' }).status).toBe('deceased')
})

test('text is one visible line of at most 200 characters', () => {
  expect(cleanText(' Rosa\r\nMaria\u0000 ')).toBe('Rosa Maria')
  expect(cleanText('Ana\u202egnp.exe')).toBe('Ana gnp.exe')
  expect(cleanText('میرزا\u200cخانی')).toBe('میرزا\u200cخانی')
  expect(cleanText(`${'a'.repeat(199)}😀`)).toBe('a'.repeat(199))
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', 'é', '😀', ' ', '\n', '\u0000', '\u0085', '\u202e'), maxLength: 300 }),
      (text) => {
        const clean = cleanText(text)
        expect(clean.length).toBeLessThanOrEqual(200)
        expect(clean).not.toMatch(/\p{Cc}/u)
        expect(cleanText(clean)).toBe(clean)
      },
    ),
  )
})
