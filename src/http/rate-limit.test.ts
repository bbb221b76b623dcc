import { expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make } from '../../test/make.ts'
import { addressKey, knockMailbox, openLimiter } from './rate-limit.ts'

const house = openHouse()

test('a household’s line is one address, however its IPv6 addresses are written', () => {
  const one = addressKey('2001:db8::1')
  for (const same of ['2001:db8::2', '2001:0db8:0:0:ffff::9', '2001:db8:0:0:1:2:3:4'])
    expect(addressKey(same)).toBe(one)
  for (const other of ['2001:db8:0:1::1', '2001:db9::1', '203.0.113.7']) expect(addressKey(other)).not.toBe(one)
  expect(addressKey('::1')).toBe('0:0:0:0')
  expect(addressKey('::ffff:203.0.113.7')).toBe('::ffff:203.0.113.7')
})

test('tags do not make one mailbox many: after three mails a day there is no fourth', async () => {
  const library = await make.library(house)
  const byMailbox = openLimiter({ holds: 3, refillsPerSecond: 3 / 86_400 }, () => 0)
  const knock = (email: string) => knockMailbox({ byMailbox }, library, email)
  for (const n of [1, 2, 3]) knock(`stranger+${n}@example.org`)
  expect(() => knock('Stranger+4@Example.org')).toThrow('a lot at once')
  knock('somebody+1@example.org')
  // Without a tag the database counts.
  for (let n = 0; n < 5; n++) knock('stranger@example.org')
})
