import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { purposeNames } from '../consent/purposes.ts'
import { HOUSEHOLD, NO_LONGER_CHOSEN, RULES } from '../consent/rules.ts'
import { languages, wordsOf } from './languages.ts'

/** Not sentences, or tried elsewhere. */
const SAME_OR_COUNTED = ['/frame/direction', '/frame/date', '/lint', '/reading', '/paper/month']

/** Every sentence by its place; sentences with a blank in them are filled. */
function sentences(value: unknown, place = ''): [string, string][] {
  if (SAME_OR_COUNTED.includes(place)) return []
  if (typeof value === 'string') return [[place, value]]
  if (typeof value === 'function') return sentences(value('FILLED', 'FILLED', 'FILLED'), place)
  return Object.entries(value as object).flatMap(([key, inner]) => sentences(inner, `${place}/${key}`))
}

test('every language has every sentence, and none is empty, unfilled or left in English', () => {
  const english = new Map(sentences(wordsOf.en))
  for (const language of languages) {
    const own = new Map(sentences(wordsOf[language]))
    expect([...own.keys()]).toEqual([...english.keys()])
    for (const [place, said] of own) {
      expect(said.trim(), `${language}${place}`).not.toBe('')
      expect(said, `${language}${place}`).not.toMatch(/undefined|null|\[object|\{\{/)
      expect(said.includes('FILLED'), `${language}${place}`).toBe(english.get(place)!.includes('FILLED'))
      if (language !== 'en') expect(said, `${language}${place}`).not.toBe(english.get(place))
    }
    for (const purpose of purposeNames) expect(wordsOf[language].pages.purposes[purpose]).toBeTruthy()
  }
})

test('nothing on these pages says or hints that somebody has not borrowed', () => {
  for (const language of languages)
    for (const [place, said] of sentences(wordsOf[language]))
      expect(said, place).not.toMatch(
        /miss(ed)? you|come back|haven.t|inactive|te extrañ|echamos de menos|vuelve pronto|inactiv/i,
      )
})

test('readers meet no word that breaks at its hyphen on a narrow page', () => {
  for (const language of languages)
    for (const [place, said] of sentences(wordsOf[language])) expect(said, `${language}${place}`).not.toMatch(/e-mail/i)
})

test('Spanish is said as it is in the Americas: tú to one reader, and no form that is only at home in Spain', () => {
  for (const [place, said] of sentences(wordsOf.es))
    expect(said, place).not.toMatch(
      /(?<!\p{L})(?:vosotros|os|vuestr[oa]s?|carné|móvil|ordenador|usted|\p{L}+(?:áis|éis|iros|ásemos|iésemos)|(?:env[ií]en|escr[ií]ban)(?:me|nos))(?!\p{L})/iu,
    )
})

test('a language is one file: nothing elsewhere has a place of its own for one', () => {
  const src = resolve(import.meta.dirname, '..')
  const named = new RegExp(`(?:^|[{,(\\s])(?:'(?:${languages.join('|')})'|${languages.join('|')}): `, 'm')
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => /(?<!\.test)\.ts$/.test(file))
  // What library systems call a language, in whichever tongue, is another matter.
  const elsewhere = files.filter((file) => !/^words.|language-tag/.test(file))
  expect(elsewhere.filter((file) => named.test(readFileSync(join(src, file), 'utf8')))).toEqual([])
})

test('every rule of the gate has a reason for the reader whose message it held back', () => {
  const codes = [...RULES, HOUSEHOLD, NO_LONGER_CHOSEN].map((rule) => rule.code).sort()
  for (const language of languages)
    expect(Object.keys(wordsOf[language].preferences.reasons).sort(), language).toEqual(codes)
})
