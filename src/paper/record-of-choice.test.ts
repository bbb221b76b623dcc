import { expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make, NOW, WORDING } from '../../test/make.ts'
import { readPdf } from '../../test/read-pdf.ts'
import { proveChoice } from '../consent/prove-choice.ts'
import { recordChoices } from '../consent/record-choice.ts'
import { inLibrary } from '../db/scope.ts'
import type { Library } from '../patrons/library.ts'
import { readOffers } from '../signups/offers-file.ts'
import { setOffers } from '../signups/set-offers.ts'
import { languages } from '../words/languages.ts'
import { makeRecordOfChoice } from './record-of-choice.ts'
import { tellRecord } from './tell-record.ts'

const house = openHouse()
const about = { purpose: 'reengagement', channel: 'email' } as const

const prove = async (library: Library, patronId: string) => {
  const patron = await make.number(house, library, patronId)
  return inLibrary(
    house.database.logins,
    'circulation',
    library.libraryNo,
    (scope) => proveChoice(scope, patron, about),
    {
      snapshot: true,
    },
  )
}

const pageOf = async (library: Library, patronId: string, language: 'en' | 'es' = 'en') =>
  readPdf(await makeRecordOfChoice(await basisOf(library, patronId, language)))

const basisOf = async (library: Library, patronId: string, language: 'en' | 'es' = 'en') => ({
  library,
  language,
  size: 'letter' as const,
  made: NOW,
  patronId,
  patronNo: await make.number(house, library, patronId),
  proven: (await prove(library, patronId))!,
})

async function maple(): Promise<Library> {
  const library = await make.library(house)
  await make.roster(house, library, [
    { id: '10234', email: 'rosa@example.org' },
    { id: '20777', given: 'Karl', family: 'Brandt', email: 'karl@example.org' },
  ])
  const [rosa, karl] = await Promise.all(['10234', '20777'].map((id) => make.number(house, library, id)))
  const said = (patron: string, at: string, evidence: Record<string, string> | null) =>
    recordChoices(
      house.database.logins,
      library.libraryNo,
      [make.choice(patron, 'reengagement/email', 'grant', at, { evidence, attestedBy: 'Ana Ruiz' })],
      NOW,
    )
  await said(karl!, '2025-04-01T10:00:00Z', { address: 'karl@example.org', place: 'East branch' })
  await said(rosa!, '2025-05-03T16:00:00Z', {
    address: 'rosa@example.org',
    language: 'en',
    confirmation: 'link in a mail, 2025-05-03T16:02:11Z',
  })
  return library
}

test('a Spanish page says how it was said in Spanish, and names a way of the library’s own as the library does', async () => {
  const library = await make.library(house)
  await make.roster(house, library, [{ id: '10234', email: 'rosa@example.org' }])
  const rosa = await make.number(house, library, '10234')
  const ways = [
    ['web form', 'formulario en el sitio web'],
    ['guardian: paper form', 'madre, padre o tutor: formulario de papel'],
    ['at the fair', 'at the fair'],
  ] as const
  for (const [i, [method, says]] of ways.entries()) {
    const at = `2026-0${i + 1}-01T10:00:00Z`
    const choice = make.choice(rosa, 'reengagement/email', 'grant', at, { method, attestedBy: 'the patron' })
    await recordChoices(house.database.logins, library.libraryNo, [choice], NOW)
    const { text } = await pageOf(library, '10234', 'es')
    expect(text).toContain(`Cómo ${says} Quién responde de ello la propia persona`)
    if (method !== says) expect(text).not.toContain(method)
  }
})

test('the page says in which words, how, when and where in the chain somebody said yes', async () => {
  const library = await maple()
  const page = await pageOf(library, '10234')
  const { entry, chain } = (await prove(library, '10234'))!
  expect(page).toMatchObject({ tagged: true, language: 'en', pages: 1 })
  expect(page.text).toContain('Patron 10234 said yes to a note now and then, by email.')
  expect(page.text).toContain(WORDING)
  expect(page.text).toContain('May 3, 2025 at 12:00:00 PM EDT')
  expect(page.text).toContain('2025-05-03T16:00:00.000Z')
  expect(page.text).toContain('rosa@example.org')
  expect(page.text).toContain('link in a mail, 2025-05-03T16:02:11Z')
  expect(page.text).toContain('2 of 2')
  expect(page.text.replaceAll(' ', '')).toContain(entry.entryHash)
  expect(page.text.replaceAll(' ', '')).toContain(chain.head)
  expect(page.text).toContain('nothing was changed, added or taken out')
  expect(page.roles).toEqual(expect.arrayContaining(['H1', 'H2', 'BlockQuote', 'Table', 'TR', 'TH', 'TD']))
})

