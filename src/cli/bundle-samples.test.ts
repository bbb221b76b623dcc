// What a library hands in to a carrier has to be what its phones get: each sample of the bundle is held against a text that
// left in answer to the word that asks for it.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make, NOW } from '../../test/make.ts'
import { runCommand } from '../../test/run-command.ts'
import { makeLine, sendAllTexts, textDouble, texts } from '../../test/texts.ts'
import { USUAL_ANSWERING, writeAnswering } from '../patrons/answering.ts'
import type { Library } from '../patrons/library.ts'
import type { Language } from '../words/languages.ts'
import { consentBundle } from './consent-bundle.ts'
import { noticesImport } from './notices.ts'

const house = openHouse()
const later = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000)

async function samplesOf(library: Library) {
  const out = mkdtempSync(join(tmpdir(), 'gentle-samples-'))
  await runCommand(house, consentBundle, ['--library', library.key, '--out', out])
  return JSON.parse(readFileSync(join(out, 'bundle.json'), 'utf8'))
}

/** A file of the library system's: two holds at the library itself. */
function holdsFor(language: Language): string {
  const file = join(house.folder, `holds-${language}.csv`)
  const row = (id: number) =>
    `"T","${language}","RESERVE","1","2rosa","","","","614-555-0101","","","","","","","","${language}-${id}"\n`
  writeFileSync(file, row(1) + row(2))
  return file
}

const asked = {
  en: ['HELP', 'STOP', 'NOTICES', 'STOP', 'START'],
  es: ['AYUDA', 'ALTO', 'AVISOS', 'ALTO', 'START'],
} as const

test.each([
  ['en', true],
  ['es', true],
  ['en', false],
] as const)('in %s, answers read: %s: the bundle shows the very texts that leave', async (language, watched) => {
  const library = await make.library(house, { language })
  const line = await makeLine(house, [library])
  await writeAnswering(house.database.logins, library.libraryNo, { ...USUAL_ANSWERING, watched, aboutEachMonth: 3 })
  const phone = textDouble()
  await runCommand(house, noticesImport, [holdsFor(language), '--library', library.key])
  await sendAllTexts(house, phone, line, later(1))
  for (const [i, word] of asked[language].entries()) {
    await texts(house, line, '+16145550101', word, { now: later(10 + i) })
    await sendAllTexts(house, phone, line, later(10 + i))
  }
  const { sampleTexts, texts: told } = await samplesOf(library)
  const { first, hold, help, stopped, noticesKept, started } = sampleTexts[language]
  expect(phone.sent.map(({ body }) => body)).toEqual([first, hold, help, stopped, noticesKept, stopped, started])
  expect(told).toMatchObject({ aboutEachMonth: 3, answersAreRead: watched, hours: { from: 9, until: 21 } })
})

test('what carriers look for stands in the samples: who writes, how often, HELP, STOP and what it may cost', async () => {
  const { sampleTexts } = await samplesOf(await make.library(house))
  const { first, help, stopped, started } = sampleTexts.en
  for (const said of [first, help, stopped, started]) expect(said).toContain('Maple Falls Library')
  expect(first).toMatch(/about 2 a month.*HELP for help, STOP to end\. Msg&data rates may apply\./)
  expect(help).toMatch(/614-555-0100.*STOP.*Msg&data rates may apply/)
  expect(stopped).toMatch(/no more texts/)
})
