// Saying yes, the whole way: the form, the mail, the link or the code, the ledger, and the campaign that follows.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make, monthsAgo, NOW } from '../../test/make.ts'
import { answersOf, ORIGIN, openSite, traces } from '../../test/site.ts'
import { makeLine } from '../../test/texts.ts'
import { erasePatron } from '../consent/erase-patron.ts'
import { choicesOf, type LedgerEntry } from '../consent/ledger.ts'
import { checkStanding } from '../consent/standing.ts'
import { verifyLedger } from '../consent/verify-ledger.ts'
import { inLibrary, rowsOf } from '../db/scope.ts'
import type { Library } from '../patrons/library.ts'
import { importRoster } from '../roster/import.ts'
import { previewSegment } from '../segments/preview.ts'
import type { SegmentRule } from '../segments/rule.ts'
import { topicsPassedOver } from '../segments/topics-passed-over.ts'
import { sweepSignUps } from '../signups/begin.ts'
import { readOffersFile } from '../signups/offers-file.ts'
import { setOffers } from '../signups/set-offers.ts'
import { joinSnippet } from '../signups/snippet.ts'
import { wordsOf } from '../words/languages.ts'
import { formStamp } from './form-stamp.ts'
import { usualLimits } from './rate-limit.ts'

const house = openHouse()
let site: FastifyInstance
let maple: Library

beforeAll(async () => {
  // All of these people come from one address, in a minute.
  const roomy = { holds: 10_000, refillsPerSecond: 1 }
  site = await openSite(house, { limits: { ...usualLimits, form: roomy, card: roomy, library: roomy } })
})
afterAll(() => site.close())
beforeEach(async () => {
  maple = await make.library(house)
})

const MINUTE = 60_000
const stamp = (library = maple, ago = MINUTE) =>
  formStamp(house.database.keys.links).make(library.libraryNo, new Date(NOW.getTime() - ago))

type Fields = Record<string, string | string[]>
const encode = (fields: Fields): string =>
  new URLSearchParams(
    Object.entries(fields).flatMap(([k, v]) => [v].flat().map((one): [string, string] => [k, one])),
  ).toString()
const press = (url: string, fields: Fields = {}, at = site, headers: Record<string, string> = {}) =>
  at.inject({
    method: 'POST',
    url,
    payload: encode(fields),
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
  })
const rosaTyped: Fields = {
  name: 'Rosa',
  email: 'rosa@example.org',
  phone: '',
  card: '',
  language: 'en',
  yes: 'new-titles.email',
}
const signUp = (more: Fields = {}, library = maple, lang = 'en') =>
  press(`/${library.key}/join?lang=${lang}`, { ...rosaTyped, stamp: stamp(library), ...more })

const refIn = (body: string): string => /name="ref" value="([\w-]+)"/.exec(body)![1]!
const proofIn = (text = '') => ({
  link: /https?:\/\/[^\s/]+(\/[\w-]+\/join\/yes\/[\w-]+)/.exec(text)![1]!,
  code: /^ {4}(\d{3}) (\d{3})$/m.exec(text)!.slice(1).join(''),
})
/** Signs up and opens the link, as everybody does. */
async function proven(more: Fields = {}, library = maple) {
  expect((await signUp(more, library)).statusCode).toBe(200)
  const mail = (await answersOf(house, library)).at(-1)
  const done = await press(proofIn(mail!.text).link)
  expect(done.body).toContain('Thank you. It is noted.')
}

interface Person {
  patron: string
  hasCard: boolean
  name: string | null
  email: string | null
  phone: string | null
  topics: string
  language: string
}
const people = (library = maple): Promise<Person[]> =>
  inLibrary(house.database.logins, 'circulation', library.libraryNo, (scope) =>
    rowsOf(
      scope,
      sql<Person>`
      select s.patron_no as patron, s.has_card as "hasCard", i.given_name as name, i.email, i.phone, s.topics, s.language
      from outreach.standing s left join roster.identity i on i.library_no = s.library_no and i.patron_no = s.patron_no
      where s.library_no = ${library.libraryNo} order by s.has_card, i.given_name`,
    ),
  )
const ledgerOf = (patron: string, library = maple): Promise<(LedgerEntry & { said: string | null })[]> =>
  inLibrary(house.database.logins, 'circulation', library.libraryNo, (scope) => choicesOf(scope, patron))
const entries = async (library = maple) =>
  (await Promise.all((await people(library)).map((one) => ledgerOf(one.patron, library)))).flat()
const sendable = async (segment: SegmentRule, purpose: 'new-titles' | 'events' | 'reengagement' = 'new-titles') =>
  (await previewSegment(house.database.logins, { library: maple, purpose, channel: 'email', now: NOW }, segment))
    .sendable

