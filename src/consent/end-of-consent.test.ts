import { sql } from 'kysely'
import { beforeEach, expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make, NOW } from '../../test/make.ts'
import { inLibrary, rowOf } from '../db/scope.ts'
import type { Library } from '../patrons/library.ts'
import { previewSegment } from '../segments/preview.ts'
import { changePolicy } from './change-policy.ts'
import { checkStanding } from './standing.ts'
import { whyPatron } from './why.ts'

const house = openHouse()
let maple: Library

// Rosa and Karl said yes on May 3, 2025: eighteen months and some days ago.
beforeEach(async () => {
  maple = await make.library(house)
  await make.patrons(house, maple, [
    { id: 'rosa', email: 'rosa@example.org', consents: ['events/email'] },
    { id: 'karl', given: 'Karl', email: 'karl@example.net', consents: ['events/email', 'reengagement/email'] },
    { id: 'mei', given: 'Mei Lin', email: 'mei@example.com' },
  ])
})

const endAfter = async (months: number) => {
  const step = { item: 'consent-months', to: months, because: 'the board asked', by: 'J. Park', now: NOW }
  await changePolicy(house.database.logins, maple, maple.consentMonths === null ? 'tighten' : 'loosen', step)
  maple = await make.again(house, maple)
}
const question = (purpose: 'events' | 'reengagement', now = NOW) =>
  ({ library: maple, purpose, channel: 'email', now }) as const
const why = async (id: string, purpose: 'events' | 'reengagement' = 'events', now = NOW) => {
  const patron = await make.number(house, maple, id)
  const said = await inLibrary(house.database.logins, 'circulation', maple.libraryNo, (scope) =>
    whyPatron(scope, question(purpose, now), patron),
  )
  return said!.rules.filter((rule) => !rule.passed).map((rule) => rule.code)
}
const agreedOn = async (id: string) => {
  const patron = await make.number(house, maple, id)
  return inLibrary(house.database.logins, 'circulation', maple.libraryNo, (scope) =>
    rowOf(
      scope,
      sql<{ day: string | null }>`
      select agreed_email_on::text as day from outreach.standing where library_no = ${maple.libraryNo} and patron_no = ${patron}::bigint`,
    ),
  )
}

test('a yes holds until it is taken back, where the library has set no end', async () => {
  expect(await why('rosa', 'events', new Date('2046-11-22T15:00:00Z'))).toEqual([])
})

test('where it has, an old yes no longer counts, and the preview says so', async () => {
  await endAfter(18)
  expect(await why('rosa')).toEqual(['CONSENT_TOO_OLD'])
  const preview = await previewSegment(house.database.logins, question('events'), { branch: ['main'] })
  expect(preview).toMatchObject({ chosen: 3, sendable: 0, reasons: { CONSENT_TOO_OLD: { people: 2 } } })
  await endAfter(19)
  expect(await why('rosa')).toEqual([])
})

test('it ends on the day and not before', async () => {
  await endAfter(24)
  expect(await why('rosa', 'events', new Date('2027-05-03T15:00:00Z'))).toEqual([])
  expect(await why('rosa', 'events', new Date('2027-05-04T15:00:00Z'))).toEqual(['CONSENT_TOO_OLD'])
})

test('said again, it counts from then', async () => {
  await endAfter(18)
  await make.says(house, maple, 'rosa', 'events/email', 'grant', '2026-11-01T12:00:00Z')
  expect(await agreedOn('rosa')).toEqual({ day: '2026-11-01' })
  expect(await why('rosa')).toEqual([])
})

test('the oldest yes of a channel counts for all of that channel, and one taken back counts no more', async () => {
  await endAfter(18)
  await make.says(house, maple, 'karl', 'events/email', 'grant', '2026-11-01T12:00:00Z')
  expect(await why('karl', 'events')).toEqual(['CONSENT_TOO_OLD'])
  await make.says(house, maple, 'karl', 'reengagement/email', 'deny', '2026-11-02T12:00:00Z')
  expect(await agreedOn('karl')).toEqual({ day: '2026-11-01' })
  expect(await why('karl', 'events')).toEqual([])
})

test('somebody who never said yes is told that, and a no is a no', async () => {
  await endAfter(6)
  expect(await why('mei')).toEqual(['NEVER_SAID_YES'])
  await make.says(house, maple, 'rosa', 'all/all', 'deny', '2026-11-02T12:00:00Z')
  expect(await why('rosa')).toEqual(expect.arrayContaining(['SAID_NO']))
  expect(await why('rosa')).not.toContain('CONSENT_TOO_OLD')
})

test('the day of a yes is derived from the ledger, and a changed one is found', async () => {
  const check = () => checkStanding(house.database.logins, maple.libraryNo)
  expect(await check()).toMatchObject({ differing: 0 })
  const root = await house.connectAsSuperuser()
  await root.query(
    `update outreach.standing set agreed_email_on = '2026-11-01' where library_no = $1 and agreed_email_on is not null`,
    [maple.libraryNo],
  )
  expect(await check()).toMatchObject({ differing: 2 })
})
