import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make, monthsAgo } from '../../test/make.ts'
import { demoLibrary, ORIGIN, openSite, tokenFor } from '../../test/site.ts'
import type { Library } from '../patrons/library.ts'
import { openLimiter, usualLimits } from './rate-limit.ts'
import { buildServer } from './server.ts'

const house = openHouse()
let site: FastifyInstance
let maple: Library
let token: string

beforeAll(async () => {
  maple = await demoLibrary(house, { key: 'maple' })
  await make.library(house, { key: 'birch', name: 'Birch County Library' })
  await make.patrons(house, maple, [
    { id: 'rosa', email: 'rosa@example.org', lastUse: monthsAgo(4), consents: ['reengagement/email'] },
  ])
  token = await tokenFor(house, maple, { id: 'rosa', email: 'rosa@example.org' })
  site = await openSite(house)
})
afterAll(() => site.close())

const ours = { host: 'localhost:8080', origin: ORIGIN, 'sec-fetch-site': 'same-origin' }

test('every route says who may come in, none is for staff yet, and one that does not is refused', async () => {
  expect(site.declaredRoutes.length).toBeGreaterThan(10)
  const open = site.declaredRoutes.filter((route) => route.access === 'public' && route.method !== 'HEAD')
  expect(open.map((route) => `${route.method} ${route.url}`).sort()).toEqual([
    'GET /',
    ...['embed', 'join', 'join/yes/:token', 'preferences', 'renew'].map((door) => `GET /:library/${door}`),
    'GET /i/:token',
    'GET /keep/:token',
    'GET /less/:token',
    'GET /live.js',
    'GET /p/:token',
    'GET /p/:token/life/:event',
    'GET /style.css',
    'GET /u/:token',
    'GET /why/:token',
    ...['embed', 'embed/again', 'embed/code', 'join', 'join/again', 'join/code', 'join/yes/:token'].map(
      (door) => `POST /:library/${door}`,
    ),
    ...['preferences', 'renew', 'renew/again', 'renew/code'].map((door) => `POST /:library/${door}`),
    'POST /i/:token',
    'POST /keep/:token',
    'POST /less/:token',
    'POST /p/:token',
    'POST /p/:token/code',
    'POST /p/:token/life/:event',
    'POST /p/:token/own',
    'POST /p/:token/own/erase',
    'POST /p/:token/own/file',
    'POST /u/:token',
  ])
  const forPrograms = site.declaredRoutes.filter((route) => route.access === 'key').map(({ url }) => url)
  expect(forPrograms.every((url) => url.startsWith('/api/v1/:library/'))).toBe(true)
  expect(site.declaredRoutes.some((route) => route.access === 'staff')).toBe(false)
  const other = await openSite(house)
  expect(() => other.get('/quietly', async () => 'open')).toThrow('does not say who may come in')
  other.get('/desk', { config: { access: 'staff' } }, async () => 'open')
  expect((await other.inject('/desk')).statusCode).toBe(404)
  await other.close()
})

test('every answer carries the headers that keep a page to itself', async () => {
  const answers = await Promise.all([
    site.inject('/'),
    site.inject('/style.css'),
    site.inject(`/u/${token}`),
    site.inject('/u/wrong'),
    site.inject('/mailroom'),
    site.inject('/nothing'),
    site.inject('/mailroom/1'),
    site.inject('/%zz'),
    site.inject({ method: 'POST', url: '/library/maple/mailing/launch' }),
    site.inject({
      method: 'POST',
      url: `/less/${token}`,
      payload: 'x'.repeat(20_000),
      headers: { 'content-type': 'text/plain' },
    }),
  ])
  expect(answers.map((answer) => answer.statusCode)).toEqual([200, 200, 200, 404, 200, 404, 404, 400, 403, 400])
  for (const { headers } of answers) {
    const policy = headers['content-security-policy'] as string
    for (const rule of ["default-src 'none'", "style-src 'self'", "form-action 'self'", "frame-ancestors 'none'"])
      expect(policy).toContain(rule)
    expect(policy).not.toMatch(/unsafe|\*|https?:/)
    expect(headers['x-content-type-options']).toBe('nosniff')
    expect(headers['x-frame-options']).toBe('DENY')
    expect(headers['referrer-policy']).toMatch(/^(no-referrer|same-origin)$/)
    expect(headers['set-cookie']).toBeUndefined()
  }
  for (const door of ['u', 'less', 'why'])
    expect((await site.inject(`/${door}/${token}`)).headers).toMatchObject({
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    })
})

