// The night's work, once a day for each library: by exactly one process, because a row in the database is claimed for
// it. It begins after two in the morning at the library, or whenever the program is next running; what fails is tried
// again an hour later.
import { sql } from 'kysely'
import { readPause } from '../db/pause.ts'
import { inLibrary, type Logins, rowOf, rowsOf, type Scope } from '../db/scope.ts'
import { type Clock, dateIn, hourIn } from '../lib/clock.ts'
import { sayError } from '../lib/errors.ts'
import { type Library, listLibraries } from '../patrons/library.ts'
import { startLoop } from './loop.ts'

export interface NightlyJob {
  name: string
  /** Says what came of it, as a sentence. */
  run(library: Library, night: { now: Date; stopping: () => boolean }): Promise<string>
}

export interface Nightly {
  /** Lets what is under way come to the end of its chunk. */
  stop(): Promise<void>
}

const FROM_HOUR = 2
const LOOK_MS = 60_000

export function startNightly(
  logins: Logins,
  options: { clock: Clock; jobs: readonly NightlyJob[]; say?: (line: string) => void; lookMs?: number },
): Nightly {
  const { clock, jobs, say = () => {}, lookMs = LOOK_MS } = options
  const loop = startLoop(async () => {
    await workTonight(logins, { now: clock.now(), jobs, say, stopping: loop.stopping }).catch((error) =>
      say(`The night’s work was put off: ${sayError(error)}`),
    )
    return lookMs
  })
  return loop
}

interface Tonight {
  now: Date
  jobs: readonly NightlyJob[]
  say?: (line: string) => void
  stopping?: () => boolean
}

/** Does what is due now and not claimed by another process. Nothing while the installation is paused after a restore. */
export async function workTonight(
  logins: Logins,
  { now, jobs, say = () => {}, stopping = () => false }: Tonight,
): Promise<void> {
  if ((await readPause(logins)) !== null) return
  for (const library of await listLibraries(logins)) {
    if (hourIn(library.timezone, now) < FROM_HOUR) continue
    const day = dateIn(library.timezone, now)
    for (const job of jobs) {
      if (stopping()) return
      if (!(await claim(logins, library, job.name, day, now))) continue
      const said = await job.run(library, { now, stopping }).catch((error) => {
        say(`${library.name}: ${job.name} did not come to its end: ${sayError(error)}. It is tried again in an hour.`)
        return new Failed(sayError(error))
      })
      if (stopping()) return // claimed still, so it is done again in an hour: what it does twice does no harm
      await settle(logins, library, job.name, day, said, now)
    }
  }
}

class Failed {
  readonly said: string
  constructor(said: string) {
    this.said = said
  }
}

/** A claim that nobody settled within an hour belonged to a process that died, or failed. */
const claim = (logins: Logins, library: Library, job: string, day: string, now: Date): Promise<boolean> =>
  inLibrary(logins, 'circulation', library.libraryNo, async (scope) => {
    const ours = await rowOf(
      scope,
      sql`
      insert into desk.nightly as n (library_no, job, day, claimed_at) values (${scope.library}, ${job}, ${day}::date, ${now})
      on conflict (library_no, job, day) do update set claimed_at = ${now}, tries = n.tries + 1
        where n.ended_at is null and n.claimed_at < ${now}::timestamptz - interval '1 hour' and n.tries < 20
      returning 1`,
    )
    return ours !== null
  })

const settle = (logins: Logins, library: Library, job: string, day: string, said: string | Failed, now: Date) =>
  inLibrary(logins, 'circulation', library.libraryNo, (scope) =>
    sql`update desk.nightly set ended_at = ${said instanceof Failed ? null : now}, said = ${(said instanceof Failed ? said.said : said).slice(0, 500)}
        where library_no = ${scope.library} and job = ${job} and day = ${day}::date`.execute(scope.tx),
  )

export interface Night {
  /** ISO date, on the library's calendar. */
  day: string
  job: string
  /** What it reported; of one that did not come to its end, why. */
  said: string | null
  endedAt: Date | null
}

/** What the last two weeks of nights reported, the newest first. */
export const readNights = (scope: Scope<'circulation'>): Promise<Night[]> =>
  rowsOf(
    scope,
    sql<Night>`
    select to_char(day, 'YYYY-MM-DD') as day, job, said, ended_at as "endedAt" from desk.nightly
    where library_no = ${scope.library}
      and day > (select max(day) from desk.nightly where library_no = ${scope.library}) - 14
    order by nightly.day desc, job`,
  )
