import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import PostalMime from 'postal-mime'
import { expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make, monthsAgo, NOW } from '../../test/make.ts'
import { mailroomProvider } from '../channels/email/mailroom.ts'
import { stop } from '../consent/stop.ts'
import { sendRound } from '../messages/send-due.ts'
import { startSendLoop } from '../worker/send-loop.ts'
import { createCampaign, startNow, stepCampaign } from './campaign.ts'
import { readCampaign } from './campaign-file.ts'
import { launchCampaign } from './launch.ts'
import { campaignStatus } from './status.ts'

const house = openHouse()
const plan = (key: string) =>
  readCampaign(
    {
      key,
      name: 'A note in autumn',
      purpose: 'reengagement',
      segment: { lapsed: { minMonths: 3, maxMonths: 6 } },
      letter: 'any-three-doors',
    },
    'the test',
    null,
  )

test('from launch to mailroom: those who agreed get one note each, everybody else a reason', async () => {
  const { logins } = house.database
  const library = await make.library(house)
  await make.patrons(house, library, [
    { id: 'rosa', email: 'rosa@example.org', lastUse: monthsAgo(4), consents: ['reengagement/email'] },
    { id: 'mateo', email: 'rosa@example.org', lastUse: monthsAgo(4), consents: ['reengagement/email'] },
    {
      id: 'tomas',
      given: 'Tomás',
      email: 'tomas@example.org',
      language: 'es',
      lastUse: monthsAgo(4),
      consents: ['reengagement/email'],
    },
    { id: 'dmitri', email: 'bounces@example.org', lastUse: monthsAgo(4), consents: ['reengagement/email'] },
    { id: 'mei', email: 'mei@example.org', lastUse: monthsAgo(4), consents: ['reengagement/email'] },
    { id: 'priya', email: 'priya@example.org', lastUse: monthsAgo(4) },
  ])
  await createCampaign(logins, library, await plan('autumn'))
  await expect(launchCampaign(logins, library, 'autumn', { now: NOW, canSend: true })).rejects.toThrow(
    'has not been approved',
  )
  await stepCampaign(logins, library, 'autumn', 'approve', 'Ana', NOW)
  const launched = await launchCampaign(logins, library, 'autumn', { now: NOW, canSend: true })
  expect(launched).toMatchObject({ messages: 4, withheld: 1, holdout: 0 })
  await stop(
    logins,
    house.journal,
    library,
    {
      patron: await make.number(house, library, 'mei'),
      addressHash: null,
      channel: 'email',
      purpose: 'all',
      method: 'link',
      attestedBy: 'the patron',
    },
    NOW,
  )
  await startNow(logins, library, 'autumn', NOW)
  const folder = join(house.folder, 'mailroom')
  mkdirSync(folder, { recursive: true })
  const loop = startSendLoop({
    post: make.post(house),
    providerFor: () => mailroomProvider(folder),
    say: (line) => console.log(line),
  })
  await expect
    .poll(async () => (await campaignStatus(logins, library, 'autumn')).state, { timeout: 10_000 })
    .toBe('finished')
  await loop.stop()
  expect((await campaignStatus(logins, library, 'autumn')).messages).toMatchObject({
    accepted: 2,
    bounced: 1,
    withheld: 2,
    waiting: 0,
    unknown: 0,
  })
  const mails = await Promise.all(
    readdirSync(folder).map(async (name) => PostalMime.parse(readFileSync(join(folder, name)))),
  )
  const spanish = mails.find((mail) => mail.to?.[0]?.address === 'tomas@example.org')
  expect(spanish?.text).toContain('Tomás')
  const shared = mails.find((mail) => mail.to?.[0]?.address === 'rosa@example.org')
  expect(shared?.text).not.toContain('Rosa')
  expect(shared?.text).toContain('May 3, 2025')
})

test('a key of digits alone is refused: it could be taken for the number of another campaign', async () => {
  await expect(plan('7')).rejects.toThrow('must have a letter in it')
})

test('a letter that the library cannot send is refused before it is a campaign', async () => {
  const library = await make.library(house, { language: 'fr' })
  await expect(createCampaign(house.database.logins, library, await plan('autumn'))).rejects.toThrow(
    'is not written in fr',
  )
})

test('a letter that cannot be written after all keeps everybody waiting, and nobody is given up', async () => {
  const { logins } = house.database
  const library = await make.library(house)
  await make.patrons(house, library, [
    { id: 'rosa', email: 'rosa@example.org', lastUse: monthsAgo(4), consents: ['reengagement/email'] },
  ])
  const { campaignNo } = await createCampaign(logins, library, await plan('autumn'))
  await stepCampaign(logins, library, 'autumn', 'approve', 'Ana', NOW)
  await launchCampaign(logins, library, 'autumn', { now: NOW, canSend: true })
  await startNow(logins, library, 'autumn', NOW)
  const folder = join(house.folder, 'never-written')
  const work = { library: { ...library, language: 'fr' }, sender: 'outreach-email', campaignNo, most: 10 }
  expect(await sendRound(make.post(house), mailroomProvider(folder), work)).toMatchObject({ taken: 1, accepted: 0 })
  expect((await campaignStatus(logins, library, 'autumn')).messages).toMatchObject({
    waiting: 1,
    handing: 0,
    failed: 0,
  })
})
