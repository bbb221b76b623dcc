// A mailing by text from the command line, from the file to what became of each message.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make, monthsAgo } from '../../test/make.ts'
import { runCommand } from '../../test/run-command.ts'
import { campaignCreate } from './campaign-create.ts'
import { campaignLaunch } from './campaign-launch.ts'
import { campaignPreview } from './campaign-preview.ts'
import { campaignStatusCommand } from './campaign-status.ts'
import { campaignApprove, campaignCancel, campaignPause, campaignResume } from './campaign-steps.ts'
import { lapsed } from './lapsed.ts'
import { lineAdd } from './line.ts'
import { why } from './why.ts'

const house = openHouse()

const FILE = `
key: warm
name: A warm chair
purpose: reengagement
channel: sms
segment: { lapsed: { minMonths: 3, maxMonths: 6 } }
letter: winter-warm-room
`
const written = (name: string, text: string): string => {
  const path = join(house.folder, name)
  writeFileSync(path, text)
  return path
}

test('from the file to the status: by text a mailing is made, priced, approved, launched and cancelled like one by e-mail', async () => {
  const library = await make.library(house)
  const at = ['--library', library.key]
  await make.patrons(house, library, [
    { id: 'rosa', phone: '614-555-0101', lastUse: monthsAgo(4), consents: ['reengagement/sms'] },
    { id: 'karl', phone: '614-555-0102', lastUse: monthsAgo(4) },
  ])
  const counted = await runCommand(house, lapsed, [...at, '--channel', 'sms'])
  expect(counted.json).toMatchObject({ chosen: 2, sendable: 1, withheld: 1 })

  const made = await runCommand(house, campaignCreate, [written('warm.yaml', FILE), ...at])
  expect(made.json).toMatchObject({ state: 'draft', findings: [] })
  const preview = await runCommand(house, campaignPreview, ['warm', ...at])
  expect(preview.json).toMatchObject({ sendable: 1, texts: { people: 1, fewestParts: 1, mostParts: 2 } })
  expect(preview.text.join('\n')).toContain('As a text in en: 1 part, and 2 for a phone that has had none yet.')

  await runCommand(house, campaignApprove, ['warm', ...at, '--by', 'Ana'])
  await expect(runCommand(house, campaignLaunch, ['warm', ...at])).rejects.toThrow('no number for outreach')
  const settings = written('twilio.yaml', 'account: AC1\ntoken: very secret\n')
  const line = ['614-555-0193', ...at, '--provider', 'twilio', '--settings', settings, '--for-outreach']
  await runCommand(house, lineAdd, line)
  expect((await runCommand(house, campaignLaunch, ['warm', ...at])).json).toMatchObject({ messages: 1 })
  await runCommand(house, campaignPause, ['warm', ...at])
  await runCommand(house, campaignResume, ['warm', ...at])

  const asked = await runCommand(house, why, ['karl', ...at, '--campaign', 'warm'])
  expect(asked.json).toMatchObject({ allowed: false })
  await runCommand(house, campaignCancel, ['warm', ...at])
  const status = await runCommand(house, campaignStatusCommand, ['warm', ...at])
  expect(status.json).toMatchObject({ state: 'cancelled', messages: { cancelled: 1 } })
})

test('a text too long for its parts is refused when the mailing is made, and cut where the file says so', async () => {
  const library = await make.library(house)
  const long =
    'Come in on a cold day: a warm chair, a newspaper, a magazine, the Wi-Fi, a film for the evening, somebody who likes being asked.'
  const file = (more: string) =>
    `${FILE.replace('letter: winter-warm-room', `letter: { key: ours, season: any, name: Ours, en: { text: "${long}" } }`)}${more}`
  const create = (name: string, more: string) =>
    runCommand(house, campaignCreate, [written(name, file(more)), '--library', library.key])
  await expect(create('a.yaml', '')).rejects.toThrow('has 2 parts')
  expect((await create('b.yaml', 'text: { cut: true }')).json).toMatchObject({ state: 'draft' })
})
