import { appendFileSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import pg from 'pg'
import { afterEach, beforeAll, expect, inject, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make, monthsAgo, type Which } from '../../test/make.ts'
import { createCampaign, startNow, stepCampaign } from '../campaigns/campaign.ts'
import { readCampaign } from '../campaigns/campaign-file.ts'
import { launchCampaign } from '../campaigns/launch.ts'
import { campaignStatus } from '../campaigns/status.ts'
import { type Config, readConfig } from '../config.ts'
import { erasePatron } from '../consent/erase-patron.ts'
import { exportPatron } from '../consent/export-patron.ts'
import { exportHead } from '../consent/ledger-head.ts'
import { recordChoices } from '../consent/record-choice.ts'
import { checkStanding } from '../consent/standing.ts'
import { stop } from '../consent/stop.ts'
import { verifyLedger } from '../consent/verify-ledger.ts'
import { type Context, openContext } from '../context.ts'
import { makeBackup } from '../db/backup.ts'
import { rotateLinks } from '../db/keys.ts'
import { inLibrary, rowsOf } from '../db/scope.ts'
import { findDue, OUTREACH_EMAIL } from '../messages/due.ts'
import { takeDue } from '../messages/take.ts'
import { findLibrary, type Library } from '../patrons/library.ts'
import { noProgress } from './progress.ts'
import { restore } from './restore.ts'
import { resume } from './resume.ts'

// The clock of the program is the real one here: a restore is later than the backup.
const now = () => new Date()
const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000)
const house = openHouse()
const { admin, keysDir } = inject('server')
const terminal = { say: () => {}, progress: noProgress, stopping: new AbortController().signal }
const opened: Context[] = []
let library: Library
let file: string
const madeAt = hoursAgo(2)
let places = 0

const plan = (key: string, graceMinutes: number) =>
  readCampaign(
    {
      key,
      name: `A note in ${key}`,
      purpose: 'reengagement',
      segment: { branch: ['main'] },
      letter: 'any-three-doors',
      graceMinutes,
      window: { from: 0, until: 24 },
    },
    'the test',
    null,
  )

const says = async (patronId: string, at: Date, addressHash: Buffer | null = null) =>
  stop(
    house.database.logins,
    house.journal,
    library,
    {
      patron: await make.number(house, library, patronId),
      addressHash,
      channel: 'email',
      purpose: 'all',
      method: 'link',
      attestedBy: 'the patron',
    },
    at,
  )

/** Said at the desk, about a day long before. */
const refuses = async (patronId: string, which: Which, recordedAt: Date) =>
  recordChoices(
    house.database.logins,
    library.libraryNo,
    [make.choice(await make.number(house, library, patronId), which, 'deny', '2026-01-05T12:00:00Z')],
    recordedAt,
    { journal: house.journal, libraryKey: library.key },
  )

/** Another machine: an empty database and a data folder with the right keys, and with the journal as it is by now. */
async function elsewhere(): Promise<Config> {
  const name = `${house.database.server.database}_${++places}`
  const client = new pg.Client({ ...admin, database: 'postgres' })
  await client.connect()
  await client.query(`create database ${name}`)
  await client.end()
  const folder = mkdtempSync(join(tmpdir(), 'gentle-restored-'))
  copyFileSync(join(keysDir, 'keys.json'), join(folder, 'keys.json'))
  copyFileSync(join(house.folder, 'journal.ndjson'), join(folder, 'journal.ndjson'))
  const url = `postgres://${admin.user}:${encodeURIComponent(admin.password)}@localhost:${admin.port}/${name}?host=${encodeURIComponent(admin.host)}`
  return readConfig({ dataDir: folder }, { DATABASE_URL: url })
}

type Json = Record<string, unknown>

async function runRestore(config: Config, from = file, replace = false): Promise<Json> {
  if (!('runClosed' in restore)) throw new Error('restore opens the database itself')
  const args = { given: { FILE: from }, options: { replace } } as never
  return (await restore.runClosed(config, args, terminal)).json as Json
}

