import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make, NOW, WORDING } from '../../test/make.ts'
import { openSite, tokenFor, traces } from '../../test/site.ts'
import { changePolicy } from '../consent/change-policy.ts'
import { choicesOf } from '../consent/ledger.ts'
import { recordChoices } from '../consent/record-choice.ts'
import { checkStanding } from '../consent/standing.ts'
import { stop } from '../consent/stop.ts'
import { whyPatron } from '../consent/why.ts'
import { inLibrary } from '../db/scope.ts'
import { packageRoot } from '../lib/package-root.ts'
import { parseLetter } from '../messages/letter.ts'
import { prepareMail } from '../messages/render.ts'
import type { Library } from '../patrons/library.ts'
import { previewSegment } from '../segments/preview.ts'
import { readOffers } from '../signups/offers-file.ts'
import { setOffers } from '../signups/set-offers.ts'

const house = openHouse()
let site: FastifyInstance
let maple: Library

// Everybody said yes on May 3, 2025, and here a yes counts for 18 months.
beforeAll(async () => {
  maple = await make.library(house)
  await make.patrons(house, maple, [
    { id: 'rosa', email: 'rosa@example.org', language: 'es', consents: ['events/email', 'new-titles/email'] },
    { id: 'karl', given: 'Karl', email: 'karl@example.net', consents: ['events/email'] },
    { id: 'mei', given: 'Mei Lin', email: 'mei@example.com', consents: ['events/email'] },
    { id: 'tom', given: 'Tom', email: 'tom@example.com' },
    { id: 'ada', given: 'Ada', email: 'ada@example.com' },
  ])
  const step = { item: 'consent-months', to: 18, because: null, by: 'J. Park', now: NOW }
  await changePolicy(house.database.logins, maple, 'tighten', step)
  maple = await make.again(house, maple)
  site = await openSite(house)
})
afterAll(() => site.close())

const EMAILS: Record<string, string> = {
  rosa: 'rosa@example.org',
  karl: 'karl@example.net',
  mei: 'mei@example.com',
  tom: 'tom@example.com',
  ada: 'ada@example.com',
}
const url = async (id: string, email = EMAILS[id]!) =>
  `/keep/${await tokenFor(house, maple, { id, email, purpose: 'events' })}`
const get = async (id: string, email?: string) => site.inject(`${await url(id, email)}?lang=en`)
/** Presses the button of the page, or of one that showed these purposes. */
const press = async (id: string, email?: string, shown?: string[]) => {
  const page = (await get(id, email)).body
  const purposes = shown ?? [...page.matchAll(/name="purpose" value="([^"]+)"/g)].map(([, purpose]) => purpose!)
  return site.inject({
    method: 'POST',
    url: `${await url(id, email)}?lang=en`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams(purposes.map((purpose): [string, string] => ['purpose', purpose])).toString(),
  })
}
const inMaple = <R>(work: Parameters<typeof inLibrary<'circulation', R>>[3]) =>
  inLibrary(house.database.logins, 'circulation', maple.libraryNo, work)
const withheld = async (id: string) => {
  const patron = await make.number(house, maple, id)
  const why = await inMaple((scope) =>
    whyPatron(scope, { library: maple, purpose: 'events', channel: 'email', now: NOW }, patron),
  )
  return why!.rules.filter((rule) => !rule.passed).map((rule) => rule.code)
}

test('the page shows the words that were said yes to, and looking changes nothing', async () => {
  const before = await traces(house, maple)
  const page = await get('rosa')
  expect(page.statusCode).toBe(200)
  expect(page.body).toContain(WORDING)
  expect(page.body).toContain('May 3, 2025')
  expect((await site.inject(`${await url('rosa')}?lang=es`)).body).toContain('Sí, quiero seguir recibiéndolas')
  expect(await traces(house, maple)).toEqual(before)
})

test('the button confirms what the page showed: not what was agreed to since, and nothing where nothing was shown', async () => {
  const before = await traces(house, maple)
  for (const shown of [[], ['fundraising'], ['all'], ['reengagement']]) {
    const page = await press('rosa', undefined, shown)
    expect(page.body).toContain('May we go on writing?')
    expect(page.body).toContain('to all that stands here')
  }
  expect(await traces(house, maple)).toEqual(before)
})

test('one press says it again for everything agreed to by e-mail; a second adds nothing', async () => {
  expect(await withheld('rosa')).toEqual(['CONSENT_TOO_OLD'])
  expect((await press('rosa')).body).toContain('We go on')
  expect(await withheld('rosa')).toEqual([])
  const patron = await make.number(house, maple, 'rosa')
  const said = (await inMaple((scope) => choicesOf(scope, patron))).slice(2)
  expect(said.map((one) => one.purpose).sort()).toEqual(['events', 'new-titles'])
  expect(said.every((one) => one.said === WORDING && one.attestedBy === 'whoever holds the link')).toBe(true)
  const before = await traces(house, maple)
  await press('rosa')
  expect(await traces(house, maple)).toEqual(before)
  expect(await checkStanding(house.database.logins, maple.libraryNo)).toMatchObject({ differing: 0 })
})

