import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make, monthsAgo, NOW } from '../../test/make.ts'
import { codeTo, openSite, premisesOf, tokenFor, traces } from '../../test/site.ts'
import { choicesOf } from '../consent/ledger.ts'
import type { Purpose } from '../consent/purposes.ts'
import { checkStanding } from '../consent/standing.ts'
import { whyPatron } from '../consent/why.ts'
import { inLibrary } from '../db/scope.ts'
import type { Library } from '../patrons/library.ts'
import { readOffers } from '../signups/offers-file.ts'
import { setOffers } from '../signups/set-offers.ts'
import { usualLimits } from './rate-limit.ts'

const house = openHouse()
let site: FastifyInstance
let maple: Library
let rosa: string
let at = NOW
const family = 'delgado.family@example.org'

beforeAll(async () => {
  const premises = { ...premisesOf(house), clock: { now: () => at } }
  site = await openSite(house, {
    readiness: () => ({ kind: 'open', premises, doing: null }),
    mode: 'production',
    publicUrl: 'https://letters.example.org',
    limits: {
      ...usualLimits,
      address: { holds: 5000, refillsPerSecond: 100 },
      token: { holds: 5000, refillsPerSecond: 100 },
    },
  })
})
afterAll(() => site.close())
beforeEach(async () => {
  at = NOW
  maple = await make.library(house)
  await make.patrons(house, maple, [
    { id: 'rosa', email: family, lastUse: monthsAgo(4), consents: ['reengagement/email', 'events/email'] },
    { id: 'mateo', given: 'Mateo', email: family, lastUse: monthsAgo(4), consents: ['reengagement/email'] },
    { id: 'tomas', given: 'Tomás', email: 'tomas@example.com', language: 'es', consents: ['events/email'] },
  ])
  rosa = await tokenFor(house, maple, { id: 'rosa', email: family })
})

const asForm = (fields: Record<string, string | string[]>) =>
  new URLSearchParams(
    Object.entries(fields).flatMap(([k, v]) => [v].flat().map((one): [string, string] => [k, one])),
  ).toString()
const get = (url: string) => site.inject({ url })
const post = (url: string, fields: Record<string, string | string[]> = {}) =>
  site.inject({
    method: 'POST',
    url,
    payload: asForm(fields),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  })
/** The form as the page shows it to Rosa, with what she changed. */
const asShown = {
  was: 'reengagement/email events/email',
  yes: ['reengagement/email', 'events/email'],
  pace: 'library',
  language: 'en',
}
const withheld = async (id: string, purpose: Purpose = 'events', now = NOW) => {
  const patron = await make.number(house, maple, id)
  return inLibrary(house.database.logins, 'circulation', maple.libraryNo, async (scope) =>
    (await whyPatron(scope, { library: maple, purpose, channel: 'email', now }, patron))!.rules
      .filter((rule) => !rule.passed)
      .map((rule) => rule.code),
  )
}
const ledgerOf = async (id: string) => {
  const patron = await make.number(house, maple, id)
  return inLibrary(house.database.logins, 'circulation', maple.libraryNo, (scope) => choicesOf(scope, patron))
}

