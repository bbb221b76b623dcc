import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make, NOW } from '../../test/make.ts'
import { listCampaigns } from '../campaigns/campaign.ts'
import { createDemoMailing } from '../campaigns/demo-mailing.ts'
import { adviseHoldout } from '../campaigns/holdout.ts'
import { addMailSource, librariesThatKnow } from '../messages/arrivals/mail-sources.ts'
import { summariseRoster } from '../reports/roster-summary.ts'
import { previewSegment } from '../segments/preview.ts'
import { canSend, openCarriers } from './carriers.ts'
import { prepareDemo } from './prepare-demo.ts'

const house = openHouse()
const prepare = () => prepareDemo(house.database, { dataDir: house.folder, now: NOW, people: 1_500 })

test('the demo has people who agreed and are known, others left alone, and a mailing that waits', async () => {
  const { library, made } = await prepare()
  expect(made).toBe(true)
  expect(library).toMatchObject({ demo: true, quietUntilHour: 0, quietFromHour: 24 })
  const summary = await summariseRoster(house.database.logins, library)
  expect(summary.people).toBe(1_500)
  expect(summary.agreed / summary.people).toBeGreaterThan(0.25)
  expect(summary.lastImport?.rows).toBe(1_500)
  expect(summary.kinds.reduce((all, kind) => all + kind.people, 0)).toBe(1_500)
  expect(summary.branches.reduce((all, branch) => all + branch.people, 0)).toBe(1_500)
  const question = { library, purpose: 'reengagement', channel: 'email', now: NOW } as const
  const preview = await previewSegment(house.database.logins, question, { lapsed: { minMonths: 3, maxMonths: 6 } })
  expect(preview.sendable).toBeGreaterThan(20)
  expect(preview.reasons.NEVER_SAID_YES!.people).toBeGreaterThan(preview.sendable)
  // Everybody who agreed is known by now: their names came with the second reading.
  expect(preview.reasons.ADDRESS_NOT_KNOWN_YET).toBeUndefined()
  expect(adviseHoldout(preview.sendable).offered).toBe(false)
  expect(await listCampaigns(house.database.logins, library)).toMatchObject([{ state: 'draft', graceMinutes: 15 }])
})

test('asked for again it changes nothing', async () => {
  expect((await prepare()).made).toBe(false)
})

test('this machine may mail to its phones, until there is a real library whose machine it may be, too', async () => {
  const { logins } = house.database
  const { library } = await prepare()
  const here = { authenticatedAs: null, peer: '127.0.0.1' }
  expect((await librariesThatKnow(logins, here)).host).toEqual([library.libraryNo])
  const maple = await make.library(house)
  expect((await librariesThatKnow(logins, here)).host).toEqual([])
  await addMailSource(logins, maple, { kind: 'host', value: '127.0.0.1', by: 'Ana', now: NOW })
  expect((await librariesThatKnow(logins, here)).host).toEqual([maple.libraryNo])
})

test('what a crash left half done is done again', async () => {
  const owner = await house.connectAsSuperuser()
  await owner.query('delete from outreach.campaign')
  const { library, made } = await prepare()
  expect(made).toBe(true)
  expect((await summariseRoster(house.database.logins, library)).people).toBe(1_500)
})

test('a real library of that name is left alone', async () => {
  await sql`update house.library set demo = false where key = 'demo'`.execute(house.database.logins.circulation)
  await expect(prepare()).rejects.toThrow('is not the demo')
})

test('each season has its letter, and each of them is written in both languages', async () => {
  for (const month of ['01', '04', '07', '10', '12']) {
    const library = await make.library(house, { demo: true })
    const { key } = await createDemoMailing(house.database.logins, library, new Date(`2026-${month}-15T12:00:00Z`))
    expect(key).toBe('season-1')
    const owner = await house.connectAsSuperuser()
    const { rows } = await owner.query<{ letter: { season: string; es: object } }>(
      'select letter from outreach.campaign where library_no = $1',
      [library.libraryNo],
    )
    const season = { '01': 'winter', '04': 'spring', '07': 'summer', '10': 'autumn', '12': 'winter' }[month]
    expect(rows[0]!.letter).toMatchObject({ season, es: {} })
  }
})

test('a demo’s mail never leaves the mailroom; a real library’s goes where the settings say', async () => {
  const settings = { dataDir: house.folder, smtpUrl: null, mailFrom: null, mode: 'production' } as const
  const withServer = { ...settings, smtpUrl: 'smtp://localhost:2525', mailFrom: 'hello@example.org' }
  const demo = await make.library(house, { demo: true })
  const real = await make.library(house)
  expect([
    canSend(settings, demo),
    canSend(settings, real),
    canSend({ ...settings, mode: 'development' }, real),
  ]).toEqual([true, false, true])
  const carriers = openCarriers(withServer)
  expect(carriers.providerFor(demo)!.name).toBe('mailroom')
  expect(carriers.providerFor(real)!.name).toContain('smtp')
  await carriers.close()
})
