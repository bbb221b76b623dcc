import type { FastifyInstance } from 'fastify'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make, monthsAgo, NOW, WORDING } from '../../test/make.ts'
import { answersTo, codeTo, openSite, premisesOf, tokenFor, traces } from '../../test/site.ts'
import { recordChoices } from '../consent/record-choice.ts'
import { inLibrary } from '../db/scope.ts'
import type { Library } from '../patrons/library.ts'
import { readOffers } from '../signups/offers-file.ts'
import { setOffers } from '../signups/set-offers.ts'
import { listTasks } from '../staff/tasks.ts'
import { usualLimits } from './rate-limit.ts'

const house = openHouse()
let site: FastifyInstance
let maple: Library
let birch: Library
let rosa: string
let karl: string
let at = NOW
const later = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000)

beforeAll(async () => {
  const premises = { ...premisesOf(house), clock: { now: () => at } }
  site = await openSite(house, {
    readiness: () => ({ kind: 'open', premises, doing: null }),
    limits: {
      ...usualLimits,
      address: { holds: 5000, refillsPerSecond: 100 },
      token: { holds: 5000, refillsPerSecond: 100 },
    },
  })
  maple = await make.library(house, { key: 'maple' })
  birch = await make.library(house, { key: 'birch' })
  for (const library of [maple, birch])
    await make.patrons(house, library, [
      { id: 'rosa', email: 'rosa@example.org', lastUse: monthsAgo(4), consents: ['reengagement/email'] },
      { id: 'karl', given: 'Karl', email: 'karl@example.net', lastUse: monthsAgo(4), consents: ['events/email'] },
    ])
  rosa = await tokenFor(house, maple, { id: 'rosa', email: 'rosa@example.org' })
  karl = await tokenFor(house, maple, { id: 'karl', email: 'karl@example.net' })
})
afterAll(() => site.close())

const post = (url: string, fields: Record<string, string> = {}) =>
  site.inject({
    method: 'POST',
    url,
    payload: new URLSearchParams(fields).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  })
const rosasCode = () => codeTo(house, maple, 'rosa@example.org')
const proofIn = (body: string) => /name="proof" value="([^"]+)"/.exec(body)?.[1] ?? ''
const forgetCodes = () =>
  inLibrary(house.database.logins, 'circulation', maple.libraryNo, async (scope) => {
    await sql`delete from mail.answer where library_no = ${maple.libraryNo}`.execute(scope.tx)
    await sql`delete from outreach.fresh_code where library_no = ${maple.libraryNo}`.execute(scope.tx)
  })
/** With the code alone. */
async function comeInByCode(): Promise<string> {
  await forgetCodes()
  await post(`/p/${rosa}/code`)
  const page = await post(`/p/${rosa}/own`, { code: await rosasCode() })
  expect(page.statusCode).toBe(200)
  return proofIn(page.body)
}
/** With the number on the card as well. */
async function comeIn(): Promise<string> {
  const page = await post(`/p/${rosa}/own`, { proof: await comeInByCode(), act: 'card', card: '2rosa' })
  expect(page.statusCode).toBe(200)
  return proofIn(page.body)
}

