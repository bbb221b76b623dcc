// Saying yes to texts: the mail proves the mailbox, and then a code in a text proves the phone. Until it is typed nothing
// counts, and what counts is good for that phone alone.
import type { FastifyInstance } from 'fastify'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { expectReadable, expectReadableBackwards, hasBrowser, listening, openBrowser } from '../../test/browser.ts'
import { openHouse } from '../../test/house.ts'
import { make, NOW } from '../../test/make.ts'
import { answersOf, openSite } from '../../test/site.ts'
import { makeLine, sendAllTexts, type TextDouble, textDouble, texts, textsOf } from '../../test/texts.ts'
import { erasePatron } from '../consent/erase-patron.ts'
import { choicesOf } from '../consent/ledger.ts'
import { checkStanding } from '../consent/standing.ts'
import { inLibrary, rowOf, rowsOf } from '../db/scope.ts'
import type { Line } from '../messages/lines.ts'
import type { Library } from '../patrons/library.ts'
import { sweepSignUps } from '../signups/begin.ts'
import { listTasks } from '../staff/tasks.ts'
import { wordsOf } from '../words/languages.ts'
import { formStamp } from './form-stamp.ts'
import { usualLimits } from './rate-limit.ts'

const house = openHouse()
const HOUR = 3_600_000
let site: FastifyInstance
let maple: Library
let line: Line
let phones: TextDouble
/** Nobody's before: each test has phones of its own. */
let rosas: string
let last = 100

let base = ''

beforeAll(async () => {
  const roomy = { holds: 10_000, refillsPerSecond: 1 }
  site = await openSite(house, { limits: { ...usualLimits, form: roomy, card: roomy, library: roomy } })
})
afterAll(() => site.close())
beforeEach(async () => {
  maple = await make.library(house)
  line = await makeLine(house, [maple])
  phones = textDouble()
  rosas = `+161455501${last++ % 100 < 10 ? `0${last % 10}` : last % 100}`
  await offer('events/sms', 'new-titles/email')
})

async function offer(...which: string[]): Promise<void> {
  await inLibrary(house.database.logins, 'circulation', maple.libraryNo, async (scope) => {
    await sql`delete from outreach.offer where library_no = ${scope.library}`.execute(scope.tx)
    for (const [place, one] of which.entries()) {
      const [purpose, channel] = one.split('/')
      const words = { title: `${purpose} by ${channel}`, says: 'Twice a month at most. You can stop at any time.' }
      await sql`insert into outreach.offer (library_no, purpose, channel, place, words)
        values (${scope.library}, ${purpose}, ${channel}, ${place}, ${JSON.stringify({ en: words, es: words })}::jsonb)`.execute(
        scope.tx,
      )
    }
  })
}

type Fields = Record<string, string | string[]>
const press = (url: string, fields: Fields = {}, at = site) =>
  at.inject({
    method: 'POST',
    url,
    payload: new URLSearchParams(
      Object.entries(fields).flatMap(([k, v]) => [v].flat().map((one): [string, string] => [k, one])),
    ).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  })

const fill = (more: Fields = {}) =>
  press(`/${maple.key}/join?lang=en`, {
    name: 'Rosa',
    email: 'rosa@example.org',
    phone: rosas,
    card: '',
    language: 'en',
    yes: ['new-titles.email', 'events.sms'],
    stamp: formStamp(house.database.keys.links).make(maple.libraryNo, new Date(NOW.getTime() - 60_000)),
    ...more,
  })

/** The form, and the link of its mail. */
async function proveMailbox(more: Fields = {}) {
  expect((await fill(more)).statusCode).toBe(200)
  const mail = (await answersOf(house, maple)).at(-1)!.text!
  return press(/https?:\/\/[^\s/]+(\/[\w-]+\/join\/yes\/[\w-]+)/.exec(mail)![1]!)
}

const refIn = (body: string): string => /name="ref" value="([\w-]+)"/.exec(body)![1]!
const codeOn = async (phone = rosas): Promise<string> => {
  await sendAllTexts(house, phones, line, NOW)
  const text = phones.sent.filter((one) => one.to === phone && /\d{3} \d{3}/.test(one.body)).at(-1)
  return /(\d{3}) (\d{3})/.exec(text!.body)!.slice(1).join('')
}
const codesTo = async (phone = rosas): Promise<number> =>
  (await textsOf(house, maple, phone)).filter(({ kind }) => kind === 'code').length
