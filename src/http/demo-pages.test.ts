import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make, monthsAgo, NOW } from '../../test/make.ts'
import { demoLibrary, ORIGIN, openSite, sendAll } from '../../test/site.ts'
import type { Library } from '../patrons/library.ts'

const house = openHouse()
let site: FastifyInstance
let maple: Library

const SCRIPT = '<script>alert(1)</script>'
const headers = { host: 'localhost:8080', origin: ORIGIN, 'sec-fetch-site': 'same-origin' }
const get = async (url: string) => (await site.inject({ url, headers })).body
const press = (act: string) => site.inject({ method: 'POST', url: `/library/maple/mailing/${act}`, headers })

beforeAll(async () => {
  maple = await demoLibrary(house, {
    key: 'maple',
    name: `Maple ${SCRIPT} Library`,
    postalAddress: `12 "Main" Street ${SCRIPT}`,
    phone: '614-555-0100" onclick="x',
    url: 'javascript:alert(1)',
  })
  site = await openSite(house)
})
afterAll(() => site.close())

const town = [
  { id: 'rosa', given: 'Rosa', email: 'rosa@example.org', language: 'en' },
  { id: 'tomas', given: 'Tomás', email: 'tomas@example.com', language: 'es' },
  { id: 'script', given: SCRIPT, email: 'x@example.org', language: 'en', branch: SCRIPT, category: '"><img src=x>' },
  { id: 'dmitri', given: 'Dmitri', email: 'bounces@example.org' },
].map((person) => ({ ...person, lastUse: monthsAgo(4), consents: ['reengagement/email' as const] }))

/** No element and no attribute that the page itself did not write. */
function expectHarmless(body: string): void {
  expect(body).not.toContain('<script')
  expect(body).not.toContain('<img')
  expect(body).not.toMatch(/ on\w+="/)
  expect(body).not.toMatch(/href="javascript:/i)
}

test('a library with no patron file yet says what to do, and nobody is written to', async () => {
  const home = await get('/')
  expect(home).toContain('No patron file has come in yet')
  expect(home).toContain('There is nobody to write to now.')
  expect(await get('/mailroom')).toContain('Nothing has left yet.')
})

describe('the story', () => {
  let unsubscribe = ''

  test('the first page shows the town, the letter in both languages, and why others are left alone', async () => {
    await make.patrons(house, maple, [
      ...town,
      { id: 'priya', email: 'priya@example.com', lastUse: monthsAgo(5), consents: [] as never },
    ])
    const home = await get('/')
    expect(home).toMatch(/<strong>4 households<\/strong>/)
    expect(home).toContain('No comparison group')
    expect(home).toContain('Hello Rosa,')
    expect(home).toContain('Hola, Tomás:')
    expect(home).toContain('have not said yes to this')
    expect(home).toContain('On your own first day nobody has agreed yet')
    expectHarmless(home)
  })

  test('approve and launch, pause, go on, start now: each says where it stands', async () => {
    expect((await press('launch')).statusCode).toBe(303)
    expect(await get('/')).toContain('The first leaves on November 22, 2026 at 10:15 AM')
    expect((await press('launch')).statusCode).toBe(409)
    await press('pause')
    expect(await get('/')).toContain('Paused. Nothing leaves until it goes on.')
    expect((await press('start')).statusCode).toBe(409)
    await press('resume')
    expect((await press('another')).body).toContain('is not over yet')
    await press('start')
    expect(await get('/')).toContain('4 are waiting to leave.')
  })

  test('the mailroom fills, and a mail is shown in every form', async () => {
    await sendAll(house, maple)
    expect(await get('/')).toContain('3 have left.')
    expect(await get('/')).toContain('1 came back: there is no such mailbox.')
    const room = await get('/mailroom')
    expect(room).toContain('rosa@example.org')
    expect(room).toContain('Spanish')
    expect(room).toContain('came back: no such mailbox')
    expectHarmless(room)
    for (const [, messageNo] of room.matchAll(/href="mailroom\/(\d+)"/g)) {
      const page = await get(`/mailroom/${messageNo}`)
      expectHarmless(page)
      expect(page).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click')
      expect(page).toContain('has said yes to this')
      const shown = await site.inject({ url: `/mailroom/${messageNo}/html`, headers })
      expectHarmless(shown.body)
      const policy = shown.headers['content-security-policy'] as string
      expect(policy).toContain("default-src 'none'; style-src 'unsafe-inline'")
      expect(policy).toMatch(/sandbox(?!.*allow-(scripts|same-origin|forms|top))/)
      if (page.includes('rosa@example.org')) unsubscribe = /action="\.\.\/(u\/[\w-]+)"/.exec(page)![1]!
    }
  })

  test('who presses unsubscribe in the mailroom has left, for the next look too', async () => {
    const report = async () =>
      Number(/said no to this, or stopped it<\/th><td class="n">(\d+)/.exec(await get('/'))?.[1] ?? 0)
    const before = await report()
    expect((await site.inject({ method: 'POST', url: `/${unsubscribe}` })).statusCode).toBe(200)
    expect(await report()).toBe(before + 1)
  })

  test('after the end another mailing can be prepared, and cancelled', async () => {
    expect(await get('/')).toContain('It has all been sent.')
    expect((await press('another')).statusCode).toBe(303)
    expect(await get('/')).toContain('There is nobody to write to now.')
    await press('cancel')
    expect(await get('/')).toContain('Cancelled. Nothing more leaves.')
    expect((await press('fly')).statusCode).toBe(404)
  })
})

test('the mailroom is paged by number', async () => {
  const many = await demoLibrary(house, { key: 'many' })
  await make.patrons(
    house,
    many,
    Array.from({ length: 30 }, (_, i) => ({
      id: `${i}`,
      email: `p${i}@example.org`,
      lastUse: monthsAgo(4),
      consents: ['reengagement/email' as const],
    })),
  )
  await site.inject({ method: 'POST', url: '/library/many/mailing/launch', headers })
  await site.inject({ method: 'POST', url: '/library/many/mailing/start', headers })
  await sendAll(house, many, new Date(NOW.getTime() + 1000))
  const numbers = (body: string) => [...body.matchAll(/href="mailroom\/(\d+)"/g)].map((match) => Number(match[1]))
  const first = await get('/mailroom?library=many')
  const older = /href="(\?library=many&amp;before=\d+)"/.exec(first)![1]!.replace('&amp;', '&')
  const second = await get(`/mailroom${older}`)
  const all = [...numbers(first), ...numbers(second)]
  expect(numbers(first)).toHaveLength(25)
  expect(all).toEqual([...new Set(all)].sort((a, b) => b - a))
  expect(all).toHaveLength(30)
  expect(second).not.toContain('>Older<')
  for (const odd of ['before=0', "before=1'", 'before=99999999999999999999', 'before=-1'])
    expect((await site.inject({ url: `/mailroom?${odd}`, headers })).statusCode).toBe(404)
})
