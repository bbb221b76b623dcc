import type { FastifyInstance } from 'fastify'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make, monthsAgo, NOW, WORDING } from '../../test/make.ts'
import { openSite, tokenFor, traces } from '../../test/site.ts'
import { verifyLedger } from '../consent/verify-ledger.ts'
import { inLibrary, rowsOf } from '../db/scope.ts'
import { keyedHashFor } from '../lib/keyed-hash.ts'
import { linkSigner } from '../lib/signed-links.ts'
import type { Library } from '../patrons/library.ts'
import { previewSegment } from '../segments/preview.ts'
import { LAPSED } from './report.ts'

const house = openHouse()
let site: FastifyInstance
let maple: Library

const family = 'delgado.family@example.org'
const quiet = { lastUse: monthsAgo(4), consents: ['reengagement/email', 'events/email'] as const }
const town = () => [
  { ...quiet, consents: [...quiet.consents], id: 'rosa', email: family },
  { ...quiet, consents: [...quiet.consents], id: 'mateo', given: 'Mateo', email: family },
  { ...quiet, consents: [...quiet.consents], id: 'mei', given: 'Mei Lin', email: 'meilin@example.com' },
  { ...quiet, consents: [...quiet.consents], id: 'tomas', given: 'Tomás', email: 'tomas@example.com', language: 'es' },
  { ...quiet, consents: [...quiet.consents], id: 'karl', given: 'Karl', email: 'karl@example.net' },
]

beforeAll(async () => {
  site = await openSite(house, { mode: 'production', publicUrl: 'https://letters.example.org' })
  maple = await make.library(house)
  await make.patrons(house, maple, town())
})
afterAll(() => site.close())

const form = 'application/x-www-form-urlencoded'
const get = (url: string, headers: Record<string, string> = {}) => site.inject({ url, headers })
const post = (url: string, payload = '', type = form) =>
  site.inject({ method: 'POST', url, payload, headers: { 'content-type': type } })
const token = (id: string, email: string, more: object = {}) => tokenFor(house, maple, { id, email, ...more })
const sendable = async (purpose: 'reengagement' | 'events' = 'reengagement', now = NOW) =>
  (await previewSegment(house.database.logins, { library: maple, purpose, channel: 'email', now }, LAPSED)).sendable
const ledgerOf = async (id: string) => {
  const patron = await make.number(house, maple, id)
  return inLibrary(house.database.logins, 'circulation', maple.libraryNo, (scope) =>
    rowsOf(
      scope,
      sql<{ decision: string; purpose: string; method: string; attestedBy: string; until: Date | null }>`
      select decision, purpose, method, attested_by as "attestedBy", until from outreach.ledger
      where library_no = ${maple.libraryNo} and patron_no = ${patron}::bigint and decision <> 'grant' order by entry_no`,
    ),
  )
}

describe('GET and HEAD never act: link scanners follow every link', () => {
  test.each(['u', 'less', 'why'])('/%s in both languages', async (door) => {
    const before = await traces(house, maple)
    const link = `/${door}/${await token('rosa', family)}`
    for (const [language, url] of [
      ['en', link],
      ['es', `${link}?lang=es`],
    ]) {
      const page = await get(url!)
      expect(page.statusCode).toBe(200)
      expect(page.body).toContain(`<html lang="${language}" dir="ltr">`)
      expect(page.headers['content-language']).toBe(language)
      expect((await site.inject({ method: 'HEAD', url: url! })).statusCode).toBe(200)
    }
    expect(await traces(house, maple)).toEqual(before)
  })
})

test('a page speaks the language of the message before that of the browser', async () => {
  const spanish = await get(`/u/${await token('tomas', 'tomas@example.com')}`, { 'accept-language': 'en-US,en;q=0.9' })
  expect(spanish.body).toContain('¿No quieres más notas?')
  const nobody = await get('/u/cut-off', { 'accept-language': 'fr, es;q=0.8, en;q=0.3' })
  expect(nobody.body).toContain('No podemos leer este enlace')
})