const type = (ref: string, code: string) => press(`/${maple.key}/join/code`, { ref, code, phone: '…23' })

interface Known {
  patron: string
  hasCard: boolean
  phoneHash: Buffer | null
  phone: string | null
}
const everybody = (): Promise<Known[]> =>
  inLibrary(house.database.logins, 'circulation', maple.libraryNo, (scope) =>
    rowsOf(
      scope,
      sql<Known>`
      select s.patron_no as patron, s.has_card as "hasCard", s.phone_hash as "phoneHash", i.phone from outreach.standing s
      left join roster.identity i on i.library_no = s.library_no and i.patron_no = s.patron_no
      where s.library_no = ${scope.library} order by s.patron_no`,
    ),
  )
const saidBy = async (patron: string) =>
  (await inLibrary(house.database.logins, 'circulation', maple.libraryNo, (scope) => choicesOf(scope, patron))).map(
    ({ purpose, channel, decision }) => `${decision} ${purpose}/${channel}`,
  )
const yeses = async () => (await Promise.all((await everybody()).map(({ patron }) => saidBy(patron)))).flat()
const hashOf = (phone: string) => house.database.logins.seals.hashFor(maple.key)('phone', phone)

const stopsOf = async (phone: string): Promise<string[]> =>
  (
    await inLibrary(house.database.logins, 'circulation', maple.libraryNo, (scope) =>
      rowsOf(
        scope,
        sql<{ purposes: string }>`
        select purposes from outreach.suppression where library_no = ${scope.library} and channel = 'sms'
          and address_hash = ${hashOf(phone)} and reason = 'stopped' and lifted_at is null`,
      ),
    )
  ).map(({ purposes }) => (purposes === '-1' ? 'everything' : purposes))

describe('Rosa asks for texts and for mail', () => {
  test('the mail proves her mailbox, a code in a text her phone, and each yes counts from its own proof on', async () => {
    const step = await proveMailbox()
    expect(step.body).toContain(wordsOf.en.join.phoneSent.title)
    expect(step.body).toContain(`number ending in …${rosas.slice(-2)}`)
    expect(step.body).not.toContain(rosas.slice(-7))
    expect(await yeses()).toEqual(['grant new-titles/email'])
    const done = await type(refIn(step.body), await codeOn())
    expect(done.body).toContain('Thank you. Your phone is confirmed.')
    expect(done.body).toContain('<li>events by sms')
    expect(await yeses()).toEqual(['grant new-titles/email', 'grant events/sms'])
    expect(await everybody()).toMatchObject([{ hasCard: false, phone: rosas, phoneHash: hashOf(rosas) }])
    expect(await checkStanding(house.database.logins, maple.libraryNo)).toMatchObject({ differing: 0 })
  })

  test('the evidence says that a code in a text confirmed it, and at which phone', async () => {
    const step = await proveMailbox()
    await type(refIn(step.body), await codeOn())
    const [rosa] = await everybody()
    const said = await inLibrary(house.database.logins, 'circulation', maple.libraryNo, (scope) =>
      choicesOf(scope, rosa!.patron),
    )
    expect(said.at(-1)!.evidence).toMatchObject({
      phone: rosas,
      confirmation: 'code in a text',
      page: `/${maple.key}/join`,
    })
  })

  test('the next text to her says who writes, how often and how to stop; the code was not that', async () => {
    const step = await proveMailbox()
    await type(refIn(step.body), await codeOn())
    expect((await textsOf(house, maple, rosas)).map(({ kind }) => kind)).toEqual(['code', 'first'])
  })

  test('only texts ticked: until the phone is proven nobody is made and no name is kept', async () => {
    const step = await proveMailbox({ yes: 'events.sms' })
    expect(await everybody()).toEqual([])
    expect(step.body).not.toContain('It is noted')
    await type(refIn(step.body), await codeOn())
    expect(await yeses()).toEqual(['grant events/sms'])
  })

  test('texts ticked and no phone given: the page says which of the two to mend, and nothing typed is lost', async () => {
    const page = await fill({ phone: '' })
    expect(page.statusCode).toBe(400)
    expect(page.body).toContain(wordsOf.en.join.wrong.phoneForTexts)
    expect(page.body).toContain('value="rosa@example.org"')
    expect((await fill({ phone: '', yes: 'new-titles.email' })).statusCode).toBe(200)
  })
})

