// A short torture of sending with every run of the tests; `npm run torture` is the long one.
import { expect, inject, test } from 'vitest'
import { torture } from '../bench/torture-run.ts'
import { openHouse } from './house.ts'

const house = openHouse()

test('whatever is killed while a campaign is sent, nobody is forgotten and nobody is written to twice', async () => {
  const ground = {
    database: house.database,
    folder: house.folder,
    keysDir: inject('server').keysDir,
    superuser: await house.connectAsSuperuser(),
  }
  const end = await torture(ground, { people: 1_500, kills: 3 })
  expect(end.violations).toEqual([])
  expect(end.killed).toEqual({ worker: 3, 'mail server': 1, 'database connection': 1 })
  expect(Object.values(end.states).reduce((a, b) => a + b)).toBe(1_500)
  expect(end.states.accepted).toBeGreaterThan(500)
}, 90_000)
