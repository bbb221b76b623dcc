import type { FastifyInstance } from 'fastify'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make, NOW } from '../../test/make.ts'
import { openSite } from '../../test/site.ts'
import type { Library } from '../patrons/library.ts'
import { addApiKey, type Right } from '../staff/api-key.ts'

const house = openHouse()
let site: FastifyInstance
let maple: Library
let secret: string

beforeAll(async () => {
  maple = await make.library(house, { key: 'maple' })
  await make.patrons(house, maple, [
    { id: 'rosa', email: 'rosa@example.org' },
    { id: 'karl', given: 'Karl', email: 'karl@example.net', refused: ['reengagement/email'] },
    { id: 'leo', given: 'Leo', email: 'leo@example.com', born: '2015-03-01' },
  ])
  secret = await keyFor(['invite'])
})
beforeEach(async () => {
  site = await openSite(house)
})
afterEach(() => site.close())

const keyFor = async (may: Right[]) =>
  (await addApiKey(house.database.logins, maple, { name: 'library system', may, by: 'Ana', now: NOW })).secret

const ask = async (body: unknown, key = secret, library = 'maple') =>
  site.inject({
    method: 'POST',
    url: `/api/v1/${library}/invitations`,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    payload: JSON.stringify(body),
  })

test('the card of somebody who was never asked becomes a link and a line in every language', async () => {
  const { statusCode, body } = await ask({ card: '2rosa' })
  expect(statusCode).toBe(200)
  const { url, text } = JSON.parse(body)
  expect(url).toMatch(/\/i\/[A-Za-z0-9_-]+$/)
  expect(text.en).toContain(url)
  expect(text.es).toContain(url)
  expect(body).not.toMatch(/rosa@|Rosa|Delgado/)
  const page = await site.inject(new URL(url).pathname)
  expect(page.statusCode).toBe(200)
  expect(page.body).not.toMatch(/checked/)
})

test('nothing is printed for whoever has answered already, nor for a child', async () => {
  for (const card of ['2karl', '2leo'])
    expect(JSON.parse((await ask({ card })).body)).toEqual({ url: null, text: null })
})

test('a card that nobody has is answered like one that somebody has: with a page to open', async () => {
  const { statusCode, body } = await ask({ card: '99999999' })
  expect(statusCode).toBe(200)
  expect(JSON.parse(body).url).toMatch(/\/maple\/join$/)
})

test('a key for something else, a wrong key and another library’s door open nothing', async () => {
  expect((await ask({ card: '2rosa' }, await keyFor(['capture']))).statusCode).toBe(403)
  expect((await ask({ card: '2rosa' }, 'gentle_wrong')).statusCode).toBe(401)
  await make.library(house, { key: 'birch' })
  expect((await ask({ card: '2rosa' }, secret, 'birch')).statusCode).toBe(401)
})

test('a body without a card is answered with a sentence', async () => {
  for (const body of [{}, { card: ' ' }, { card: 7 }, { card: '1', name: 'x' }]) {
    const { statusCode, json } = await ask(body)
    expect(statusCode).toBe(400)
    expect(json().error.message).toBeTruthy()
  }
})
