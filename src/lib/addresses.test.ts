import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isAbroad, normaliseEmail, normalisePhone, normalisePostal } from './addresses.ts'

test.each([
  ['Rosa.Delgado@Example.ORG', 'rosa.delgado@example.org'],
  ['  rosa@example.org ', 'rosa@example.org'],
  ['rosa@example.org; mateo@example.org', 'rosa@example.org'],
  ['rosa@example.org,mateo@example.org', 'rosa@example.org'],
  ["o'brien+library@mail.example.org", "o'brien+library@mail.example.org"],
  ['rosa@xn--bcher-kva.test', 'rosa@xn--bcher-kva.test'],
])('the email %s is one mailbox: %s', (text, email) => {
  expect(normaliseEmail(text)).toBe(email)
})

test.each([
  '',
  ' ;, ',
  'none',
  'n/a',
  'rosa@',
  '@example.org',
  'rosa@example',
  'rosa@@example.org',
  'rosa..delgado@example.org',
  '.rosa@example.org',
  'rosa.@example.org',
  'rosa@-example.org',
  'rosa@example-.org',
  'rosa@example..org',
  'rosa@192.0.2.1',
  '<rosa@example.org>',
  'rösa@example.org',
  `${'a'.repeat(65)}@example.org`,
  `rosa@${'a'.repeat(64)}.org`,
  `rosa@${'abcdefghi.'.repeat(26)}org`,
])('%j is no address that mail could reach', (text) => {
  expect(normaliseEmail(text)).toBeNull()
})

test('property: an address once normalised stays as it is, and nothing in it could end a header or a command', () => {
  fc.assert(
    fc.property(fc.oneof(fc.emailAddress(), fc.string({ unit: 'binary' })), (text) => {
      const email = normaliseEmail(text)
      if (email === null) return
      expect(normaliseEmail(email)).toBe(email)
      expect(email).toMatch(/^[^\s<>()[\]\\,;:"]+@[a-z0-9.-]+$/)
    }),
    { numRuns: 500 },
  )
})

test.each([
  ['614-555-0101', 'US', '+16145550101'],
  ['(614) 555-0101', 'US', '+16145550101'],
  ['1 614.555.0101', 'US', '+16145550101'],
  ['+1 614 555 0101', 'US', '+16145550101'],
  ['6145550101', 'CA', '+16145550101'],
  ['020 7946 0018', 'GB', '+442079460018'],
  ['+44 20 7946 0018', 'US', '+442079460018'],
  ['', 'US', null],
  ['555-0101', 'US', null],
  ['none', 'US', null],
  ['0000000000', 'US', null],
] as const)('the phone %j in %s is %s', (text, country, phone) => {
  expect(normalisePhone(text, country)).toBe(phone)
})

test.each([
  ['+16145550101', '+16145550100', false],
  ['+14165550101', '+16145550100', false],
  ['+17875550101', '+16145550100', false],
  ['+16145550101', '12345', false],
  // Jamaica, and a number that earns by being called.
  ['+18765550123', '+16145550100', true],
  ['+19005550123', '+16145550100', true],
  ['+442079460018', '+16145550100', true],
  ['+442079460018', '+442079460019', false],
] as const)('%s, seen from the number %s, is abroad: %s', (phone, line, abroad) => {
  expect(isAbroad(phone, line)).toBe(abroad)
})

test('property: a phone once normalised stays as it is', () => {
  fc.assert(
    fc.property(fc.integer({ min: 201, max: 989 }), fc.integer({ min: 100, max: 199 }), (area, line) => {
      const phone = normalisePhone(`(${area}) 555-0${line}`)
      if (phone !== null) expect(normalisePhone(phone)).toBe(phone)
    }),
  )
})

test('a door is one door however it is written, and flats in one house are different doors', () => {
  const door = normalisePostal('12 Main St.', '', '43991-1234')
  expect(door).toBe('12mainst||43991')
  expect(normalisePostal(' 12  MAIN ST ', '', '43991')).toBe(door)
  expect(normalisePostal('12 Main St.', 'Apt 3', '43991')).not.toBe(door)
  expect(normalisePostal('12 Main St.', '', '43992')).not.toBe(door)
  expect(normalisePostal('', '', '43991')).toBeNull()
  expect(normalisePostal('12 Main St.', '', '')).toBeNull()
})
