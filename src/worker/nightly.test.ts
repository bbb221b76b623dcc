import { expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make } from '../../test/make.ts'
import { inLibrary } from '../db/scope.ts'
import { fixedClock } from '../lib/clock.ts'
import type { Library } from '../patrons/library.ts'
import { type NightlyJob, readNights, startNightly, workTonight } from './nightly.ts'

const house = openHouse()
/** Four in the morning in New York. */
const NIGHT = new Date('2026-11-22T09:00:00Z')
const later = (minutes: number) => new Date(NIGHT.getTime() + minutes * 60_000)

let serial = 0
/** A job that counts for one library. */
function counting(library: Library, run: () => Promise<string> = async () => 'done'): NightlyJob & { runs: number } {
  const job = {
    name: `job-${++serial}`,
    runs: 0,
    run: async (of: Library) => {
      if (of.libraryNo !== library.libraryNo) return 'not mine'
      job.runs++
      return run()
    },
  }
  return job
}
const work = (job: NightlyJob, now = NIGHT) => workTonight(house.database.logins, { now, jobs: [job] })

test('a night’s work is done once a day, however many processes look for it', async () => {
  const job = counting(await make.library(house))
  await Promise.all(Array.from({ length: 5 }, () => work(job)))
  await work(job, later(300))
  expect(job.runs).toBe(1)
  await work(job, later(24 * 60))
  expect(job.runs).toBe(2)
})

test('it waits for two in the morning at the library', async () => {
  const job = counting(await make.library(house, { timezone: 'America/Los_Angeles' }))
  await work(job) // one in the morning there
  expect(job.runs).toBe(0)
  await work(job, later(60))
  expect(job.runs).toBe(1)
})

test('what fails is tried again an hour later, and not before', async () => {
  let fails = true
  const job = counting(await make.library(house), async () => {
    if (fails) throw new Error('the disk was full')
    return 'done'
  })
  await work(job)
  await work(job, later(30))
  expect(job.runs).toBe(1)
  fails = false
  await work(job, later(61))
  await work(job, later(130))
  expect(job.runs).toBe(2)
})

test('what each night reported can be read afterwards, the newest first, and of no other library', async () => {
  const library = await make.library(house)
  const job = counting(library, async () => 'removed: messages 12')
  await work(job)
  const broken = counting(library, async () => {
    throw new Error('the disk was full')
  })
  await work(broken, later(24 * 60))
  const nights = await inLibrary(house.database.logins, 'circulation', library.libraryNo, readNights)
  expect(nights).toEqual([
    { day: '2026-11-23', job: broken.name, said: 'the disk was full', endedAt: null },
    { day: '2026-11-22', job: job.name, said: 'removed: messages 12', endedAt: NIGHT },
  ])
})

test('nothing is done while the installation is paused after a restore', async () => {
  const job = counting(await make.library(house))
  const root = await house.connectAsSuperuser()
  await root.query(
    `insert into house.installation (keys_fingerprint, paused_because) values ('x', 'restored from a backup of 2026-11-21T00:00:00.000Z')
     on conflict (only_row) do update set paused_because = excluded.paused_because`,
  )
  await work(job)
  expect(job.runs).toBe(0)
  await root.query('update house.installation set paused_because = null')
  await work(job)
  expect(job.runs).toBe(1)
})

test('the loop looks by itself and stops between two jobs', async () => {
  const library = await make.library(house)
  const first = counting(library)
  const second = counting(library)
  const nightly = startNightly(house.database.logins, { clock: fixedClock(NIGHT), jobs: [first, second], lookMs: 10 })
  await expect.poll(() => second.runs).toBe(1)
  await nightly.stop()
  expect(first.runs).toBe(1)
})
