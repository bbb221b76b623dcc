import fc from 'fast-check'
import { Liquid } from 'liquidjs'
import { expect, test } from 'vitest'
import { languages, wordsOf } from '../words/languages.ts'
import { cutAtFields, type FieldValues, fields, fillFields, loadLetters, parseLetter, readLetter } from './letter.ts'

const folder = new URL('../../letters', import.meta.url).pathname
const wording = { subject: 'Soup weather', body: '{{ greeting }}\n\nSoup is free.' }
const letterWith = (body: string) => () =>
  readLetter({ key: 'soup', season: 'any', name: 'Soup', en: { ...wording, body } }, 'soup.yaml')

test('the product comes with nine letters, some for each season, each in every language that has a frame', async () => {
  const letters = await loadLetters(folder)
  expect(letters).toHaveLength(9)
  expect(new Set(letters.map(({ season }) => season))).toEqual(new Set(['winter', 'spring', 'summer', 'autumn', 'any']))
  const missing = letters.flatMap((letter) =>
    languages
      .filter((language) => letter.wordings[language] === undefined)
      .map((language) => `${letter.key} in ${language}`),
  )
  expect(missing).toEqual([])
})

test('every language has frame words of its own: none is left in another language or empty', () => {
  for (const language of languages) {
    const words = wordsOf[language].frame
    const said = [
      words.greet('Rosa'),
      words.greetNobody,
      words.date(2025, 5, 3),
      words.asked('X'),
      words.fewer,
      words.none,
      words.why,
    ]
    expect(said.filter((text) => text.trim() === '' || text.includes('undefined'))).toEqual([])
    expect(words.greet('Rosa')).toContain('Rosa')
    expect(words.asked('X')).toContain('X')
    expect(new Set(Array.from({ length: 12 }, (_, month) => words.date(2025, month + 1, 3))).size).toBe(12)
    for (const other of languages.filter((one) => one !== language)) {
      expect([words.fewer, words.none, words.why, words.asked('')]).not.toContain(wordsOf[other].frame.why)
      expect(words.why).not.toBe(wordsOf[other].frame.why)
      expect(words.asked('X')).not.toBe(wordsOf[other].frame.asked('X'))
    }
  }
})

test.each([
  '{{ last_used }}',
  '{{ patron.email }}',
  '{{ greeting.constructor }}',
  '{{ greeting["constructor"] }}',
  '{{ constructor }}',
  '{{ __proto__ }}',
  '{{ toString }}',
  '{{ greeting | upcase }}',
  '{{ greeting | escape }}',
  '{{ "text" }}',
  '{{ 1 }}',
  '{{ }}',
  '{{ greeting library_name }}',
  '{{- greeting -}}',
  '{{\ngreeting }}',
  '{{ greeting',
  '{% assign a = 1 %}',
  '{% for i in (1..9) %}x{% endfor %}',
  '{% include "/etc/passwd" %}',
  '{% render "x" %}',
  '{%- raw -%}{{ greeting }}{%- endraw -%}',
  '{% comment %}x{% endcomment %}',
  '{% liquid echo 1 %}',
])('a letter with %s is refused, and the writer is told which fields there are', (template) => {
  expect(letterWith(`Hello ${template} there`)).toThrow(/The fields are greeting, signed_by, library_name/)
})

test('a tag is refused in the subject too', () => {
  const en = { ...wording, subject: '{% if true %}x{% endif %}' }
  expect(() => readLetter({ key: 'a', season: 'any', name: 'A', en }, 'a.yaml')).toThrow(/has a tag/)
})

test.each([
  [{ key: 'Soup', season: 'any', name: 'A', en: wording }, /key/],
  [{ key: 'soup', season: 'monsoon', name: 'A', en: wording }, /season/],
  [{ key: 'soup', season: 'any', name: 'A' }, /no wording/],
  [{ key: 'soup', season: 'any', name: 'A', xx: wording, en: wording }, /xx/],
  [{ key: 'soup', season: 'any', name: 'A', en: { ...wording, subject: 'a\nBcc: x@example.org' } }, /one line/],
  [{ key: 'soup', season: 'any', name: 'A', en: { ...wording, body: ' \n ' } }, /empty/],
  [{ key: 'soup', season: 'any', name: 'A', en: { ...wording, body: 'a\u202eb' } }, /invisible/],
  [{ key: 'soup', season: 'any', name: 'A', en: { ...wording, script: 'x' } }, /script/],
  ['just text', /not a letter/],
  [null, /not a letter/],
])('what is not a letter is refused with the place of the mistake: %j', (held, said) => {
  expect(() => readLetter(held, 'soup.yaml')).toThrow(said)
})

test('broken YAML is refused in one sentence', () => {
  expect(() => parseLetter('key: [a\nname: "', 'soup.yaml')).toThrow(/^soup.yaml is not YAML: .+$/)
})

test('line ends and spare blank lines are brought into one form', () => {
  expect(letterWith('a  \r\n\r\n\r\n\r\nb\n')().wordings.en?.body).toBe('a\n\nb')
})

const value = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('{{ greeting }}', '{% raw %}', "<b>&'", '$&', '\\'),
)
const values: fc.Arbitrary<FieldValues> = fc.record({
  greeting: value,
  signed_by: value,
  library_name: value,
  library_phone: value,
  keep_link: value,
  library_url: value,
})
const literal = fc.string().map((text) => text.replaceAll('{', ''))
const template = fc
  .array(
    fc.oneof(
      literal,
      fc.constantFrom(...fields).map((field) => `{{ ${field} }}`),
      fc.constant('{{greeting}}'),
    ),
  )
  .map((parts) => parts.join(''))

test('filling in is what LiquidJS itself would write, and values stay data', () => {
  const liquid = new Liquid({ ownPropertyOnly: true, strictVariables: true })
  fc.assert(
    fc.property(template, values, (written, given) => {
      expect(fillFields(cutAtFields(written, 'it'), given)).toBe(liquid.parseAndRenderSync(written, given))
    }),
    { numRuns: 500 },
  )
})

test('whatever is written either is cut into text and known fields, or refused with a sentence', () => {
  const wild = fc.array(
    fc.constantFrom('{{', '}}', '{%', '%}', ' ', 'greeting', '|', '.', '"', '-', 'a', '\n', '{', '}'),
  )
  fc.assert(
    fc.property(wild, (pieces) => {
      const written = pieces.join('')
      try {
        const parts = cutAtFields(written, 'it')
        const back = parts.map((part) => (typeof part === 'string' ? part : '')).join('')
        expect(parts.every((part) => typeof part === 'string' || fields.includes(part.field))).toBe(true)
        expect(back).not.toMatch(/\{\{|\{%/)
      } catch (error) {
        expect(error).toMatchObject({ name: 'Problem', code: 'bad-input' })
      }
    }),
    { numRuns: 2000 },
  )
})
