import type { FastifyInstance } from 'fastify'
import { sql } from 'kysely'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make, NOW, WORDING } from '../../test/make.ts'
import { openSite, traces } from '../../test/site.ts'
import { choicesOf } from '../consent/ledger.ts'
import { CHANNELS, PURPOSES } from '../consent/purposes.ts'
import { checkStanding } from '../consent/standing.ts'
import { inLibrary, rowOf } from '../db/scope.ts'
import type { Library } from '../patrons/library.ts'
import { readOffers } from '../signups/offers-file.ts'
import { setOffers } from '../signups/set-offers.ts'
import { addApiKey, endApiKey, type Right } from '../staff/api-key.ts'

const house = openHouse()
let site: FastifyInstance
let maple: Library
let birch: Library
let secret: string

beforeAll(async () => {
  maple = await make.library(house, { key: 'maple' })
  birch = await make.library(house, { key: 'birch' })
  for (const library of [maple, birch])
    await make.patrons(house, library, [
      { id: 'rosa', email: 'rosa@example.org', consents: ['events/email'] },
      { id: 'karl', given: 'Karl', email: 'karl@example.net' },
      { id: 'mei', given: 'Mei Lin', email: 'mei@example.com' },
      { id: 'leo', given: 'Leo', email: 'leo@example.com', born: '2015-03-01' },
    ])
  secret = await keyFor(maple, ['capture'])
})
beforeEach(async () => {
  site = await openSite(house)
})
afterEach(() => site.close())

const keyFor = async (library: Library, may: Right[]) =>
  (await addApiKey(house.database.logins, library, { name: 'tablet at the desk', may, by: 'Ana', now: NOW })).secret

const yes = {
  patron_id: 'rosa',
  purpose: 'reengagement',
  channel: 'email',
  decision: 'grant',
  method: 'paper form',
  wording: WORDING,
  language: 'en',
  decided_at: '2026-11-20',
  attested_by: 'Ana Ruiz',
  place: 'East branch',
  form: 'box 7, sheet 41, not scanned',
}

const post = (body: unknown, more: { key?: string | null; library?: string; type?: string } = {}) =>
  site.inject({
    method: 'POST',
    url: `/api/v1/${more.library ?? 'maple'}/choices`,
    headers: {
      'content-type': more.type ?? 'application/json',
      ...(more.key === null ? {} : { authorization: `Bearer ${more.key ?? secret}` }),
    },
    payload: typeof body === 'string' ? body : JSON.stringify(body),
  })

const history = async (id: string) => {
  const patron = await make.number(house, maple, id)
  return inLibrary(house.database.logins, 'circulation', maple.libraryNo, (scope) => choicesOf(scope, patron))
}

const standingOf = async (id: string) => {
  const patron = await make.number(house, maple, id)
  return inLibrary(house.database.logins, 'circulation', maple.libraryNo, (scope) =>
    rowOf(
      scope,
      sql<{ agreed: number; refusedSms: number }>`
      select agreed_email::int as agreed, refused_sms::int as "refusedSms" from outreach.standing
      where library_no = ${maple.libraryNo} and patron_no = ${patron}::bigint`,
    ),
  )
}

describe('a choice from the desk', () => {
  test('is recorded with its words, and the same again is recorded once', async () => {
    const first = await post(yes)
    expect([first.statusCode, first.json()]).toEqual([201, { recorded: true, patron_id: 'rosa' }])
    const again = await post(yes)
    expect([again.statusCode, again.json()]).toEqual([200, { recorded: false, patron_id: 'rosa' }])
    const entries = (await history('rosa')).filter((entry) => entry.purpose === 'reengagement')
    expect(entries).toMatchObject([{ decision: 'grant', method: 'paper form', said: WORDING, attestedBy: 'Ana Ruiz' }])
  })

  test('sent ten times at once is recorded once', async () => {
    const body = { ...yes, patron_id: 'karl' }
    const answers = await Promise.all(Array.from({ length: 10 }, () => post(body)))
    expect(answers.map((answer) => answer.statusCode).sort()).toEqual([...Array(9).fill(200), 201])
    expect(await history('karl')).toHaveLength(1)
  })

  test('“rather not give a phone” is a no to every text, and is found again', async () => {
    const { patron_id, wording, language, decided_at, attested_by } = yes
    const body = { patron_id, wording, language, decided_at, attested_by, rather_no_phone: true }
    expect((await post(body)).statusCode).toBe(201)
    expect((await post(body)).statusCode).toBe(200)
    expect((await standingOf('rosa'))!.refusedSms).not.toBe(0)
    expect((await history('rosa')).at(-1)).toMatchObject({ decision: 'deny', method: 'rather not give a phone' })
  })

  test('a no is in the journal too, so that a restored backup does not forget it', async () => {
    const before = house.journal.since(new Date(0)).length
    await post({ ...yes, patron_id: 'mei', decision: 'deny' })
    expect(house.journal.since(new Date(0)).length).toBe(before + 1)
  })
})

