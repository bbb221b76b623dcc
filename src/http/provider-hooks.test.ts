import { expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make, NOW } from '../../test/make.ts'
import { openSite, premisesOf } from '../../test/site.ts'
import { brings, makeLine, readAllBrought, textDouble, textIn, textReport, textsOf } from '../../test/texts.ts'
import type { Library } from '../patrons/library.ts'
import { openTextCarriers } from '../worker/text-carriers.ts'
import { buildServer } from './server.ts'

const house = openHouse()
const ROSA = '+16145550101'
const KARL = '+16145550102'
const AT = new Date('2026-11-23T15:00:00Z')

const open = async () => {
  const library = await make.library(house)
  const line = await makeLine(house, [library])
  const textCarriers = openTextCarriers(house.database.logins, () => textDouble())
  const premises = { ...premisesOf(house, AT), textCarriers }
  const site = await buildServer({
    readiness: () => ({ kind: 'open', premises, doing: null }),
    mode: 'development',
    publicUrl: 'http://localhost:8080',
    host: '127.0.0.1',
    limits: { token: { holds: 3, refillsPerSecond: 0 } },
  })
  const hook = (body: object, url = `/hooks/texts/${line.lineNo}`) =>
    site.inject({ method: 'POST', url, payload: JSON.stringify(body), headers: { 'content-type': 'application/json' } })
  return { library, line, hook, site }
}

const stored = async (library: Library): Promise<number> =>
  (
    await (
      await house.connectAsSuperuser()
    ).query('select from mail.brought where library_no = $1', [library.libraryNo])
  ).rowCount!

test('a signed text is stored before the provider is answered, in the words it wants to hear', async () => {
  const { library, line, hook } = await open()
  const answer = await hook({ signature: 'ours', brings: [textIn(line, ROSA, 'Hello?')] })
  expect([answer.statusCode, answer.headers['content-type'], answer.body]).toEqual([200, 'text/xml', '<Response/>'])
  expect(await stored(library)).toBe(1)
  await readAllBrought(house)
  expect(await textsOf(house, library, ROSA)).toMatchObject([{ direction: 'in', body: 'Hello?' }])
  expect(await stored(library)).toBe(0)
})

test('a STOP is obeyed before the provider is answered, however much waits to be read before it', async () => {
  const { library, line, hook } = await open()
  await hook({ signature: 'ours', brings: [textIn(line, KARL, 'Hello?')] })
  await hook({ signature: 'ours', brings: [textIn(line, ROSA, 'STOP')] })
  expect(await textsOf(house, library, ROSA)).toMatchObject([{ meaning: 'stop' }, { kind: 'confirmation' }])
  expect(await textsOf(house, library, KARL)).toEqual([])
  await hook({ signature: 'ours', brings: [textIn(line, KARL, 'please stop texting me')] })
  expect(await textsOf(house, library, KARL)).toMatchObject([{ meaning: 'stop sentence' }, { kind: 'confirmation' }])
})

test('many hooks at once are stored together and read in the order in which they came, the same one once', async () => {
  const { library, line, hook } = await open()
  const texts = Array.from({ length: 30 }, (_, n) => textIn(line, ROSA, `Book ${n}`))
  await hook({ signature: 'ours', brings: [textIn(line, KARL, 'Hello?')] })
  const answers = await Promise.all([...texts, ...texts].map((one) => hook({ signature: 'ours', brings: [one] })))
  expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([200]))
  expect(await stored(library)).toBe(61)
  await readAllBrought(house)
  const kept = await textsOf(house, library, ROSA)
  expect(kept.filter(({ direction }) => direction === 'in').map(({ body }) => body)).toEqual(
    texts.map(({ body }) => body),
  )
})

test('who died while reading changes nothing: what was read is read again, once its loan is over', async () => {
  const { library, line, hook } = await open()
  const [hello, later] = [textIn(line, ROSA, 'Hello?'), textIn(line, ROSA, 'Anybody?')]
  await hook({ signature: 'ours', brings: [hello] })
  await hook({ signature: 'ours', brings: [later, textReport('SM0', { reference: `${library.libraryNo}-999999` })] })
  const root = await house.connectAsSuperuser()
  await root.query(`update house.hooks_waiting set lent_until = $1 where line_no = $2`, [AT, line.lineNo])
  await brings(house, line, [hello], AT)
  await readAllBrought(house, new Date(AT.getTime() - 1))
  expect((await textsOf(house, library, ROSA)).map(({ body }) => body)).toEqual(['Hello?'])
  await readAllBrought(house, AT)
  expect((await textsOf(house, library, ROSA)).map(({ body }) => body)).toEqual(['Hello?', 'Anybody?'])
  expect((await root.query('select why from mail.hook where library_no = $1', [library.libraryNo])).rows).toEqual([
    { why: 'a report about a text that is not known here' },
  ])
  expect((await root.query('select from house.hooks_waiting where line_no = $1', [line.lineNo])).rowCount).toBe(0)
})

test('what is forged is refused and not stored, and whoever goes on forging is slowed down', async () => {
  const { library, line, hook } = await open()
  const forged = { signature: 'theirs', brings: [textIn(line, ROSA, 'STOP')] }
  for (let i = 0; i < 3; i++) expect((await hook(forged)).statusCode).toBe(403)
  expect((await hook(forged)).statusCode).toBe(429)
  expect(await textsOf(house, library)).toEqual([])
  const real = await hook({ signature: 'ours', brings: [textIn(line, ROSA, 'Hello?')] })
  expect(real.statusCode).toBe(200)
})

test('what is truly the provider’s and cannot be understood is kept for a person, and not asked for again', async () => {
  const { library, hook } = await open()
  expect((await hook({ signature: 'ours' })).statusCode).toBe(200)
  const root = await house.connectAsSuperuser()
  const { rows } = await root.query('select why, convert_from(body, $2) as body from mail.hook where library_no = $1', [
    library.libraryNo,
    'UTF8',
  ])
  expect(rows).toEqual([{ why: 'it brings nothing', body: '{"signature":"ours"}' }])
})

test('a text that trips us up is kept as it came, and those beside it are stored', async () => {
  const { library, line, hook } = await open()
  const poisoned = { ...textIn(line, ROSA, 'x'), body: 'a NUL \u0000 that no database takes' }
  const answer = await hook({ signature: 'ours', brings: [poisoned, textIn(line, ROSA, 'Hello?')] })
  expect(answer.statusCode).toBe(200)
  await readAllBrought(house)
  expect((await textsOf(house, library)).map(({ body }) => body)).toEqual(['Hello?'])
  const root = await house.connectAsSuperuser()
  expect((await root.query('select from mail.hook where library_no = $1', [library.libraryNo])).rowCount).toBe(1)
})

test('a number that is no line has no door; a site without its database asks to be tried again', async () => {
  const { hook } = await open()
  expect((await hook({}, '/hooks/texts/999')).statusCode).toBe(404)
  expect((await hook({}, '/hooks/texts/maple')).statusCode).toBe(404)
  const closed = await openSite(house, { readiness: () => ({ kind: 'opening', doing: 'starting' }), now: NOW })
  expect((await closed.inject({ method: 'POST', url: '/hooks/texts/1', payload: '' })).statusCode).toBe(503)
})