async function runResume(context: Context, dryRun: boolean): Promise<{ json: Json; text: string }> {
  if (!('run' in resume)) throw new Error('resume needs the database')
  const outcome = await resume.run(context, { given: {}, options: { 'dry-run': dryRun } } as never, terminal)
  return { json: outcome.json as Json, text: outcome.text.join('\n') }
}

const open = async (config: Config): Promise<Context> => {
  const context = await openContext(config)
  opened.push(context)
  return context
}

const take = async (context: Context, key: string) => {
  const there = await findLibrary(context.logins, 'maple')
  const { campaignNo } = await campaignStatus(context.logins, there, key)
  return takeDue(context.logins, {
    library: there,
    sender: OUTREACH_EMAIL,
    campaignNo,
    most: 10,
    now: new Date(Date.now() + 26 * 3_600_000),
  })
}

afterEach(async () => {
  for (const context of opened.splice(0)) await context.close()
})

beforeAll(async () => {
  const { logins } = house.database
  library = await make.library(house, { key: 'maple' })
  const anyone = { lastUse: monthsAgo(4), consents: ['reengagement/email'] as ['reengagement/email'] }
  await make.patrons(
    house,
    library,
    ['rosa', 'karl', 'mei', 'amara', 'tom', 'sam'].map((id) => ({
      id,
      email: `${id}@example.org`,
      branch: id === 'sam' ? 'east' : 'main',
      ...anyone,
    })),
  )
  await sql`update house.library set quiet_until_hour = 0, quiet_from_hour = 24`.execute(logins.circulation)
  await sql`insert into house.sender (library_no, sender, daily_cap) values (${library.libraryNo}, ${OUTREACH_EMAIL}, 1000)`.execute(
    logins.circulation,
  )
  library = await make.again(house, library)
  for (const [key, grace] of [
    ['autumn', 0],
    ['winter', 24 * 60],
    ['spring', 0],
  ] as const) {
    await createCampaign(logins, library, await plan(key, grace))
    await stepCampaign(logins, library, key, 'approve', 'Ana', madeAt)
  }
  await says('karl', hoursAgo(3))
  await refuses('tom', 'events/all', hoursAgo(3))
  // At the backup: one is on its way, three wait in "autumn", and "winter" has its grace until tomorrow.
  await launchCampaign(logins, library, 'autumn', { now: madeAt, canSend: true })
  await launchCampaign(logins, library, 'winter', { now: madeAt, canSend: true })
  const { campaignNo } = await campaignStatus(logins, library, 'autumn')
  expect(
    (await takeDue(logins, { library, sender: OUTREACH_EMAIL, campaignNo, most: 1, now: now() })).messages,
  ).toHaveLength(1)
  file = join(house.folder, 'friday.gz')
  await makeBackup(house.database.server, house.database.keys, file, { release: '0.1.0', now: madeAt })
  await refuses('amara', 'events/email', hoursAgo(1.5))
  await says('mei', hoursAgo(1), Buffer.alloc(16, 7))
})

test('a stop said since the backup holds after a restore, one that was in it is not said twice, and the chain is whole', async () => {
  const config = await elsewhere()
  const restored = await runRestore(config)
  expect(restored).toMatchObject({
    paused: true,
    journal: true,
    stops: { replayed: 2, known: 4, elsewhere: 0, unreadable: 0 },
  })
  const context = await open(config)
  const scoped = <R>(work: Parameters<typeof inLibrary<'circulation', R>>[3]) =>
    inLibrary(context.logins, 'circulation', library.libraryNo, work)
  expect(await scoped(verifyLedger)).toMatchObject({ ok: true })
  expect(await checkStanding(context.logins, library.libraryNo)).toMatchObject({ patrons: 6, differing: 0 })
  const stops = await scoped((scope) =>
    rowsOf(
      scope,
      sql<{
        patron: string
        at: Date
      }>`select patron_no as patron, decided_at as at from outreach.ledger where decision = 'stop' order by entry_no`,
    ),
  )
  expect(stops.map((s) => s.patron)).toEqual([
    await make.number(house, library, 'karl'),
    await make.number(house, library, 'amara'),
    await make.number(house, library, 'mei'),
  ])
  const suppressed = await scoped((scope) =>
    rowsOf(scope, sql`select encode(address_hash, 'hex') as hash, purposes, lifted_at from outreach.suppression`),
  )
  expect(suppressed).toEqual([{ hash: '07'.repeat(16), purposes: expect.anything(), lifted_at: null }])
  const mei = await scoped((scope) =>
    rowsOf(
      scope,
      sql`select agreed_email, (select count(*)::int from roster.identity i where i.patron_no = s.patron_no) as identities
      from outreach.standing s where patron_no = ${stops[2]!.patron}::bigint`,
    ),
  )
  expect(mei).toEqual([{ agreed_email: '0', identities: 0 }])
})

