import { expect, test } from 'vitest'
import { purposeNames } from '../consent/purposes.ts'
import { languages, wordsOf } from './languages.ts'

/** Not sentences, or tried elsewhere. */
const SAME_OR_COUNTED = ['/frame/direction', '/frame/date']

/** Every sentence by its place; sentences with a blank in them are filled. */
function sentences(value: unknown, place = ''): [string, string][] {
  if (SAME_OR_COUNTED.includes(place)) return []
  if (typeof value === 'string') return [[place, value]]
  if (typeof value === 'function') return [[place, value('FILLED', 'FILLED')]]
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
