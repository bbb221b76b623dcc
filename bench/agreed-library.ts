// A library whose people have all agreed, for measuring what comes after agreeing: they come in by a patron file and by
// recorded choices, as in life. And a campaign to all of them, launched.
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Campaign, createCampaign, stepCampaign } from '../src/campaigns/campaign.ts'
import { readCampaign } from '../src/campaigns/campaign-file.ts'
import { type Launched, launchCampaign } from '../src/campaigns/launch.ts'
import { MOST_ENTRIES } from '../src/consent/ledger.ts'
import { recordChoices } from '../src/consent/record-choice.ts'
import { addLibrary, findLibrary, type Library } from '../src/patrons/library.ts'
import { importRoster } from '../src/roster/import.ts'
import { COLUMNS } from '../src/roster/roster-line.ts'
import type { Ground } from './bench-house.ts'

export const WORDING = 'Yes, write me a note now and then, about four times a year. I can stop at any time.'
const DAY = 86_400_000
const NAMES = ['Rosa', 'Karl', 'Mei Lin', 'Amara', 'Tomás', 'Grace', 'Dmitri', 'Priya', 'Sam', 'Zoë']

export interface AgreedLibrary {
  library: Library
  /** Numbers of those who agreed, in the order of the file. */
  patrons: string[]
  file: string
}

/** `undecided` more people are in the file and have not been asked yet. */
export async function makeAgreedLibrary(
  ground: Ground,
  key: string,
  people: number,
  undecided = 0,
): Promise<AgreedLibrary & { asked: string[] }> {
  const library = await makeOpenLibrary(ground, key)
  const file = join(ground.folder, `${key}.csv`)
  await writePeople(file, key, people + undecided)
  await importRoster(ground.database, library, file, { now: new Date(), approvedBy: 'the benchmark' })
  const { rows } = await ground.superuser.query<{ n: string }>(
    'select patron_no as n from roster.patron where library_no = $1 order by patron_id',
    [library.libraryNo],
  )
  const patrons = rows.slice(0, people).map((r) => r.n)
  await agreeAll(ground, library, patrons)
  // Names and addresses come in with the next file, even an unchanged one, once somebody has agreed.
  await importRoster(ground.database, library, file, { now: new Date(), approvedBy: 'the benchmark' })
  return { library, patrons, asked: rows.slice(people).map((r) => r.n), file }
}

/** Sends at any hour, so that a benchmark at night measures sending too. */
export async function makeOpenLibrary(ground: Ground, key: string): Promise<Library> {
  await addLibrary(ground.database.logins, {
    key,
    name: 'Maple Falls Library',
    timezone: 'UTC',
    postalAddress: '12 Main Street, Maple Falls, OH 43991',
    phone: '614-555-0100',
    email: 'ask@library.example.org',
    url: 'https://library.example.org',
    signedBy: 'Ana',
  })
  await ground.superuser.query('update house.library set quiet_until_hour = 0, quiet_from_hour = 24 where key = $1', [
    key,
  ])
  return findLibrary(ground.database.logins, key)
}

export const emailOf = (key: string, n: number): string => `reader${n}@${key}.example.net`

/** Active adults, each at an address of their own, last seen four months ago. `edition` changes every line a little. */
export async function writePeople(file: string, key: string, people: number, edition = 0): Promise<void> {
  const now = Date.now()
  const day = (offset: number) => new Date(now + offset * DAY).toISOString().slice(0, 10)
  const d = new Date(now)
  const lastUse = new Date(Date.UTC(d.getUTCFullYear(), d.getUTCMonth() - 4, 15)).toISOString().slice(0, 10)
  const [registered, expires] = [day(-900), day(300)]
  function* lines() {
    let text = `${COLUMNS.join(',')}\n`
    for (let n = 0; n < people; n++) {
      const name = NAMES[n % NAMES.length]
      const id = String(n).padStart(8, '0')
      text += `${id},2${id},${name},Reader,,${emailOf(key, n)},,${n + edition} Mill Road,,Maple Falls,OH,43991,US,${n % 5 === 0 ? 'es' : 'en'},main,adult,1980-04-01,,${registered},${expires},${lastUse},active\n`
      if (text.length > 1 << 18) {
        yield text
        text = ''
      }
    }
    yield text
  }
  await pipeline(Readable.from(lines(), { objectMode: false }), createWriteStream(file))
}

/** A yes to a note now and then from each, a year ago, through the door that every yes takes. */
export async function agreeAll(ground: Ground, library: Library, patrons: readonly string[]): Promise<void> {
  const decidedAt = new Date(Date.now() - 400 * DAY)
  let next = 0
  const lane = async () => {
    while (next < patrons.length) {
      const some = patrons.slice(next, next + MOST_ENTRIES)
      next += MOST_ENTRIES
      const choices = some.map((patron) => ({
        patron,
        purpose: 'reengagement' as const,
        channel: 'email' as const,
        decision: 'grant' as const,
        method: 'sign-up form',
        wording: WORDING,
        decidedAt,
        attestedBy: 'Ana',
      }))
      await recordChoices(ground.database.logins, library.libraryNo, choices, new Date())
    }
  }
  await Promise.all([lane(), lane()])
}

/** Approved and ready to launch. */
export async function draftCampaign(
  ground: Ground,
  library: Library,
  key: string,
  graceMinutes = 0,
): Promise<Campaign> {
  const plan = await readCampaign(
    {
      key,
      name: 'A warm room',
      purpose: 'reengagement',
      segment: { lapsed: { minMonths: 3, maxMonths: 6 } },
      letter: 'winter-warm-room',
      window: { from: 0, until: 24 },
      graceMinutes,
    },
    key,
    null,
  )
  await createCampaign(ground.database.logins, library, plan)
  return stepCampaign(ground.database.logins, library, key, 'approve', 'Ana', new Date())
}

export async function launchNow(
  ground: Ground,
  library: Library,
  key: string,
): Promise<Campaign & { launched: Launched }> {
  const campaign = await draftCampaign(ground, library, key)
  const launched = await launchCampaign(ground.database.logins, library, key, { now: new Date(), canSend: true })
  return { ...campaign, launched }
}