test('what was due or on its way in the backup is not sent again: it is parked with the reason, and counts as sent', async () => {
  const config = await elsewhere()
  expect(await runRestore(config)).toMatchObject({ parked: 4, held: ['Maple Falls Library: A note in winter'] })
  const context = await open(config)
  const autumn = await campaignStatus(context.logins, library, 'autumn')
  expect(autumn.messages).toMatchObject({ unknown: 4, waiting: 0, handing: 0 })
  const winter = await campaignStatus(context.logins, library, 'winter')
  expect(winter).toMatchObject({ state: 'paused', messages: { unknown: 0, waiting: 4 } })
  const events = await inLibrary(context.logins, 'outreach', library.libraryNo, (scope) =>
    rowsOf(scope, sql<{ said: string }>`select said from mail.event where code = 'restored'`),
  )
  expect(events).toHaveLength(4)
  expect(events[0]!.said).toMatch(/it may have left since/)
  const budget = await inLibrary(context.logins, 'circulation', library.libraryNo, (scope) =>
    rowsOf(
      scope,
      sql`select patron_no from outreach.standing where prompted_at is not null and prompts_unanswered = 1 and unasked_at is not null`,
    ),
  )
  expect(budget).toHaveLength(4)
  const sender = await sql<{ n: number }>`select sent_today as n from house.sender`.execute(context.logins.outreach)
  expect(sender.rows[0]!.n).toBeGreaterThanOrEqual(4)
})