describe('somebody without a card', () => {
  test('ticks one box, opens the link of the mail, presses the button, and only then has said yes', async () => {
    const form = await site.inject(`/${maple.key}/join`)
    expect(form.body).not.toContain(' checked')
    expect(form.body).toContain('May Maple Falls Library email you once a month about new books')
    const sent = await signUp()
    expect(sent.body).toContain('Now look at your email')
    const [mail, ...more] = await answersOf(house, maple)
    expect(more).toEqual([])
    expect(mail!.to?.[0]?.address).toBe('rosa@example.org')
    expect(mail!.headers.find((h) => h.key === 'list-unsubscribe')).toBeUndefined()
    const { link } = proofIn(mail!.text)
    expect(mail!.text).toContain(`${ORIGIN}${link}`)
    const look = await site.inject(link)
    expect(look.body).toContain('Yes, that was me')
    expect(look.body).not.toMatch(/Rosa|rosa@/) // mail is forwarded
    expect(await people()).toEqual([]) // GET never acts
    const done = await press(link)
    expect(done.body).toContain('Thank you. It is noted.')
    const [rosa] = await people()
    expect(rosa).toMatchObject({ hasCard: false, name: 'Rosa', email: 'rosa@example.org', phone: null })
    expect(await ledgerOf(rosa!.patron)).toMatchObject([
      {
        purpose: 'new-titles',
        channel: 'email',
        decision: 'grant',
        method: 'web form',
        attestedBy: 'the patron',
        said: expect.stringMatching(/^New titles, by email\nMay Maple Falls Library email you once a month/),
        evidence: {
          email: 'rosa@example.org',
          name: 'Rosa',
          'page language': 'en',
          page: `/${maple.key}/join`,
          confirmation: 'link in a mail',
        },
      },
    ])
    expect(await sendable({ all: [{ language: ['en'] }] })).toBe(1)
    expect(await sendable({ all: [{ language: ['en'] }] }, 'events')).toBe(0)
  })

  test('types the code instead; the link does nothing more then, nor a second press', async () => {
    const ref = refIn((await signUp({ yes: ['events.email', 'reengagement.email'], language: 'es' }, maple, 'es')).body)
    const [mail] = await answersOf(house, maple)
    expect(mail!.subject).toBe('¿Fuiste tú? Maple Falls Library')
    const { code, link } = proofIn(mail!.text)
    const done = await press(`/${maple.key}/join/code?lang=es`, { ref, code: `${code.slice(0, 3)} ${code.slice(3)}` })
    expect(done.body).toContain('Gracias. Quedó anotado.')
    expect((await press(link)).body).toContain('This is done already')
    expect((await press(`/${maple.key}/join/code`, { ref, code })).body).toContain('This is done already')
    // Whoever only opens the link once more is told the same, with a way to change it.
    const opened = await site.inject(link)
    expect([opened.statusCode, opened.body.includes('This is done already')]).toEqual([200, true])
    expect(opened.body).not.toContain('othing was noted')
    expect(opened.body).toContain(`href="../../../${maple.key}/preferences?lang=en"`)
    expect((await site.inject(`/${maple.key}/preferences?lang=en`)).statusCode).toBe(200)
    // Who does not know the code does not learn that somebody said yes.
    const wrong = code === '111111' ? '222222' : '111111'
    expect((await press(`/${maple.key}/join/code`, { ref, code: wrong })).body).toContain('not the code in our newest')
    const [rosa] = await people()
    expect(rosa!.language).toBe('es')
    expect((await ledgerOf(rosa!.patron)).map((e) => e.purpose)).toEqual(['reengagement', 'events'])
  })

  test('pressed twice at once the button counts once', async () => {
    await signUp()
    const { link } = proofIn((await answersOf(house, maple))[0]!.text)
    const said = await Promise.all([press(link), press(link), press(link)])
    expect(said.filter((page) => page.body.includes('Thank you'))).toHaveLength(1)
    expect(await entries()).toHaveLength(1)
  })

  test('signs up again with the same address: the same person, and what was not ticked is not taken back', async () => {
    await proven()
    await proven({ name: 'Rosa D.', email: 'ROSA@example.org', yes: 'events.email' })
    const all = await people()
    expect(all).toHaveLength(1)
    expect(all[0]!.name).toBe('Rosa D.')
    expect((await ledgerOf(all[0]!.patron)).map((e) => `${e.decision} ${e.purpose}`)).toEqual([
      'grant new-titles',
      'grant events',
    ])
    expect(await sendable({ language: ['en'] })).toBe(1)
    expect(await sendable({ language: ['en'] }, 'events')).toBe(1)
  })

  test('is never chosen as somebody whose card has gone quiet, not even as one never used', async () => {
    await proven({ yes: 'reengagement.email' })
    for (const neverUsed of [true, false])
      expect(await sendable({ lapsed: { minMonths: 0, maxMonths: 1200, neverUsed } }, 'reengagement')).toBe(0)
  })

  test('survives a first patron file, the next ones, and being in none of them', async () => {
    await proven()
    const priya = { id: 'priya', given: 'Priya', email: 'priya@example.org', lastUse: monthsAgo(1) }
    await make.roster(house, maple, [priya])
    for (let i = 0; i < 3; i++) await make.roster(house, maple, [{ ...priya, lastUse: monthsAgo(0), branch: `b${i}` }])
    expect(await people()).toMatchObject([
      { hasCard: false, name: 'Rosa' },
      { hasCard: true, email: null },
    ])
    expect(await sendable({ language: ['en'] })).toBe(1)
    expect(await checkStanding(house.database.logins, maple.libraryNo)).toMatchObject({ patrons: 2, differing: 0 })
  })

  test('who says yes again after a stop is written to again, and mail that once came back says nothing any more', async () => {
    await proven()
    const [rosa] = await people()
    const root = await house.connectAsSuperuser()
    await root.query(
      `insert into outreach.suppression (library_no, channel, address_hash, purposes, reason, since)
       select library_no, 'email', email_hash, -1, r, $2::timestamptz - interval '1 day'
       from outreach.standing, unnest(array['stopped', 'bounced']) r where patron_no = $1`,
      [rosa!.patron, NOW],
    )
    expect(await sendable({ language: ['en'] })).toBe(0)
    await proven()
    expect(await sendable({ language: ['en'] })).toBe(1)
  })
})

