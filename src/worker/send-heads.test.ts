import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make, NOW } from '../../test/make.ts'
import { readHead } from '../consent/ledger-head.ts'
import { inLibrary } from '../db/scope.ts'
import type { Egress } from '../lib/egress.ts'
import type { Library } from '../patrons/library.ts'
import { addDestination, endDestination, type HeadDestination, listDestinations } from '../staff/head-destination.ts'
import { workTonight } from './nightly.ts'
import { headJob } from './nightly-jobs.ts'
import { sendHeads } from './send-heads.ts'

const house = openHouse()
let maple: Library
beforeEach(async () => {
  maple = await make.library(house)
  await make.patrons(house, maple, [{ id: 'rosa', email: 'rosa@example.org', consents: ['events/email'] }])
})

/** What was posted; answers with this status. */
function hook(status = 200): Egress & { posted: string[] } {
  const posted: string[] = []
  return {
    posted,
    async post(_url, body) {
      posted.push(body)
      return status
    },
  }
}
const add = (kind: HeadDestination['kind'], target: string) =>
  addDestination(house.database.logins, maple, { kind, target, by: 'J. Park', now: NOW })
const send = (egress: Egress, now = NOW) => sendHeads({ logins: house.database.logins, egress }, maple, { now })
const read = (text: string) =>
  inLibrary(house.database.logins, 'circulation', maple.libraryNo, async (scope) => readHead(scope, maple, text))

test('the head goes by mail, into a folder and to a webhook, and proves itself from each', async () => {
  const folder = join(house.folder, `heads-${maple.key}`)
  mkdirSync(folder)
  await add('email', 'auditor@example.org')
  await add('file', folder)
  await add('webhook', 'https://hooks.example.org/heads')
  const egress = hook()
  expect(await send(egress)).toEqual({ sent: 3, failed: [] })

  const [file] = readdirSync(folder)
  expect(file).toBe(`${maple.key}-2026-11-22.json`)
  // It holds the register of erasures.
  expect(statSync(join(folder, file!)).mode & 0o777).toBe(0o600)
  const root = await house.connectAsSuperuser()
  const mail = await root.query('select address, body_text as text from mail.answer where library_no = $1', [
    maple.libraryNo,
  ])
  expect(mail.rows).toMatchObject([{ address: 'auditor@example.org' }])
  const line = (mail.rows[0].text as string).split('\n').find((one) => one.startsWith('{'))!
  for (const text of [readFileSync(join(folder, file!), 'utf8'), egress.posted[0]!, line])
    expect(await read(text)).toMatchObject({ library: maple.key, entries: 1 })
  expect(egress.posted[0]).not.toContain('rosa')
})

test('once a day: what arrived does not go again, what failed does', async () => {
  await add('webhook', 'https://hooks.example.org/heads')
  const failing = hook(500)
  expect(await send(failing)).toMatchObject({ sent: 0, failed: [{ said: 'it answered with status 500' }] })
  expect((await listDestinations(house.database.logins, maple))[0]).toMatchObject({ lastSentAt: null })
  const working = hook()
  await send(working)
  await send(working)
  expect(working.posted).toHaveLength(1)
  await send(working, new Date(NOW.getTime() + 24 * 3_600_000))
  expect(working.posted).toHaveLength(2)
})

test('several processes in one night send one head', async () => {
  await add('webhook', 'https://hooks.example.org/heads')
  const egress = hook()
  const job = headJob(house.database.logins, egress)
  await Promise.all(Array.from({ length: 4 }, () => workTonight(house.database.logins, { now: NOW, jobs: [job] })))
  const ours = egress.posted.filter((body) => JSON.parse(body).library === maple.key)
  expect(ours).toHaveLength(1)
})

test('a place that has ended gets nothing', async () => {
  const { destinationNo } = await add('webhook', 'https://hooks.example.org/heads')
  await endDestination(house.database.logins, maple, { destinationNo, now: NOW })
  const egress = hook()
  expect(await send(egress)).toEqual({ sent: 0, failed: [] })
  await expect(endDestination(house.database.logins, maple, { destinationNo, now: NOW })).rejects.toMatchObject({
    code: 'not-found',
  })
})

test.each([
  ['webhook', 'http://hooks.example.org'],
  ['email', 'auditor'],
  ['email', 'a@example.org, b@example.org'],
  ['file', 'heads'],
  ['file', '/no/such/folder'],
  ['file', import.meta.filename],
] as const)('what is no place is refused: %s %s', async (kind, target) => {
  await expect(add(kind, target)).rejects.toMatchObject({ code: 'bad-input' })
})

test('a place that is there already is not added twice, and may be added again when it has ended', async () => {
  const { destinationNo } = await add('email', 'auditor@example.org')
  await expect(add('email', 'Auditor@example.org')).rejects.toMatchObject({ code: 'conflict' })
  await add('email', 'director@example.org')
  await endDestination(house.database.logins, maple, { destinationNo, now: NOW })
  await add('email', 'auditor@example.org')
})

test('a folder that has gone since, like a disk that is not there, is told and not made anew', async () => {
  const folder = join(house.folder, `gone-${maple.key}`)
  mkdirSync(folder)
  await add('file', folder)
  rmSync(folder, { recursive: true })
  expect(await send(hook())).toMatchObject({ sent: 0, failed: [{ said: expect.stringContaining('ENOENT') }] })
})