describe('the link of a message', () => {
  test('opens choices as they stand, with the address masked and nobody named', async () => {
    const page = await get(`/p/${rosa}`)
    expect(page.statusCode).toBe(200)
    expect(page.body).toContain('d•••@example.org')
    expect(page.body).not.toMatch(/Rosa|Delgado|delgado\.family/)
    expect(page.body).toContain('value="events/email" checked')
    expect(page.body).toContain('value="new-titles/email">')
    expect(page.body).toContain('Nothing on this page touches them')
    expect(page.headers['set-cookie']).toBeUndefined()
  })

  test('a tick taken away stops that kind at once, for the whole mailbox, and nothing else', async () => {
    const page = await post(`/p/${rosa}`, { ...asShown, yes: ['reengagement/email'] })
    expect(page.body).toContain('No more of this: events, by email.')
    expect(await withheld('rosa')).toEqual(['SAID_NO', 'STOPPED'])
    expect(await withheld('rosa', 'reengagement')).toEqual([])
    expect((await ledgerOf('rosa')).at(-1)).toMatchObject({ decision: 'stop', purpose: 'events', method: 'own page' })
  })

  test('a box that was not there when the page was shown is left alone', async () => {
    await post(`/p/${rosa}`, { ...asShown, was: 'reengagement/email', yes: ['reengagement/email'] })
    expect(await withheld('rosa')).toEqual([])
  })

  test('a slower pace and a break hold at once for whoever reads the mailbox; the day is the library’s', async () => {
    const page = await post(`/p/${rosa}`, { ...asShown, pace: '180', pause: '2027-03-01' })
    expect(page.body).toContain('At most one message in 180 days.')
    expect(page.body).toContain('Nothing before March 1, 2027.')
    for (const id of ['rosa', 'mateo']) {
      expect(await withheld(id, 'reengagement', new Date('2027-03-01T04:59:59Z'))).toEqual(['PAUSED'])
      expect(await withheld(id, 'reengagement', new Date('2027-03-01T05:00:00Z'))).toEqual([])
    }
  })

  test('the language chosen is that of the page from then on', async () => {
    await post(`/p/${rosa}`, { ...asShown, language: 'es' })
    expect((await get(`/p/${rosa}`)).body).toContain('<html lang="es"')
    expect(await traces(house, maple)).toMatchObject({ stops: 0 })
  })

  test('nothing changed is nothing recorded', async () => {
    const before = await traces(house, maple)
    expect((await post(`/p/${rosa}`, asShown)).body).toContain('All is as it was')
    expect(await traces(house, maple)).toEqual(before)
  })

  test.each([
    ['a day that is over', { pause: '2026-11-22' }],
    ['a day too far', { pause: '2031-01-01' }],
    ['no day', { pause: 'soon' }],
    ['a pace nobody offers', { pace: '7' }],
    ['a language nobody speaks here', { language: 'xx' }],
  ])('%s is not taken, and nothing is changed', async (_what, wrong) => {
    const before = await traces(house, maple)
    const page = await post(`/p/${rosa}`, { ...asShown, yes: [], ...wrong })
    expect([page.statusCode, /role="alert"/.test(page.body)]).toEqual([400, true])
    expect(await traces(house, maple)).toEqual(before)
  })
})

/** The hidden fields of a page's first form, as a browser sends them. */
const hiddenIn = (body: string): Record<string, string[]> => {
  const [form = ''] = /<form[\s\S]*?<\/form>/.exec(body) ?? []
  const fields: Record<string, string[]> = {}
  for (const [, name, value] of form.matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g))
    fields[name!] = [...(fields[name!] ?? []), value!]
  return fields
}

describe('more than before', () => {
  const wanted = { ...asShown, yes: [...asShown.yes, 'new-titles/email'] }

  test('counts only with the code that went to the address itself', async () => {
    const asked = await post(`/p/${rosa}`, wanted)
    expect(asked.body).toContain('An email with six digits is on its way to d•••@example.org')
    expect(await withheld('rosa', 'new-titles')).toEqual(['NEVER_SAID_YES'])
    const done = await post(`/p/${rosa}/own`, { ...hiddenIn(asked.body), code: await codeTo(house, maple, family) })
    expect(done.body).toContain('Yes to this: new titles, by email.')
    expect(await withheld('rosa', 'new-titles')).toEqual([])
    const yes = (await ledgerOf('rosa')).at(-1)!
    expect(yes).toMatchObject({ decision: 'grant', purpose: 'new-titles', channel: 'email', attestedBy: 'the patron' })
    // The very words beside the box.
    const page = (await get(`/p/${rosa}`)).body
    for (const words of yes.said!.split('\n')) expect(page).toContain(words)
    expect(yes.evidence).toMatchObject({ email: family, confirmation: 'code from a mail', page: 'own page' })
  })

  test('a quicker pace, too; and for its person alone, not for those who share the mailbox', async () => {
    await post(`/p/${rosa}`, { ...asShown, pace: '180' })
    const page = await post(`/p/${rosa}`, { ...asShown, pace: '30' })
    expect(page.body).toContain('It counts once you have typed the code.')
    expect((await get(`/p/${rosa}`)).body).toMatch(/value="180" checked/)
    await post(`/p/${rosa}/own`, { ...asShown, pace: '30', code: await codeTo(house, maple, family) })
    expect((await get(`/p/${rosa}`)).body).toMatch(/value="30" checked/)
    const mateo = await tokenFor(house, maple, { id: 'mateo', email: family })
    expect((await get(`/p/${mateo}`)).body).toMatch(/value="180" checked/)
  })

  test('an end to a break is a yes to what stands; a new yes alone leaves the break as it is', async () => {
    await post(`/p/${rosa}`, { ...asShown, pause: '2027-03-01' })
    await post(`/p/${rosa}`, wanted)
    await post(`/p/${rosa}/own`, { ...wanted, code: await codeTo(house, maple, family) })
    expect(await withheld('rosa', 'new-titles')).toEqual(['PAUSED'])
    at = new Date(NOW.getTime() + 60_000)
    const resume = { ...wanted, was: wanted.yes.join(' '), resume: 'yes' }
    await post(`/p/${rosa}`, resume)
    expect(await withheld('rosa')).toEqual(['PAUSED'])
    await post(`/p/${rosa}/own`, { ...resume, code: await codeTo(house, maple, family) })
    expect(await withheld('rosa')).toEqual([])
  })

  test('a wrong code keeps the wish, and a break until another day outlives the end of this one', async () => {
    await post(`/p/${rosa}`, { ...asShown, pause: '2027-06-01' })
    at = new Date(NOW.getTime() + 60_000)
    const asked = await post(`/p/${rosa}`, { ...asShown, resume: 'yes', pause: '2027-03-01' })
    const wrong = await post(`/p/${rosa}/own`, { ...hiddenIn(asked.body), code: 'x' })
    expect(hiddenIn(wrong.body)).toEqual(hiddenIn(asked.body))
    await post(`/p/${rosa}/own`, { ...hiddenIn(wrong.body), code: await codeTo(house, maple, family) })
    expect(await withheld('rosa', 'events', new Date('2027-03-01T04:59:59Z'))).toEqual(['PAUSED'])
    expect(await withheld('rosa', 'events', new Date('2027-03-01T05:00:00Z'))).toEqual([])
  })

  test('a yes of somebody who had left undoes the stop of the address, for that kind', async () => {
    await post(`/u/${rosa}`, { 'List-Unsubscribe': 'One-Click' })
    const again = { ...asShown, was: '', yes: ['events/email'] }
    // Nothing is known of the address any more, so it has to be typed; a wrong one gets the same answer and no mail.
    expect((await post(`/p/${rosa}`, again)).body).toContain('We no longer keep an address of yours.')
    const wrong = await post(`/p/${rosa}/code`, { ...again, email: 'thief@example.net' })
    const right = await post(`/p/${rosa}/code`, { ...again, email: 'Delgado.Family@example.org ' })
    expect(wrong.body).toBe(right.body)
    await expect(codeTo(house, maple, 'thief@example.net')).rejects.toThrow('no code')
    await post(`/p/${rosa}/own`, { ...again, code: await codeTo(house, maple, family) })
    expect(await withheld('rosa')).not.toContain('STOPPED')
    expect(await withheld('rosa', 'reengagement')).toContain('SAID_NO')
  })
})