describe('the door in the wall', () => {
  const karl = { id: 'karl', given: 'KARL', email: 'karl@example.net', lastUse: monthsAgo(4), expires: '2027-01-31' }
  const karlTyped: Fields = { name: 'Karl', email: 'karl@example.net', card: '2karl', yes: 'reengagement.email' }
  const quiet: SegmentRule = { lapsed: { minMonths: 3, maxMonths: 6 } }

  test('card number and address of the patron file together: the yes is the cardholder’s own, at once', async () => {
    await make.roster(house, maple, [karl])
    await proven({ ...karlTyped, card: ' 2-KARL ' })
    expect(await people()).toMatchObject([{ hasCard: true, name: 'Karl', email: 'karl@example.net' }])
    expect(await sendable(quiet, 'reengagement')).toBe(1)
    // The next file, though it says nothing new, brings the name as the library knows it.
    await make.roster(house, maple, [karl], { now: new Date(NOW.getTime() + MINUTE), approvedBy: 'the test' })
    expect(await people()).toMatchObject([{ hasCard: true, name: 'KARL' }])
    await proven({ ...karlTyped, name: 'Somebody Else', yes: 'events.email' })
    expect(await people()).toMatchObject([{ name: 'KARL' }])
  })

  test.each([
    ['another card number', { card: '29999' }, {}],
    ['another address', { email: 'karl@example.com' }, {}],
    ['no card number', { card: '' }, {}],
    ['a card that is closed', {}, { status: 'closed' }],
    ['a card whose holder died', {}, { status: 'deceased' }],
  ])('%s: a person without a card, and nobody is told the difference', async (_, typed, line) => {
    await make.roster(house, maple, [karl])
    const known = (await signUp(karlTyped)).body
    const { link: knownLink } = proofIn((await answersOf(house, maple))[0]!.text)
    const knownDone = (await press(knownLink)).body
    const birch = await make.library(house)
    await make.roster(house, birch, [{ ...karl, ...line }])
    const other = (await signUp({ ...karlTyped, ...typed }, birch)).body
    const { link } = proofIn((await answersOf(house, birch))[0]!.text)
    const done = (await press(link)).body
    const plain = (body: string) =>
      body
        .replaceAll(birch.key, maple.key)
        .replace(/value="[\w-]{32}"/g, '')
        .replaceAll('.com', '.net')
    expect(plain(other)).toBe(plain(known))
    expect(plain(done)).toBe(plain(knownDone))
    expect((await people(birch)).map((one) => [one.hasCard, one.name])).toEqual([
      [false, 'Karl'],
      [true, null],
    ])
  })

  test('a card that was replaced opens with its new number and no longer with the old one', async () => {
    await make.roster(house, maple, [karl])
    const file = make.rosterFile(house, [karl], 'replaced.csv')
    writeFileSync(file, readFileSync(file, 'utf8').replace('2karl', '777'))
    await importRoster(house.database, maple, file, { now: NOW, approvedBy: 'the test' })
    await proven(karlTyped)
    expect((await people()).map((one) => one.hasCard)).toEqual([false, true])
    await proven({ ...karlTyped, card: '777' })
    expect(await people()).toMatchObject([{ hasCard: false }, { hasCard: true, name: 'Karl' }])
  })

  test('a child who types a parent’s words stays a child: no yes is noted, no name is kept, and nobody new is made', async () => {
    await make.roster(house, maple, [{ ...karl, born: '2015-01-01' }])
    await proven(karlTyped)
    expect(await people()).toHaveLength(1)
    expect((await traces(house, maple))!.entries).toBe(0)
    const root = await house.connectAsSuperuser()
    expect((await root.query('select from roster.identity where library_no = $1', [maple.libraryNo])).rowCount).toBe(0)
    expect(await sendable(quiet, 'reengagement')).toBe(0)
  })

  test('a card number stands nowhere as it was typed, nor does a name or an address before it is proven', async () => {
    await signUp(karlTyped)
    const root = await house.connectAsSuperuser()
    const { rows } = await root.query('select s::text as row from outreach.sign_up s where library_no = $1', [
      maple.libraryNo,
    ])
    expect(rows).toHaveLength(1)
    for (const secret of ['2karl', '2KARL', 'Karl', 'karl@example.net']) {
      expect(rows[0].row).not.toContain(secret)
      expect(rows[0].row).not.toContain(Buffer.from(secret).toString('hex'))
    }
  })

  test('a second person at one mailbox is of one household with the first at once, and neither is greeted by name', async () => {
    await make.patrons(house, maple, [{ ...karl, consents: ['new-titles/email'] }])
    await proven({ name: 'Inge', email: 'karl@example.net' })
    const labels = await inLibrary(house.database.logins, 'circulation', maple.libraryNo, (scope) =>
      rowsOf(
        scope,
        sql<{ household: string; shared: boolean }>`
        select household, address_shared as shared from outreach.standing where library_no = ${maple.libraryNo}`,
      ),
    )
    expect(labels).toHaveLength(2)
    expect(new Set(labels.map((one) => one.household)).size).toBe(1)
    expect(labels.map((one) => one.shared)).toEqual([true, true])
    expect(await sendable({ language: ['en'] })).toBe(1)
    // The next patron file finds nothing to mend.
    await make.roster(house, maple, [karl], { approvedBy: 'x' })
    expect((await people()).map((one) => one.hasCard)).toEqual([false, true])
  })

  test('a cardholder and a sign-up at one address are one household: one note', async () => {
    await proven({ email: 'karl@example.net' })
    await make.patrons(house, maple, [{ ...karl, consents: ['new-titles/email'] }])
    expect(await people()).toHaveLength(2)
    expect(await sendable({ language: ['en'] })).toBe(1)
  })
})