describe('the fresh code', () => {
  test('goes to the address and nowhere else, and says what it is for', async () => {
    await post(`/p/${rosa}/code`, { email: 'thief@example.net' })
    expect(await answersTo(house, maple, 'thief@example.net')).toEqual([])
    const [mail] = await answersTo(house, maple, 'rosa@example.org')
    expect(mail!.subject).toBe('Your code for Maple Falls Library')
    expect(mail!.subject).not.toMatch(/\d/)
    expect(mail!.text).toContain('Perhaps you passed on one of our messages.')
  })

  test('opens the page once; typed with a space or a dash it is the same', async () => {
    const code = await rosasCode()
    const page = await post(`/p/${rosa}/own`, { code: `${code.slice(0, 3)}-${code.slice(3)} ` })
    expect([page.statusCode, page.body.includes('All we keep about you')]).toEqual([200, true])
    expect(page.headers['set-cookie']).toBeUndefined()
    const replayed = await post(`/p/${rosa}/own`, { code })
    expect([replayed.statusCode, replayed.body.includes('no longer good')]).toEqual([400, true])
  })

  test('is over after ten minutes', async () => {
    await post(`/p/${rosa}/code`)
    at = later(10)
    expect((await post(`/p/${rosa}/own`, { code: await rosasCode() })).statusCode).toBe(400)
    at = NOW
  })

  test('is over after five wrong tries, even when they come in one breath', async () => {
    await post(`/p/${rosa}/code`)
    const code = await rosasCode()
    const wrong = code === '000000' ? '111111' : '000000'
    const tries = await Promise.all([1, 2, 3, 4, 5, 6].map(() => post(`/p/${rosa}/own`, { code: wrong })))
    expect(tries.filter((page) => page.body.includes('Those are not the digits')).length).toBe(4)
    expect((await post(`/p/${rosa}/own`, { code })).body).toContain('no longer good')
  })

  test('of another person, another address or another library opens nothing', async () => {
    await forgetCodes()
    await post(`/p/${rosa}/code`)
    const code = await rosasCode()
    const elsewhere = await tokenFor(house, birch, { id: 'rosa', email: 'rosa@example.org' })
    const old = await tokenFor(house, maple, { id: 'rosa', email: 'old@example.org' })
    for (const link of [karl, elsewhere, old]) expect((await post(`/p/${link}/own`, { code })).statusCode).toBe(400)
    expect((await post(`/p/${rosa}/own`, { code })).statusCode).toBe(200)
  })

  test('is sent three times an hour for one link, and the page says the same however often somebody presses', async () => {
    await forgetCodes()
    const pages = await Promise.all(Array.from({ length: 14 }, () => post(`/p/${rosa}/code`)))
    expect(new Set(pages.map((page) => `${page.statusCode} ${page.body}`)).size).toBe(1)
    expect(await answersTo(house, maple, 'rosa@example.org')).toHaveLength(3)
    at = later(61)
    for (let i = 0; i < 4; i++) await post(`/p/${rosa}/code`)
    expect(await answersTo(house, maple, 'rosa@example.org')).toHaveLength(5)
    at = later(25 * 60)
    await post(`/p/${rosa}/code`)
    expect(await answersTo(house, maple, 'rosa@example.org')).toHaveLength(6)
    at = NOW
  })

  test('whoever was passed one message uses up neither the codes nor the tries of its reader, who has another link', async () => {
    await forgetCodes()
    const own = await tokenFor(house, maple, { id: 'rosa', email: 'rosa@example.org', message: '0' })
    await post(`/p/${own}/code`)
    const code = await rosasCode()
    for (let i = 0; i < 9; i++) {
      await post(`/p/${rosa}/code`)
      await post(`/p/${rosa}/own`, { code: '000000' })
    }
    expect((await post(`/p/${own}/own`, { code })).statusCode).toBe(200)
    await post(`/p/${own}/code`)
    expect((await post(`/p/${own}/own`, { code: await rosasCode() })).statusCode).toBe(200)
  })

  test('goes to one address twenty times a day at most, by whatever links', async () => {
    await forgetCodes()
    for (let i = 1; i <= 24; i++)
      await post(`/p/${await tokenFor(house, maple, { id: 'rosa', email: 'rosa@example.org', message: `${i}` })}/code`)
    expect(await answersTo(house, maple, 'rosa@example.org')).toHaveLength(20)
  })
})

