import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make, monthsAgo, NOW } from '../../test/make.ts'
import { createCampaign, stepCampaign } from '../campaigns/campaign.ts'
import { readCampaign } from '../campaigns/campaign-file.ts'
import { launchCampaign } from '../campaigns/launch.ts'
import { campaignStatus } from '../campaigns/status.ts'
import type { Library } from '../patrons/library.ts'
import { recordOutcomes } from './record-outcomes.ts'
import { settleAbandoned } from './settle-abandoned.ts'
import { type Take, takeDue } from './take.ts'
import { openTakeLogs, type TakeLogs } from './take-log.ts'

const house = openHouse()
const later = new Date(Date.now() + 3_600_000)
const sender = 'outreach-email'

/** Rosa, Karl, Mei Lin and Amara, taken by a process that is about to be killed. */
async function takenFour(takeLogs?: TakeLogs): Promise<{ library: Library; campaignNo: string; take: Take }> {
  const { logins } = house.database
  const library = await make.library(house)
  await make.patrons(
    house,
    library,
    ['rosa', 'karl', 'mei', 'amara'].map((id) => ({
      id,
      email: `${id}@example.org`,
      lastUse: monthsAgo(4),
      consents: ['reengagement/email' as const],
    })),
  )
  const segment = { lapsed: { minMonths: 3, maxMonths: 6 } }
  const plan = { key: 'autumn', name: 'Autumn', purpose: 'reengagement', segment, letter: 'any-three-doors' }
  const { campaignNo } = await createCampaign(
    logins,
    library,
    await readCampaign({ ...plan, graceMinutes: 0 }, 'the test', null),
  )
  await stepCampaign(logins, library, 'autumn', 'approve', 'Ana', NOW)
  await launchCampaign(logins, library, 'autumn', { now: NOW, canSend: true })
  const take = await takeDue(logins, { library, sender, campaignNo, most: 10, now: NOW, takeLogs })
  expect(take.messages).toHaveLength(4)
  return { library, campaignNo, take }
}

const settle = (library: Library) =>
  settleAbandoned(house.database.logins, library.libraryNo, openTakeLogs(house.folder), {
    takenBefore: later,
    now: NOW,
  })
const statesOf = async (library: Library) => (await campaignStatus(house.database.logins, library, 'autumn')).messages
const turn = () => new Promise((resolve) => setImmediate(resolve))

test('of four taken by a process that was killed, one was on the wire: it alone is uncertain', async () => {
  const { library, take } = await takenFour()
  const log = openTakeLogs(house.folder).open(take.takeNo)
  const [rosa, karl, mei] = take.messages.map((m) => m.messageNo) as [string, string, string]
  for (const one of [rosa, karl, mei]) expect(await log.begin(one)).toBe(true)
  log.end(rosa, 'accepted')
  log.end(karl, 'did not leave')
  await turn()
  expect(await settle(library)).toEqual({ unknown: 1, accepted: 1, waiting: 2 })
  expect(await statesOf(library)).toMatchObject({ unknown: 1, accepted: 1, waiting: 2, handing: 0 })
  expect(readdirSync(join(house.folder, 'takes'))).toEqual([])
  const again = await takeDue(house.database.logins, {
    library,
    sender,
    campaignNo: take.mailing!.campaignNo,
    most: 10,
    now: NOW,
  })
  expect(again.messages).toHaveLength(2)
})

test('who had taken it is called what it is: the mail server of a mail, the provider of a text', async () => {
  const said: (string | null)[] = []
  for (const channel of ['email', 'sms']) {
    const { library, take } = await takenFour()
    const root = await house.connectAsSuperuser()
    await root.query('update mail.message set channel = $2 where library_no = $1', [library.libraryNo, channel])
    const log = openTakeLogs(house.folder).open(take.takeNo)
    const rosa = take.messages[0]!.messageNo
    await log.begin(rosa)
    log.end(rosa, 'accepted')
    await turn()
    await settle(library)
    const { rows } = await root.query(`select said from mail.event where library_no = $1 and kind = 'accepted'`, [
      library.libraryNo,
    ])
    said.push(...rows.map((row) => row.said))
  }
  expect(said).toEqual([
    expect.stringMatching(/^taken by the mail server; the program ended/),
    expect.stringMatching(/^taken by the provider; the program ended/),
  ])
})