test('the page says that no texts are sent only where none are offered, and who carries what is', async () => {
  await makeLine(house, [maple])
  const plain = (await site.inject(`/${maple.key}/join?lang=en`)).body
  expect(plain).toContain('We send no texts.')
  expect(plain).not.toMatch(/text service|postal service/)
  const texts = { title: 'Events by text', says: 'May we text you twice a month? Reply STOP to stop.' }
  const file = join(house.folder, 'texts.yaml')
  writeFileSync(
    file,
    JSON.stringify({ offers: [{ purpose: 'events', channel: 'sms', words: { en: texts, es: texts } }] }),
  )
  await setOffers(house.database.logins, maple, await readOffersFile(file, maple), NOW)
  const page = (await site.inject(`/${maple.key}/join?lang=en`)).body
  expect(page).not.toContain('We send no texts.')
  for (const said of ['for the texts that you tick', 'Texts are carried by a text service', 'Mail is carried by'])
    expect(page).toContain(said)
})

describe('topics', () => {
  const offers = `
public-records: true
websites: [https://www.library.example.org/some/page]
offers:
  - purpose: new-titles
    topics:
      mysteries: { en: Mysteries, es: Misterio }
      children: { en: Children’s books, es: Libros infantiles }
  - purpose: events
    channel: post
    words:
      en: { title: "<b>Events</b> by post", says: "May we send you a card, four times a year? Call us to stop." }
      es: { title: "Actividades por correo postal", says: "¿Podemos enviarte una tarjeta? Llámanos para dejarlo." }
`
  const set = async (text: string) => {
    const file = join(house.folder, 'offers.yaml')
    writeFileSync(file, text)
    await setOffers(house.database.logins, maple, await readOffersFile(file, maple), NOW)
  }

  test('who ticked mysteries is chosen for mysteries, and who ticked none for all; topics add up, and an ended one keeps its meaning', async () => {
    await set(offers)
    await proven({ kind: ['mysteries', 'invented'] })
    expect(await sendable({ topic: ['mysteries'] })).toBe(1)
    expect(await sendable({ topic: ['children'] })).toBe(0)
    await proven({ kind: ['children'] })
    expect(await sendable({ all: [{ topic: ['children'] }, { topic: ['mysteries'] }] })).toBe(1)
    await proven({ email: 'karl@example.net', name: 'Karl' })
    expect(await sendable({ topic: ['children', 'mysteries'] })).toBe(2)
    expect(await sendable({ not: { topic: ['children'] } })).toBe(0)
    expect(await sendable({ topic: ['children'] }, 'events')).toBe(0)
    const passedOver = (segment: SegmentRule, purpose: 'new-titles' | 'reengagement' = 'new-titles') =>
      inLibrary(house.database.logins, 'outreach', maple.libraryNo, (scope) =>
        topicsPassedOver(scope, { purpose, segment }),
      )
    expect(await passedOver({ all: [{ language: ['en'] }] })).toEqual(['mysteries', 'children'])
    expect(await passedOver({ all: [{ not: { topic: ['children'] } }] })).toEqual([])
    expect(await passedOver({ language: ['en'] }, 'reengagement')).toEqual([])
    expect(await sendable({ language: ['en'] })).toBe(2)
    await set(offers.replace('mysteries:', 'crime:'))
    const form = (await site.inject(`/${maple.key}/join`)).body
    expect(form).toContain('value="crime"')
    expect(form).not.toContain('value="mysteries"')
    expect(await sendable({ topic: ['crime'] })).toBe(1)
    expect(await sendable({ topic: ['mysteries'] })).toBe(2)
    await proven({})
    expect(await sendable({ topic: ['crime'] })).toBe(2)
    expect(await checkStanding(house.database.logins, maple.libraryNo)).toMatchObject({ differing: 0 })
  })

  test('topics that were changed behind our back are found, also in an entry that had none', async () => {
    const verify = () =>
      inLibrary(house.database.logins, 'circulation', maple.libraryNo, (scope) => verifyLedger(scope))
    await set(offers)
    await proven({ kind: ['mysteries'] })
    await proven({ yes: ['events.post'] })
    expect(await verify()).toMatchObject({ ok: true })
    const root = await house.connectAsSuperuser()
    await root.query('set session_replication_role = replica')
    for (const [entry, topics] of [
      [1, 3],
      [2, 1],
    ]) {
      const { rows } = await root.query('select topics from outreach.ledger where library_no = $1 and entry_no = $2', [
        maple.libraryNo,
        entry,
      ])
      const write = (value: unknown) =>
        root.query('update outreach.ledger set topics = $3 where library_no = $1 and entry_no = $2', [
          maple.libraryNo,
          entry,
          value,
        ])
      await write(topics)
      expect(await verify()).toMatchObject({ ok: false, firstBadEntry: entry })
      await write(rows[0].topics)
    }
    expect(await verify()).toMatchObject({ ok: true })
  })

  test('the page says of texts and of post what a library that offers them has to say, and nothing of them elsewhere', async () => {
    await makeLine(house, [maple])
    const { carriers, phoneHint } = wordsOf.en.join
    const said = async () => {
      const page = (await site.inject(`/${maple.key}/join?lang=en`)).body
      return [carriers.post, carriers.sms, phoneHint.noTexts, phoneHint.texts].map((words) => page.includes(words))
    }
    await set(offers)
    expect(await said()).toEqual([true, false, true, false])
    await set(offers.replace('channel: post', 'channel: sms'))
    expect(await said()).toEqual([false, true, false, true])
  })

  test('the words of the library stand in the page as text, in the language of the page, and so in the ledger', async () => {
    await set(offers)
    const page = (await site.inject(`/${maple.key}/join?lang=es`)).body
    expect(page).toContain('Actividades por correo postal')
    expect(page).toContain('documentos públicos')
    expect((await site.inject(`/${maple.key}/join`)).body).toContain('&lt;b&gt;Events&lt;/b&gt; by post')
    const ref = refIn((await signUp({ yes: 'events.post' }, maple, 'es')).body)
    const { code } = proofIn((await answersOf(house, maple))[0]!.text)
    await press(`/${maple.key}/join/code?lang=es`, { ref, code })
    expect((await entries())[0]).toMatchObject({
      purpose: 'events',
      channel: 'post',
      said: expect.stringMatching(/^Actividades por correo postal\n¿Podemos/),
    })
  })

  test.each([
    [/lacks|needs words/, 'offers: [{ purpose: events, channel: sms }]'],
    [/does not rest on consent/, 'offers: [{ purpose: notice }]'],
    [/offered twice/, 'offers: [{ purpose: events }, { purpose: events }]'],
    [/no address of a website/, 'websites: ["javascript:alert(1)"]\noffers: [{ purpose: events }]'],
    [/no address of a website/, 'websites: ["https://x.example.org; script-src *"]\noffers: [{ purpose: events }]'],
    [/Words are needed in en and es/, 'offers: [{ purpose: events, words: { en: { title: A, says: B } } }]'],
    [
      /stands there twice/,
      'offers: [{ purpose: events, topics: { a: { en: A, es: A } } }, { purpose: new-titles, topics: { a: { en: A, es: A } } }]',
    ],
  ])('an offers file with a mistake is refused with a sentence: %s', async (sentence, text) => {
    await expect(set(text)).rejects.toThrow(sentence)
  })

  test('a topic never moves to another purpose, and the sixty-first is refused', async () => {
    await set(offers)
    await expect(set('offers: [{ purpose: events, topics: { mysteries: { en: A, es: A } } }]')).rejects.toThrow(
      'belongs to new-titles',
    )
    const many = Array.from({ length: 59 }, (_, i) => `t${i}: { en: T, es: T }`).join(', ')
    await expect(set(`offers: [{ purpose: events, topics: { ${many} } }]`)).rejects.toThrow('60 topics')
  })

  test('the framed form is for the websites that the library named, and for nobody where it named none', async () => {
    expect((await site.inject(`/${maple.key}/embed`)).statusCode).toBe(404)
    await set(offers)
    for (const page of [await site.inject(`/${maple.key}/embed`), await press(`/${maple.key}/embed`, rosaTyped)]) {
      expect(page.headers['content-security-policy']).toContain('frame-ancestors https://www.library.example.org')
      expect(page.headers['x-frame-options']).toBeUndefined()
    }
    for (const url of ['join', 'renew']) {
      const page = await site.inject(`/${maple.key}/${url}`)
      expect(page.headers['content-security-policy']).toContain(`frame-ancestors 'none'`)
      expect(page.headers['x-frame-options']).toBe('DENY')
    }
    const sent = await press(`/${maple.key}/embed`, { ...rosaTyped, stamp: stamp() })
    expect(sent.body).toContain(`action="../${maple.key}/embed/code`)
  })
})

