import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make, NOW, WORDING } from '../../test/make.ts'
import { readPdf } from '../../test/read-pdf.ts'
import { runCommand } from '../../test/run-command.ts'
import type { Library } from '../patrons/library.ts'
import { readOffers } from '../signups/offers-file.ts'
import { setOffers } from '../signups/set-offers.ts'
import { languages, wordsOf } from '../words/languages.ts'
import { consentBundle } from './consent-bundle.ts'

const house = openHouse()
const CHROMIUM = '/usr/bin/chromium'

async function bundleOf(library: Library, more: string[] = []) {
  const out = mkdtempSync(join(tmpdir(), 'gentle-bundle-'))
  const outcome = await runCommand(house, consentBundle, ['--library', library.key, '--out', out, ...more])
  const text = readFileSync(join(out, 'bundle.json'), 'utf8')
  return { out, outcome, json: JSON.parse(text), text, pdf: await readPdf(readFileSync(join(out, 'bundle.pdf'))) }
}

async function maple(): Promise<Library> {
  const library = await make.library(house)
  await make.patrons(
    house,
    library,
    Array.from({ length: 12 }, (_, i) => ({
      id: `${4000 + i}`,
      given: i === 0 ? 'Rosalinda' : 'Karl',
      family: 'Quintanilla',
      email: `quintanilla${i}@example.org`,
      consents: i < 11 ? (['reengagement/email'] as const) : [],
      refused: i === 11 ? (['reengagement/email'] as const) : [],
    })).map(({ consents, refused, ...story }) => ({ ...story, consents: [...consents], refused: [...refused] })),
  )
  return library
}

test('the bundle has the words, the ways, the counts and the proof, in a PDF and as data that agree', async () => {
  const { json, pdf } = await bundleOf(await maple())
  expect(pdf).toMatchObject({ tagged: true, language: 'en', title: 'Consent at Maple Falls Library' })
  for (const offer of json.offers)
    for (const language of languages) expect(pdf.text).toContain(offer.words[language].replace(/\s+/g, ' '))
  expect(pdf.text).toContain(WORDING)
  expect(json.wordings).toMatchObject([{ said: WORDING, askedFor: ['reengagement by email'], answers: 12 }])
  expect(json.agreed.find((one: { people: unknown }) => one.people === 11)).toMatchObject({
    purpose: 'reengagement',
    channel: 'email',
  })
  expect(json.ledger).toMatchObject({ entries: 12, whole: true, signed: true })
  expect(pdf.text.replaceAll(' ', '')).toContain(json.ledger.head)
  expect(pdf.text).toContain('400 days from the day it was due')
  for (const word of ['STOPALL', 'ALTO', 'AYUDA']) expect(pdf.text).toContain(word)
  expect(pdf.text).toContain('614-555-0100')
})

test('it names nobody: no name, no address, no number of a patron, and few people are not told exactly', async () => {
  const library = await maple()
  const { text, json, pdf } = await bundleOf(library)
  const told = text + pdf.text
  expect(told).not.toMatch(/Rosalinda|quintanilla/i)
  for (const id of ['4000', '4011']) expect(told).not.toContain(await make.number(house, library, id))
  expect(json.byMethod).toContainEqual(expect.objectContaining({ decision: 'deny', people: 'fewer than 10' }))
})

test('what the join page says of public records stands in the bundle, and only where the library says it', async () => {
  const library = await make.library(house)
  const { publicRecords } = wordsOf.en.join
  expect((await bundleOf(library)).pdf.text).not.toContain(publicRecords)
  const asked = readOffers({ 'public-records': true, offers: [{ purpose: 'events' }] }, 'offers', library)
  await setOffers(house.database.logins, library, asked, NOW)
  const { pdf, json } = await bundleOf(library)
  for (const language of languages) {
    expect(pdf.text).toContain(wordsOf[language].join.publicRecords)
    expect(json.privacy[language]).toContain(wordsOf[language].join.publicRecords)
  }
})

test('the sample answer to STOP asks what to keep, as the ways out say', async () => {
  const { json, pdf } = await bundleOf(await make.library(house))
  expect(json.sampleTexts.en.stopped).toContain('To keep hold notices, reply NOTICES.')
  expect(json.sampleTexts.es.stopped).toContain('responde AVISOS')
  expect(pdf.text).toContain('It asks whether notices about holds shall go on, and silence means no.')
})

test('another library’s words and counts are not in it', async () => {
  await maple()
  const birch = await make.library(house, { name: 'Birch Hill Library' })
  const { json, text } = await bundleOf(birch)
  expect(json.wordings).toEqual([])
  expect(json.ledger.entries).toBe(0)
  expect(text).not.toContain('Maple Falls Library')
})

test('the sample entries can be worked out again by whoever audits', async () => {
  const { json } = await bundleOf(await make.library(house))
  const { createHash } = await import('node:crypto')
  let head = Buffer.alloc(32)
  for (const { entry: e, hash, hashBefore } of json.sampleEntries) {
    expect(hashBefore).toBe(head.toString('hex'))
    const covered = [e.form, 0, e.entryNo, e.patron, e.purpose, e.channel, e.decision, e.method, e.wordingId]
    covered.push(e.decidedAt, e.recordedAt, e.attestedBy, e.until, e.sealed)
    head = createHash('sha256').update(head).update(JSON.stringify(covered)).digest()
    expect(head.toString('hex')).toBe(hash)
  }
})

test('without a browser the forms are there as their text, and the PDF says so', async () => {
  const { pdf, json, out } = await bundleOf(await make.library(house))
  expect(pdf.text).toContain('No browser was found')
  expect(json.forms).toHaveLength(4)
  for (const { language, text, picture } of json.forms) {
    expect(picture).toBeNull()
    expect(text).toContain(wordsOf[language as 'en'].join.nameHint)
    expect(text).toContain('☐')
    expect(text).not.toContain('<')
  }
  expect(readdirSync(out).sort()).toEqual(['bundle.json', 'bundle.pdf'])
})

test('a browser that cannot be started costs the pictures and nothing else', async () => {
  const { outcome, pdf } = await bundleOf(await make.library(house), ['--chromium', '/nowhere/chromium'])
  expect(outcome.text.join('\n')).toContain('No pictures of the forms')
  expect(pdf.text).toContain('No browser was found')
})

test.skipIf(!existsSync(CHROMIUM))(
  'with a browser the forms are pictures, with their text for those who do not see them',
  async () => {
    const { pdf, out, json } = await bundleOf(await make.library(house), ['--chromium', CHROMIUM])
    for (const { picture } of json.forms) expect(readFileSync(join(out, picture)).subarray(1, 4).toString()).toBe('PNG')
    expect(pdf.alts.filter((alt) => alt.startsWith('A picture of the form'))).toHaveLength(4)
    expect(pdf.text).not.toContain('No browser was found')
  },
)
