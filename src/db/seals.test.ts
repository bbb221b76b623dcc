import { expect, test } from 'vitest'
import { seal, unseal } from '../lib/seal.ts'
import { sealsOf } from './seals.ts'

const [ours, theirs] = [sealsOf({ hashing: Buffer.alloc(32, 1) }), sealsOf({ hashing: Buffer.alloc(32, 2) })]

test('what was sealed or signed with one key file opens and proves with it, and with no other', () => {
  const { key, wrapped } = ours.newPatronKey('Rosa')
  expect(sealsOf({ hashing: Buffer.alloc(32, 1) }).openPatronKey(wrapped, 'Rosa')).toEqual(key)
  expect(ours.openPatronKey(wrapped, 'Karl')).toBeNull()
  expect(theirs.openPatronKey(wrapped, 'Rosa')).toBeNull()
  expect(ours.isSigned('so', ours.sign('so'))).toBe(true)
  expect(ours.isSigned('so', theirs.sign('so'))).toBe(false)
  expect(ours.isSigned('not so', ours.sign('so'))).toBe(false)
  expect(ours.isSigned('so', Buffer.alloc(0))).toBe(false)
})

test('a sealed text with any bit changed, or cut short, does not open', () => {
  const key = Buffer.alloc(32, 3)
  const sealed = seal(key, Buffer.from('secret'), 'x')
  expect(unseal(key, sealed, 'x')?.toString()).toBe('secret')
  for (let i = 0; i < sealed.length; i++) {
    const changed = Buffer.from(sealed)
    changed[i]! ^= 1
    expect(unseal(key, changed, 'x')).toBeNull()
    expect(unseal(key, sealed.subarray(0, i), 'x')).toBeNull()
  }
})
