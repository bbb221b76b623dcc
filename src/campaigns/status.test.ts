import { expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make, monthsAgo, NOW } from '../../test/make.ts'
import type { EmailProvider, HandOver } from '../channels/channel.ts'
import { sendRound } from '../messages/send-due.ts'
import type { Library } from '../patrons/library.ts'
import { createCampaign, finishedOf, listCampaigns, startNow, stepCampaign } from './campaign.ts'
import { readCampaign } from './campaign-file.ts'
import { launchCampaign } from './launch.ts'
import { campaignStatus } from './status.ts'

const house = openHouse()

const postman = (answer: HandOver): EmailProvider => ({
  name: 'test',
  width: 1,
  handOver: async () => answer,
  close: async () => undefined,
})

/** Rosa and Karl agreed, Priya did not; the mailing begins at NOW. */
async function launched(): Promise<{ library: Library; campaignNo: string }> {
  const { logins } = house.database
  const library = await make.library(house)
  await make.patrons(house, library, [
    { id: 'rosa', email: 'rosa@example.org', lastUse: monthsAgo(4), consents: ['reengagement/email'] },
    { id: 'karl', email: 'karl@example.org', lastUse: monthsAgo(4), consents: ['reengagement/email'] },
    { id: 'priya', email: 'priya@example.org', lastUse: monthsAgo(4) },
  ])
  const plan = {
    key: 'autumn',
    name: 'A note in autumn',
    purpose: 'reengagement',
    segment: { lapsed: { minMonths: 3, maxMonths: 6 } },
    letter: 'any-three-doors',
  }
  const { campaignNo } = await createCampaign(logins, library, await readCampaign(plan, 'the test', null))
  await stepCampaign(logins, library, 'autumn', 'approve', 'Ana', NOW)
  await launchCampaign(logins, library, 'autumn', { now: NOW, canSend: true })
  await startNow(logins, library, 'autumn', NOW)
  return { library, campaignNo }
}

async function send({ library, campaignNo }: { library: Library; campaignNo: string }, answer: HandOver, at: Date) {
  await sendRound(make.post(house, at), postman(answer), { library, sender: 'outreach-email', campaignNo, most: 10 })
}

const busy: HandOver = { kind: 'refused', permanent: false, code: '451', said: 'try again later' }
const taken: HandOver = { kind: 'accepted', providerId: '1', said: '250 Ok' }
const step = (library: Library, act: 'pause' | 'resume' | 'cancel') =>
  stepCampaign(house.database.logins, library, 'autumn', act, 'Ana', NOW)

test('mail that the server put off says when it is tried again, in sending hours, and who was left out says why', async () => {
  const { logins } = house.database
  const mailing = await launched()
  expect(await campaignStatus(logins, mailing.library, 'autumn')).toMatchObject({ putOff: 0, nextTryAt: null })
  await send(mailing, busy, NOW)
  const status = await campaignStatus(logins, mailing.library, 'autumn')
  expect(status).toMatchObject({ state: 'launched', putOff: 2, nextTryAt: new Date(NOW.getTime() + 60_000) })
  expect(status.leftOut).toEqual({ NEVER_SAID_YES: { people: 1, text: expect.stringContaining('have not said yes') } })

  // One minute before the library's evening: the next try falls into the quiet hours, so it waits for the morning.
  const evening = new Date('2026-11-23T00:59:30Z')
  await send(mailing, busy, evening)
  expect((await campaignStatus(logins, mailing.library, 'autumn')).nextTryAt).toEqual(new Date('2026-11-23T14:00:00Z'))
})

test('a mailing that is over can neither be paused nor cancelled: nobody is told that mail was stopped which has left', async () => {
  const { logins } = house.database
  const mailing = await launched()
  await send(mailing, taken, NOW)
  expect(await campaignStatus(logins, mailing.library, 'autumn')).toMatchObject({ state: 'finished' })
  const listed = await listCampaigns(logins, mailing.library)
  expect(await finishedOf(logins, mailing.library, listed)).toEqual(new Set([mailing.campaignNo]))
  for (const act of ['pause', 'cancel'] as const)
    await expect(step(mailing.library, act)).rejects.toThrow(
      `"A note in autumn" is finished: nothing of it is waiting any more, so there is nothing to ${act}.`,
    )
  expect(await campaignStatus(logins, mailing.library, 'autumn')).toMatchObject({ state: 'finished' })
})

test('a mailing that was paused after its last message had left is over, too', async () => {
  const { logins } = house.database
  const mailing = await launched()
  await send(mailing, busy, NOW)
  await step(mailing.library, 'pause')
  expect(await campaignStatus(logins, mailing.library, 'autumn')).toMatchObject({ state: 'paused', nextTryAt: null })
  await step(mailing.library, 'resume')
  await send(mailing, taken, new Date(NOW.getTime() + 120_000))
  await expect(step(mailing.library, 'pause')).rejects.toThrow('is finished')
  await expect(step(mailing.library, 'cancel')).rejects.toThrow('is finished')
})
