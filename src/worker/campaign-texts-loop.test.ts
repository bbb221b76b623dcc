import { expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make, monthsAgo, NOW } from '../../test/make.ts'
import { makeLine, textDouble } from '../../test/texts.ts'
import { createCampaign, startNow, stepCampaign } from '../campaigns/campaign.ts'
import { readCampaign } from '../campaigns/campaign-file.ts'
import { launchCampaign } from '../campaigns/launch.ts'
import { campaignStatus } from '../campaigns/status.ts'
import { inLibrary } from '../db/scope.ts'
import { queueNotice } from '../messages/queue-text.ts'
import { openTakeLogs } from '../messages/take-log.ts'
import { USUAL_ANSWERING } from '../patrons/answering.ts'
import { startSendLoop } from './send-loop.ts'
import { openTextCarriers, outreachTexts } from './text-carriers.ts'
import { startTextLoop } from './text-loop.ts'

const house = openHouse()
const phoneNo = (n: number) => `${n % 2 ? 614 : 740}-555-01${String(n >> 1).padStart(2, '0')}`
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

test('while a campaign of many texts leaves slowly, a notice of the same library does not wait, and a pause holds', async () => {
  const { logins } = house.database
  const library = await make.library(house)
  const line = await makeLine(house, [library], { provider: 'notices' })
  await makeLine(house, [library], { provider: 'outreach', forOutreach: true })
  await make.patrons(
    house,
    library,
    Array.from({ length: 150 }, (_, n) => ({
      ...{ id: `p${n}`, phone: phoneNo(n), lastUse: monthsAgo(4), consents: ['reengagement/sms' as const] },
    })),
  )
  const segment = { lapsed: { minMonths: 3, maxMonths: 6 } }
  const plan = {
    key: 'warm',
    name: 'Warm',
    purpose: 'reengagement',
    channel: 'sms',
    segment,
    letter: 'winter-warm-room',
  }
  await createCampaign(logins, library, await readCampaign(plan, 'the test', null))
  await stepCampaign(logins, library, 'warm', 'approve', 'Ana', NOW)
  await launchCampaign(logins, library, 'warm', { now: NOW, canSend: false })
  await startNow(logins, library, 'warm', NOW)

  const [notices, slow] = [textDouble(), textDouble()]
  const outreach = {
    ...slow,
    handOver: async (...given: Parameters<typeof slow.handOver>) => {
      await pause(50)
      return slow.handOver(...given)
    },
  }
  const carriers = openTextCarriers(logins, (line) => (line.provider === 'notices' ? notices : outreach))
  const post = make.post(house, NOW)
  const loops = [
    startSendLoop({
      post,
      providerFor: () => null,
      textsFor: (one) => outreachTexts(logins, one, carriers),
      pauseMs: 5,
    }),
    startTextLoop({ post: { logins, takeLogs: openTakeLogs(house.folder), now: () => NOW }, carriers }),
  ]
  try {
    await expect.poll(() => slow.sent.length, { timeout: 10_000 }).toBeGreaterThan(10)
    const began = performance.now()
    await inLibrary(logins, 'circulation', library.libraryNo, (scope) =>
      queueNotice(
        scope,
        library,
        { line, answering: USUAL_ANSWERING },
        { phone: '+16145550101', body: 'Your hold is here.', language: 'en', askedBy: 'the test', now: NOW },
      ),
    )
    await expect.poll(() => notices.sent.length, { timeout: 10_000, interval: 20 }).toBe(2)
    expect(performance.now() - began).toBeLessThan(2_000)
    await stepCampaign(logins, library, 'warm', 'pause', 'Ana', NOW)
    await pause(600)
    const left = slow.sent.length
    await pause(300)
    expect(slow.sent.length).toBe(left)
    expect(left).toBeLessThan(150)
    await stepCampaign(logins, library, 'warm', 'resume', 'Ana', NOW)
    const done = async () => (await campaignStatus(logins, library, 'warm')).messages.accepted
    await expect.poll(done, { timeout: 20_000 }).toBe(150)
    expect(new Set(slow.sent.map(({ to }) => to)).size).toBe(150)
  } finally {
    await Promise.all(loops.map((loop) => loop.stop()))
  }
})