describe('what robots and strangers try', () => {
  test('mistakes stand beside their fields, and nothing that was typed is lost', async () => {
    const page = await signUp({
      name: ' ',
      email: 'rosa@',
      phone: '12',
      card: '"><script>',
      yes: 'events.email',
      language: 'es',
    })
    expect(page.statusCode).toBe(400)
    for (const said of [
      'Please tell us how to greet you',
      'Please write your email address',
      'We cannot dial that phone number',
      'value="rosa@"',
      'value="12"',
    ])
      expect(page.body).toContain(said)
    expect(page.body).toContain('value="&#34;&gt;&lt;script&gt;"')
    expect(page.body).toMatch(/value="events.email" checked/)
    expect(page.body).toMatch(/value="es" lang="es" selected/)
    expect((await signUp({ yes: [] })).body).toContain('Please tick what you would like.')
    expect((await signUp({ yes: ['notice.email', 'fundraising.email', 'events.sms'] })).statusCode).toBe(400)
    expect((await signUp({ email: 'rosa@example.org, eve@example.org' })).statusCode).toBe(400)
    expect(await answersOf(house, maple)).toEqual([])
  })

  test('a name with markup, a link or lines in it is text everywhere, and in no header', async () => {
    await proven({ name: '<img src=x>\r\nBcc: eve@example.org' })
    expect((await people())[0]!.name).toBe('<img src=x> Bcc: eve@example.org')
  })

  test('a form that comes back at once, after a day, without a stamp or with another library’s is shown once more, as typed', async () => {
    const birch = await make.library(house)
    for (const odd of [
      stamp(maple, 1_000),
      stamp(maple, 25 * 60 * MINUTE),
      '',
      'forged',
      stamp(birch),
      `${stamp()}x`,
    ]) {
      const page = await signUp({ stamp: odd })
      expect(page.body).toContain('Please look this over once more')
      expect(page.body).toContain('value="rosa@example.org"')
      expect(page.body).toMatch(/value="new-titles.email" checked/)
    }
    expect(await answersOf(house, maple)).toEqual([])
    // Too early is mended by waiting: the page carries the same stamp.
    const early = stamp(maple, 2_000)
    expect((await signUp({ stamp: early })).body).toContain(`value="${early}"`)
    const later = await openSite(house, { now: new Date(NOW.getTime() + 2_000) })
    expect((await press(`/${maple.key}/join`, { ...rosaTyped, stamp: early }, later)).body).toContain(
      'Now look at your email',
    )
    await later.close()
  })

  test('who fills in the field that nobody sees is told what everybody is told, and gets nothing', async () => {
    const trapped = await signUp({ website: 'https://casino.example.com' })
    const honest = await signUp({ email: 'karl@example.net' })
    const plain = (body: string) => body.replace(/value="[\w-]{32}"/g, '').replace(/(rosa|karl)@example.(org|net)/g, '')
    expect(plain(trapped.body)).toBe(plain(honest.body))
    expect((await answersOf(house, maple)).map((mail) => mail.to?.[0]?.address)).toEqual(['karl@example.net'])
    expect((await press(`/${maple.key}/join/code`, { ref: refIn(trapped.body), code: '000000' })).statusCode).toBe(400)
  })

  test('a stranger who types Rosa’s address a hundred times fills no mailbox: three mails a day, and the same page', async () => {
    const pages = []
    for (let i = 0; i < 6; i++)
      pages.push((await signUp({ name: `Eve ${i}`, email: 'Rosa@Example.org' })).body.replace(/value="[\w-]{32}"/g, ''))
    expect(new Set(pages).size).toBe(1)
    const ref = refIn((await signUp()).body)
    for (let i = 0; i < 3; i++) await press(`/${maple.key}/join/again`, { ref })
    expect(await answersOf(house, maple)).toHaveLength(3)
    const tomorrow = await openSite(house, { now: new Date(NOW.getTime() + 25 * 60 * MINUTE) })
    await press(`/${maple.key}/join/again`, { ref }, tomorrow)
    await tomorrow.close()
    expect(await answersOf(house, maple, new Date(NOW.getTime() + 26 * 60 * MINUTE))).toHaveLength(1)
    expect(await entries()).toEqual([])
  })

  test('five wrong codes end it, the right one included, until a new one is asked for; the old code and link are dead then', async () => {
    const ref = refIn((await signUp()).body)
    const first = proofIn((await answersOf(house, maple))[0]!.text)
    const wrong = first.code === '111111' ? '222222' : '111111'
    const code = (value: string, by = ref) => press(`/${maple.key}/join/code`, { ref: by, code: value })
    for (let i = 0; i < 4; i++) expect((await code(wrong)).body).toContain('not the code in our newest message')
    expect((await code(wrong)).body).toContain('cannot be used any more')
    expect((await code(first.code)).body).toContain('cannot be used any more')
    await press(`/${maple.key}/join/again`, { ref })
    const second = proofIn((await answersOf(house, maple))[0]!.text)
    if (first.code !== second.code) expect((await code(first.code)).body).toContain('not the code')
    expect((await press(first.link)).statusCode).toBe(404)
    expect((await code(second.code)).body).toContain('Thank you')
  })

  test('guesses tell nobody whether the address had its three answers today, nor whether somebody said yes meanwhile', async () => {
    const asked = async (email: string) => refIn((await signUp({ email })).body)
    /** What the page says to six wrong codes, a new code asked for in between. */
    const walk = async (ref: string) => {
      const said = []
      const guess = async () => {
        const page = await press(`/${maple.key}/join/code`, { ref, code: '000000' })
        said.push(`${page.statusCode} ${page.body.replaceAll(ref, '')}`)
      }
      for (let i = 0; i < 6; i++) await guess()
      said.push((await press(`/${maple.key}/join/again`, { ref })).body.replaceAll(ref, ''))
      for (let i = 0; i < 6; i++) await guess()
      return said
    }
    for (let i = 0; i < 3; i++) await asked('full@example.org')
    const full = await walk(await asked('full@example.org'))
    const ref = await asked('said-yes@example.org')
    await press(proofIn((await answersOf(house, maple)).at(-1)!.text).link)
    expect(await walk(ref)).toEqual(full)
    expect(await walk(await asked('fresh@example.org'))).toEqual(full)
    // And what was armed with no code can be opened by none.
    const { rows } = await (await house.connectAsSuperuser()).query(
      `select count(*)::int as n from outreach.sign_up where library_no = $1 and state = 'confirmed'`,
      [maple.libraryNo],
    )
    expect(rows[0].n).toBe(1)
  })

  test('other answers of the day, such as a code for one’s own page, do not use up those of a sign-up', async () => {
    await inLibrary(house.database.logins, 'circulation', maple.libraryNo, (scope) =>
      sql`insert into mail.answer (library_no, kind, address_hash, queued_at, due_at, address, language, subject, body_text, body_html)
          select ${maple.libraryNo}, 'fresh-code', ${house.database.logins.seals.hashFor(maple.key)('email', 'rosa@example.org')}, ${NOW}, ${NOW}, 'x@example.org', 'en', '', '', ''
          from generate_series(1, 3)`.execute(scope.tx),
    )
    await signUp()
    expect((await answersOf(house, maple)).at(-1)!.subject).toBe('Was this you? Maple Falls Library')
  })

  test('all the tags of one mailbox together get three mails, new codes included', async () => {
    const pages = []
    for (let i = 1; i <= 2; i++) pages.push(await signUp({ email: `victim+${i}@example.org` }))
    const ref = refIn(pages[0]!.body)
    const again = []
    for (let i = 0; i < 3; i++) again.push((await press(`/${maple.key}/join/again`, { ref })).statusCode)
    expect(again).toEqual([200, 429, 429])
    expect(await answersOf(house, maple)).toHaveLength(3)
  })

  test('guesses at once count one by one: no sixth is looked at', async () => {
    const ref = refIn((await signUp()).body)
    const { code } = proofIn((await answersOf(house, maple))[0]!.text)
    const guesses = Array.from({ length: 12 }, (_, i) => (Number(code) + 1 + i).toString().slice(-6).padStart(6, '0'))
    const said = await Promise.all(guesses.map((guess) => press(`/${maple.key}/join/code`, { ref, code: guess })))
    expect(said.filter((page) => page.body.includes('not the code in our newest message'))).toHaveLength(4)
    expect((await press(`/${maple.key}/join/code`, { ref, code })).body).toContain('cannot be used any more')
  })

  test('a forged, cut, foreign or old link notes nothing, and none of them takes a reader elsewhere', async () => {
    const birch = await make.library(house)
    await signUp()
    const { link } = proofIn((await answersOf(house, maple))[0]!.text)
    const token = link.split('/').at(-1)!
    const flipped = `${token.slice(0, -2)}${token.at(-2) === 'A' ? 'B' : 'A'}${token.at(-1)}`
    for (const url of [
      `/${birch.key}/join/yes/${token}`,
      `/${maple.key}/join/yes/${flipped}`,
      link.slice(0, -1),
      `/${maple.key}/join/yes/${'A'.repeat(32)}`,
      `/${maple.key}/join/yes/x`,
    ])
      for (const page of [await site.inject(url), await press(url)]) {
        expect([url, page.statusCode]).toEqual([url, 404])
        expect(page.headers.location).toBeUndefined()
      }
    const late = await openSite(house, { now: new Date(NOW.getTime() + 49 * 60 * MINUTE) })
    expect((await press(link, {}, late)).statusCode).toBe(404)
    await late.close()
    expect(await people()).toEqual([])
    const turned = await press(`/${maple.key}/join?next=https://evil.example.com&lang=//evil.example.com`, {
      ...rosaTyped,
      stamp: stamp(),
      next: '//evil.example.com',
    })
    expect(turned.headers.location).toBeUndefined()
    expect(turned.body).not.toContain('evil')
    for (const at of [`/%2F%2Fevil.example.com/join`, '/nowhere/join', '/Maple/join'])
      expect((await site.inject(at)).statusCode).toBe(404)
  })

  test('one address cannot send forms without end, nor can card numbers be tried in crowds; others are not held up', async () => {
    const narrow = await openSite(house, {
      limits: { ...usualLimits, form: { holds: 3, refillsPerSecond: 0 }, card: { holds: 2, refillsPerSecond: 0 } },
    })
    const from = (remoteAddress: string, more: Fields = {}) =>
      narrow.inject({
        method: 'POST',
        url: `/${maple.key}/join`,
        remoteAddress,
        payload: encode({ ...rosaTyped, stamp: stamp(), ...more }),
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      })
    const codes = async (...asked: Parameters<typeof from>[]) => {
      const said: number[] = []
      for (const one of asked) said.push((await from(...one)).statusCode)
      return said
    }
    expect(await codes(['192.0.2.1'], ['192.0.2.1'], ['192.0.2.1'], ['192.0.2.1'])).toEqual([200, 200, 200, 429])
    expect(
      await codes(['192.0.2.2', { card: '1' }], ['192.0.2.3', { card: '2' }], ['192.0.2.4', { card: '3' }]),
    ).toEqual([200, 200, 429])
    expect(await codes(['192.0.2.5'])).toEqual([200])
    // A proxy on this machine says for whom it asks; nobody else is believed.
    const through = (peer: string, client: string) =>
      narrow.inject({
        method: 'POST',
        url: `/${maple.key}/join`,
        remoteAddress: peer,
        payload: '',
        headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-forwarded-for': client },
      })
    for (let i = 0; i < 5; i++) expect((await through('127.0.0.1', `198.51.100.${i}`)).statusCode).toBe(200)
    expect((await through('192.0.2.1', '198.51.100.9')).statusCode).toBe(429)
    await narrow.close()
  })
})

