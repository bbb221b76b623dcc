import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { beforeAll, describe, expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make, monthsAgo, NOW } from '../../test/make.ts'
import { openJournal } from '../db/journal.ts'
import { inLibrary, rowOf } from '../db/scope.ts'
import type { Library } from '../patrons/library.ts'
import { erasePatron } from './erase-patron.ts'
import { recordWish, wishesOf } from './preferences.ts'
import type { Kept } from './record-choice.ts'
import { replayPaces } from './replay-paces.ts'
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

describe('a pace that was said after the backup was made', () => {
  const library = async () => {
    const here = await make.library(house)
    await make.patrons(house, here, town)
    return here
  }
  /** Says it, and gives back a copy of the library as it was before, which has the journal beside it. */
  const restored = async (say: (library: Library, patron: string, kept: Kept) => Promise<void>) => {
    const here = await library()
    const patron = await make.number(house, here, 'rosa')
    const journal = openJournal(mkdtempSync(join(tmpdir(), 'gentle-paces-')))
    await say(here, patron, { journal, libraryKey: here.key })
    await inLibrary(house.database.logins, 'circulation', here.libraryNo, async (scope) => {
      await sql`delete from outreach.preference where library_no = ${here.libraryNo}`.execute(scope.tx)
      await sql`update outreach.standing set own_pace_days = null where library_no = ${here.libraryNo}`.execute(
        scope.tx,
      )
    })
    const replay = () => replayPaces(house.database.logins, journal, { backupOf: NOW, now: daysLater(1) })
    const pace = () =>
      inLibrary(house.database.logins, 'circulation', here.libraryNo, (scope) =>
        rowOf(
          scope,
          sql<{ days: number | null }>`select own_pace_days as days from outreach.standing
            where library_no = ${here.libraryNo} and patron_no = ${patron}::bigint`,
        ),
      )
    return { here, patron, replay, pace }
  }
  const says =
    (days: 30 | 90 | 180 | null, minute: number, slowerOnly = false) =>
    (here: Library, patron: string, kept: Kept) =>
      recordWish(
        house.database.logins,
        here.libraryNo,
        {
          patrons: [patron],
          wish: { about: 'pace', days },
          method: 'own page',
          now: new Date(NOW.getTime() + minute * 60_000),
          slowerOnly,
        },
        kept,
      )

  test('holds again in a restored copy, once', async () => {
    const { here, replay, pace } = await restored(says(180, 1))
    expect(await pace()).toEqual({ days: null })
    expect(await replay()).toEqual({ replayed: 1, known: 0, elsewhere: 0, unreadable: 0 })
    expect(await pace()).toEqual({ days: 180 })
    expect(await replay()).toMatchObject({ replayed: 0, known: 1 })
    expect(await checkStanding(house.database.logins, here.libraryNo)).toMatchObject({ differing: 0 })
  })

  test('holds as it was said last, and a slower one said for the whole mailbox quickens nobody', async () => {
    const { replay, pace } = await restored(async (...to) => {
      await says(180, 1)(...to)
      await says(30, 2)(...to)
      await says(90, 3)(...to)
      await says(30, 4, true)(...to)
    })
    await replay()
    expect(await pace()).toEqual({ days: 90 })
  })

  test('does not come back over a later word that the backup has, nor for somebody who is gone', async () => {
    const { here, patron, replay, pace } = await restored(says(180, 1))
    await recordWish(house.database.logins, here.libraryNo, {
      patrons: [patron],
      wish: { about: 'pace', days: 30 },
      method: 'own page',
      now: daysLater(1),
    })
    expect(await replay()).toMatchObject({ replayed: 0, known: 1 })
    expect(await pace()).toEqual({ days: 30 })
    const gone = await restored(says(180, 1))
    const erased = { patron: gone.patron, by: 'Ana', now: daysLater(1) }
    await erasePatron({ logins: house.database.logins, journal: house.journal }, gone.here, erased)
    expect(await gone.replay()).toMatchObject({ replayed: 0, known: 1 })
  })
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