describe('topics', () => {
  const OFFERS = {
    offers: [
      { purpose: 'reengagement' },
      {
        purpose: 'events',
        topics: { talks: { en: 'Talks', es: 'Charlas' }, stories: { en: 'Story times', es: 'Cuentacuentos' } },
      },
    ],
  }
  const topicsOf = async (id: string) => (await ledgerOf(id)).findLast((entry) => entry.decision === 'grant')!.topics

  test('stand as the reader chose them, and others are a yes of their own, with the code', async () => {
    await setOffers(house.database.logins, maple, readOffers(OFFERS, 'offers', maple), NOW)
    const page = await get(`/p/${rosa}`)
    expect(page.body).toContain('value="talks">')
    const talks = { ...asShown, topic: ['talks'] }
    const asked = await post(`/p/${rosa}`, talks)
    expect(asked.body).toContain('It counts once you have typed the code.')
    expect(await topicsOf('rosa')).toBeNull()
    await post(`/p/${rosa}/own`, { ...hiddenIn(asked.body), code: await codeTo(house, maple, family) })
    expect(await topicsOf('rosa')).toBe('1')
    expect((await get(`/p/${rosa}`)).body).toContain('value="talks" checked>')
    const before = await traces(house, maple)
    expect((await post(`/p/${rosa}`, talks)).body).toContain('All is as it was')
    expect(await traces(house, maple)).toEqual(before)
  })

  test('what is offered no more can still be taken back', async () => {
    await setOffers(
      house.database.logins,
      maple,
      readOffers({ offers: [{ purpose: 'reengagement' }] }, 'offers', maple),
      NOW,
    )
    expect((await get(`/p/${rosa}`)).body).toContain('value="events/email" checked')
    await post(`/p/${rosa}`, { ...asShown, yes: ['reengagement/email'] })
    expect((await get(`/p/${rosa}`)).body).not.toContain('events/email')
  })
})

test('standing is what ledger and wishes say after all this', async () => {
  await post(`/p/${rosa}`, { ...asShown, yes: [], pace: '90', pause: '2027-05-01', language: 'es' })
  expect(await checkStanding(house.database.logins, maple.libraryNo)).toMatchObject({ differing: 0 })
})
