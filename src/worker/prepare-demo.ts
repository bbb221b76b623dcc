// Makes the demo library: an invented town of 20,000 with its answers, read in by the same import and recorded by the
// same doors as a real library's, and one mailing ready to launch. Whatever a crash left half done is done again.
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import { demoConsents } from '../../seeds/demo-consents.ts'
import { demoLibrary, wordings } from '../../seeds/demo-library.ts'
import { generateRoster } from '../../seeds/generate-roster.ts'
import { writeRoster } from '../../seeds/write-roster.ts'
import { listCampaigns } from '../campaigns/campaign.ts'
import { createDemoMailing } from '../campaigns/demo-mailing.ts'
import { type Choice, MOST_ENTRIES } from '../consent/ledger.ts'
import { recordChoices } from '../consent/record-choice.ts'
import type { Database } from '../db/connect.ts'
import { inLibrary } from '../db/scope.ts'
import { dateIn } from '../lib/clock.ts'
import { Problem } from '../lib/errors.ts'
import { patronNumbers } from '../patrons/find-patron.ts'
import { addLibrary, findLibrary, type Library, listLibraries } from '../patrons/library.ts'
import { importRoster } from '../roster/import.ts'
import { addDemoLine } from './demo-line.ts'

const SEED = 7
export const DEMO_PEOPLE = 20_000

export interface DemoOptions {
  dataDir: string
  now: Date
  people?: number
  onStep?: (doing: string, done: number, total: number) => void
  /** Asked between the steps; what is done by then is done again at the next start. */
  stopping?: AbortSignal
}

export interface PreparedDemo {
  library: Library
  /** False when it was all there already. */
  made: boolean
}

/** Throws Problem 'conflict' when a real library has the demo's key. */
export async function prepareDemo(database: Database, options: DemoOptions): Promise<PreparedDemo> {
  const library = await demoLibraryRow(database)
  await addDemoLine(database.logins, library, options.now)
  if ((await listCampaigns(database.logins, library)).length > 0) return { library, made: false }
  const { people = DEMO_PEOPLE, now, onStep = () => {}, stopping } = options
  const today = dateIn(library.timezone, now)
  const folder = join(options.dataDir, 'demo')
  const file = join(folder, 'patrons.csv')
  await mkdir(folder, { recursive: true })
  onStep('Inventing a town', 0, 4)
  await writeRoster({ file, people, seed: SEED, today })
  if (stopping?.aborted) return { library, made: false }
  onStep('Reading its patron file', 1, 4)
  await readIn(database, library, file, now)
  if (stopping?.aborted) return { library, made: false }
  onStep('Recording what its people agreed to', 2, 4)
  await recordAnswers(database, library, { people, today, now })
  if (stopping?.aborted) return { library, made: false }
  onStep('Reading the names of those who agreed', 3, 4)
  await readIn(database, library, file, now)
  await createDemoMailing(database.logins, library, now)
  onStep('The demo is ready', 4, 4)
  return { library, made: true }
}

async function demoLibraryRow({ logins }: Database): Promise<Library> {
  const there = (await listLibraries(logins)).find((library) => library.key === demoLibrary.key)
  if (there && !there.demo)
    throw new Problem(
      'conflict',
      `There is a library "${demoLibrary.key}" here that is not the demo. Make the demo in a data folder of its own, with --data.`,
    )
  if (there) return there
  const { staffFirstName, ...facts } = demoLibrary
  await addLibrary(logins, { ...facts, signedBy: staffFirstName, demo: true })
  await sql`update house.library set quiet_until_hour = 0, quiet_from_hour = 24 where key = ${demoLibrary.key}`.execute(
    logins.circulation,
  )
  return findLibrary(logins, demoLibrary.key)
}

async function readIn(database: Database, library: Library, file: string, now: Date): Promise<void> {
  const { refused } = await importRoster(database, library, file, { now, approvedBy: 'the demo' })
  if (refused) throw new Problem('conflict', `The demo's own patron file was refused: ${refused.detail}`)
}

async function recordAnswers(
  { logins }: Database,
  library: Library,
  town: { people: number; today: string; now: Date },
): Promise<void> {
  const said = new Map(wordings.map((wording) => [wording.id, wording.text]))
  const rows = generateRoster({ seed: SEED, people: town.people, today: town.today })
  const answers = [...demoConsents({ seed: SEED, today: town.today, rows })]
  const numbers = await inLibrary(logins, 'circulation', library.libraryNo, (scope) =>
    patronNumbers(scope, [...new Set(answers.map((answer) => answer.patron_id))]),
  )
  const choices = answers.flatMap((answer): Choice[] => {
    const patron = numbers.get(answer.patron_id)
    const { purpose, channel, decision, method } = answer
    return patron === undefined
      ? []
      : [
          {
            patron,
            purpose,
            channel,
            decision,
            method,
            wording: said.get(answer.wording)!,
            decidedAt: new Date(answer.decided_at),
            attestedBy: demoLibrary.staffFirstName,
          },
        ]
  })
  for (let at = 0; at < choices.length; at += MOST_ENTRIES)
    await recordChoices(logins, library.libraryNo, choices.slice(at, at + MOST_ENTRIES), town.now)
}
