import { expect, test } from 'vitest'
import { USUAL_ANSWERING } from '../patrons/answering.ts'
import { type Letter, loadLetters, readLetter } from './letter.ts'
import { lintTexts } from './lint-text.ts'
import { priceTexts } from './price-texts.ts'

const maple = {
  name: 'Maple Falls Library',
  postalAddress: '12 Main Street',
  phone: '614-555-0100',
  email: 'ask@library.example.org',
  url: null,
  signedBy: 'Ana',
}
const LIMITS = { mostParts: 2, cutLong: false }
const saying = (en: string, es?: string): Letter =>
  readLetter(
    { key: 'trial', season: 'any', name: 'Trial', en: { text: en }, ...(es && { es: { text: es } }) },
    'the test',
  )
const found = (letter: Letter) => lintTexts(letter, maple, USUAL_ANSWERING, LIMITS)

test('the texts that come with the product have nothing to say against them', async () => {
  const letters = await loadLetters(new URL('../../letters', import.meta.url).pathname)
  for (const letter of letters.filter(({ texts }) => texts.en))
    expect([letter.key, found(letter)]).toEqual([letter.key, []])
})

test('hints, hurry and shortened links are found in a text as in a mail', () => {
  const rules = found(saying('We miss you! Only today: bit.ly/abc', 'Ven a vernos.')).map(({ rule }) => rule)
  expect(rules).toEqual(['card-use', 'urgency', 'short-link', 'shouting'])
})

test('the character that makes a text dearer is shown, with what could stand for it and what that saves', () => {
  const [finding] = found(
    saying('A warm chair, and the library’s own Wi-Fi, for as long as you like on a cold day.', 'Ven.'),
  )
  expect(finding).toMatchObject({ language: 'en', rule: 'costly-character', level: 'warning', where: '’' })
  expect(finding!.says).toMatch(
    /has 2 parts\. "'" could stand there\. With plain characters alone the text has 1 part\.$/,
  )
})

test('where nothing plain can stand for it, it is best left out', () => {
  const [finding] = found(saying('Soup weather 🍲', 'Ven.'))
  expect(finding).toMatchObject({ where: '🍲', says: expect.stringContaining('leave it out') })
})

test('a language without a text is told of', () => {
  expect(found(saying('Come in.'))).toMatchObject([{ language: 'es', rule: 'missing-language' }])
})

test('the price is parts times phones: between the shortest for all and a first text for all', () => {
  const letter = saying('Come in.', 'Entra, que aquí hay una silla al calor para ti y para quien venga contigo.')
  expect(priceTexts(letter, maple, USUAL_ANSWERING, LIMITS, 1_000)).toMatchObject({
    languages: [
      { language: 'en', parts: 1, firstParts: 2 },
      { language: 'es', parts: 2 },
    ],
    fewestParts: 1_000,
  })
})