describe('the code', () => {
  test('is good for five tries and for one use', async () => {
    const step = await proveMailbox()
    const ref = refIn(step.body)
    const right = await codeOn()
    const wrong = right === '111111' ? '222222' : '111111'
    for (let i = 0; i < 4; i++) expect((await type(ref, wrong)).body).toContain(wordsOf.en.join.sent.wrongCode)
    const retry = await type(ref, wrong)
    expect(retry.body).toContain(wordsOf.en.join.sent.noCode)
    expect(retry.body).toContain(wordsOf.en.join.phoneSent.title)
    expect((await type(ref, right)).body).toContain(wordsOf.en.join.sent.noCode)
    expect(await yeses()).toEqual(['grant new-titles/email'])
    await press(`/${maple.key}/join/again`, { ref, phone: '…23' })
    const next = await codeOn()
    expect((await type(ref, next)).body).toContain(wordsOf.en.join.phoneDone.title)
    expect((await type(ref, next)).body).toContain(wordsOf.en.join.already[0])
  })

  test('of the mail does not prove the phone, nor that of the phone another sign-up', async () => {
    const mine = await proveMailbox({ yes: 'events.sms' })
    const code = await codeOn()
    const other = await proveMailbox({ email: 'mei@example.org', phone: '+16145550177', yes: 'events.sms' })
    expect((await type(refIn(other.body), code)).body).toContain(wordsOf.en.join.sent.wrongCode)
    expect((await type(refIn(mine.body), code)).body).toContain(wordsOf.en.join.phoneDone.title)
  })

  test('goes to one phone three times a day, whoever asks, and the page looks the same the fourth time', async () => {
    const pages = []
    for (const name of ['ann', 'bo', 'cy', 'di'])
      pages.push((await proveMailbox({ email: `${name}@example.org`, yes: 'events.sms' })).body)
    expect(await codesTo()).toBe(3)
    const plain = (body: string) => body.replaceAll(refIn(body), 'REF')
    expect(plain(pages[3]!)).toBe(plain(pages[0]!))
  })

  test('does not go abroad, nor to a phone that has stopped our texts', async () => {
    const abroad = await proveMailbox({ phone: '+44 20 7946 0958', yes: 'events.sms' })
    expect(abroad.body).toContain(wordsOf.en.join.phoneSent.title)
    expect(await codesTo('+442079460958')).toBe(0)
    // Jamaica begins with +1 as well.
    await proveMailbox({ phone: '+1 876 555 0123', yes: 'events.sms' })
    expect(await codesTo('+18765550123')).toBe(0)
    await texts(house, line, rosas, 'STOP', { now: NOW })
    await proveMailbox({ yes: 'events.sms' })
    await sendAllTexts(house, phones, line, NOW)
    expect(phones.sent.filter(({ body }) => /code is/.test(body))).toEqual([])
    expect((await textsOf(house, maple, rosas)).at(-1)).toMatchObject({
      kind: 'code',
      state: 'withheld',
      reasons: ['STOPPED'],
    })
  })

  test('leaves at night, because somebody waits for it', async () => {
    const midnight = new Date('2026-03-10T05:00:00Z')
    await proveMailbox({ yes: 'events.sms' })
    await sendAllTexts(house, phones, line, new Date(Math.max(midnight.getTime(), NOW.getTime())))
    expect(phones.sent.map(({ to }) => to)).toContain(rosas)
  })

  test('is over after an hour, and then its digits and its phone are forgotten', async () => {
    const step = await proveMailbox({ yes: 'events.sms' })
    const code = await codeOn()
    const later = new Date(NOW.getTime() + HOUR)
    const after = await openSite(house, { now: later })
    const late = await press(`/${maple.key}/join/code`, { ref: refIn(step.body), code, phone: '…23' }, after)
    await after.close()
    expect(late.statusCode).toBe(400)
    await sweepSignUps(house.database.logins, maple, later)
    const row = await inLibrary(house.database.logins, 'circulation', maple.libraryNo, (scope) =>
      rowOf(scope, sql`select body, phone, state from mail.text where library_no = ${scope.library} and kind = 'code'`),
    )
    expect(row).toEqual({ body: null, phone: null, state: 'accepted' })
    expect(await yeses()).toEqual([])
  })

  test('to a landline puts nobody on the list for the library system: a form is no card', async () => {
    phones = textDouble(() => ({ kind: 'refused', permanent: true, code: '30006', said: 'landline' }))
    await proveMailbox({ yes: 'events.sms' })
    await sendAllTexts(house, phones, line, NOW)
    const fixes = await inLibrary(house.database.logins, 'circulation', maple.libraryNo, (scope) =>
      rowsOf(scope, sql`select kind from desk.fix_up where library_no = ${scope.library}`),
    )
    expect(fixes).toEqual([])
  })
})

