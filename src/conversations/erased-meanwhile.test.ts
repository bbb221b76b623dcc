import { beforeEach, expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make } from '../../test/make.ts'
import { suppressionsOf } from '../../test/text-traces.ts'
import { deskOf, makeLine, readAllBrought, textIn, textsOf } from '../../test/texts.ts'
import { erasePatron } from '../consent/erase-patron.ts'
import { changeLine, type Line } from '../messages/lines.ts'
import type { Library } from '../patrons/library.ts'
import { keepHook } from './receive-from-provider.ts'
import { openHookStore } from './store-hook.ts'

const house = openHouse()
const MONDAY = new Date('2026-11-23T15:00:00Z')
const later = (seconds: number) => new Date(MONDAY.getTime() + seconds * 1000)
const ROSA = '+16145550101'
const KARL = '+16145550102'

let maple: Library
let line: Line
beforeEach(async () => {
  maple = await make.library(house)
  line = await makeLine(house, [maple])
  await make.patrons(house, maple, [{ id: 'rosa', phone: '614-555-0101', consents: ['events/sms'] }])
})

const store = openHookStore()
const hook = (from: string, body: string, now: Date, more = {}) =>
  store(deskOf(house), line, { brings: [textIn(line, from, body, more)], raw: Buffer.from(`From=${from}`), now })
const eraseRosa = async (now: Date) =>
  erasePatron({ logins: house.database.logins, journal: house.journal }, maple, {
    patron: await make.number(house, maple, 'rosa'),
    by: 'Ana',
    now,
  })
const rows = async (table: string) =>
  (await (await house.connectAsSuperuser()).query(`select * from ${table} where library_no = $1`, [maple.libraryNo]))
    .rows

test('a text that waited to be read while Rosa was erased does not bring her back', async () => {
  await hook(ROSA, 'Is my hold still there?', MONDAY)
  await hook(KARL, 'And mine?', MONDAY)
  await eraseRosa(later(1))
  await readAllBrought(house, later(2))
  expect((await textsOf(house, maple)).map(({ body }) => body)).toEqual(['And mine?'])
  expect(JSON.stringify(await rows('mail.conversation'))).not.toContain(ROSA)
  expect([...(await rows('mail.brought')), ...(await rows('mail.hook'))]).toEqual([])
})

test('nor does one that the provider’s list brings an hour later, because we never saw it when it was sent', async () => {
  await eraseRosa(later(1))
  await hook(ROSA, 'Is my hold still there?', later(3_600), { sentAt: MONDAY })
  await readAllBrought(house, later(3_601))
  expect(await textsOf(house, maple)).toEqual([])
  expect(JSON.stringify(await rows('mail.conversation'))).not.toContain(ROSA)
})

test('what Rosa texts after it is a text like any other', async () => {
  await eraseRosa(MONDAY)
  await hook(ROSA, 'Do you have a book club?', later(1))
  await readAllBrought(house, later(2))
  expect(await textsOf(house, maple, ROSA)).toMatchObject([{ body: 'Do you have a book club?' }])
})

test('a STOP from before is still a stop, and nothing of it is stored but that', async () => {
  await eraseRosa(later(1))
  await hook(ROSA, 'STOP', MONDAY)
  expect(await textsOf(house, maple)).toEqual([])
  expect(await suppressionsOf(house, maple)).toContainEqual(
    expect.objectContaining({ reason: 'stopped', purposes: '-1', liftedAt: null }),
  )
})

test('a STOP from before that could not be obeyed is kept for somebody to look at: it is a stop all the same', async () => {
  await eraseRosa(later(1))
  const keep = (body: string) =>
    keepHook(deskOf(house), line, {
      ...{ why: 'the test', brought: textIn(line, ROSA, body), raw: Buffer.from(''), now: MONDAY },
    })
  await keep('Hello?')
  await keep('STOP')
  expect((await rows('mail.hook')).map(({ brought }) => brought.body)).toEqual(['STOP'])
})

test('nor is a text kept for somebody to look at when the number has ended meanwhile', async () => {
  await hook(ROSA, 'Is my hold still there?', MONDAY)
  await eraseRosa(later(1))
  await changeLine(house.database.logins, line, { ended: later(1) })
  await readAllBrought(house, later(2))
  expect(await rows('mail.hook')).toEqual([])
})
