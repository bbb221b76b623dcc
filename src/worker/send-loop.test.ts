import { expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make, monthsAgo, NOW } from '../../test/make.ts'
import { createCampaign, stepCampaign } from '../campaigns/campaign.ts'
import { readCampaign } from '../campaigns/campaign-file.ts'
import { launchCampaign } from '../campaigns/launch.ts'
import { campaignStatus } from '../campaigns/status.ts'
import type { EmailProvider } from '../channels/channel.ts'
import { startSendLoop } from './send-loop.ts'

const house = openHouse()

test('a mail server that takes nothing, however long, fails nobody; it is told of once, and once more when it takes mail again', async () => {
  const { logins } = house.database
  const library = await make.library(house)
  await make.patrons(
    house,
    library,
    ['rosa', 'karl', 'mei'].map((id) => ({
      id,
      email: `${id}@example.org`,
      lastUse: monthsAgo(4),
      consents: ['reengagement/email' as const],
    })),
  )
  const segment = { lapsed: { minMonths: 3, maxMonths: 6 } }
  const plan = { key: 'autumn', name: 'Autumn', purpose: 'reengagement', segment, letter: 'any-three-doors' }
  await createCampaign(logins, library, await readCampaign({ ...plan, graceMinutes: 0 }, 'the test', null))
  await stepCampaign(logins, library, 'autumn', 'approve', 'Ana', NOW)
  await launchCampaign(logins, library, 'autumn', { now: NOW, canSend: true })
  let tries = 0
  const provider: EmailProvider = {
    name: 'test',
    width: 1,
    handOver: async () =>
      ++tries <= 60
        ? { kind: 'refused', permanent: false, code: 'connect', said: 'nobody answers at mail.example.org' }
        : { kind: 'accepted', providerId: '1', said: '250 Ok' },
    close: async () => undefined,
  }
  // A minute passes at each look, so that nobody waits for the next try.
  let looks = 0
  const now = () => new Date(NOW.getTime() + looks++ * 60_000)
  const said: string[] = []
  const post = make.post(house, now)
  const loop = startSendLoop({ post, providerFor: () => provider, say: (line) => said.push(line), pauseMs: 5 })
  await expect
    .poll(async () => (await campaignStatus(logins, library, 'autumn')).messages.accepted, { timeout: 10_000 })
    .toBe(3)
  await loop.stop()
  expect(said).toEqual([
    `${library.name}: the mail is not taken now (nobody answers at mail.example.org). It waits and is tried again.`,
    `${library.name}: the mail is taken again.`,
  ])
})
