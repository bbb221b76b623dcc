import { expect, test } from 'vitest'
import { readPdf, readQr } from '../../test/read-pdf.ts'
import { PURPOSES } from '../consent/purposes.ts'
import type { Library } from '../patrons/library.ts'
import { type JoinPage, type Offer, usualWords } from '../signups/offer.ts'
import { languages, wordsOf } from '../words/languages.ts'
import { makeKit } from './kit.ts'
import { makeStrips } from './strip.ts'

const maple = {
  libraryNo: 1,
  key: 'maple',
  name: 'Maple Falls Library',
  timezone: 'America/New_York',
  language: 'en',
} as Library
const offer = (purpose: 'reengagement' | 'new-titles' | 'events', topics: Offer['topics'] = []): Offer => ({
  purpose,
  channel: 'email',
  words: usualWords(purpose, maple)!,
  topics,
})
const page: JoinPage = {
  offers: [offer('reengagement'), offer('new-titles'), offer('events')],
  publicRecords: false,
  origins: [],
}
const made = new Date('2026-11-22T15:00:00Z')
const kitOf = async (library: Library, size: 'letter' | 'a4' = 'letter', asked = page) =>
  new Map(
    (await makeKit(library, { page: asked, publicUrl: 'https://letters.example.org', saidYes: 37, size, made })).map(
      (one) => [one.name, one.bytes],
    ),
  )

test('the kit has a strip, a script and a poster in every language, one page each, on both papers', async () => {
  for (const size of ['letter', 'a4'] as const) {
    const kit = await kitOf(maple, size)
    expect([...kit.keys()].sort()).toEqual(
      languages
        .flatMap((language) => ['counter-script', 'poster', 'strip'].map((name) => `${name}-${language}.pdf`))
        .sort(),
    )
    for (const [name, bytes] of kit) expect((await readPdf(bytes)).pages, name).toBe(1)
  }
})

test('every page says its language and title, and every piece of it says what it is', async () => {
  for (const [name, bytes] of await kitOf(maple)) {
    const page = await readPdf(bytes)
    expect(page.tagged, name).toBe(true)
    expect(page.language, name).toBe(name.slice(-6, -4))
    expect(page.title, name).toContain('Maple Falls Library')
    expect(page.roles, name).toContain('H1')
    expect(page.roles, name).toContain('P')
  }
})

test('the code on the poster opens the join page, and the address stands beside it for whoever has no camera', async () => {
  const kit = await kitOf(maple)
  for (const language of languages) {
    const poster = kit.get(`poster-${language}.pdf`)!
    expect(readQr(poster)).toBe('https://letters.example.org/maple/join')
    const page = await readPdf(poster)
    expect(page.text).toContain('letters.example.org/maple/join')
    expect(page.alts.join()).toContain('https://letters.example.org/maple/join')
  }
})

test('the strip asks in the exact words, every box is empty, and a phone may be left out', async () => {
  const kit = await kitOf(maple)
  for (const language of languages) {
    const { text } = await readPdf(kit.get(`strip-${language}.pdf`)!)
    const words = wordsOf[language].paper.strip
    for (const { words: asked, purpose } of page.offers) {
      expect(PURPOSES[purpose].basis).toBe('consent')
      expect(text).toContain(`${asked[language].title} ${asked[language].says}`)
    }
    expect(text).toContain(`☐ ${words.yes}`)
    expect(text).toContain(`☐ ${words.no}`)
    expect(text).toContain(`☐ ${words.ratherNot}`)
    expect(text).not.toMatch(/[☑☒✓✔✗✘]/u)
    // Two strips to a page: each question twice.
    expect(text.split(words.title)).toHaveLength(3)
  }
})

test('the script says how many said yes this month, and says the question as it is printed', async () => {
  const kit = await kitOf(maple)
  const { text } = await readPdf(kit.get('counter-script-en.pdf')!)
  expect(text).toContain('37')
  expect(text).toContain('said yes in November 2026')
  expect(text).toContain(page.offers[0]!.words.en.says)
  expect((await readPdf(kit.get('counter-script-es.pdf')!)).text).toContain('noviembre de 2026')
})

test('a phone is asked for texts only where the library offers texts', async () => {
  const texts: Offer = { ...offer('events'), channel: 'sms' }
  for (const [offers, texted] of [
    [page.offers, false],
    [[...page.offers, texts], true],
  ] as const) {
    const kit = await kitOf(maple, 'letter', { ...page, offers: [...offers] })
    for (const language of languages) {
      const { strip, script } = wordsOf[language].paper
      const printed = (await readPdf(kit.get(`strip-${language}.pdf`)!)).text
      expect([printed.includes(strip.phone), printed.includes(strip.phoneForTexts)]).toEqual([!texted, texted])
      const said = (await readPdf(kit.get(`counter-script-${language}.pdf`)!)).text
      expect([said.includes(script.phone.toCall), said.includes(script.phone.forTexts)]).toEqual([!texted, texted])
    }
  }
})

test('a long name of a library still leaves everything on its page', async () => {
  const long = {
    ...maple,
    name: 'The Consolidated Regional Public Library District of Maple Falls, Birch Hill and Cedar Run',
  }
  for (const [name, bytes] of await kitOf(long)) {
    const page = await readPdf(bytes)
    expect(page.pages, name).toBe(1)
    if (name.startsWith('poster')) expect(readQr(bytes)).toBe('https://letters.example.org/maple/join')
  }
})

test('more questions than a page holds are refused in a sentence', async () => {
  const many = { ...page, offers: Array.from({ length: 12 }, () => page.offers).flat() }
  await expect(makeStrips({ library: maple, language: 'es', page: many, size: 'letter', made })).rejects.toThrow(
    /36 questions do not fit on one page/,
  )
})

test('kinds are asked for with boxes of their own, and the strip says where lists may be public records', async () => {
  const topics = [
    { key: 'crime', bit: 0, labels: { en: 'Crime', es: 'Novela negra' } },
    { key: 'poetry', bit: 1, labels: { en: 'Poetry', es: 'Poesía' } },
  ]
  const kit = await kitOf(maple, 'letter', { ...page, offers: [offer('new-titles', topics)], publicRecords: true })
  for (const language of languages) {
    const { text } = await readPdf(kit.get(`strip-${language}.pdf`)!)
    for (const { labels } of topics) expect(text).toContain(`☐ ${labels[language]}`)
    expect(text).toContain(wordsOf[language].join.publicRecords)
  }
})

test('the same facts give the same bytes', async () => {
  const [one, other] = [await kitOf(maple), await kitOf(maple)]
  for (const [name, bytes] of one) expect(bytes.equals(other.get(name)!), name).toBe(true)
})
