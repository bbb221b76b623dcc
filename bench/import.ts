// Importing a large patron file into an empty library, and the same library's file some weeks later, against COPY of
// the same lines in the same order into a plain table: what PostgreSQL itself needs to take them in.
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { from as copyFrom } from 'pg-copy-streams'
import { rosterColumns } from '../seeds/roster-columns.ts'
import { writeRoster } from '../seeds/write-roster.ts'
import { addLibrary } from '../src/patrons/library.ts'
import type { BenchHouse } from './bench-house.ts'
import { type Imported, startImport } from './processes.ts'
import { type Figure, round, seconds } from './table.ts'

/** The large library; preview reads it afterwards. */
export const TOWN = 'town'

const MEMORY_MB = 300

export async function importTown(house: BenchHouse): Promise<{ file: string; people: number; imported: Imported }> {
  const people = house.quick ? 100_000 : 1_000_000
  const file = join(house.folder, 'town.csv')
  await addLibrary(house.database.logins, {
    key: TOWN,
    name: 'A large library',
    timezone: 'America/New_York',
    postalAddress: '12 Main Street, Maple Falls, OH 43991',
    phone: '614-555-0100',
    email: 'ask@library.example.org',
    signedBy: 'Ana',
  })
  house.say(`writing a patron file of ${people.toLocaleString('en-US')} lines…`)
  await writeRoster({ file, people, seed: 7, today: new Date().toISOString().slice(0, 10) })
  await house.settle()
  house.say('importing it…')
  const imported = await startImport(house, TOWN, [file]).hear<Imported>()
  return { file, people, imported }
}

export async function measureImport(house: BenchHouse): Promise<Figure[]> {
  const { file, people, imported } = await importTown(house)
  const changedFile = join(house.folder, 'town-later.csv')
  const today = new Date().toISOString().slice(0, 10)
  house.say('writing the same file some weeks later, in another order…')
  await writeRoster({ file: changedFile, people, seed: 7, today, change: 0.01, shuffle: true })
  await house.settle()
  house.say('importing that…')
  const again = await startImport(house, TOWN, [changedFile]).hear<Imported>()
  house.say('COPY of each…')
  const copyMs = await copyPlainly(house, file)
  const copyShuffledMs = await copyPlainly(house, changedFile)
  const more = { people, ...imported, copyMs: round(copyMs, 0), copyShuffledMs: round(copyShuffledMs, 0) }
  const figure = (work: string, run: Imported, bar: number): Figure => ({
    work,
    figure: seconds(run.ms),
    yardstick: `COPY ${seconds(copyMs)}`,
    ratio: round(run.ms / copyMs),
    bar: `≤ ${bar} ×`,
    met: run.ms <= bar * copyMs,
    more: { ...more, ...run },
  })
  const peak = Math.max(imported.peakMb, again.peakMb)
  const lines = people.toLocaleString('en-US')
  return [
    figure(`import ${lines} lines into an empty library`, imported, 4),
    figure('import it again, shuffled, 1% changed', again, 1.5),
    {
      work: 'memory of the importing process',
      figure: `${peak.toFixed(0)} MB`,
      yardstick: '–',
      ratio: null,
      bar: `< ${MEMORY_MB} MB`,
      met: peak < MEMORY_MB,
      more: { first: imported.peakMb, again: again.peakMb },
    },
  ]
}

async function copyPlainly(house: BenchHouse, file: string): Promise<number> {
  await house.superuser.query(`
    drop table if exists public.plain;
    create table public.plain (${rosterColumns.map((c) => `${c} text`).join(', ')}, primary key (patron_id))`)
  await house.settle()
  const started = performance.now()
  const into = house.superuser.query(copyFrom('copy public.plain from stdin with (format csv, header)'))
  await pipeline(createReadStream(file, { highWaterMark: 1 << 18 }), into)
  const ms = performance.now() - started
  await house.superuser.query('drop table public.plain')
  return ms
}
