import { expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make, monthsAgo, NOW } from '../../test/make.ts'
import { runCommand } from '../../test/run-command.ts'
import { makeLine } from '../../test/texts.ts'
import { createCampaign, stepCampaign } from '../campaigns/campaign.ts'
import { readCampaign } from '../campaigns/campaign-file.ts'
import { launchCampaign } from '../campaigns/launch.ts'
import { campaignStatus } from '../campaigns/status.ts'
import type { Line } from '../messages/lines.ts'
import type { Library } from '../patrons/library.ts'
import { lineEnd } from './line-end.ts'

const house = openHouse()
const logins = () => house.database.logins
const segment = { lapsed: { minMonths: 3, maxMonths: 6 } }

/** Rosa and Karl are to get "A warm room" by text. */
async function launched(): Promise<{ maple: Library; line: Line }> {
  const maple = await make.library(house)
  const line = await makeLine(house, [maple], { forOutreach: true })
  await make.patrons(
    house,
    maple,
    ['614-555-0101', '614-555-0102'].map((phone) => ({
      ...{ id: phone, phone, lastUse: monthsAgo(4), consents: ['reengagement/sms' as const] },
    })),
  )
  const plan = { key: 'warm', name: 'A warm room', purpose: 'reengagement', channel: 'sms', segment }
  await createCampaign(logins(), maple, await readCampaign({ ...plan, letter: 'winter-warm-room' }, 'the test', null))
  await stepCampaign(logins(), maple, 'warm', 'approve', 'Ana', NOW)
  await launchCampaign(logins(), maple, 'warm', { now: NOW, canSend: false })
  return { maple, line }
}

const end = (library: Library, line: Line, ...more: string[]) =>
  runCommand(house, lineEnd, [line.number, '--library', library.key, '--by', 'Ana', ...more])

test('the last number for campaigns says first which mailing waits for it, and changes nothing', async () => {
  const { maple, line } = await launched()
  await expect(end(maple, line)).rejects.toThrow(
    /last number for campaigns.*"A warm room" of .*, of which 2 texts have not left.*--yes/,
  )
  expect((await campaignStatus(logins(), maple, 'warm')).messages).toMatchObject({ waiting: 2 })
  expect((await end(maple, line, '--yes')).text).toEqual([
    expect.stringContaining('has ended'),
    expect.stringMatching(/^Cancelled: "A warm room"/),
  ])
  const after = await campaignStatus(logins(), maple, 'warm')
  expect(after.messages).toMatchObject({ waiting: 0, cancelled: 2 })
})

test('with a second number for campaigns the mailing goes on by that one, and it says so', async () => {
  const { maple, line } = await launched()
  const second = await makeLine(house, [maple], { forOutreach: true })
  expect((await end(maple, line)).text[1]).toMatch(`go on by ${second.number}.`)
  expect((await campaignStatus(logins(), maple, 'warm')).messages).toMatchObject({ waiting: 2, cancelled: 0 })
})

test('a number for notices ends without a question while a mailing waits for the other', async () => {
  const { maple } = await launched()
  const notices = await makeLine(house, [maple])
  expect((await end(maple, notices)).text).toEqual([expect.stringContaining('has ended')])
})
