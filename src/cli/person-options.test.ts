// How staff reach a person: by the id of the patron file, by an address, or by a number. People without a card have no id.
import { sql } from 'kysely'
import { beforeAll, expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make } from '../../test/make.ts'
import { runCommand } from '../../test/run-command.ts'
import { signUp } from '../../test/sign-up.ts'
import { inLibrary, rowsOf } from '../db/scope.ts'
import type { Library } from '../patrons/library.ts'
import type { Command } from './command.ts'
import { consentEvidence } from './consent-evidence.ts'
import { consentHistory } from './consent-history.ts'
import { patronErase } from './patron-erase.ts'
import { patronShow } from './patron-show.ts'
import { retentionPatron } from './retention.ts'
import { why } from './why.ts'

const house = openHouse()
let maple: Library
let lena: string

beforeAll(async () => {
  maple = await make.library(house)
  await make.patrons(house, maple, [
    { id: '10234', given: 'Rosa', email: 'rosa@example.org', consents: ['events/email'] },
    { id: '10235', given: 'Nico', email: 'rosa@example.org' },
    { id: '10236', given: 'Karl', email: 'karl@example.net' },
  ])
  lena = await signUp(house, maple, { name: 'Lena', email: 'lena@example.com' })
})

const run = (command: Command, ...line: string[]) => runCommand(house, command, [...line, '--library', maple.key])
const audit = async () =>
  inLibrary(house.database.logins, 'circulation', maple.libraryNo, (scope) =>
    rowsOf(
      scope,
      sql<{ did: string; about: Record<string, string> }>`
      select did, about from desk.audit where library_no = ${scope.library} order by audit_no`,
    ),
  )

test('Lena, who has no card, is found by her address in every command about one person, and each look is written down', async () => {
  const email = ['--email', ' Lena@Example.com ']
  const before = (await audit()).length
  expect((await run(patronShow, ...email)).json).toMatchObject({ patronNo: lena, identity: { givenName: 'Lena' } })
  expect((await run(consentHistory, ...email)).json).toMatchObject({ patronNo: lena, patronId: null })
  expect((await run(why, ...email)).json).toMatchObject({ rules: expect.any(Array) })
  expect((await run(retentionPatron, ...email)).json).toMatchObject({ patronNo: lena })
  const evidence = await run(consentEvidence, ...email, '--purpose', 'reengagement', '--channel', 'email')
  expect(evidence.json).toMatchObject({ patronId: null, patronNo: lena, purpose: 'reengagement' })
  const looks = (await audit()).slice(before)
  expect(looks).toHaveLength(5)
  expect(looks.every(({ about }) => about.patronNo === lena)).toBe(true)
  expect(JSON.stringify(looks)).not.toMatch(/lena@/i)
})

test('her number does as well, and one that nobody has is refused', async () => {
  expect((await run(patronShow, '--number', lena)).json).toMatchObject({ patronNo: lena })
  await expect(run(patronShow, '--number', '42')).rejects.toMatchObject({ code: 'not-found' })
  await expect(run(patronShow, '--number', 'x')).rejects.toMatchObject({ code: 'bad-input' })
  const birch = await make.library(house)
  await expect(runCommand(house, patronShow, ['--number', lena, '--library', birch.key])).rejects.toMatchObject({
    code: 'not-found',
  })
})

test('of several people at one mailbox staff choose by what the library system knows, and no name is told', async () => {
  const nico = await make.number(house, maple, '10235')
  const before = (await audit()).length
  const asked = run(patronShow, '--email', 'rosa@example.org')
  await expect(asked).rejects.toMatchObject({ code: 'conflict' })
  const { message } = (await asked.catch((error) => error)) as Error
  expect(message).toContain('10234')
  expect(message).toContain('10235')
  expect(message).not.toMatch(/Rosa|Nico/)
  // That was a look at each of them.
  const looks = (await audit()).slice(before)
  expect(looks.map(({ did }) => did)).toEqual(['found by an address', 'found by an address'])
  expect(looks.map(({ about }) => about.patronNo)).toContain(nico)
})

test('who shares a mailbox with a cardholder and has no card is named by number', async () => {
  await signUp(house, maple, { name: 'Tom', email: 'karl@example.net' })
  const said = await run(patronShow, '--email', 'karl@example.net').catch((error: Error) => error.message)
  expect(said).toMatch(/which one: 10236, /)
  expect(said).toMatch(/--number \d+ \(without a card\)/)
})

test('an address that nobody has finds nobody, and what is no address is refused', async () => {
  await expect(run(patronShow, '--email', 'nobody@example.org')).rejects.toMatchObject({ code: 'not-found' })
  await expect(run(patronShow, '--email', 'rosa')).rejects.toMatchObject({ code: 'bad-input' })
})

test('a person is named in exactly one way', async () => {
  await expect(run(patronShow)).rejects.toThrow(/PATRON_ID, --email or --number/)
  await expect(run(patronShow, '10234', '--email', 'rosa@example.org')).rejects.toMatchObject({ code: 'bad-input' })
  expect((await run(patronShow, '10234')).json).toMatchObject({ facts: { patronId: '10234' } })
})

test('Lena asks to be forgotten at the desk', async () => {
  const erased = await run(patronErase, '--email', 'lena@example.com', '--by', 'Ana', '--yes')
  expect(erased.json).toMatchObject({ erased: true, patronNo: lena })
  await expect(run(patronShow, '--email', 'lena@example.com')).rejects.toMatchObject({ code: 'not-found' })
  // What is left leads to nobody and can still be shown.
  expect((await run(patronShow, '--number', lena)).json).toMatchObject({ identity: null, erasedAt: expect.any(Date) })
})
