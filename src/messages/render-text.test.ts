import { expect, test } from 'vitest'
import { measureText } from '../channels/sms/parts.ts'
import { USUAL_ANSWERING } from '../patrons/answering.ts'
import { languages } from '../words/languages.ts'
import { type Letter, loadLetters, readLetter } from './letter.ts'
import { letterToKeep } from './mailing.ts'
import { prepareText, renderTexts } from './render-text.ts'

const letters = await loadLetters(new URL('../../letters', import.meta.url).pathname)
const seasonal = letters.filter(({ key }) => key !== 'still-welcome')

const maple = {
  name: 'Upper Arlington Public Library',
  postalAddress: '12 Main Street',
  phone: '614-555-0100',
  email: 'ask@library.example.org',
  url: null,
  signedBy: 'Ana',
  language: 'en',
}
const ONE = { mostParts: 1, cutLong: false }
const saying = (text: string): Letter =>
  readLetter({ key: 'trial', season: 'any', name: 'Trial', en: { text } }, 'the test')
const LONG =
  'Come in and see us on a cold day: there is a warm chair, a newspaper, a magazine, the Wi-Fi, a film for the evening, and somebody who likes being asked.'

test.each(seasonal.map((letter) => [letter.key, letter] as const))(
  '%s is one part as a text in every language, with the library’s long name before it and how to stop behind it',
  (_, letter) => {
    const texts = renderTexts(letter, maple, USUAL_ANSWERING, ONE)
    expect([...texts.keys()].sort()).toEqual([...languages].sort())
    for (const { usual, first } of texts.values()) {
      expect(usual).toMatchObject({ parts: 1 })
      expect(measureText(usual.body).encoding).toBe('GSM-7')
      expect(usual.body).toMatch(/^Upper Arlington Public Library: .*(STOP to end|ALTO para dejarlo)\.$/)
      expect(first.parts).toBe(2)
      expect(first.body).toMatch(
        /(asked us for texts|Pediste nuestros mensajes|texts a month|mensajes al mes).*(STOP|ALTO).*\n./,
      )
    }
  },
)

test('a reader gets the text in their language, or in the library’s where it is not written in theirs', () => {
  const write = prepareText(seasonal[0]!, maple, USUAL_ANSWERING, ONE)
  expect(write({ language: 'es-MX', isFirst: false })).toMatchObject({ language: 'es' })
  expect(write({ language: 'so', isFirst: false })).toMatchObject({ language: 'en' })
})

test('a letter without a text in the library’s language is refused', () => {
  const spanish = { ...maple, language: 'es' }
  expect(() => prepareText(saying('Come in.'), spanish, USUAL_ANSWERING, ONE)).toThrow(/has no text in es/)
})

test('a text that is too long is refused, and says how to go on', () => {
  expect(() => renderTexts(saying(LONG), maple, USUAL_ANSWERING, ONE)).toThrow(
    /has 2 parts .* allows 1\. Write it shorter, allow more .* or let it be cut at words/,
  )
  expect(renderTexts(saying(LONG), maple, USUAL_ANSWERING, { ...ONE, mostParts: 2 }).get('en')!.usual.parts).toBe(2)
})

test('it is cut at a word where its author says so, and how to stop is never cut off', () => {
  const { usual } = renderTexts(saying(LONG), maple, USUAL_ANSWERING, { mostParts: 1, cutLong: true }).get('en')!
  expect(usual.parts).toBe(1)
  expect(usual.body).toMatch(/[a-z]\.\.\. STOP to end\.$/)
})

test('no field of one reader can stand in a text: it is the same for everybody', () => {
  expect(() => saying('{{ greeting }} Come in.')).toThrow(/a text is the same for everybody/)
})

test('a field that this library has not filled in is asked for', () => {
  expect(() => renderTexts(saying('See {{ library_url }}.'), maple, USUAL_ANSWERING, ONE)).toThrow(/has none yet/)
})

test('a letter is kept with its texts as it was read', () => {
  for (const letter of [...letters, saying('Come in.')])
    expect(readLetter(letterToKeep(letter), 'kept')).toEqual(letter)
})