describe('the card number beside the code', () => {
  const inner = /Delgado|Branch|Card valid until|own\/file|own\/erase|You said yes to this: a note/

  test('a code alone shows what went to the mailbox, and neither the record nor the file nor erasing', async () => {
    const proof = await comeInByCode()
    const page = await post(`/p/${rosa}/own?lang=en`, { proof })
    expect(page.body).toContain('What we sent you in the last year')
    expect(page.body).toContain('Number on your library card')
    expect(page.body).not.toMatch(inner)
    for (const [door, more] of [
      ['own/file', {}],
      ['own/erase', {}],
      ['own/erase', { step: 'now', sure: 'yes' }],
    ] as const) {
      const answer = await post(`/p/${rosa}/${door}?lang=en`, { proof, ...more })
      expect([door, answer.statusCode]).toEqual([door, 403])
      expect(answer.body).toContain('Number on your library card')
      expect(answer.body).not.toMatch(inner)
    }
    expect(await make.number(house, maple, 'rosa')).toBeTruthy()
  })

  test('the right number opens the rest, from the very form that asks for it', async () => {
    const proof = await comeInByCode()
    const asked = await post(`/p/${rosa}/own/file?lang=en`, { proof })
    expect(asked.body).toContain('action="../own?lang=en"')
    const page = await post(`/p/${rosa}/own?lang=en`, { proof, act: 'card', card: ' 2ROSA ' })
    expect([page.statusCode, page.body.includes('Rosa Delgado')]).toEqual([200, true])
    expect((await post(`/p/${rosa}/own/file`, { proof: proofIn(page.body) })).statusCode).toBe(200)
    // The seal from before has not grown by it.
    expect((await post(`/p/${rosa}/own/file`, { proof })).statusCode).toBe(403)
  })

  test('five wrong numbers close it until a new code, even for the right one, and even in one breath', async () => {
    const proof = await comeInByCode()
    const tries = await Promise.all(
      [1, 2, 3, 4, 5, 6].map((n) => post(`/p/${rosa}/own?lang=en`, { proof, act: 'card', card: `2${n}` })),
    )
    expect(tries.every((page) => page.statusCode === 400)).toBe(true)
    expect(tries.filter((page) => page.body.includes('This number did not open it')).length).toBe(4)
    const late = await post(`/p/${rosa}/own?lang=en`, { proof, act: 'card', card: '2rosa' })
    expect(late.body).toContain('That was five times.')
    expect(late.body).not.toMatch(inner)
    await comeIn()
  })

  test('the number of another card opens nothing, nor does one where the file brings none, and the page says the same', async () => {
    const proof = await comeInByCode()
    const others = await post(`/p/${rosa}/own?lang=en`, { proof, act: 'card', card: '2karl' })
    await inLibrary(house.database.logins, 'circulation', maple.libraryNo, async (scope) =>
      sql`update outreach.standing set card_key = null where library_no = ${maple.libraryNo}
          and patron_no = ${await make.number(house, maple, 'rosa')}::bigint`.execute(scope.tx),
    )
    const unknown = await post(`/p/${rosa}/own?lang=en`, { proof, act: 'card', card: '2rosa' })
    expect([others.statusCode, unknown.statusCode]).toEqual([400, 400])
    const without = (body: string) => body.replaceAll(/value="[^"]{80,}"/g, '')
    expect(without(others.body)).toBe(without(unknown.body))
    await make.roster(house, maple, [
      { id: 'rosa', email: 'rosa@example.org', lastUse: monthsAgo(3) },
      { id: 'karl', given: 'Karl', email: 'karl@example.net', lastUse: monthsAgo(4) },
    ])
  })

  test('of somebody without a card the code alone opens everything, and it speaks of no card', async () => {
    const email = 'inge@example.org'
    const patron = '4711'
    const topics = { talks: { en: 'Talks', es: 'Charlas' }, tales: { en: 'Story times', es: 'Cuentacuentos' } }
    const offers = readOffers({ offers: [{ purpose: 'events', topics }] }, 'offers', birch)
    await setOffers(house.database.logins, birch, offers, NOW)
    const addressHash = house.database.logins.seals.hashFor(birch.key)('email', email)
    await inLibrary(house.database.logins, 'circulation', birch.libraryNo, async (scope) => {
      await sql`insert into outreach.standing (library_no, patron_no, has_card, status, branch, category, language, email_given, email_usable, email_hash, household, identity_known)
                values (${birch.libraryNo}, ${patron}::bigint, false, 'active', '', '', 'en', true, true, ${addressHash}, ${patron}::bigint, true)`.execute(
        scope.tx,
      )
      await sql`insert into roster.identity (library_no, patron_no, given_name, family_name, preferred_name, email, phone, address_line1, address_line2, city, region, postal_code, country, typed)
                values (${birch.libraryNo}, ${patron}::bigint, 'Inge', '', '', ${email}, '614-555-0123', '', '', '', '', '', '', true)`.execute(
        scope.tx,
      )
    })
    const yes = make.choice(patron, 'events/email', 'grant', '2026-01-01T10:00:00Z', { topics: '2' })
    await recordChoices(house.database.logins, birch.libraryNo, [yes], NOW)
    const link = premisesOf(house).links.sign({
      library: birch.libraryNo,
      message: '0',
      patron,
      purpose: 255,
      addressHash,
    })
    await post(`/p/${link}/code`)
    const page = await post(`/p/${link}/own?lang=en`, { code: await codeTo(house, birch, email) })
    expect(page.body).toContain('614-555-0123')
    expect(page.body).not.toContain('Number on your library card')
    // There is no heading of a patron file that says nothing of her.
    expect(page.body).not.toContain('From the library’s patron file')
    expect(page.body).not.toContain('Facts from your card')
    expect(page.body).toContain('You said yes to this: events, by email. Only these kinds: Story times.')
    expect((await post(`/p/${link}/own/file`, { proof: proofIn(page.body) })).statusCode).toBe(200)
  })
})

