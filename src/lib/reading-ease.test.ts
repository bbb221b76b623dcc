import fc from 'fast-check'
import { expect, test } from 'vitest'
import { en } from '../words/en.ts'
import { es } from '../words/es.ts'
import { countSentences, countWords, readingEase } from './reading-ease.ts'

const english = en.reading!
const spanish = es.reading!

const counted = (table: Record<number, string>): [string, number][] =>
  Object.entries(table).flatMap(([count, words]) =>
    words.split(' ').map((word): [string, number] => [word, Number(count)]),
  )

// As the CMU Pronouncing Dictionary has them.
test.each(
  counted({
    1: "the home like phone book loaned asked homes films you're don't eyes played guess fruit school warm once",
    2: "little table reading wanted boxes poem quiet people evening being trying didn't language someone homework sometimes careful likely cozy choir pages movies borrowed handled create beyond reply rhythm",
    3: 'library area idea museum everyone audio video magazine another piano curious family agreement computers museums tomatoes',
    4: 'librarian information everybody experience education community conversation',
    5: 'imagination university opportunity immediately electricity',
  }),
)('the English word %s has %i syllables', (word, count) => {
  expect(english.syllables(word)).toBe(count)
})

// Divided by hand after the rules of the Spanish academies.
test.each(
  counted({
    1: 'y hoy muy rey sol pan bien dios guion vio seis buey quien',
    2: 'leer día oír libro ciudad guerra aire viernes búho reyes ahí hielo queso gratis prohibir tía país nieve aún',
    3: 'poeta museo pingüino gratuita cuídate guitarra tarjeta ahora héroe responde',
    4: 'biblioteca teléfono audiolibro primavera chocolate historiador leíamos película Uruguayo alegría',
    5: 'aeropuerto electricidad bibliotecario imaginación computadora',
    6: 'universitario responsabilidad',
  }),
)('the Spanish word %s has %i syllables', (word, count) => {
  expect(spanish.syllables(word)).toBe(count)
})

// Scores that are quoted wherever the Flesch formula is explained.
test.each([
  ['The cat sat on the mat.', 116],
  ['This sentence, taken as a reading passage unto itself, is being used to prove a point.', 69],
])('%s scores as published', (text, score) => {
  expect(readingEase(text, english)).toBeCloseTo(score, 0)
})

test('the Spanish score is Fernández Huerta’s formula over counted syllables', () => {
  // La bi-blio-te-ca a-bre to-dos los dí-as: 12 syllables in 6 words.
  expect(readingEase('La biblioteca abre todos los días.', spanish)).toBeCloseTo(206.84 - 60 * (12 / 6) - 1.02 * 6, 6)
})

test('a phone number and a link count as words on paper, and are not spoken', () => {
  expect(countWords('Call (614) 555-0142 or see https://example.org/a – now.')).toBe(7)
  expect(readingEase('The cat sat on the mat. 555-0142', english)).toBe(readingEase('The cat sat on the mat.', english))
  expect(readingEase('See https://example.org/incomprehensibilities or ask.', english)).toBe(
    readingEase('See or ask.', english),
  )
})

test('a greeting and a signed name are not sentences, a list item is', () => {
  expect(countSentences('Hello Rosa,\n\nWe lend books. We lend films.\n\nAna')).toBe(2)
  expect(countSentences('We have these:\n\n- books to take home\n- films to watch here')).toBe(3)
  expect(countSentences('It costs 1.50 at example.org today.')).toBe(1)
})

test('shorter sentences never make a text harder', () => {
  const word = fc.constantFrom('book', 'library', 'evening', 'window', 'conversation')
  fc.assert(
    fc.property(fc.array(word, { minLength: 6, maxLength: 40 }), (words) => {
      const half = Math.floor(words.length / 2)
      const whole = `${words.join(' ')}.`
      const halves = `${words.slice(0, half).join(' ')}. ${words.slice(half).join(' ')}.`
      expect(readingEase(halves, english)).toBeGreaterThanOrEqual(readingEase(whole, english))
    }),
  )
})

test('a word of any letters has at least one syllable', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-záéíóúüñ]{1,15}$/), fc.constantFrom(english, spanish), (word, { syllables }) => {
      expect(syllables(word)).toBeGreaterThanOrEqual(1)
      expect(syllables(word)).toBeLessThanOrEqual(word.length)
    }),
  )
})

test('nothing to read is nothing to stumble over', () => {
  expect(readingEase('', english)).toBe(100)
  expect(readingEase('555-0142', spanish)).toBe(100)
})
