// The door in the wall at the counter: staff link a sign-up with a card while the person stands before them.
import { sql } from 'kysely'
import { beforeEach, expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make, NOW } from '../../test/make.ts'
import { signUp } from '../../test/sign-up.ts'
import { erasePatron } from '../consent/erase-patron.ts'
import { exportPatron } from '../consent/export-patron.ts'
import { addHold } from '../consent/hold.ts'
import { choicesOf } from '../consent/ledger.ts'
import { recordWish, wishesOf } from '../consent/preferences.ts'
import { checkStanding } from '../consent/standing.ts'
import { stop } from '../consent/stop.ts'
import { whyPatron } from '../consent/why.ts'
import { inLibrary, rowsOf } from '../db/scope.ts'
import type { Library } from '../patrons/library.ts'
import { type Linking, linkToCard } from './link-to-card.ts'

const house = openHouse()
let maple: Library
let signed: string
let card: string

const signedUp = new Date(NOW.getTime() - 3_600_000)
const lena = { id: '10234', given: 'Lena', email: 'lena@example.com', lastUse: '2026-07-01' }
const patrons = [
  lena,
  { id: '10235', given: 'Nico', email: 'lena@example.com', born: '2016-05-01' },
  { id: '10236', given: 'Karl', email: 'karl@example.net' },
  { id: '10237', given: 'Tom', status: 'closed', email: 'lena@example.com' },
  { id: '10238', given: 'Mei Lin' },
]

beforeEach(async () => {
  maple = await make.library(house)
  await make.roster(house, maple, patrons)
  card = await make.number(house, maple, '10234')
  signed = await signUp(house, maple, {
    name: 'Lena M.',
    email: 'lena@example.com',
    yes: ['reengagement/email', 'events/email'],
    at: signedUp,
  })
})

const link = (more: Partial<Linking> = {}) =>
  linkToCard(house.database.logins, maple, {
    email: 'Lena@example.com',
    patronId: '10234',
    by: 'Ana Ruiz',
    otherAddress: false,
    now: NOW,
    ...more,
  })
const scoped = <R>(work: Parameters<typeof inLibrary<'circulation', R>>[3]) =>
  inLibrary(house.database.logins, 'circulation', maple.libraryNo, work)
const choices = (patron: string) => scoped((scope) => choicesOf(scope, patron))
const mayWrite = async (patron: string, purpose: 'reengagement' | 'events' = 'reengagement') =>
  (await scoped((scope) =>
    whyPatron(scope, { library: maple, purpose, channel: 'email', now: new Date(NOW.getTime() + 60_000) }, patron),
  ))!.rules
    .filter((rule) => !rule.passed)
    .map((rule) => rule.code)

test('Lena’s yeses stand with her card from then on, with her words, their own day, and who linked them', async () => {
  expect(await link()).toMatchObject({ patron: card, yeses: 2 })
  const noted = await choices(card)
  expect(noted.map(({ purpose, decision }) => `${decision} ${purpose}`)).toEqual(['grant reengagement', 'grant events'])
  for (const one of noted)
    expect(one).toMatchObject({
      decidedAt: signedUp,
      recordedAt: NOW,
      attestedBy: 'Ana Ruiz',
      said: expect.stringContaining('Yes, write me'),
      evidence: {
        email: 'lena@example.com',
        name: 'Lena M.',
        linked: 'staff at the counter, person present',
        'first noted as': 'web form; the patron',
      },
    })
  expect(await mayWrite(card)).toEqual([])
  expect(await checkStanding(house.database.logins, maple.libraryNo)).toMatchObject({ differing: 0 })
})

test('without her card she is written to no more, and nothing names her there', async () => {
  await link()
  expect(await mayWrite(signed)).toContain('SAID_NO')
  const left = await choices(signed)
  expect(left.at(-1)).toMatchObject({ decision: 'deny', purpose: 'all', attestedBy: 'Ana Ruiz' })
  expect(left.every(({ evidence }) => evidence === null)).toBe(true)
  const names = await scoped((scope) =>
    rowsOf(
      scope,
      sql`select from roster.identity where library_no = ${scope.library} and patron_no = ${signed}::bigint`,
    ),
  )
  expect(names).toEqual([])
})

test('what she said no to since and how often she wants mail come along', async () => {
  const { logins } = house.database
  await recordWish(logins, maple.libraryNo, {
    patrons: [signed],
    wish: { about: 'pace', days: 90 },
    method: 'preference page',
    now: NOW,
  })
  const addressHash = await scoped(async (scope) => scope.seals.hashFor(maple.key)('email', 'lena@example.com'))
  const later = new Date(signedUp.getTime() + 60_000)
  const no = {
    patron: signed,
    addressHash,
    channel: 'email',
    purpose: 'events',
    method: 'link',
    attestedBy: 'the patron',
  } as const
  await stop(logins, house.journal, maple, no, later)
  await link()
  expect(await mayWrite(card, 'events')).not.toEqual([])
  expect(await mayWrite(card)).toEqual([])
  expect(await scoped((scope) => wishesOf(scope, card))).toMatchObject([{ about: 'pace', paceDays: 90 }])
  expect(await scoped((scope) => wishesOf(scope, signed))).toEqual([])
})

