import fc from 'fast-check'
import { expect, test } from 'vitest'
import { keyBook } from './key-book.ts'
import { gatherPeople } from './people.ts'

interface Person {
  no: bigint
  email: number | null
  phone: number | null
}

const key = (address: number | null) => (address === null ? null : { high: address * 7, low: address * 16 })
const least = (numbers: bigint[]): bigint => numbers.toSorted((a, b) => (a < b ? -1 : 1))[0]!

/** What a household is, said once more: the smallest number that e-mail, phone, e-mail lead to. */
function oracle(people: Person[]) {
  const sharing = (p: Person, by: 'email' | 'phone') =>
    people.filter((o) => o === p || (p[by] !== null && o[by] === p[by]))
  const byEmail = (p: Person) => least(sharing(p, 'email').map((m) => m.no))
  const byPhone = (p: Person) => {
    const mates = sharing(p, 'phone')
    return least([byEmail(p), ...(mates.length <= 8 ? mates.map(byEmail) : [])])
  }
  return people.map((p) => ({
    household: least(sharing(p, 'email').map(byPhone)),
    addressShared: sharing(p, 'email').length > 1,
  }))
}

test('property: labels are those of the plain words, and whoever is set aside might as well not be there', () => {
  const address = fc.option(fc.integer({ min: 1, max: 5 }))
  const person = fc.record({ no: fc.bigInt(1n, 2n ** 62n - 1n), email: address, phone: address, here: fc.boolean() })
  fc.assert(
    fc.property(fc.uniqueArray(person, { selector: (p) => p.no, maxLength: 40 }), (all) => {
      const people = gatherPeople()
      for (const p of all) people.add(p.no, key(p.email), key(p.phone))
      const here = all.filter((p) => p.here)
      const labelOf = people.label(new Set(all.filter((p) => !p.here).map((p) => p.no)))
      expect(all.map((_, i) => labelOf(i)).filter((label) => label !== null)).toEqual(oracle(here))
    }),
  )
})

test('many people keep their places when the room grows', () => {
  const people = gatherPeople()
  for (let i = 0; i < 100_000; i++) people.add(BigInt(i + 1), key(i >> 1), null)
  const labelOf = people.label()
  expect([0, 1, 2, 3, 99_999].map((i) => labelOf(i)!.household)).toEqual([1n, 1n, 3n, 3n, 99_999n])
})

test('a book of keys knows each again, also where their lower halves meet', () => {
  const book = keyBook()
  const keys = Array.from({ length: 200_000 }, (_, i) => ({ high: i, low: Math.imul(i >> 3, 0x85ebca6b) }))
  for (const one of keys) book.number(one)
  expect(book.size()).toBe(keys.length)
  expect(keys.every((one, i) => book.number(one) === i)).toBe(true)
})
