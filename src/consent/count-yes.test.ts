import { expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make } from '../../test/make.ts'
import { inLibrary } from '../db/scope.ts'
import { countYesThisMonth } from './count-yes.ts'
import type { Choice } from './ledger.ts'
import { recordChoices } from './record-choice.ts'

const house = openHouse()

test('people are counted once, from the first of the month at the library, and a no is no yes', async () => {
  const library = await make.library(house)
  await make.roster(house, library, [{ id: '1' }, { id: '2', given: 'Karl' }, { id: '3', given: 'Mei Lin' }])
  const [rosa, karl, meiLin] = await Promise.all(['1', '2', '3'].map((id) => make.number(house, library, id)))
  const record = (at: string, ...choices: Choice[]) =>
    recordChoices(house.database.logins, library.libraryNo, choices, new Date(at))
  const yes = (patron: string, which: 'reengagement/email' | 'events/email', at: string) =>
    make.choice(patron, which, 'grant', at)
  const count = (now: string) =>
    inLibrary(house.database.logins, 'circulation', library.libraryNo, (scope) =>
      countYesThisMonth(scope, { timezone: library.timezone, now: new Date(now) }),
    )

  expect(await count('2026-11-22T15:00:00Z')).toBe(0)
  // In Ohio it is still October.
  await record('2026-11-01T03:59:00Z', yes(karl!, 'events/email', '2026-11-01T03:58:00Z'))
  await record('2026-11-01T04:01:00Z', yes(rosa!, 'events/email', '2026-11-01T04:00:00Z'))
  await record('2026-11-05T12:00:00Z', yes(rosa!, 'reengagement/email', '2026-11-05T12:00:00Z'))
  await record('2026-11-06T12:00:00Z', make.choice(meiLin!, 'events/email', 'deny', '2026-11-06T12:00:00Z'))
  expect(await count('2026-11-22T15:00:00Z')).toBe(1)
  await record('2026-11-07T12:00:00Z', yes(meiLin!, 'reengagement/email', '2026-11-07T12:00:00Z'))
  expect(await count('2026-11-22T15:00:00Z')).toBe(2)
  // Karl's paper of last spring is typed in today.
  await record('2026-11-08T12:00:00Z', yes(karl!, 'reengagement/email', '2026-04-08T12:00:00Z'))
  expect(await count('2026-11-22T15:00:00Z')).toBe(2)
  expect(await count('2026-12-02T15:00:00Z')).toBe(0)
})

test('a long ledger is counted from its end', async () => {
  const library = await make.library(house)
  await make.roster(house, library, [{ id: '1' }, { id: '2' }])
  const [rosa, karl] = await Promise.all(['1', '2'].map((id) => make.number(house, library, id)))
  const bulk = (patron: string, at: string) =>
    recordChoices(
      house.database.logins,
      library.libraryNo,
      Array.from({ length: 1000 }, () => make.choice(patron, 'events/email', 'grant', at)),
      new Date(at),
    )
  await bulk(rosa!, '2026-09-05T12:00:00Z')
  await bulk(karl!, '2026-11-05T12:00:00Z')
  const counted = await inLibrary(house.database.logins, 'circulation', library.libraryNo, (scope) =>
    countYesThisMonth(scope, { timezone: library.timezone, now: new Date('2026-11-22T15:00:00Z') }),
  )
  expect(counted).toBe(1)
})
