import { sql } from 'kysely'
import { beforeAll, describe, expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make, monthsAgo, NOW } from '../../test/make.ts'
import { inLibrary, rowOf } from '../db/scope.ts'
import type { Library } from '../patrons/library.ts'
import { recordWish, wishesOf } from './preferences.ts'
import { checkStanding } from './standing.ts'
import { whyPatron } from './why.ts'

const house = openHouse()
let maple: Library
let rosa: string

beforeAll(async () => {
  maple = await make.library(house)
  await make.patrons(house, maple, town)
  rosa = await make.number(house, maple, 'rosa')
})

const town = [
  { id: 'rosa', email: 'rosa@example.org', lastUse: monthsAgo(4), consents: ['events/email' as const] },
  { id: 'karl', given: 'Karl', email: 'karl@example.net', lastUse: monthsAgo(4), consents: ['events/email' as const] },
]
const daysLater = (days: number) => new Date(NOW.getTime() + days * 24 * 3_600_000)
const wish = (said: Parameters<typeof recordWish>[2]['wish'], now = NOW) =>
  recordWish(house.database.logins, maple.libraryNo, { patrons: [rosa], wish: said, method: 'own page', now })
const withheldBy = async (now: Date) =>
  inLibrary(house.database.logins, 'circulation', maple.libraryNo, async (scope) =>
    (await whyPatron(scope, { library: maple, purpose: 'events', channel: 'email', now }, rosa))!.rules
      .filter((rule) => !rule.passed)
      .map((rule) => rule.code),
  )
const written = (at: Date) =>
  inLibrary(house.database.logins, 'circulation', maple.libraryNo, (scope) =>
    sql`update outreach.standing set unasked_at = ${at} where library_no = ${maple.libraryNo} and patron_no = ${rosa}::bigint`.execute(
      scope.tx,
    ),
  )

describe('an own pace', () => {
  test('holds back every purpose, also those whose pace is the library’s to keep, until its days are over', async () => {
    await written(NOW)
    expect(await withheldBy(daysLater(1))).toEqual([])
    await wish({ about: 'pace', days: 90 })
    expect(await withheldBy(daysLater(1))).toEqual(['OWN_PACE'])
    expect(await withheldBy(new Date(daysLater(90).getTime() - 1))).toEqual(['OWN_PACE'])
    expect(await withheldBy(daysLater(90))).toEqual([])
  })

  test('is the newest that was said', async () => {
    await wish({ about: 'pace', days: 180 })
    expect(await withheldBy(daysLater(120))).toEqual(['OWN_PACE'])
    await wish({ about: 'pace', days: null })
    expect(await withheldBy(daysLater(1))).toEqual([])
  })

  test('that nobody can choose is refused', async () => {
    await expect(wish({ about: 'pace', days: 7 as never })).rejects.toThrow('no pace to choose')
    await expect(wish({ about: 'language', language: '<b>' })).rejects.toThrow('small letters')
  })
})

test('an own language is the one that mail is written in, and an import does not undo it', async () => {
  await wish({ about: 'language', language: 'es' })
  await make.roster(house, maple, town, { approvedBy: 'the test' })
  const seen = await inLibrary(
    house.database.logins,
    'outreach',
    maple.libraryNo,
    (scope) =>
      rowOf(scope, sql<{ language: string }>`select language from roster.reachable where patron_no = ${rosa}::bigint`),
    { purpose: 4 },
  )
  expect(seen).toEqual({ language: 'es' })
})

test('standing is rebuilt from the wishes and compared with them; each is kept with its time', async () => {
  const wishes = await inLibrary(house.database.logins, 'circulation', maple.libraryNo, (scope) =>
    wishesOf(scope, rosa),
  )
  expect(wishes.map((w) => w.paceDays ?? w.language)).toEqual([90, 180, null, 'es'])
  expect(wishes[0]).toMatchObject({ about: 'pace', saidAt: NOW, method: 'own page' })
  expect(await checkStanding(house.database.logins, maple.libraryNo)).toMatchObject({ patrons: 2, differing: 0 })
  const root = await house.connectAsSuperuser()
  await root.query(`update outreach.standing set own_language = 'en', own_pace_days = 30 where patron_no = $1`, [rosa])
  const check = await checkStanding(house.database.logins, maple.libraryNo)
  expect(check.differing).toBe(1)
  expect(check.examples).toEqual(
    expect.arrayContaining([
      { patron: rosa, column: 'own_language', kept: 'en', derived: 'es' },
      { patron: rosa, column: 'own_pace_days', kept: '30', derived: '' },
    ]),
  )
})
