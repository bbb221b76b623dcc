import { expect, test } from 'vitest'
import { countWords, readingEase } from '../lib/reading-ease.ts'
import { type Language, languages, wordsOf } from '../words/languages.ts'
import { cutAtFields, fillFields, type Letter, loadLetters } from './letter.ts'
import { type LintRule, lintLetter } from './lint.ts'
import { type WordRule, wordRules } from './lint-words.ts'

const letters = await loadLetters(new URL('../../letters', import.meta.url).pathname)

const saying = (language: Language, body: string, subject = 'A note'): Letter => ({
  key: 'trial',
  season: 'any',
  name: 'Trial',
  wordings: { [language]: { subject, body } },
  texts: {},
})
const rulesFor = (language: Language, body: string, subject?: string): LintRule[] =>
  lintLetter(saying(language, body, subject))
    .filter((found) => found.language === language && found.rule !== 'hard-to-read')
    .map(({ rule }) => rule)

test('the letters that come with the product give no finding, also at a library with a long name', () => {
  const longNames = {
    signed_by: 'María Fernanda',
    library_name: 'Upper Maple Falls and Lake County Public Library',
    library_phone: '+1 (614) 555-0142',
    library_url: 'https://example.org',
  }
  for (const letter of letters) {
    expect(lintLetter(letter)).toEqual([])
    expect(lintLetter(letter, longNames)).toEqual([])
  }
})

test('the letters that come with the product are plain even when only punctuation ends a sentence', () => {
  for (const letter of letters) {
    for (const language of languages) {
      const wording = letter.wordings[language]!
      const filled = fillFields(cutAtFields(wording.body, letter.key), {
        greeting: wordsOf[language].frame.greet('Rosa'),
        keep_link: '(link)',
        signed_by: 'Ana',
        library_name: 'Maple Falls Library',
        library_phone: '614-555-0142',
        library_url: 'https://example.org',
      })
      expect(readingEase(filled.replace(/\n+(- )?/g, ' '), wordsOf[language].reading!)).toBeGreaterThanOrEqual(70)
      expect(countWords(filled)).toBeLessThan(90)
      expect(wording.subject.length).toBeLessThanOrEqual(45)
      expect(wording.body).toMatch(/^\{\{ greeting \}\}\n\n[\s\S]*\n\{\{ signed_by \}\}\n\{\{ library_name \}\}$/)
      // It offers nothing, so there is no price to tell.
      if (letter.key !== 'still-welcome')
        expect(wording.body).toMatch(language === 'en' ? /\bfree\b|costs nothing/ : /\bgratis\b|no cuesta nada/)
      expect(wording.body).toMatch(language === 'en' ? /\b[Rr]eply\b/ : /[Rr]esponde\b|respuesta/)
    }
  }
})

const flagged: [Language, LintRule, string][] = [
  ['en', 'card-use', "You haven't borrowed a book in a while."],
  ['en', 'card-use', 'You haven’t visited us yet this year.'],
  ['en', 'card-use', 'You have not used your card.'],
  ['en', 'card-use', 'A lot has changed since your last visit.'],
  ['en', 'card-use', 'We miss you at the library.'],
  ['en', 'card-use', 'We noticed your card is quiet.'],
  ['en', 'card-use', 'Your account is inactive.'],
  ['en', 'card-use', 'Come back and see what is new.'],
  ['en', 'card-use', 'It has been a while.'],
  ['en', 'card-use', 'It’s been six months.'],
  ['en', 'card-use', 'Our records show a card in your name.'],
  ['en', 'card-use', 'Because you borrowed mysteries, here are more.'],
  ['en', 'card-use', 'Dust off your card.'],
  ['en', 'card-use', 'Come\nback soon.'],
  ['en', 'guilt', "Don't forget your library."],
  ['en', 'guilt', 'Your card is gathering dust.'],
  ['en', 'guilt', 'You really should read more.'],
  ['en', 'urgency', 'Hurry, this ends soon.'],
  ['en', 'urgency', "Last chance: don't miss out."],
  ['en', 'urgency', 'Your card expires in June.'],
  ['en', 'votes', "Vote for our library's next book."],
  ['en', 'votes', 'The levy is on the ballot this fall.'],
  ['en', 'votes', 'Support the bond issue.'],
  ['en', 'votes', 'Election day is near.'],
  ['en', 'pin-asked', 'Have your PIN at hand.'],
  ['en', 'pin-asked', 'Reply with your library pin.'],
  ['en', 'pin-asked', 'Choose a new password.'],
  ['en', 'short-link', 'Read more at bit.ly/3xYz.'],
  ['en', 'short-link', 'See https://t.co/abc for more.'],
  ['en', 'shouting', 'Free books!'],
  ['en', 'shouting', 'It is FREE for all.'],
  ['es', 'card-use', 'No has usado tu tarjeta.'],
  ['es', 'card-use', 'Te extrañamos en la biblioteca.'],
  ['es', 'card-use', 'Te echamos de menos.'],
  ['es', 'card-use', 'Hace tiempo que no te vemos.'],
  ['es', 'card-use', 'Mucho es nuevo desde tu última visita.'],
  ['es', 'card-use', 'Mucho es nuevo desde tu ultima visita.'],
  ['es', 'card-use', 'Vuelve a la biblioteca.'],
  ['es', 'card-use', 'Hemos notado que tu cuenta está inactiva.'],
  ['es', 'card-use', 'Bienvenida de nuevo.'],
  ['es', 'guilt', 'No te olvides de leer.'],
  ['es', 'guilt', 'Deberías leer más.'],
  ['es', 'urgency', 'Apúrate, es la última oportunidad.'],
  ['es', 'urgency', 'Tu tarjeta vence en junio.'],
  ['es', 'votes', 'Vota por el próximo libro.'],
  ['es', 'votes', 'Las elecciones son en otoño.'],
  ['es', 'pin-asked', 'Escribe tu contraseña.'],
  ['es', 'pin-asked', 'Ten a mano tu clave.'],
  ['es', 'pin-asked', 'Responde con tu PIN.'],
  ['es', 'short-link', 'Más en tinyurl.com/abc.'],
  ['es', 'shouting', '¡Libros gratis!'],
]