describe('the seal in the forms', () => {
  test('lasts a quarter of an hour and belongs to one link’s person, address and library', async () => {
    const proof = await comeIn()
    const elsewhere = await tokenFor(house, birch, { id: 'rosa', email: 'rosa@example.org' })
    for (const link of [karl, elsewhere]) expect((await post(`/p/${link}/own`, { proof })).statusCode).toBe(403)
    for (const forged of ['', 'x', `${proof}A`, proof.slice(1)])
      expect((await post(`/p/${rosa}/own`, { proof: forged })).statusCode).toBe(403)
    expect((await post(`/p/${rosa}/own`)).statusCode).toBe(403)
    expect((await post(`/p/${rosa}/own`, { proof })).statusCode).toBe(200)
    at = later(15)
    const late = await post(`/p/${rosa}/own`, {
      proof,
      act: 'choices',
      yes: 'events/email',
      pace: 'library',
      language: 'en',
    })
    expect([late.statusCode, late.body.includes('This page has closed')]).toEqual([403, true])
    at = NOW
  })

  test('never stands in an address, and no page can be got without a form', async () => {
    expect((await site.inject(`/p/${rosa}/own`)).statusCode).toBe(404)
    expect((await site.inject(`/p/${rosa}/code`)).statusCode).toBe(404)
  })
})

