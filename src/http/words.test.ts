import { expect, test } from 'vitest'
import { purposeNames } from '../consent/purposes.ts'
import { languages } from '../messages/frame-words.ts'
import { html, webAddress } from './html.ts'
import { publicWords } from './words.ts'

/** Every sentence by its place; sentences with a blank in them are filled. */
function sentences(value: unknown, place = ''): [string, string][] {
  if (typeof value === 'string') return [[place, value]]
  if (typeof value === 'function') return [[place, value('FILLED', 'FILLED')]]
  return Object.entries(value as object).flatMap(([key, inner]) => sentences(inner, `${place}/${key}`))
}

test('every language has every sentence, and none is empty, unfilled or left in English', () => {
  const english = new Map(sentences(publicWords.en))
  for (const language of languages) {
    const own = new Map(sentences(publicWords[language]))
    expect([...own.keys()]).toEqual([...english.keys()])
    for (const [place, said] of own) {
      expect(said.trim(), `${language}${place}`).not.toBe('')
      expect(said, `${language}${place}`).not.toMatch(/undefined|null|\[object|\{\{/)
      expect(said.includes('FILLED'), `${language}${place}`).toBe(english.get(place)!.includes('FILLED'))
      if (language !== 'en') expect(said, `${language}${place}`).not.toBe(english.get(place))
    }
    for (const purpose of purposeNames) expect(publicWords[language].purposes[purpose]).toBeTruthy()
  }
})

test('nothing on these pages says or hints that somebody has not borrowed', () => {
  for (const language of languages)
    for (const [place, said] of sentences(publicWords[language]))
      expect(said, place).not.toMatch(
        /miss(ed)? you|come back|haven.t|inactive|te extrañ|echamos de menos|vuelve pronto|inactiv/i,
      )
})

test('whatever is put into a template is escaped, lists and nested parts included', () => {
  const evil = `<b a="x" b='y'>&</b>`
  const safe = '&lt;b a=&#34;x&#34; b=&#39;y&#39;&gt;&amp;&lt;/b&gt;'
  expect(html`<p title="${evil}">${[evil, html`<i>${evil}</i>`]}${null}${false}${undefined}${0}</p>`.toString()).toBe(
    `<p title="${safe}">${safe}<i>${safe}</i>0</p>`,
  )
})

test('only addresses of the web become links', () => {
  expect(webAddress('https://library.example.org/x')).toBe('https://library.example.org/x')
  for (const no of ['javascript:alert(1)', ' JaVaScRiPt:alert(1)', 'data:text/html,x', 'library.example.org', '', null])
    expect(webAddress(no)).toBeNull()
})
