import { sql } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make, monthsAgo, NOW } from '../../test/make.ts'
import { answersTo, premisesOf } from '../../test/site.ts'
import type { Channel } from '../consent/purposes.ts'
import { whyPatron } from '../consent/why.ts'
import { inLibrary, rowsOf } from '../db/scope.ts'
import { keyedHashFor } from '../lib/keyed-hash.ts'
import type { Library } from '../patrons/library.ts'
import { reportAddress, reportLifeEvent } from './life-event.ts'
import { closeTask, type LifeEvent, listTasks } from './tasks.ts'

const house = openHouse()
let maple: Library
const later = new Date(NOW.getTime() + 60_000)

beforeEach(async () => {
  maple = await make.library(house)
  await make.patrons(house, maple, [
    {
      id: 'karl',
      given: 'Karl',
      email: 'karl@example.net',
      phone: '614-555-0107',
      lastUse: monthsAgo(4),
      consents: ['events/email', 'events/sms'],
    },
    { id: 'inge', given: 'Inge', email: 'karl@example.net', lastUse: monthsAgo(4), consents: ['events/email'] },
    { id: 'rosa', email: 'rosa@example.org', lastUse: monthsAgo(4), consents: ['events/email'] },
  ])
})

const tell = async (event: LifeEvent, id = 'karl', email = 'karl@example.net') =>
  reportLifeEvent(premisesOf(house), maple, {
    event,
    patron: await make.number(house, maple, id),
    addressHash: keyedHashFor(house.database.keys.hashing, maple.key)('email', email),
    now: NOW,
  })
const withheld = async (id: string, channel: Channel = 'email') => {
  const patron = await make.number(house, maple, id)
  return inLibrary(house.database.logins, 'circulation', maple.libraryNo, async (scope) =>
    (await whyPatron(scope, { library: maple, purpose: 'events', channel, now: later }, patron))!.rules
      .filter((rule) => !rule.passed)
      .map((rule) => rule.code),
  )
}
const tasks = (all = false) => listTasks(house.database.logins, maple, { who: 'Ana', all })
const close = (taskNo: string, outcome: 'yes' | 'no') =>
  closeTask(house.database.logins, maple, { taskNo, outcome, by: 'Ana Ruiz', now: later })
const suppressions = () =>
  inLibrary(house.database.logins, 'circulation', maple.libraryNo, (scope) =>
    rowsOf(
      scope,
      sql<{
        reason: string
        channel: string
        purposes: string
      }>`select reason, channel, purposes from outreach.suppression
        where library_no = ${maple.libraryNo} and lifted_at is null order by reason, channel, purposes`,
    ),
  )

test.each(['moved', 'not-me', 'died'] as const)(
  '%s: silent at once, for whoever reads the address; nobody else',
  async (event) => {
    await tell(event)
    expect(await withheld('karl')).toEqual(['LIFE_EVENT'])
    expect(await withheld('inge')).toEqual(['LIFE_EVENT'])
    expect(await withheld('rosa')).toEqual([])
    // Outreach only: what the library system sends by itself is not ours to hold back.
    expect((await suppressions()).every((s) => s.purposes === '60')).toBe(true)
    expect(await tasks()).toMatchObject([{ kind: event, patronId: 'karl', state: 'open' }])
  },
)

test('who died is written to nowhere; who moved has still the phone they gave', async () => {
  await tell('moved')
  expect((await suppressions()).map((s) => s.channel)).toEqual(['email'])
  await tell('died')
  expect((await suppressions()).map((s) => s.channel)).toEqual(['email', 'sms'])
})

test('the library is told once that something waits, and not about whom', async () => {
  await tell('died')
  await tell('died')
  const mails = await answersTo(house, maple, maple.email)
  expect(mails).toHaveLength(1)
  expect(`${mails[0]!.subject} ${mails[0]!.text}`).not.toMatch(/karl|died|fallecid|555-0107/i)
  expect(await tasks()).toHaveLength(1)
})

describe('staff', () => {
  test('yes makes it final: of a death for every message, of a move for outreach', async () => {
    await tell('died')
    await tell('moved', 'rosa', 'rosa@example.org')
    for (const task of await tasks()) await close(task.taskNo, 'yes')
    expect(await withheld('karl')).toEqual(['DO_NOT_WRITE'])
    expect(await withheld('rosa')).toEqual(['DO_NOT_WRITE'])
    expect(await suppressions()).toEqual([
      { reason: 'staff', channel: 'email', purposes: '-1' },
      { reason: 'staff', channel: 'email', purposes: '60' },
      { reason: 'staff', channel: 'sms', purposes: '-1' },
    ])
  })

  test('no lets it go on, but not while something else about the same person waits', async () => {
    await tell('moved')
    await tell('died')
    const [died, moved] = await tasks()
    expect([died!.kind, died!.due, moved!.due]).toEqual(['died', '2026-11-24', '2026-11-29'])
    await close(died!.taskNo, 'no')
    expect(await withheld('karl')).toEqual(['LIFE_EVENT'])
    await close(moved!.taskNo, 'no')
    expect(await withheld('karl')).toEqual([])
    expect(await suppressions()).toEqual([])
  })

  test('a stop that the reader said themselves outlives every task', async () => {
    await make.says(house, maple, 'karl', 'all/email', 'stop', NOW)
    await tell('moved')
    await close((await tasks())[0]!.taskNo, 'no')
    expect(await withheld('karl')).toEqual(['SAID_NO'])
  })

  test('a yes that the reader says meanwhile does not end what waits for staff', async () => {
    await tell('not-me')
    await make.says(house, maple, 'karl', 'events/email', 'grant', NOW)
    expect(await withheld('karl')).toEqual(['LIFE_EVENT'])
  })

  test('a task is closed once, by name, and the reader’s words are forgotten', async () => {
    const patron = await make.number(house, maple, 'rosa')
    const about = { patron, addressHash: Buffer.alloc(16), now: NOW }
    await reportAddress(premisesOf(house), maple, { ...about, said: '1 Old Road' })
    await reportAddress(premisesOf(house), maple, { ...about, said: '2 New Road' })
    const [task] = await tasks()
    expect(task).toMatchObject({ kind: 'address', said: '2 New Road' })
    await close(task!.taskNo, 'yes')
    await expect(close(task!.taskNo, 'no')).rejects.toThrow('closed before, by Ana Ruiz')
    await expect(close('999', 'no')).rejects.toThrow('has no task 999')
    expect(await tasks()).toEqual([])
    expect(await tasks(true)).toMatchObject([{ said: null, closedBy: 'Ana Ruiz', outcome: 'yes' }])
  })
})