describe('a minor', () => {
  const forLeo = { ...yes, patron_id: 'leo', purpose: 'events' }

  test('is not asked for a yes', async () => {
    const answer = await post(forLeo)
    expect([answer.statusCode, answer.json().error.code]).toEqual([400, 'bad-input'])
    expect(await history('leo')).toEqual([])
  })

  test('has the guardian’s yes as an entry of its own, which is nobody’s yes to us', async () => {
    const body = { ...forLeo, guardian: { name: 'Rosa Delgado', relation: 'mother' } }
    expect((await post(body)).statusCode).toBe(201)
    expect((await post(body)).statusCode).toBe(200)
    expect(await history('leo')).toMatchObject([{ decision: 'grant', method: 'guardian: paper form' }])
    expect((await standingOf('leo'))!.agreed).toBe(0)
    expect(await checkStanding(house.database.logins, maple.libraryNo)).toMatchObject({ differing: 0 })
  })

  test('may say no', async () => {
    expect((await post({ ...forLeo, decision: 'deny' })).statusCode).toBe(201)
  })

  test('and nobody speaks for an adult', async () => {
    const answer = await post({ ...yes, guardian: { name: 'Somebody', relation: 'aunt' } })
    expect(answer.statusCode).toBe(400)
  })
})

test('a strip on which only some kinds were ticked is entered with those and no others', async () => {
  const topics = { mysteries: { en: 'Mysteries', es: 'Misterio' }, poems: { en: 'Poems', es: 'Poemas' } }
  const offers = readOffers({ offers: [{ purpose: 'new-titles', topics }] }, 'offers', maple)
  await setOffers(house.database.logins, maple, offers, NOW)
  const some = { ...yes, patron_id: 'mei', purpose: 'new-titles' }
  expect((await post({ ...some, topics: ['poems'] })).statusCode).toBe(201)
  expect((await post({ ...some, topics: ['poems'] })).statusCode).toBe(200)
  expect((await post({ ...some, topics: ['poems', 'mysteries'] })).statusCode).toBe(201)
  const said = (await history('mei')).filter(({ purpose }) => purpose === 'new-titles')
  expect(said.map(({ kinds }) => kinds)).toEqual([[topics.poems], [topics.mysteries, topics.poems]])
  const wrong = await post({ ...some, topics: ['crime'] })
  expect([wrong.statusCode, wrong.json().error.message]).toEqual([
    400,
    expect.stringContaining('It has mysteries, poems'),
  ])
  expect((await post({ ...some, decision: 'deny', topics: ['poems'] })).statusCode).toBe(400)
})