test('a yes to some topics only names those and no others, and a Spanish page says in Spanish how an address was proven', async () => {
  const library = await make.library(house)
  await make.roster(house, library, [{ id: '10234', email: 'rosa@example.org' }])
  const topics = { mysteries: { en: 'Mysteries', es: 'Misterio' }, poems: { en: 'Poems', es: 'Poemas' } }
  const offers = readOffers({ offers: [{ purpose: 'reengagement', topics }] }, 'offers', library)
  await setOffers(house.database.logins, library, offers, NOW)
  const choice = make.choice(
    await make.number(house, library, '10234'),
    'reengagement/email',
    'grant',
    '2026-01-01T10:00:00Z',
    {
      topics: '2',
      evidence: { 'page language': 'es', confirmation: 'code from a mail' },
    },
  )
  await recordChoices(house.database.logins, library.libraryNo, [choice], NOW)
  expect(tellRecord(await basisOf(library, '10234'))).toMatchObject({ topics: '2', kinds: [topics.poems] })
  expect((await pageOf(library, '10234')).text).toContain('Only these kinds: Poems.')
  const { text } = await pageOf(library, '10234', 'es')
  expect(text).toContain('Solo estos tipos: Poemas.')
  expect(text).toContain('Idioma de la página es')
  expect(text).toContain('Confirmado por código de un correo')
  expect(text).not.toContain('Misterio')
})

test('it speaks of one person and of nobody else', async () => {
  const library = await maple()
  const told = `${(await pageOf(library, '10234')).text} ${JSON.stringify(tellRecord(await basisOf(library, '10234')))}`
  expect(told).not.toMatch(/karl|brandt|East branch|20777/i)
  expect(told).not.toContain(await make.number(house, library, '20777'))
})

test('it is there in every language', async () => {
  const library = await maple()
  for (const language of languages) {
    const page = await pageOf(library, '10234', language)
    expect(page.language).toBe(language)
    expect(page.text).toContain(WORDING)
  }
  expect((await pageOf(library, '10234', 'es')).text).toContain('dijo que sí a una nota de vez en cuando')
})

test('a yes that was taken back since says so', async () => {
  const library = await maple()
  await make.says(house, library, '10234', 'all/email', 'deny', '2025-09-01T16:00:00Z')
  const page = await pageOf(library, '10234')
  expect(page.text).toContain('September 1, 2025')
  expect(page.text).toContain('said no to everything we ask consent for')
  expect(page.text).not.toContain('This is their last word')
  expect(tellRecord(await basisOf(library, '10234')).since).toMatchObject([{ decision: 'deny', purpose: 'all' }])
})

test('who never said yes has no record, also after a no', async () => {
  const library = await maple()
  await make.roster(house, library, [{ id: '3', given: 'Mei Lin' }], { approvedBy: 'the test' })
  await make.says(house, library, '3', 'reengagement/email', 'deny', '2025-09-01T16:00:00Z')
  expect(await prove(library, '3')).toBeNull()
})

test('a ledger that was changed behind our back is told on the page', async () => {
  const library = await maple()
  const above = await house.connectAsSuperuser()
  await above.query('alter table outreach.ledger disable trigger append_only')
  await above.query(`update outreach.ledger set method = 'web form' where library_no = $1 and entry_no = 1`, [
    library.libraryNo,
  ])
  await above.query('alter table outreach.ledger enable trigger append_only')
  expect((await pageOf(library, '10234')).text).toContain('It does not hold together.')
})

test('words that cannot be printed are marked, and stand exactly in the file beside the page', async () => {
  const library = await make.library(house)
  await make.roster(house, library, [{ id: '1' }])
  const wording = '可以寄给您吗? נא? Yes, write me a note now and then.'
  await recordChoices(
    house.database.logins,
    library.libraryNo,
    [
      make.choice(await make.number(house, library, '1'), 'reengagement/email', 'grant', '2025-05-03T16:00:00Z', {
        wording,
      }),
    ],
    NOW,
  )
  const page = await pageOf(library, '1')
  expect(page.text).toContain('■■■■■')
  expect(page.text).toContain('A ■ stands for a sign that cannot be printed here.')
  expect(tellRecord(await basisOf(library, '1')).wording?.said).toBe(wording)
})