test.each(flagged)('in %s the rule %s flags: %s', (language, rule, sentence) => {
  expect(rulesFor(language, sentence)).toContain(rule)
})

const calm: [Language, string][] = [
  ['en', 'There is a pinboard by the door, made of pine.'],
  ['en', 'Spin a record, or learn to pin a hem.'],
  ['en', 'A devoted reader can pick our next book.'],
  ['en', 'James Bond films, and picture books to bond over.'],
  ['en', 'Return books at any branch, day or night.'],
  ['en', 'Stories from a long time ago.'],
  ['en', 'You have five new films to choose from.'],
  ['en', 'Choose the last book you loved.'],
  ['en', 'We shelve used books for the sale.'],
  ['en', 'Print a PDF or watch a DVD.'],
  ['en', 'See https://t.example.org or https://orbit.lyons.example.org.'],
  ['en', 'Reply with a story you love.'],
  ['en', 'Measure up the room, and bring the plan.'],
  ['en', 'Your library card is free for life.'],
  ['es', 'La clave del éxito es leer por gusto.'],
  ['es', 'Busca por palabras clave.'],
  ['es', 'Un cuento con pinos y un pincel.'],
  ['es', 'Una lectora devota elige un libro a su elección.'],
  ['es', 'No tienes que traer nada.'],
  ['es', '¿Cuánto tiempo dura un préstamo?'],
  ['es', 'Te damos una mano con los impuestos.'],
  ['es', 'La biblioteca abre a las nueve.'],
]

test.each(calm)('in %s nothing is flagged in: %s', (language, sentence) => {
  expect(rulesFor(language, sentence)).toEqual([])
})

test('a subject that plays an answer is flagged, a word that begins alike is not', () => {
  expect(rulesFor('en', 'Hello there.', 'Re: your card')).toContain('false-reply')
  expect(rulesFor('es', 'Hola a todos.', 'RV: tu tarjeta')).toContain('false-reply')
  expect(rulesFor('en', 'Hello there.', 'Reading: a short list')).toEqual([])
})

test('the words found are quoted as they were written, accents and all', () => {
  const [found] = lintLetter(saying('es', 'Mucho es nuevo desde tu última visita.')).filter(
    ({ rule }) => rule === 'card-use',
  )
  expect(found).toMatchObject({ language: 'es', level: 'error', where: 'desde tu última' })
})

test('ninety words are too many, eighty-nine are not', () => {
  expect(rulesFor('en', 'We lend books. '.repeat(30))).toContain('too-long')
  expect(rulesFor('en', `${'We lend books. '.repeat(29)}We lend.`)).toEqual([])
})

test('a hard text is flagged with its score', () => {
  const body =
    'Institutional responsibilities necessitate comprehensive administrative communication regarding availability.'
  expect(lintLetter(saying('en', body)).map(({ rule }) => rule)).toContain('hard-to-read')
})

test('a language that the letter does not speak is named', () => {
  expect(lintLetter(saying('en', 'We lend books.'))).toMatchObject([{ language: 'es', rule: 'missing-language' }])
})

test('the name of the library is not the writer’s wording: capitals there are not shouting', () => {
  const letter = saying('en', 'From {{ library_name }} with love.')
  const names = { signed_by: 'Ana', library_name: 'OPLIN Library', library_phone: '614-555-0142', library_url: '' }
  expect(lintLetter(letter, names).filter(({ rule }) => rule === 'shouting')).toEqual([])
})

test('every rule has words in every language and says why', () => {
  for (const [rule, { says }] of Object.entries(wordRules)) {
    expect(says.length).toBeGreaterThan(40)
    expect(languages.filter((language) => wordsOf[language].lint[rule as WordRule].length === 0)).toEqual([])
  }
})
