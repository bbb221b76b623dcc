import { expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make, monthsAgo, NOW } from '../../test/make.ts'
import { inLibrary } from '../db/scope.ts'
import { previewSegment } from '../segments/preview.ts'
import { checkStanding } from './standing.ts'
import { stop } from './stop.ts'
import { verifyLedger } from './verify-ledger.ts'
import { whyPatron } from './why.ts'

const house = openHouse()
const lapsed = { lapsed: { minMonths: 3, maxMonths: 6 } }

test('of those who went quiet only the one who agreed may be written to, and everybody else has a reason', async () => {
  const library = await make.library(house)
  await make.patrons(house, library, [
    { id: 'rosa', email: 'rosa@example.org', lastUse: monthsAgo(4), consents: ['reengagement/email'] },
    { id: 'priya', email: 'priya@example.org', lastUse: monthsAgo(4) },
    { id: 'sam', email: 'sam@example.org', lastUse: monthsAgo(5), refused: ['reengagement/email'] },
    {
      id: 'karl',
      email: 'karl@example.org',
      lastUse: monthsAgo(4),
      expires: '2026-01-31',
      consents: ['reengagement/email'],
    },
    { id: 'amara', email: 'amara@example.org', lastUse: monthsAgo(0), consents: ['reengagement/email'] },
    { id: 'mateo', email: 'rosa@example.org', lastUse: monthsAgo(4), consents: ['reengagement/email'] },
  ])
  const preview = await previewSegment(
    house.database.logins,
    { library, purpose: 'reengagement', channel: 'email', now: NOW },
    lapsed,
  )
  expect(preview).toMatchObject({ chosen: 5, sendable: 1, withheld: 4 })
  expect(Object.fromEntries(Object.entries(preview.reasons).map(([code, r]) => [code, r.people]))).toEqual({
    NEVER_SAID_YES: 1,
    SAID_NO: 1,
    CARD_EXPIRED: 1,
    HOUSEHOLD: 1,
  })
})

test('Mei Lin says stop: she leaves the next preview at once, and the ledger and her standing say the same', async () => {
  const library = await make.library(house)
  await make.patrons(house, library, [
    { id: 'mei', email: 'mei@example.org', lastUse: monthsAgo(4), consents: ['reengagement/email'] },
  ])
  const patron = await make.number(house, library, 'mei')
  const question = { library, purpose: 'reengagement', channel: 'email', now: NOW } as const
  await stop(
    house.database.logins,
    house.journal,
    library,
    { patron, addressHash: null, channel: 'email', purpose: 'all', method: 'link', attestedBy: 'the patron' },
    NOW,
  )
  expect(await previewSegment(house.database.logins, question, lapsed)).toMatchObject({
    chosen: 1,
    sendable: 0,
    reasons: { SAID_NO: { people: 1 } },
  })
  const why = await inLibrary(house.database.logins, 'circulation', library.libraryNo, (scope) =>
    whyPatron(scope, question, patron),
  )
  expect(why?.allowed).toBe(false)
  expect(why?.rules.filter((r) => !r.passed).map((r) => r.code)).toEqual(['SAID_NO'])
  expect(why?.rules.map((r) => r.because)).not.toContain('has said yes to this')
  expect(await inLibrary(house.database.logins, 'circulation', library.libraryNo, verifyLedger)).toMatchObject({
    entries: 2,
    ok: true,
  })
  expect(await checkStanding(house.database.logins, library.libraryNo)).toMatchObject({ patrons: 1, differing: 0 })
})
