import { createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type HashKind, keyedHashFor } from './keyed-hash.ts'

const key = Buffer.alloc(32, 7)
const maple = keyedHashFor(key, 'maple')
const kind = fc.constantFrom<HashKind>('email', 'phone', 'line')

test('property: the same text has the same hash of 16 bytes, as text or as bytes', () => {
  fc.assert(
    fc.property(kind, fc.string(), (of, text) => {
      expect(maple(of, text)).toHaveLength(16)
      expect(keyedHashFor(key, 'maple')(of, Buffer.from(text))).toEqual(maple(of, text))
    }),
  )
})

test('property: another text, kind, library or key has another hash', () => {
  fc.assert(
    fc.property(kind, kind, fc.string(), fc.string(), (of, otherKind, text, otherText) => {
      const hash = maple(of, text)
      if (text !== otherText) expect(maple(of, otherText)).not.toEqual(hash)
      if (of !== otherKind) expect(maple(otherKind, text)).not.toEqual(hash)
      expect(keyedHashFor(key, 'birch')(of, text)).not.toEqual(hash)
      expect(keyedHashFor(randomBytes(32), 'maple')(of, text)).not.toEqual(hash)
    }),
  )
})

test('without the key a hash cannot be had from the address', () => {
  const guess = createHash('sha256').update('email:rosa@example.org').digest().subarray(0, 16)
  expect(maple('email', 'rosa@example.org')).not.toEqual(guess)
})

test('hashes stay what they were, or no stop made before could be matched', () => {
  expect(maple('email', 'rosa@example.org').toString('hex')).toBe('af5bdf8ef7f0e696095266f08329391e')
})

test('property: it is HMAC-SHA-256 as node:crypto computes it, for texts and bytes of any length', () => {
  const own = Buffer.from(hkdfSync('sha256', key, 'maple', 'gentle keyed hash', 32))
  const value = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 300 }), fc.uint8Array({ maxLength: 10_000 }))
  fc.assert(
    fc.property(kind, value, (of, said) => {
      expect(maple(of, said)).toEqual(createHmac('sha256', own).update(`${of}:`).update(said).digest().subarray(0, 16))
    }),
  )
})
