import { expect, test } from 'vitest'
import { languageTag } from './language-tag.ts'

test.each([
  ['en', 'en'],
  ['en-US', 'en'],
  ['es_MX', 'es'],
  ['ENG', 'en'],
  ['spa', 'es'],
  ['chi', 'zh'],
  ['hmn', 'hmn'],
  ['English', 'en'],
  ['Español', 'es'],
  ['default', ''],
  ['und', ''],
  ['12', ''],
  ['', ''],
])('a language said as %j is %j', (text, tag) => {
  expect(languageTag(text)).toBe(tag)
  expect(languageTag(text)).toBe(tag)
})
