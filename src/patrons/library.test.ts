import { expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make } from '../../test/make.ts'

const house = openHouse()

test.each(['a,b@library.example.org', 'añ@library.example.org', 'one@example.org;two@example.org', 'ask@library'])(
  'an address for answers that no mail can name is refused: %s',
  async (email) => {
    await expect(make.library(house, { email })).rejects.toThrow('is no e-mail address')
  },
)

test('a library may name nobody who signs, and an empty name is refused', async () => {
  expect((await make.library(house, { signedBy: null })).signedBy).toBeNull()
  await expect(make.library(house, { signedBy: ' ' })).rejects.toThrow('first name that signs is missing')
})

test('an address in capitals is fine', async () => {
  expect((await make.library(house, { email: 'Ask@Library.example.org' })).email).toBe('Ask@Library.example.org')
})

test('a line break in a name is refused, and in a postal address it is not', async () => {
  await expect(make.library(house, { name: 'Maple\r\nBcc: x@example.org' })).rejects.toThrow('line break')
  await make.library(house, { postalAddress: '12 Main Street\nMaple Falls' })
})