describe('behind the code', () => {
  test('choices are changed in both directions at once', async () => {
    const proof = await comeIn()
    const fields = { proof, act: 'choices', was: 'reengagement/email', yes: 'events/email', pace: '90', language: 'es' }
    const page = await post(`/p/${rosa}/own?lang=en`, fields)
    for (const said of [
      'No more of this: a note now and then',
      'Yes to this: events',
      'At most one message in 90 days',
    ])
      expect(page.body).toContain(said)
  })

  test('each message of the year is there with what it rested on, or what held it back, in the reader’s language', async () => {
    await make.patrons(house, maple, [
      { id: 'rosa', email: 'rosa@example.org', lastUse: monthsAgo(4), consents: ['reengagement/email'] },
    ])
    const proof = await comeIn()
    const none = await post(`/p/${rosa}/own?lang=en`, { proof })
    expect(none.body).toContain('What we sent you in the last year</h2><p>Nothing.</p>')
    const patron = await make.number(house, maple, 'rosa')
    const root = await house.connectAsSuperuser()
    for (const [no, state, reasons, when] of [
      [901, 'accepted', null, '2026-10-01T12:00:00Z'],
      [902, 'withheld', ['PAUSED', 'MADE_UP'], '2026-11-01T12:00:00Z'],
      [903, 'accepted', null, '2025-10-01T12:00:00Z'],
    ] as const)
      await root.query(
        `insert into mail.message (library_no, message_no, patron_no, channel, purpose, basis, sender, state, due_at, reasons)
         values ($1, $2, $3, 'email', 'reengagement', 'consent', 'outreach-email', $4, $5, $6)`,
        [maple.libraryNo, no, patron, state, when, reasons],
      )
    const english = (await post(`/p/${rosa}/own?lang=en`, { proof })).body
    expect(english).toContain('on May 3, 2025 you said yes to this: a note now and then')
    expect(english).toContain('Why not: you had asked us for a break; one of our rules held it back.')
    expect(english).not.toContain('October 1, 2025:')
    expect((await post(`/p/${rosa}/own?lang=es`, { proof })).body).toContain('nos habías pedido una pausa')
  })

  test('a new address is passed to staff as it was written and changes nothing', async () => {
    const proof = await comeIn()
    const said = 'rosa.new@example.org <script>alert(1)</script>'
    const before = await traces(house, maple)
    expect((await post(`/p/${rosa}/own`, { proof, act: 'address', said: ' ' })).body).toContain('role="alert"')
    const page = await post(`/p/${rosa}/own`, { proof, act: 'address', said })
    expect(page.body).toContain('role="status"')
    expect(page.body).not.toContain('<script>')
    const tasks = await listTasks(house.database.logins, maple, { who: 'Ana', all: false })
    expect(tasks).toMatchObject([{ kind: 'address', patronId: 'rosa', said, due: '2026-11-29' }])
    expect(await traces(house, maple)).toEqual(before)
    const mail = (await answersTo(house, maple, maple.email)).at(-1)!
    expect(mail.text).toContain('gentle tasks list --library maple')
    expect(`${mail.subject}${mail.text}`).not.toMatch(/rosa|Delgado|example\.org <script/i)
  })
})