test('altered, cut and invented tokens get a kind page and change nothing', async () => {
  const before = await traces(house, maple)
  const good = await token('rosa', family)
  const altered = good.slice(0, 10) + (good[10] === 'A' ? 'B' : 'A') + good.slice(11)
  for (const bad of [
    altered,
    good.slice(0, -1),
    `${good}A`,
    'x',
    encodeURIComponent("'; drop table"),
    '%00',
    'A'.repeat(190),
  ])
    for (const door of ['u', 'less', 'why']) {
      const page = await get(`/${door}/${bad}`)
      expect([400, 404], bad).toContain(page.statusCode)
      if (door !== 'why')
        expect((await post(`/${door}/${bad}`, 'choice=nothing')).statusCode).toBeGreaterThanOrEqual(400)
    }
  expect((await get(`/u/${altered}`)).body).toContain('We cannot read this link')
  expect(await traces(house, maple)).toEqual(before)
})

describe('unsubscribe', () => {
  test('the one-click button of a mail program stops all notes to the address, for everybody who reads it', async () => {
    const before = await sendable()
    const url = `/u/${await token('rosa', family)}`
    const answer = await post(url, 'List-Unsubscribe=One-Click') // no cookie, no origin, no referrer
    expect(answer.statusCode).toBe(200)
    expect(answer.headers['set-cookie']).toBeUndefined()
    // Rosa and Mateo were one household with one note.
    expect(await sendable()).toBe(before - 1)
    expect(await sendable('events')).toBe(before - 1)
    expect(await ledgerOf('rosa')).toMatchObject([
      { decision: 'stop', purpose: 'all', method: 'one-click unsubscribe' },
    ])
  })

  test('a second and a tenth time is fine, and the ledger does not grow by it', async () => {
    const url = `/u/${await token('rosa', family)}`
    const before = await traces(house, maple)
    for (let i = 0; i < 10; i++) expect((await post(url, 'List-Unsubscribe=One-Click')).statusCode).toBe(200)
    expect(await traces(house, maple)).toEqual(before)
  })

  test('whoever shares the address can still say it for themselves', async () => {
    await post(`/u/${await token('mateo', family)}`)
    expect(await ledgerOf('mateo')).toMatchObject([{ decision: 'stop', purpose: 'all', method: 'unsubscribe page' }])
  })

  test('the stop button works as multipart and without any body, too', async () => {
    const url = `/u/${await token('mei', 'meilin@example.com')}`
    const boundary = '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n'
    const answer = await post(url, boundary, 'multipart/form-data; boundary=b')
    expect(answer.statusCode).toBe(200)
    expect(answer.headers['content-type']).toContain('text/plain')
    expect(await ledgerOf('mei')).toMatchObject([{ method: 'one-click unsubscribe' }])
    expect((await site.inject({ method: 'POST', url })).statusCode).toBe(200)
    expect((await post(url, '{"a":', 'application/json')).statusCode).toBe(200)
  })

  test('the page says what still comes', async () => {
    const url = `/u/${await token('mei', 'meilin@example.com')}`
    expect((await get(url)).body).toContain('Notices about your own loans and holds still come')
    expect((await post(url)).body).toContain('Done. No more notes.')
    expect((await post(`${url}?lang=es`)).body).toContain('Listo. No recibirás más notas.')
  })

  test('a yes said later counts again, and a stop after it counts once more', async () => {
    const url = `/u/${await token('mei', 'meilin@example.com')}`
    const later = new Date(NOW.getTime() + 60_000)
    await make.says(house, maple, 'mei', 'reengagement/email', 'grant', later)
    expect((await traces(house, maple))!.stops).toBeGreaterThan(0)
    const again = await openSite(house, { now: new Date(NOW.getTime() + 120_000) })
    await again.inject({ method: 'POST', url })
    await again.close()
    expect((await ledgerOf('mei')).map((entry) => entry.decision)).toEqual(['stop', 'stop'])
  })

  test('somebody erased since, and a library since removed', async () => {
    const { hashing, links } = house.database.keys
    const hash = keyedHashFor(hashing, maple.key)('email', 'gone@example.org')
    const link = { message: '7', patron: '123456789', purpose: 2, addressHash: hash }
    const erased = linkSigner(links).sign({ library: maple.libraryNo, ...link })
    expect((await get(`/u/${erased}`)).statusCode).toBe(200)
    expect((await get(`/why/${erased}`)).body).toContain('We no longer keep anything')
    expect((await post(`/less/${erased}`, 'choice=year')).statusCode).toBe(200)
    const before = await traces(house, maple)
    expect((await post(`/u/${erased}`, 'List-Unsubscribe=One-Click')).statusCode).toBe(200)
    expect((await traces(house, maple))!.stops).toBe(before!.stops + 1)

    const removed = linkSigner(links).sign({ library: 99_999, ...link })
    for (const door of ['u', 'less', 'why']) {
      const page = await get(`/${door}/${removed}`, { 'accept-language': 'es' })
      expect([page.statusCode, page.body.includes('ya no escribe desde aquí')]).toEqual([200, true])
    }
    expect((await post(`/u/${removed}`, 'List-Unsubscribe=One-Click')).statusCode).toBe(200)
  })
})

