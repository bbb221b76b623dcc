// A short torture of sending, and of texts, with every run of the tests; `npm run torture` is the long one.
import { expect, inject, test } from 'vitest'
import { torture } from '../bench/torture-run.ts'
import { tortureTexts } from '../bench/torture-texts.ts'
import { openHouse } from './house.ts'

const house = openHouse()

const ground = async () => ({
  database: house.database,
  folder: house.folder,
  keysDir: inject('server').keysDir,
  superuser: await house.connectAsSuperuser(),
})

test('whatever is killed while a campaign is sent, nobody is forgotten and nobody is written to twice', async () => {
  const end = await torture(await ground(), { people: 1_500, kills: 3 })
  expect(end.violations).toEqual([])
  expect(end.killed).toEqual({ worker: 3, 'mail server': 1, 'database connection': 1 })
  expect(Object.values(end.states).reduce((a, b) => a + b)).toBe(1_500)
  expect(end.states.accepted).toBeGreaterThan(500)
}, 90_000)

test('whatever is killed while texts go out and come in, none is lost, none leaves twice, and a keyword is confirmed once', async () => {
  const end = await tortureTexts(await ground(), { out: 300, in: 80, kills: 1 })
  expect(end.violations).toEqual([])
  expect(Object.values(end.killed)).toEqual([1, 1, 1, 1, 1])
  expect(end.fates).toMatchObject({ answered: 40, waiting: 40, LOST: 0 })
}, 120_000)