describe('the demo', () => {
  const launch = (headers: Record<string, string>) =>
    site.inject({ method: 'POST', url: '/library/maple/mailing/pause', headers })

  test.each([
    ['another site', { host: 'localhost:8080', origin: 'https://evil.example.net', 'sec-fetch-site': 'cross-site' }],
    [
      'another program on this machine',
      { host: 'localhost:8080', origin: 'http://localhost:3000', 'sec-fetch-site': 'same-site' },
    ],
    [
      'another port, in a browser that only says the origin',
      { host: 'localhost:8080', origin: 'http://localhost:3000' },
    ],
    ['a page that hides where it is', { host: 'localhost:8080', origin: 'null' }],
    ['nobody knows', { host: 'localhost:8080' }],
    [
      'a name that was pointed at this machine',
      { host: 'rebound.example.net', origin: 'http://rebound.example.net', 'sec-fetch-site': 'same-origin' },
    ],
  ])('refuses a form from %s', async (_who, headers) => {
    expect((await launch(headers)).statusCode).toBe(403)
  })

  test('takes a form of its own', async () => {
    // Still a draft, so there is nothing to pause: the form was read and answered.
    expect((await launch(ours)).statusCode).toBe(409)
    expect((await launch({ host: 'localhost:8080', origin: ORIGIN })).statusCode).toBe(409)
  })

  test('is shown under this machine’s own names only', async () => {
    for (const host of ['localhost:8080', '127.0.0.1:9', '[::1]:8080', 'LOCALHOST'])
      expect((await site.inject({ url: '/mailroom', headers: { host } })).statusCode).toBe(200)
    for (const host of ['evil.example.net', 'localhost.example.net', '127.0.0.1.example.net', '%'])
      expect((await site.inject({ url: '/mailroom', headers: { host } })).statusCode).toBe(403)
  })

  test('never acts for or shows a real library', async () => {
    for (const url of ['/library/birch', '/library/nobody', '/mailroom?library=nobody'])
      expect((await site.inject({ url, headers: ours })).statusCode).toBe(404)
    expect(
      (await site.inject({ method: 'POST', url: '/library/birch/mailing/another', headers: ours })).statusCode,
    ).toBe(404)
    const home = (await site.inject('/')).body
    expect(home).toContain('One real library is')
    expect(home).not.toContain('Birch')
  })

  test('in production a real library’s mailroom does not exist', async () => {
    const production = await openSite(house, { mode: 'production', publicUrl: 'https://letters.example.org' })
    const headers = { host: 'letters.example.org' }
    expect((await production.inject({ url: '/mailroom?library=birch', headers })).statusCode).toBe(404)
    expect((await production.inject({ url: '/library/birch', headers })).statusCode).toBe(404)
    expect((await production.inject({ url: '/mailroom', headers })).statusCode).toBe(200)
    await production.close()
  })
})

describe('limits', () => {
  test('an address that knocks without end waits; another does not', async () => {
    const narrow = await openSite(house, {
      limits: {
        ...usualLimits,
        address: { holds: 5, refillsPerSecond: 0.01 },
        token: { holds: 100, refillsPerSecond: 1 },
      },
    })
    const knock = (remoteAddress: string, language = 'en') =>
      narrow.inject({ url: '/u/guess', remoteAddress, headers: { 'accept-language': language } })
    for (let i = 0; i < 5; i++) expect((await knock('192.0.2.1')).statusCode).toBe(404)
    const refused = await knock('192.0.2.1', 'es')
    expect([refused.statusCode, refused.headers['retry-after']]).toEqual([429, '30'])
    expect(refused.body).toContain('Un poco más despacio')
    expect((await knock('192.0.2.2')).statusCode).toBe(404)
    // No header can pretend to be somebody else.
    const pretending = await narrow.inject({
      url: '/u/guess',
      remoteAddress: '192.0.2.1',
      headers: { 'x-forwarded-for': '192.0.2.9' },
    })
    expect(pretending.statusCode).toBe(429)
    for (let i = 0; i < 5; i++) await knock(`2001:db8:0:1::${i}`)
    expect((await knock('2001:db8:0:1::99')).statusCode).toBe(429)
    await narrow.close()
  })

  test('one token is not pressed without end, and others are not held up by it', async () => {
    const narrow = await openSite(house, {
      limits: {
        ...usualLimits,
        address: { holds: 500, refillsPerSecond: 1 },
        token: { holds: 2, refillsPerSecond: 0.01 },
      },
    })
    const codes = []
    for (let i = 0; i < 3; i++) codes.push((await narrow.inject(`/why/${token}`)).statusCode)
    expect(codes).toEqual([200, 200, 429])
    await narrow.close()
  })

  test('a bucket fills again with time', () => {
    let now = 0
    const knock = openLimiter({ holds: 2, refillsPerSecond: 1 }, () => now)
    knock('a')
    knock('a')
    expect(() => knock('a')).toThrow('Wait a minute')
    now = 1_000
    expect(() => knock('a')).not.toThrow()
    expect(() => knock('a')).toThrow()
    now = 60_000
    knock('a')
    knock('a')
    expect(() => knock('a')).toThrow()
  })
})

describe('before all is there', () => {
  test('the first page says what is happening, and readers are asked to come back', async () => {
    const early = await buildServer({
      readiness: () => ({ kind: 'opening', doing: 'The database is starting.' }),
      mode: 'development',
      publicUrl: ORIGIN,
      host: '127.0.0.1',
    })
    const home = await early.inject('/')
    expect([home.statusCode, home.headers.refresh, home.body.includes('The database is starting.')]).toEqual([
      503,
      '2',
      true,
    ])
    const reader = await early.inject({
      method: 'POST',
      url: `/u/${token}`,
      payload: 'List-Unsubscribe=One-Click',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
    // A mail program tries again after a 503; "done" would be a lie.
    expect([reader.statusCode, reader.headers['retry-after']]).toEqual([503, '30'])
    await early.close()
  })

  test('a database that has gone away is our fault and said so, and nothing is claimed to be done', async () => {
    const said: string[] = []
    const broken = await openSite(house, {
      say: (line) => said.push(line),
      readiness: () => ({
        kind: 'open',
        doing: null,
        premises: { links: { read: () => ({ library: 1 }) }, logins: {}, clock: { now: () => new Date() } } as never,
      }),
    })
    const answer = await broken.inject({ method: 'POST', url: `/u/${token}`, headers: { 'accept-language': 'es' } })
    expect(answer.statusCode).toBe(500)
    expect(answer.body).toContain('No pudimos anotar lo que pediste')
    expect(said.join()).toContain('POST /u/:token')
    expect(said.join()).not.toContain(token)
    await broken.close()
  })
})