describe('less rather than nothing', () => {
  test('six months of quiet: nothing now, and a note again afterwards', async () => {
    const url = `/less/${await token('tomas', 'tomas@example.com')}`
    const before = await sendable()
    const page = await post(url, 'choice=half-year')
    expect(page.body).toContain('antes del 22 de mayo de 2027')
    expect(await sendable()).toBe(before - 1)
    const entries = await ledgerOf('tomas')
    expect(entries).toMatchObject([{ decision: 'pause', attestedBy: 'the patron' }])
    expect(entries[0]!.until!.toISOString().slice(0, 10)).toBe('2027-05-22')
    await post(url, 'choice=half-year')
    expect(await ledgerOf('tomas')).toHaveLength(1)
  })

  test('a longer pause is not cut short by a shorter one', async () => {
    const url = `/less/${await token('tomas', 'tomas@example.com')}`
    expect((await post(url, 'choice=year')).body).toContain('22 de noviembre de 2027')
    expect((await post(url, 'choice=half-year')).body).toContain('22 de noviembre de 2027')
  })

  test('this kind only: other kinds still come', async () => {
    const url = `/less/${await token('karl', 'karl@example.net')}`
    const [notes, events] = [await sendable(), await sendable('events')]
    const page = await post(url, 'choice=this-kind')
    expect(page.body).toContain('a note now and then')
    expect(await sendable()).toBe(notes - 1)
    expect(await sendable('events')).toBe(events)
  })

  test('nothing at all', async () => {
    const url = `/less/${await token('karl', 'karl@example.net')}`
    const events = await sendable('events')
    expect((await post(url, 'choice=nothing')).body).toContain('Done. No more notes.')
    expect(await sendable('events')).toBe(events - 1)
  })

  test('no choice, or one that does not exist, is asked for again', async () => {
    const url = `/less/${await token('karl', 'karl@example.net')}`
    const before = await traces(house, maple)
    for (const body of ['', 'choice=everything', 'choice=nothing&choice=year']) {
      const page = await post(url, body)
      expect([page.statusCode, page.body.includes('Please choose one of these first.')]).toEqual([400, true])
    }
    expect(await traces(house, maple)).toEqual(before)
  })
})

describe('why', () => {
  test('tells the day, the occasion and the very words, and neither name nor address', async () => {
    await make.says(house, maple, 'rosa', 'reengagement/email', 'grant', new Date(NOW.getTime() + 1000))
    await make.roster(house, maple, town(), { approvedBy: 'the test' })
    const page = await get(`/why/${await token('rosa', family)}`)
    expect(page.body).toContain('On November 22, 2026 you said yes')
    expect(page.body).toContain('when you signed up for your card')
    expect(page.body).toContain(WORDING)
    expect(page.body).toContain('d•••@example.org')
    expect(page.body).not.toMatch(/Rosa|Delgado|delgado\.family/)
    expect(page.body).toMatch(/never know here what anybody borrows/)
  })

  test('says so when it has been stopped or paused since', async () => {
    expect((await get(`/why/${await token('karl', 'karl@example.net')}`)).body).toContain('we were asked to stop')
    expect((await get(`/why/${await token('tomas', 'tomas@example.com')}?lang=en`)).body).toContain(
      'wait until November 22, 2027',
    )
  })

  test('does not tell one person’s address to another who holds an old link', async () => {
    const page = await get(`/why/${await token('rosa', 'old.address@example.org')}`)
    expect(page.body).not.toContain('•••')
  })
})

test('after all this the ledger is whole', async () => {
  const proof = await inLibrary(house.database.logins, 'circulation', maple.libraryNo, verifyLedger)
  expect(proof.ok).toBe(true)
})