describe('between the code and its being typed', () => {
  test('the phone says STOP: the code that it had before lifts nothing, and the page thanks as ever', async () => {
    const step = await proveMailbox({ yes: 'events.sms' })
    const code = await codeOn()
    await texts(house, line, rosas, 'STOP', { now: NOW })
    const done = await type(refIn(step.body), code)
    expect(done.body).toContain(wordsOf.en.join.phoneDone.title)
    expect(await yeses()).toEqual([])
    expect(await stopsOf(rosas)).toEqual(['everything'])
  })

  test('a cardholder who has this phone asks to be forgotten: the code that was under way is good for nothing', async () => {
    await make.roster(house, maple, [{ id: 'karl', given: 'Karl', email: 'karl@example.net', phone: rosas }], {
      approvedBy: 'x',
    })
    const step = await proveMailbox({ email: 'new@example.org', card: '2karl', yes: 'events.sms' })
    const code = await codeOn()
    const patron = (await everybody())[0]!.patron
    await erasePatron({ logins: house.database.logins, journal: house.journal }, maple, { patron, by: 'Ana', now: NOW })
    const after = await openSite(house, { now: new Date(NOW.getTime() + 60_000) })
    const late = await press(`/${maple.key}/join/code`, { ref: refIn(step.body), code, phone: '…23' }, after)
    await after.close()
    expect(late.statusCode).toBe(400)
    expect(await everybody()).toEqual([])
  })
})

test('a phone that was proven stays hers when a later form names another one that nobody has proven', async () => {
  const step = await proveMailbox()
  await type(refIn(step.body), await codeOn())
  await proveMailbox({ phone: '+16145550199', yes: 'new-titles.email' })
  expect(await everybody()).toMatchObject([{ phone: rosas, phoneHash: hashOf(rosas) }])
})

test('who shares her mailbox and who shares her phone are one household with her from then on', async () => {
  await make.patrons(house, maple, [
    { id: 'mateo', given: 'Mateo', email: 'rosa@example.org', consents: ['events/email'] },
    { id: 'karl', given: 'Karl', email: 'karl@example.net', phone: rosas, consents: ['events/email'] },
  ])
  const step = await proveMailbox()
  await type(refIn(step.body), await codeOn())
  const households = await inLibrary(house.database.logins, 'circulation', maple.libraryNo, (scope) =>
    rowsOf(scope, sql`select distinct household from outreach.standing where library_no = ${scope.library}`),
  )
  expect(await everybody()).toHaveLength(3)
  expect(households).toHaveLength(1)
})