test('a no that she said with her card after signing up is not undone', async () => {
  await make.says(house, maple, '10234', 'reengagement/email', 'deny', new Date(NOW.getTime() - 1_000))
  await link()
  expect(await mayWrite(card)).toContain('SAID_NO')
})

test('it is in the audit, by numbers', async () => {
  await link()
  const audit = await scoped((scope) =>
    rowsOf(scope, sql`select who, did, about from desk.audit where library_no = ${scope.library}`),
  )
  expect(audit).toEqual([
    { who: 'Ana Ruiz', did: 'linked a sign-up to a card', about: { patronNo: card, signedUpAs: signed } },
  ])
})

test('twice is once: the second time nobody is left who signed up without a card', async () => {
  await link()
  await expect(link()).rejects.toMatchObject({ code: 'not-found' })
  expect(await choices(card)).toHaveLength(2)
  // Signing up again without the card begins anew.
  expect(await signUp(house, maple, { name: 'Lena', email: 'lena@example.com' })).not.toBe(signed)
})

test('a child’s card, a closed one, and one without an address are refused, and nothing has changed', async () => {
  await expect(link({ patronId: '10235' })).rejects.toThrow(/child/)
  await expect(link({ patronId: '10237' })).rejects.toMatchObject({ code: 'conflict' })
  await expect(link({ patronId: '10238', otherAddress: true })).rejects.toMatchObject({ code: 'not-ready' })
  await expect(link({ patronId: '99999' })).rejects.toMatchObject({ code: 'not-found' })
  await expect(link({ email: 'nobody@example.org' })).rejects.toMatchObject({ code: 'not-found' })
  await expect(link({ by: ' ' })).rejects.toMatchObject({ code: 'bad-input' })
  expect(await mayWrite(signed)).toEqual([])
})

test('where the card has another address, a mistyped number would write to a stranger, so it has to be meant', async () => {
  await expect(link({ patronId: '10236' })).rejects.toThrow(/another address/)
  const karl = await make.number(house, maple, '10236')
  expect(await choices(karl)).toEqual([])
  expect(await link({ patronId: '10236', otherAddress: true })).toMatchObject({ patron: karl })
  // The patron file says how to reach him: nothing is sent before it has.
  expect(await mayWrite(karl)).not.toEqual([])
  await make.roster(house, maple, patrons)
  expect(await mayWrite(karl)).toEqual([])
})

test('under a hold nothing is lost by it: the details went with the choices', async () => {
  await addHold(house.database.logins, maple, { kind: 'all', because: 'a letter', by: 'J. Park', now: NOW })
  await link()
  expect((await choices(card))[0]?.evidence).toMatchObject({ name: 'Lena M.' })
})

test('what Lena was sent before the link is in the record of her card, and is blanked when the card is erased', async () => {
  const root = await house.connectAsSuperuser()
  const lib = maple.libraryNo
  await root.query(
    `insert into mail.message (library_no, message_no, patron_no, channel, purpose, basis, sender, state, due_at, facts)
     values ($1, 7001, $2, 'email', 'events', 'consent', 'main', 'accepted', $3, '{"seen": true}')`,
    [lib, signed, signedUp],
  )
  await root.query(
    `insert into mail.text (library_no, line_no, direction, kind, patron_no, phone, phone_hash, body, state, at)
     values ($1, 1, 'in', 'in', $2, '+16145550101', 'an old phone', 'See you there!', 'received', $3)`,
    [lib, signed, signedUp],
  )
  await link()
  const record = await scoped((scope) => exportPatron(scope, maple, card, NOW))
  expect(record.messages).toMatchObject([{ messageNo: '7001' }])
  expect(record.texts).toMatchObject([{ body: 'See you there!' }])
  const counts = Object.fromEntries(record.kept.map(({ kind, records }) => [kind, records]))
  expect([counts.messages, counts.texts]).toEqual([1, 1])
  await erasePatron({ logins: house.database.logins, journal: house.journal }, maple, {
    patron: card,
    by: 'Ana',
    now: NOW,
  })
  const { rows } = await root.query(
    'select (select facts from mail.message where library_no = $1), (select body from mail.text where library_no = $1)',
    [lib],
  )
  expect(rows).toEqual([{ facts: null, body: null }])
})
