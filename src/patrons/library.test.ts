import { expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make } from '../../test/make.ts'
import { inLibrary } from '../db/scope.ts'
import { changeLibrary, type Library, type LibraryChange } from './library.ts'

const house = openHouse()

test.each(['a,b@library.example.org', 'añ@library.example.org', 'one@example.org;two@example.org', 'ask@library'])(
  'an address for answers that no mail can name is refused: %s',
  async (email) => {
    await expect(make.library(house, { email })).rejects.toThrow('is no email address')
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

const change = (library: Library, asked: LibraryChange) =>
  inLibrary(house.database.logins, 'circulation', library.libraryNo, (scope) => changeLibrary(scope, library, asked))

test('a library moves: what was given is changed, the rest stays, and what it was before is told', async () => {
  const library = await make.library(house)
  const before = await change(library, { postalAddress: '3 Mill Road, Maple Falls, OH 43991', signedBy: null })
  expect(before).toEqual({ postalAddress: '12 Main Street, Maple Falls, OH 43991', signedBy: 'Ana' })
  expect(await make.again(house, library)).toEqual({
    ...library,
    postalAddress: '3 Mill Road, Maple Falls, OH 43991',
    signedBy: null,
  })
})

test('a change that changes nothing says so', async () => {
  const library = await make.library(house)
  expect(await change(library, { name: library.name })).toEqual({})
})

test.each<[LibraryChange, string]>([
  [{ name: ' ' }, 'name is missing'],
  [{ timezone: 'Maple/Falls' }, 'is no time zone'],
  [{ email: 'ask@library' }, 'is no email address'],
  [{ phone: '1\n2' }, 'line break'],
  [{ quietUntilHour: 18, quietFromHour: 18 }, 'have to begin before they end'],
  [{ quietUntilHour: 7 }, 'between 8 and 21'],
  [{ quietFromHour: 22 }, 'between 8 and 21'],
])('what a new library may not be, an old one cannot become: %j', async (asked, sentence) => {
  const library = await make.library(house)
  await expect(change(library, asked)).rejects.toThrow(sentence)
  expect(await make.again(house, library)).toEqual(library)
})
