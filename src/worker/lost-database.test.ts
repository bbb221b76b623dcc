// The database goes away in the middle of a mailing, again and again: nobody is written to twice, and nobody is lost.
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make, monthsAgo, NOW } from '../../test/make.ts'
import { createCampaign, stepCampaign } from '../campaigns/campaign.ts'
import { readCampaign } from '../campaigns/campaign-file.ts'
import { launchCampaign } from '../campaigns/launch.ts'
import { campaignStatus } from '../campaigns/status.ts'
import type { EmailProvider } from '../channels/channel.ts'
import { linkSigner } from '../lib/signed-links.ts'
import { openTakeLogs } from '../messages/take-log.ts'
import { startSendLoop } from './send-loop.ts'

const house = openHouse()
const PEOPLE = 60

test('the connection to the database is lost while a mailing is sent: each person ends with one outcome', async () => {
  const { logins, keys } = house.database
  const library = await make.library(house)
  await make.patrons(
    house,
    library,
    Array.from({ length: PEOPLE }, (_, i) => ({
      id: `p${i}`,
      email: `p${i}@example.org`,
      lastUse: monthsAgo(4),
      consents: ['reengagement/email' as const],
    })),
  )
  const segment = { lapsed: { minMonths: 3, maxMonths: 6 } }
  const plan = { key: 'autumn', name: 'Autumn', purpose: 'reengagement', segment, letter: 'any-three-doors' }
  await createCampaign(logins, library, await readCampaign({ ...plan, graceMinutes: 0 }, 'the test', null))
  await stepCampaign(logins, library, 'autumn', 'approve', 'Ana', NOW)
  await launchCampaign(logins, library, 'autumn', { now: NOW, canSend: true })
  const reached: string[] = []
  const provider: EmailProvider = {
    name: 'test',
    width: 2,
    handOver: async ({ to }) => {
      await sleep(20)
      reached.push(to)
      return { kind: 'accepted', providerId: '1', said: '250 Ok' }
    },
    close: async () => undefined,
  }
  const loop = startSendLoop({
    post: {
      logins,
      links: linkSigner(keys.links),
      takeLogs: openTakeLogs(house.folder),
      publicUrl: 'http://localhost',
      mailFrom: 'a@example.org',
      now: () => NOW,
    },
    providerFor: () => provider,
    pauseMs: 5,
    leaseMs: 1_500,
  })
  const root = await house.connectAsSuperuser()
  for (let cut = 0; cut < 5; cut++) {
    await sleep(150)
    await root.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
    )
  }
  const status = async () => campaignStatus(logins, library, 'autumn').catch(() => null)
  await expect.poll(async () => (await status())?.state, { timeout: 25_000 }).toBe('finished')
  await loop.stop()
  expect(new Set(reached).size).toBe(reached.length)
  const { messages } = (await status())!
  expect(messages.accepted + messages.unknown).toBe(PEOPLE)
  expect(messages.accepted).toBeLessThanOrEqual(reached.length)
  expect(reached.length).toBeLessThanOrEqual(PEOPLE)
})
