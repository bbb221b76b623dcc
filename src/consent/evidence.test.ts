import type pg from 'pg'
import { beforeAll, expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make, NOW } from '../../test/make.ts'
import { inLibrary } from '../db/scope.ts'
import type { Library } from '../patrons/library.ts'
import { appendChoices, type Choice, choicesOf, type Evidence } from './ledger.ts'
import { verifyLedger } from './verify-ledger.ts'

const house = openHouse()
const AT = '2026-03-01T12:00:00Z'
let root: pg.Client
let library: Library

beforeAll(async () => {
  root = await house.connectAsSuperuser()
  await root.query('set session_replication_role = replica') // no trigger stops this connection
  library = await make.library(house)
})

const rosa: Evidence = { name: 'Rosa Delgado', address: 'rosa@example.org', page: '/maple/join', language: 'es' }

const append = (choices: Choice[], at = library) =>
  inLibrary(house.database.logins, 'circulation', at.libraryNo, (scope) => appendChoices(scope, choices, NOW))
const told = (patron: string) =>
  inLibrary(house.database.logins, 'circulation', library.libraryNo, (scope) => choicesOf(scope, patron))
const verify = () => inLibrary(house.database.logins, 'circulation', library.libraryNo, verifyLedger)
const yes = (patron: string, evidence?: Evidence) => make.choice(patron, 'events/email', 'grant', AT, { evidence })

test('evidence is told again as it was given, and stands nowhere in the database as a text', async () => {
  await append([yes('1', rosa), yes('2'), yes('1', { place: 'at the desk' })])
  expect((await told('1')).map((c) => [c.evidence, c.sealed])).toEqual([
    [rosa, true],
    [{ place: 'at the desk' }, true],
  ])
  expect((await told('2')).map((c) => [c.evidence, c.sealed])).toEqual([[null, false]])
  const { rows } = await root.query(
    'select l::text as row from outreach.ledger l union all select k::text from outreach.patron_key k',
  )
  const kept = rows.map((r) => r.row).join('\n')
  for (const word of ['Rosa', 'rosa@', Buffer.from('Rosa Delgado').toString('hex')]) expect(kept).not.toContain(word)
  expect(await verify()).toMatchObject({ ok: true, signed: true })
})

test('the same words sealed twice look different, and a longer name does not show by its length', async () => {
  await append([
    yes('5', { name: 'Mei Lin' }),
    yes('5', { name: 'Mei Lin' }),
    yes('5', { name: 'María José Fernández' }),
  ])
  const { rows } = await root.query('select sealed from outreach.ledger where patron_no = 5')
  expect(new Set(rows.map((r) => r.sealed.toString('hex'))).size).toBe(3)
  expect(new Set(rows.map((r) => r.sealed.length)).size).toBe(1)
})

test('once the key is gone the evidence is gone, and the chain is still whole', async () => {
  await append([yes('7', rosa)])
  await root.query('delete from outreach.patron_key where patron_no = 7')
  expect((await told('7')).map((c) => [c.evidence, c.sealed, c.decision])).toEqual([[null, true, 'grant']])
  expect(await verify()).toMatchObject({ ok: true })
})

test("a key that was put in another patron's row opens nothing", async () => {
  await append([yes('8', rosa), yes('9', { name: 'Karl' })])
  await root.query(
    'update outreach.patron_key set wrapped = (select wrapped from outreach.patron_key where patron_no = 8) where patron_no = 9',
  )
  expect((await told('9')).map((c) => c.evidence)).toEqual([null])
  await expect(append([yes('9', rosa)])).rejects.toThrow('does not open')
})

test('somebody who is in the register of erasures gets no key again: what they did is kept, not who they were', async () => {
  await root.query(
    `insert into outreach.erasure (library_no, patron_no, erased_at, erased_by) values ($1, 11, now(), 'Ana')`,
    [library.libraryNo],
  )
  await append([make.choice('11', 'all/email', 'stop', AT, { evidence: rosa })])
  expect((await told('11')).map((c) => [c.decision, c.evidence, c.sealed])).toEqual([['stop', null, false]])
  expect((await root.query('select from outreach.patron_key where patron_no = 11')).rowCount).toBe(0)
})

test('two choices of somebody new at the same moment share one key', async () => {
  await Promise.all(Array.from({ length: 8 }, (_, i) => append([yes('12', { form: String(i) })])))
  expect((await told('12')).map((c) => c.evidence!.form).sort()).toEqual(['0', '1', '2', '3', '4', '5', '6', '7'])
})

test.each(['sealed = sha256(sealed)', 'sealed = null', 'form = 1'])(
  'sealed evidence that was changed is found without opening it: %s',
  async (change) => {
    library = await make.library(house)
    await append([yes('1', rosa), yes('2', rosa), yes('3')])
    await root.query(`update outreach.ledger set ${change} where library_no = $1 and entry_no = 2`, [library.libraryNo])
    expect(await verify()).toMatchObject({ ok: false, firstBadEntry: 2 })
  },
)
