import { expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make, monthsAgo, NOW } from '../../test/make.ts'
import { openSite } from '../../test/site.ts'
import { makeLine, textDouble, texts } from '../../test/texts.ts'
import { createCampaign, startNow, stepCampaign } from '../campaigns/campaign.ts'
import { readCampaign } from '../campaigns/campaign-file.ts'
import { launchCampaign } from '../campaigns/launch.ts'
import { erasePatron } from '../consent/erase-patron.ts'
import { OUTREACH_TEXTS } from '../messages/due.ts'
import { sendCampaignTexts } from '../messages/send-campaign-texts.ts'
import { openTakeLogs } from '../messages/take-log.ts'
import { addApiKey } from '../staff/api-key.ts'

const house = openHouse()
const ROSA = '+16145550101'
const KARL = '+16145550102'
const later = (seconds: number) => new Date(NOW.getTime() + seconds * 1000)

test('whoever reads the answer to a mailing sees the note that it answers, and whose answer came before it', async () => {
  const { logins } = house.database
  const maple = await make.library(house, { demo: true })
  const line = await makeLine(house, [maple], { forOutreach: true })
  const rosa = { id: 'rosa', phone: '614-555-0101', lastUse: monthsAgo(4), consents: ['reengagement/sms' as const] }
  await make.patrons(house, maple, [rosa])
  const plan = {
    ...{ key: 'warm', name: 'A warm room', purpose: 'reengagement', channel: 'sms', letter: 'winter-warm-room' },
    segment: { lapsed: { minMonths: 3, maxMonths: 6 } },
  }
  const { campaignNo } = await createCampaign(logins, maple, await readCampaign(plan, 'the test', null))
  await stepCampaign(logins, maple, 'warm', 'approve', 'Ana', NOW)
  await launchCampaign(logins, maple, 'warm', { now: NOW, canSend: false })
  await startNow(logins, maple, 'warm', NOW)
  await texts(house, line, ROSA, 'Hello?', { now: later(-60) })
  await sendCampaignTexts(
    { logins, takeLogs: openTakeLogs(house.folder), now: () => NOW },
    { line, provider: textDouble() },
    { library: maple, sender: OUTREACH_TEXTS, campaignNo, most: 10 },
  )
  // A take is told by the database's own clock.
  const root = await house.connectAsSuperuser()
  await root.query('update mail.message set taken_at = $2 where library_no = $1', [maple.libraryNo, NOW])
  await texts(house, line, ROSA, 'Until when are you open?', { now: later(60) })
  await texts(house, line, KARL, 'Who are you?', { now: later(61) })

  const site = await openSite(house, { now: later(120) })
  const { secret } = await addApiKey(logins, maple, { name: 'desk', may: ['answer'], by: 'Ana', now: NOW })
  const read = async (phone: string) => {
    const ask = async (path: string) =>
      (
        await site.inject({
          url: `/api/v1/${maple.key}${path}`,
          headers: { authorization: `Bearer ${secret}` },
        })
      ).json()
    const listed = (await ask('/conversations')).conversations
    const no = listed.find((one: { phone: string }) => one.phone === phone).conversation
    return { no, whole: await ask(`/conversations/${no}`) }
  }
  const { no, whole } = await read(ROSA)
  const note =
    'A warm chair, the lights on, a magazine, the Wi-Fi: you need no plan here, and sitting down costs nothing.'
  expect(whole.mailings).toEqual([
    { message: expect.any(String), mailing: 'A warm room', note, state: 'accepted', at: NOW.toISOString() },
  ])
  expect((await read(KARL)).whole.mailings).toEqual([])

  const page = async () => (await site.inject(`/conversations/${no}?library=${maple.key}`)).body
  expect(await page()).toMatch(/Hello\?.*Mailing “<bdi>A warm room<\/bdi>”.*left.*Until when are you open\?/s)
  expect(await page()).toContain(note)

  const patron = await make.number(house, maple, 'rosa')
  await erasePatron({ logins, journal: house.journal }, maple, { patron, by: 'Ana', now: later(130) })
  expect(await page()).not.toContain('A warm room')
})