test('killed between the take and its first mail, a process leaves nobody uncertain', async () => {
  const { library } = await takenFour(openTakeLogs(house.folder))
  expect(await settle(library)).toEqual({ unknown: 0, accepted: 0, waiting: 4 })
  expect(readdirSync(join(house.folder, 'takes'))).toEqual([])
})

test('while one of a take is held by somebody else, its log is kept for it', async () => {
  const { library, take } = await takenFour(openTakeLogs(house.folder))
  const root = await house.connectAsSuperuser()
  await root.query('begin')
  await root.query('select from mail.message where library_no = $1 and message_no = $2 for update', [
    library.libraryNo,
    take.messages[0]!.messageNo,
  ])
  expect(await settle(library)).toEqual({ unknown: 0, accepted: 0, waiting: 3 })
  await root.query('rollback')
  expect(await settle(library)).toEqual({ unknown: 0, accepted: 0, waiting: 1 })
  expect(readdirSync(join(house.folder, 'takes'))).toEqual([])
})

test('once a log was left to whoever settles it, nothing of its take leaves any more', async () => {
  const { take } = await takenFour(openTakeLogs(house.folder))
  const [rosa, karl] = take.messages.map((m) => m.messageNo) as [string, string]
  expect(await take.log!.begin(rosa)).toBe(true)
  take.log!.end(rosa, 'accepted')
  take.log!.leave()
  expect(await take.log!.begin(karl)).toBe(false)
  const logs = openTakeLogs(house.folder)
  expect(logs.read(take.takeNo)).toEqual(new Map([[rosa, 'accepted']]))
  logs.clear(take.takeNo)
})

test('without a log, or with one from before the machine went down, all that was taken is uncertain', async () => {
  const first = await takenFour()
  expect(await settle(first.library)).toEqual({ unknown: 4, accepted: 0, waiting: 0 })
  const second = await takenFour()
  writeFileSync(join(house.folder, 'takes', `${second.take.takeNo}.log`), 'another boot\n')
  expect(await settle(second.library)).toEqual({ unknown: 4, accepted: 0, waiting: 0 })
})

test('a line that the kill tore off counts for nothing', async () => {
  const { library, take } = await takenFour()
  const logs = openTakeLogs(house.folder)
  const log = logs.open(take.takeNo)
  const [rosa] = take.messages.map((m) => m.messageNo) as [string]
  await log.begin(rosa)
  writeFileSync(join(house.folder, 'takes', `${take.takeNo}.log`), `a ${rosa}`, { flag: 'a' })
  expect(logs.read(take.takeNo)!.get(rosa)).toBe('begun')
  expect(await settle(library)).toEqual({ unknown: 1, accepted: 0, waiting: 3 })
})

test('a process that wakes up late writes nothing onto a message that somebody else has taken since', async () => {
  const { library, campaignNo, take } = await takenFour()
  const { logins } = house.database
  openTakeLogs(house.folder).open(take.takeNo)
  await settle(library)
  const second = await takeDue(logins, { library, sender, campaignNo, most: 10, now: NOW })
  expect(second.messages).toHaveLength(4)
  const stale = take.messages.map((m) => ({
    messageNo: m.messageNo,
    addressHash: m.addressHash,
    result: { kind: 'stale' } as const,
    deadAddress: false,
  }))
  const work = { libraryNo: library.libraryNo, sender, campaignNo }
  await recordOutcomes(logins, { ...work, takeNo: take.takeNo }, stale, NOW)
  expect(await statesOf(library)).toMatchObject({ handing: 4, waiting: 0 })
})

test('what comes back to a campaign that was cancelled meanwhile is cancelled too', async () => {
  const { library, campaignNo, take } = await takenFour()
  const { logins } = house.database
  openTakeLogs(house.folder).open(take.takeNo)
  await stepCampaign(logins, library, 'autumn', 'cancel', 'Ana', NOW)
  await settle(library)
  expect((await takeDue(logins, { library, sender, campaignNo, most: 10, now: NOW })).messages).toEqual([])
  expect(await statesOf(library)).toMatchObject({ cancelled: 4, waiting: 0 })
})