describe('what is refused', () => {
  test.each([
    ['no wording', { wording: ' ' }, 'wording'],
    ['no attester', { attested_by: undefined }, 'attested_by'],
    ['a date to come', { decided_at: '2027-01-01' }, 'future'],
    ['a date that is none', { decided_at: 'last week' }, 'decided_at'],
    ['a purpose that rests on the card', { purpose: 'notice' }, 'purpose'],
    ['everything at once', { purpose: 'all' }, 'purpose'],
    ['a field nobody knows', { titles: 'Dune' }, 'titles'],
    ['half a guardian', { guardian: { name: 'Rosa' } }, 'guardian.relation'],
    ['a line break in the method', { method: 'desk\nforged' }, 'method'],
    ['somebody who is not there', { patron_id: 'nobody' }, 'patron'],
  ])('%s', async (_, change, named) => {
    const before = await traces(house, maple)
    const answer = await post({ ...yes, ...change })
    expect(answer.statusCode).toBeGreaterThanOrEqual(400)
    expect(answer.statusCode).toBeLessThan(500)
    expect(answer.json().error.message).toContain(named)
    expect(await traces(house, maple)).toEqual(before)
  })

  test.each(['', 'null', '[]', '{', '"x"'])('a body that is no choice: %s', async (body) => {
    const answer = await post(body)
    expect([answer.statusCode, answer.json().error.code]).toEqual([400, 'bad-input'])
  })

  test('a form that a browser could be made to send', async () => {
    expect((await post('patron_id=rosa', { type: 'application/x-www-form-urlencoded' })).statusCode).toBe(400)
  })
})

describe('keys', () => {
  test('none, a wrong one, an ended one, another library’s and a library that is not there are answered alike', async () => {
    const other = await keyFor(birch, ['capture'])
    const { key, secret: ended } = await addApiKey(house.database.logins, maple, {
      name: 'old tablet',
      may: ['capture'],
      by: 'Ana',
      now: NOW,
    })
    await endApiKey(house.database.logins, maple, { keyNo: key.keyNo, by: 'Ana', now: NOW })
    const answers = [
      await post(yes, { key: null }),
      await post(yes, { key: `gentle_${'A'.repeat(43)}` }),
      await post(yes, { key: 'x' }),
      await post(yes, { key: ended }),
      await post(yes, { key: other }),
      await post(yes, { library: 'nowhere' }),
      await post(yes, { library: "maple' or true --" }),
    ]
    expect(answers.map((answer) => answer.statusCode)).toEqual(Array(7).fill(401))
    expect(new Set(answers.map((answer) => answer.body)).size).toBe(1)
    expect(answers[0]!.headers['www-authenticate']).toBe('Bearer')
  })

  test('a key does only what it was made for', async () => {
    const answer = await post(yes, { key: await keyFor(maple, ['invite']) })
    expect([answer.statusCode, answer.json().error.code]).toEqual([403, 'not-allowed'])
  })

  test('guessing is slowed down, and a key that hammers too', async () => {
    const narrow = { holds: 3, refillsPerSecond: 0.001 }
    site = await openSite(house, { limits: { token: narrow, key: narrow } })
    const guesses = await Promise.all([1, 2, 3, 4].map(() => post(yes, { key: 'gentle_guess' })))
    expect(guesses.map((answer) => answer.statusCode).sort()).toEqual([401, 401, 401, 429])
    const uses = await Promise.all([1, 2, 3, 4].map(() => post(yes)))
    expect(uses.map((answer) => answer.statusCode).sort()).toEqual([200, 200, 200, 429])
    expect(uses.find((answer) => answer.statusCode === 429)!.json().error.code).toBe('too-many')
  })

  test('the secret lies nowhere: only its hash, and when it was last used', async () => {
    const root = await house.connectAsSuperuser()
    const { rows } = await root.query('select to_jsonb(k) as key from desk.api_key k where library_no = $1', [
      maple.libraryNo,
    ])
    expect(JSON.stringify(rows)).not.toContain(secret.slice(7))
    expect(rows[0].key.last_used_at).not.toBeNull()
  })

  test('what is not there below /api is told as JSON', async () => {
    const answer = await site.inject('/api/v1/maple/patrons')
    expect([answer.statusCode, answer.json().error.code]).toEqual([404, 'not-found'])
    expect((await site.inject('/api/v1/maple/choices')).json()).toHaveProperty('error')
  })
})

test('the shape of a choice names the purposes and channels that there are', async () => {
  for (const [purpose, { basis }] of Object.entries(PURPOSES))
    for (const channel of CHANNELS) {
      const answer = await post({ ...yes, patron_id: 'nobody', purpose, channel })
      expect([purpose, answer.statusCode]).toEqual([purpose, basis === 'consent' ? 404 : 400])
    }
})