describe('what is kept, to take along and to have forgotten', () => {
  test('the page tells what exists, since when and until when, and what was chosen with which words', async () => {
    const proof = await comeIn()
    const page = (await post(`/p/${rosa}/own?lang=en`, { proof })).body
    for (const said of [
      'Rosa Delgado',
      'Forgotten when your last yes has ended',
      'Deleted by itself after 730 days',
      'Who can read it: ',
      'You said yes to this: a note',
      WORDING,
    ])
      expect(page).toContain(said)
  })

  test('who stopped one kind reads that, and not that the whole address is closed', async () => {
    await inLibrary(house.database.logins, 'circulation', maple.libraryNo, (scope) =>
      sql`insert into outreach.suppression (library_no, channel, address_hash, purposes, reason, since)
          values (${maple.libraryNo}, 'email', ${house.database.logins.seals.hashFor('maple')('email', 'rosa@example.org')}, 16, 'stopped', ${NOW})`.execute(
        scope.tx,
      ),
    )
    const page = (await post(`/p/${rosa}/own?lang=en`, { proof: await comeIn() })).body
    expect(page).toMatch(/We may not write to your address about this: [^.]*events\./)
    expect(page).not.toMatch(/about this: [^.]*(new titles|gifts)/)
    await inLibrary(house.database.logins, 'circulation', maple.libraryNo, (scope) =>
      sql`update outreach.suppression set lifted_at = ${NOW} where library_no = ${maple.libraryNo}`.execute(scope.tx),
    )
  })

  test('the file is the whole record as JSON, not kept by any cache', async () => {
    const proof = await comeIn()
    const file = await post(`/p/${rosa}/own/file`, { proof })
    expect(file.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'content-disposition': 'attachment; filename="maple-2026-11-22.json"',
      'cache-control': 'no-store',
    })
    expect(file.json()).toMatchObject({ identity: { givenName: 'Rosa' }, library: { key: 'maple' } })
    for (const fields of [{}, { proof: 'x' }, { proof, code: '000000' }] as Record<string, string>[])
      expect((await post(`/p/${rosa}/own/file`, fields)).statusCode).toBeGreaterThanOrEqual(400)
  })

  test('a cardholder’s street, phone and month of last use stand in the file, and never open on a screen', async () => {
    await make.roster(house, maple, [
      { id: 'rosa', email: 'rosa@example.org', phone: '614-555-0142', lastUse: monthsAgo(4) },
      { id: 'karl', given: 'Karl', email: 'karl@example.net', lastUse: monthsAgo(4) },
    ])
    const proof = await comeIn()
    const page = (await post(`/p/${rosa}/own?lang=en`, { proof })).body
    expect(page).not.toMatch(/0142|2026-07/)
    const file = (await post(`/p/${rosa}/own/file`, { proof })).json()
    expect(file.facts.lastUse).toBe('2026-07')
    expect(file.identity.phone).toContain('0142')
  })

  test('each look of the patron’s own is written down, too', async () => {
    const root = await house.connectAsSuperuser()
    const { rows } = await root.query(
      `select count(*)::int as looks from desk.audit where who = 'the patron' and library_no = $1`,
      [maple.libraryNo],
    )
    expect(rows[0].looks).toBeGreaterThan(2)
  })

  test('whoever reads the mailbox that Vera has left learns nothing of hers, changes nothing and erases nothing', async () => {
    const vera = { id: 'vera', given: 'Vera', lastUse: monthsAgo(4), consents: ['reengagement/email' as const] }
    await make.patrons(house, birch, [{ ...vera, email: 'shared@example.org' }])
    const link = await tokenFor(house, birch, { id: 'vera', email: 'shared@example.org' })
    await post(`/p/${link}/code`)
    const early = await post(`/p/${link}/own`, { code: await codeTo(house, birch, 'shared@example.org') })
    const proof = proofIn(early.body)
    expect(proof).not.toBe('')
    await make.roster(house, birch, [{ ...vera, email: 'safe@example.net', phone: '614-555-0199' }], {
      approvedBy: 'x',
    })
    // What was opened before she left opens nothing any more …
    for (const [door, more] of [
      ['own', {}],
      ['own/file', {}],
      ['own/erase', { step: 'now', sure: 'yes' }],
    ] as const) {
      const answer = await post(`/p/${link}/${door}`, { proof, ...more })
      expect([door, answer.statusCode]).toEqual([door, 403])
      expect(answer.body).not.toMatch(/safe@|Vera|555-?0199/)
    }
    // … and no new code comes, though the page says what it always says.
    const before = (await answersTo(house, birch, 'shared@example.org')).length
    expect((await post(`/p/${link}/code`, { email: 'shared@example.org' })).statusCode).toBe(200)
    expect(await answersTo(house, birch, 'shared@example.org')).toHaveLength(before)
    expect(await answersTo(house, birch, 'safe@example.net')).toEqual([])
    expect(await make.number(house, birch, 'vera')).toBeTruthy()
  })

  test('a yes to what the library does not offer is not made up, nor for a channel that nothing proved', async () => {
    const proof = await comeIn()
    const before = (await traces(house, maple))!.entries
    const page = await post(`/p/${rosa}/own?lang=en`, {
      proof,
      act: 'choices',
      was: 'reengagement/email',
      yes: 'fundraising/sms',
      pace: 'library',
      language: 'en',
    })
    expect(page.body).toContain('Not noted, because the library does not offer it: requests for gifts')
    expect(page.body).not.toContain('Yes to this')
    expect((await traces(house, maple))!.entries - before).toBeLessThanOrEqual(1)
    const root = await house.connectAsSuperuser()
    const { rows } = await root.query(
      `select count(*)::int as n from outreach.ledger where library_no = $1 and decision = 'grant' and purpose = 'fundraising'`,
      [maple.libraryNo],
    )
    expect(rows[0].n).toBe(0)
  })

  test('a child’s own yes is not noted, and the page says so; less and a slower pace are', async () => {
    const lena = { id: 'lena', given: 'Lena', email: 'lena@example.com', born: '2012-06-01', lastUse: monthsAgo(1) }
    await make.roster(house, birch, [lena], { approvedBy: 'x' })
    const link = await tokenFor(house, birch, { id: 'lena', email: 'lena@example.com' })
    await post(`/p/${link}/code`, { email: 'lena@example.com' })
    const fields = { was: '', yes: 'events/email', pace: '90', language: 'en' }
    const before = await traces(house, birch)
    const code = await codeTo(house, birch, 'lena@example.com')
    const page = await post(`/p/${link}/own?lang=en`, { ...fields, code })
    expect(page.body).toContain('Your yes was not noted.')
    expect(page.body).toContain('At most one message in 90 days.')
    expect(page.body).not.toMatch(/Yes to this|until the first message comes/)
    expect(await traces(house, birch)).toEqual(before)
  })

  test('of a mailbox that several people read only what went there is shown; no name, no file, no erasing', async () => {
    await make.patrons(house, birch, [
      { id: 'rosa', email: 'family@example.org', lastUse: monthsAgo(4), consents: ['reengagement/email'] },
      { id: 'mateo', given: 'Mateo', email: 'family@example.org', consents: ['reengagement/email'] },
    ])
    const link = await tokenFor(house, birch, { id: 'rosa', email: 'family@example.org' })
    await post(`/p/${link}/code`)
    const page = await post(`/p/${link}/own`, { code: await codeTo(house, birch, 'family@example.org') })
    expect(page.statusCode).toBe(200)
    expect(page.body).toContain('More than one person reads this address')
    expect(page.body).not.toMatch(/Rosa|Delgado|Mateo|own\/file|own\/erase|Month of last card use/)
    const proof = proofIn(page.body)
    expect((await post(`/p/${link}/own/file`, { proof })).statusCode).toBe(403)
    expect((await post(`/p/${link}/own/erase?lang=en`, { proof, step: 'now', sure: 'yes' })).statusCode).toBe(403)
    expect(await make.number(house, birch, 'rosa')).toBeTruthy()
  })

  test('erasing is asked about once more, and then everything is gone, tasks and wishes and codes included', async () => {
    const proof = await comeIn()
    await post(`/p/${rosa}/own`, { proof, act: 'address', said: 'Rosa, 5 New Street' })
    const asked = await post(`/p/${rosa}/own/erase?lang=en`, { proof })
    expect(asked.body).toContain('Nobody can bring them back.')
    const unsure = await post(`/p/${rosa}/own/erase?lang=en`, { proof, step: 'now' })
    expect([unsure.statusCode, unsure.body.includes('Nothing was erased.')]).toEqual([400, true])
    const patron = await make.number(house, maple, 'rosa')
    const done = await post(`/p/${rosa}/own/erase?lang=en`, { proof, step: 'now', sure: 'yes' })
    expect(done.body).toContain('Done. It is all erased.')
    const root = await house.connectAsSuperuser()
    for (const table of [
      'outreach.standing',
      'outreach.preference',
      'outreach.fresh_code',
      'desk.task',
      'roster.identity',
    ])
      expect([table, (await root.query(`select from ${table} where patron_no = $1`, [patron])).rowCount]).toEqual([
        table,
        0,
      ])
    // The link still opens a kind page, and still stops.
    expect((await site.inject(`/p/${rosa}?lang=en`)).body).toContain('We no longer keep anything')
    expect((await post(`/p/${rosa}/own`, { proof })).statusCode).toBe(403)
    expect(
      (await post(`/p/${rosa}`, { was: '', yes: 'events/email', pace: 'library', language: 'en' })).statusCode,
    ).toBe(400)
  })
})