test('nothing is found or taken while the pause stands; resume shows first, then ends it', async () => {
  const config = await elsewhere()
  await runRestore(config)
  const context = await open(config)
  // Even a mailing that somebody lets go on, and starts at once, waits for the end of the pause.
  await stepCampaign(context.logins, library, 'winter', 'resume', 'Ana', now())
  await startNow(context.logins, library, 'winter', now())
  expect(await findDue(context.logins, new Date(Date.now() + 1e9), 10)).toEqual([])
  expect(await take(context, 'winter')).toMatchObject({ messages: [], withheld: 0 })

  const shown = await runResume(context, true)
  expect(shown.json).toMatchObject({ paused: true, resumed: false, stopsReplayed: 2, parked: 4 })
  expect(shown.json.mailings).toEqual([
    expect.objectContaining({ library: 'maple', key: 'autumn', state: 'launched', waiting: 0, parked: 4 }),
    expect.objectContaining({
      key: 'winter',
      state: 'launched',
      waiting: 4,
      overdue: 4,
      overdueSince: expect.any(Date),
      parked: 0,
    }),
    expect.objectContaining({ key: 'spring', state: 'approved' }),
  ])
  expect(shown.text).toMatch(/We can't tell whether 4 messages left/)
  expect(shown.text).toMatch(/do not launch it again/)
  expect(await take(context, 'winter')).toMatchObject({ messages: [], withheld: 0 })

  expect((await runResume(context, false)).json).toMatchObject({
    paused: false,
    resumed: true,
    stopsReplayed: 2,
    parked: 4,
  })
  expect((await campaignStatus(context.logins, library, 'winter')).state).toBe('launched')
  // Those who probably had "autumn" have drawn on their budget, and Mei Lin has stopped: "winter" leaves them alone.
  expect(await take(context, 'winter')).toMatchObject({ messages: [], withheld: 4 })
  expect((await runResume(context, false)).json).toMatchObject({ paused: false, resumed: false })
})

test('a journal that is found only after the restore is obeyed before the pause ends', async () => {
  const config = await elsewhere()
  const journal = join(config.dataDir, 'journal.ndjson')
  const kept = readFileSync(journal)
  writeFileSync(journal, '')
  expect(await runRestore(config)).toMatchObject({ stops: { replayed: 0, known: 0 } })
  writeFileSync(journal, kept)
  appendFileSync(
    journal,
    '{"at":"2999-01-01T00:00:00.000Z","library":"maple","patron":"x","channel":"email","purposes":4,"addressHash":null}\n',
  )
  appendFileSync(
    journal,
    '{"at":"2999-01-01T00:00:00.000Z","library":"gone","patron":"1","channel":"email","purposes":4,"addressHash":null}\n',
  )
  const context = await open(config)
  const resumed = await runResume(context, false)
  expect(resumed.json).toMatchObject({ resumed: true, stopsReplayed: 2 })
  expect(resumed.text).toMatch(/1 stop, no or pause in the journal is for a library that the backup does not have/)
  expect(resumed.text).toMatch(/1 line of the journal could not be read/)
})

test('without its keys a backup is refused before a database is made, and with others before it is opened', async () => {
  const bare = mkdtempSync(join(tmpdir(), 'gentle-bare-'))
  await expect(runRestore(readConfig({ dataDir: join(bare, 'data') }, {}))).rejects.toThrow(/There is no keys\.json/)
  const other = readConfig({ dataDir: bare }, {})
  writeFileSync(
    join(bare, 'keys.json'),
    JSON.stringify({ hashing: Buffer.alloc(32, 1).toString('base64'), links: Buffer.alloc(32, 2).toString('base64') }),
  )
  await expect(runRestore(other)).rejects.toThrow(/made with other keys/)
})

test('whoever was erased after the backup is erased again: by the journal, with a newer secret for links, or by a head that left', async () => {
  const sam = await make.number(house, library, 'sam')
  await erasePatron({ logins: house.database.logins, journal: house.journal }, library, {
    patron: sam,
    by: 'Ana',
    now: hoursAgo(0.5),
  })
  const exported = await inLibrary(house.database.logins, 'circulation', library.libraryNo, (scope) =>
    exportHead(scope, library, now()),
  )
  const [config, bare] = [await elsewhere(), await elsewhere()]
  rotateLinks(config.dataDir)
  expect(await runRestore(config)).toMatchObject({ erasures: { replayed: 1, known: 0, elsewhere: 0, unreadable: 0 } })

  rmSync(join(bare.dataDir, 'journal.ndjson'))
  expect(await runRestore(bare)).toMatchObject({ journal: false, erasures: { replayed: 0 } })
  writeFileSync(join(bare.dataDir, 'head.json'), JSON.stringify(exported))
  const later = await open(bare)
  if (!('run' in resume)) throw new Error('resume needs the database')
  await resume.run(later, { given: {}, options: { head: join(bare.dataDir, 'head.json') } } as never, terminal)

  for (const context of [await open(config), later]) {
    const scoped = <R>(work: Parameters<typeof inLibrary<'circulation', R>>[3]) =>
      inLibrary(context.logins, 'circulation', library.libraryNo, work)
    const record = await scoped((scope) => exportPatron(scope, library, sam, now()))
    expect(record).toMatchObject({ identity: null, facts: null, erasedAt: expect.any(Date) })
    expect(await checkStanding(context.logins, library.libraryNo)).toMatchObject({ patrons: 5, differing: 0 })
    expect(await scoped(verifyLedger)).toMatchObject({ ok: true })
    expect(await scoped((scope) => rowsOf(scope, sql`select from roster.patron where patron_id = 'sam'`))).toEqual([])
  }
})
