// The command that writes a patron file for the benchmark and for trying things out:
//   node seeds/write-roster.ts --people 1000000 --seed 7 --today 2026-11-22 --out FILE
// With --change and --shuffle the file holds the same roster some weeks later, its lines in another order:
//   … --change 0.01 --shuffle --seed2 8
import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { changeRoster } from './change-roster.ts'
import { generateRoster } from './generate-roster.ts'
import { seededRandom } from './random.ts'
import { rosterCsv, rosterHeader, rosterLine } from './roster-csv.ts'

export interface RosterFile {
  file: string
  people: number
  seed: number
  today: string
  /** The part of all lines that differs from the plain roster of this seed. */
  change?: number
  shuffle?: boolean
  /** Draws the changes and the order. */
  seed2?: number
}

export async function writeRoster(options: RosterFile): Promise<void> {
  const { file, people, seed, today, change = 0, shuffle = false, seed2 = seed + 1 } = options
  const plain = generateRoster({ seed, people, today })
  const rows = change > 0 ? changeRoster({ rows: plain, share: change, seed: seed2, today }) : plain
  await pipeline(shuffle ? shuffled(rows, seed2) : rosterCsv(rows), createWriteStream(file))
}

/** Holds every line in memory, as bytes: an order drawn from all of them cannot be streamed. */
async function* shuffled(rows: ReturnType<typeof generateRoster>, seed: number): AsyncGenerator<Buffer> {
  const lines: Buffer[] = []
  for (const row of rows) lines.push(Buffer.from(rosterLine(row)))
  seededRandom(seed ^ 0x0dd).shuffle(lines)
  yield Buffer.from(rosterHeader)
  for (let at = 0; at < lines.length; at += 2000) yield Buffer.concat(lines.slice(at, at + 2000))
}

async function runCommand(): Promise<void> {
  const { values } = parseArgs({
    options: {
      people: { type: 'string', default: '20000' },
      seed: { type: 'string', default: '7' },
      today: { type: 'string' },
      out: { type: 'string' },
      change: { type: 'string', default: '0' },
      shuffle: { type: 'boolean', default: false },
      seed2: { type: 'string' },
    },
  })
  if (values.out === undefined || values.today === undefined) {
    throw new Error('Say where to write and as of which day: --out FILE --today YYYY-MM-DD')
  }
  await writeRoster({
    file: values.out,
    people: wholeNumber('--people', values.people),
    seed: wholeNumber('--seed', values.seed),
    today: values.today,
    change: share('--change', values.change),
    shuffle: values.shuffle,
    seed2: values.seed2 === undefined ? undefined : wholeNumber('--seed2', values.seed2),
  })
}

function wholeNumber(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`${name} takes a whole number, not "${text}"`)
  return Number(text)
}

function share(name: string, text: string): number {
  const part = Number(text)
  if (!(part >= 0 && part <= 1)) throw new Error(`${name} takes a share from 0 to 1, not "${text}"`)
  return part
}

if (import.meta.main) {
  await runCommand().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error))
    process.exitCode = 1
  })
}