test('the form on a library’s own website has no script, and what was typed there stands in our page', async () => {
  const form = joinSnippet('https://letters.example.org', maple, 'es')
  expect(form).not.toMatch(/<script|javascript|on[a-z]+=|src=/)
  expect(form).toContain(`action="https://letters.example.org/${maple.key}/join?lang=es"`)
  expect([...form.matchAll(/name="(\w+)"/g)].map(([, name]) => name)).toEqual(['name', 'email'])
  const page = await press(`/${maple.key}/join?lang=es`, { name: 'Rosa', email: 'rosa@example.org' })
  expect(page.statusCode).toBe(200)
  expect(page.body).toContain('value="rosa@example.org"')
  expect(page.body).not.toMatch(/ checked|role="alert"/)
  expect(await answersOf(house, maple)).toEqual([])
})

test('who is erased is forgotten without a card, too, with every form that still waits; and may sign up anew', async () => {
  await proven()
  const ref = refIn((await signUp({ yes: 'events.email' })).body)
  const { code } = proofIn((await answersOf(house, maple)).at(-1)!.text)
  const [rosa] = await people()
  const { logins } = house.database
  const wanted = { patron: rosa!.patron, by: 'Ana', now: NOW }
  expect(await erasePatron({ logins, journal: house.journal }, maple, wanted)).toMatchObject({ kind: 'erased' })
  expect(await people()).toEqual([])
  expect((await press(`/${maple.key}/join/code`, { ref, code })).statusCode).toBe(400)
  expect(await people()).toEqual([])
  const tomorrow = await openSite(house, { now: new Date(NOW.getTime() + 25 * 60 * MINUTE) })
  const again = stamp(maple, -24 * 60 * MINUTE)
  await press(`/${maple.key}/join`, { ...rosaTyped, stamp: again }, tomorrow)
  const mail = (await answersOf(house, maple, new Date(NOW.getTime() + 26 * 60 * MINUTE))).at(-1)
  expect((await press(proofIn(mail!.text).link, {}, tomorrow)).body).toContain('Thank you')
  await tomorrow.close()
  expect(await people()).toMatchObject([{ hasCard: false, name: 'Rosa' }])
  expect((await people())[0]!.patron).not.toBe(rosa!.patron)
  expect(await sendable({ language: ['en'] })).toBe(1)
})

test('a form that nobody proves is forgotten after two days, and one that was proven as well', async () => {
  await signUp()
  await proven({ email: 'karl@example.net' })
  const sweep = (hours: number) =>
    sweepSignUps(house.database.logins, maple, new Date(NOW.getTime() + hours * 60 * MINUTE))
  expect(await sweep(47)).toBe(0)
  expect(await sweep(48)).toBe(2)
  expect(await people()).toHaveLength(1)
})

test('no library can have a key that a page of the program begins with', async () => {
  const first = new Set(
    site.declaredRoutes.map(({ url }) => url.split('/')[1]!).filter((part) => /^[a-z0-9][a-z0-9-]*$/.test(part)),
  )
  expect(first.size).toBeGreaterThan(3)
  for (const key of first) await expect(make.library(house, { key }), key).rejects.toThrow('Choose another')
})