describe('no press revives anything:', () => {
  test.each(['karl'])('not a no (%s)', async (id) => {
    await make.says(house, maple, id, 'all/all', 'deny', '2026-11-01T12:00:00Z')
    const before = await traces(house, maple)
    expect((await press(id)).body).toContain('nothing to go on with')
    expect(await traces(house, maple)).toEqual(before)
  })

  test('not a stop from the address', async () => {
    const { logins } = house.database
    const addressHash = logins.seals.hashFor(maple.key)('email', 'mei@example.com')
    const said = {
      patron: await make.number(house, maple, 'tom'),
      addressHash,
      channel: 'email',
      purpose: 'all',
      method: 'link',
      attestedBy: 'whoever holds the link',
    } as const
    await stop(logins, house.journal, maple, said, NOW)
    const before = await traces(house, maple)
    expect((await press('mei')).body).toContain('nothing to go on with')
    expect(await traces(house, maple)).toEqual(before)
  })

  test('not for an address that the person no longer has, and not for somebody who never agreed', async () => {
    const before = await traces(house, maple)
    for (const answer of [await press('rosa', 'old@example.org'), await press('tom')])
      expect(answer.body).toContain('nothing to go on with')
    expect((await site.inject('/keep/cut-off')).statusCode).toBe(404)
    expect(await traces(house, maple)).toEqual(before)
  })
})

test('an end is promised only where a yes comes to one', async () => {
  const birch = await make.library(house)
  await make.patrons(house, birch, [{ id: 'rosa', email: 'rosa@example.org', consents: ['events/email'] }])
  const token = await tokenFor(house, birch, { id: 'rosa', email: 'rosa@example.org', purpose: 'events' })
  const page = async () => (await site.inject(`/keep/${token}?lang=en`)).body
  expect(await page()).toContain('Yes, go on')
  expect(await page()).not.toContain('If you do nothing')
  const step = { item: 'consent-months', to: 24, because: null, by: 'J. Park', now: NOW }
  await changePolicy(house.database.logins, birch, 'tighten', step)
  expect(await page()).toContain('If you do nothing')
})

test('a group can be chosen by how old a yes is', async () => {
  const question = {
    library: { ...maple, consentMonths: null },
    purpose: 'events',
    channel: 'email',
    now: NOW,
  } as const
  const chosen = async (minMonths: number, maxMonths: number) =>
    (await previewSegment(house.database.logins, question, { agreed: { minMonths, maxMonths } })).chosen
  expect(await chosen(18, 20)).toBe(1) // Mei Lin; Rosa has said it again, Karl has said no
  expect(await chosen(0, 1)).toBe(1)
  expect(await chosen(2, 17)).toBe(0)
})

test('the letter carries each reader’s own link, in both forms and languages', () => {
  const letter = parseLetter(readFileSync(join(packageRoot, 'letters', 'still-welcome.yaml'), 'utf8'), 'still-welcome')
  const render = prepareMail(letter, maple, 'en')
  const links = { less: 'https://x.test/less/1', unsubscribe: 'https://x.test/u/1', why: 'https://x.test/why/1' }
  for (const language of ['en', 'es']) {
    const mail = render({
      givenName: 'Rosa',
      preferredName: '',
      language,
      addressShared: false,
      agreedOn: '2025-05-03',
      links: { ...links, keep: 'https://x.test/keep/1&2' },
    })
    expect(mail.text).toContain('\nhttps://x.test/keep/1&2\n')
    expect(mail.html).toContain('href="https://x.test/keep/1&amp;2"')
    expect(mail.text + mail.html).not.toContain('\u0001')
  }
})

test('a yes to some kinds says which, and is said again to those and no others', async () => {
  const topics = { talks: { en: 'Talks', es: 'Charlas' }, tales: { en: 'Story times', es: 'Cuentacuentos' } }
  const offers = readOffers({ offers: [{ purpose: 'events', topics }] }, 'offers', maple)
  await setOffers(house.database.logins, maple, offers, NOW)
  const ada = await make.number(house, maple, 'ada')
  const yes = make.choice(ada, 'events/email', 'grant', '2025-06-01T10:00:00Z', { topics: '2' })
  await recordChoices(house.database.logins, maple.libraryNo, [yes], NOW)
  expect((await get('ada')).body).toContain('Only these kinds: Story times.')
  expect((await press('ada')).body).toContain('We go on')
  expect((await inMaple((scope) => choicesOf(scope, ada))).map((choice) => choice.topics)).toEqual(['2', '2'])
})