describe('Karl, who has a card', () => {
  const karl = { id: 'karl', given: 'Karl', email: 'karl@example.net' }
  const karlTyped = { name: 'Karl', email: karl.email, card: '2karl', yes: 'events.sms' }

  test('has this phone on it: the yes is noted with his card', async () => {
    await make.roster(house, maple, [{ ...karl, phone: rosas }], { approvedBy: 'x' })
    const step = await proveMailbox(karlTyped)
    await type(refIn(step.body), await codeOn())
    const [one] = await everybody()
    expect(one).toMatchObject({ hasCard: true, phoneHash: hashOf(rosas) })
    expect(await saidBy(one!.patron)).toEqual(['grant events/sms'])
  })

  test('names a phone that nobody has proven in a form for mail: his texts go to the one on his card all the same', async () => {
    await make.roster(house, maple, [{ ...karl, phone: rosas }], { approvedBy: 'x' })
    await proveMailbox({ ...karlTyped, phone: '+16145550199', yes: 'new-titles.email' })
    expect(await everybody()).toMatchObject([{ phone: null, phoneHash: hashOf(rosas) }])
    const step = await proveMailbox(karlTyped)
    await type(refIn(step.body), await codeOn())
    expect(await everybody()).toMatchObject([{ phone: rosas, phoneHash: hashOf(rosas) }])
  })

  test.each(['+16145550188', ''])(
    'has another phone on it, or none (%s): nothing is noted, staff are asked to look, and the page is the same',
    async (onCard) => {
      await make.roster(house, maple, [{ ...karl, phone: onCard }], { approvedBy: 'x' })
      const step = await proveMailbox(karlTyped)
      const done = await type(refIn(step.body), await codeOn())
      expect(done.body).toContain(wordsOf.en.join.phoneDone.title)
      expect(await yeses()).toEqual([])
      const [task] = await listTasks(house.database.logins, maple, { who: 'Ana', all: false })
      expect(task!.said).toContain(rosas)
    },
  )

  test('has this phone on it and no such mailbox: number and phone open the door, and his mail stays without a card', async () => {
    await make.roster(house, maple, [{ ...karl, email: 'old@example.net', phone: rosas }], { approvedBy: 'x' })
    const step = await proveMailbox({ ...karlTyped, yes: ['new-titles.email', 'events.sms'] })
    await type(refIn(step.body), await codeOn())
    const all = await everybody()
    const holder = all.find(({ hasCard }) => hasCard)!
    expect(await saidBy(holder.patron)).toEqual(['grant events/sms'])
    expect(await saidBy(all.find(({ hasCard }) => !hasCard)!.patron)).toEqual(['grant new-titles/email'])
  })

  test('a child’s yes to texts is thanked for like anybody’s, and not noted', async () => {
    const lena = { ...karl, given: 'Lena', phone: rosas, born: '2015-06-01' }
    await make.roster(house, maple, [lena], { approvedBy: 'x' })
    const step = await proveMailbox(karlTyped)
    const done = await type(refIn(step.body), await codeOn())
    expect(done.body).toContain(wordsOf.en.join.phoneDone.title)
    expect(await yeses()).toEqual([])
  })
})

describe('a library without a number to text from', () => {
  test('shows no box for texts, whatever it offers on paper', async () => {
    const plain = maple
    maple = await make.library(house)
    await offer('events/sms', 'new-titles/email')
    const page = (await site.inject(`/${maple.key}/join?lang=en`)).body
    expect(page).not.toContain('events by sms')
    expect(page).toContain('new-titles by email')
    expect((await fill({ yes: 'events.sms' })).statusCode).toBe(400)
    expect((await site.inject(`/${plain.key}/join?lang=en`)).body).toContain('events by sms')
  })
})

describe.skipIf(!hasBrowser)('in a browser', () => {
  test.each(['en', 'es'] as const)('the step for the phone and its thanks are readable, in %s', async (language) => {
    const browser = await openBrowser()
    const page = await browser.newPage()
    base ||= await listening(site)
    await fill()
    const mail = (await answersOf(house, maple)).at(-1)!.text!
    const link = /https?:\/\/[^\s/]+(\/[\w-]+\/join\/yes\/[\w-]+)/.exec(mail)![1]!
    await page.goto(`${base}${link}?lang=${language}`)
    await page.locator('button').first().click()
    await page.locator('#code').waitFor()
    await expectReadable(page)
    await expectReadableBackwards(page)
    await page.locator('#code').fill('12')
    await page.locator('button').first().click()
    await page.getByRole('alert').waitFor()
    await expectReadable(page)
    await page.locator('button.quiet').first().click()
    await page.locator('#code').waitFor()
    await page.locator('#code').fill(await codeOn())
    await page.locator('button').first().click()
    await page.getByRole('heading', { name: wordsOf[language].join.phoneDone.title }).waitFor()
    await expectReadable(page)
    await browser.close()
  })
})
