// How long staff wait for "whom would this reach, and why not the others": every rule counted over a large library of
// which a third agreed.

import { checkStanding } from '../src/consent/standing.ts'
import { findLibrary, listLibraries } from '../src/patrons/library.ts'
import { previewSegment } from '../src/segments/preview.ts'
import { agreeAll } from './agreed-library.ts'
import type { BenchHouse } from './bench-house.ts'
import { importTown, TOWN } from './import.ts'
import { type Imported, startImport } from './processes.ts'
import { type Figure, median, millis, round } from './table.ts'

const BAR_MS = 100

export async function measurePreview(house: BenchHouse): Promise<Figure[]> {
  const known = (await listLibraries(house.database.logins)).some((l) => l.key === TOWN)
  if (!known) await importTown(house)
  const library = await findLibrary(house.database.logins, TOWN)
  const { rows } = await house.superuser.query<{ n: string }>(
    'select patron_no as n from outreach.standing where library_no = $1 and (patron_no & 1023) < 341 order by patron_no',
    [library.libraryNo],
  )
  house.say(`${rows.length.toLocaleString('en-US')} people agree…`)
  const started = performance.now()
  await agreeAll(
    house,
    library,
    rows.map((r) => r.n),
  )
  const agreedMs = performance.now() - started
  house.say('their names come in with the next import…')
  const file = `${house.folder}/town.csv`
  const imported = await startImport(house, TOWN, [file]).hear<Imported>()
  await house.settle()
  const question = { library, purpose: 'reengagement', channel: 'email', now: new Date() } as const
  const segment = { lapsed: { minMonths: 3, maxMonths: 6 } }
  const times: number[] = []
  let preview = await previewSegment(house.database.logins, question, segment)
  for (let i = 0; i < 21; i++) {
    const from = performance.now()
    preview = await previewSegment(house.database.logins, question, segment)
    times.push(performance.now() - from)
  }
  const cold = times.shift()!
  const standing = await checkStanding(house.database.logins, library.libraryNo)
  const warm = median(times)
  const chosen = preview.chosen.toLocaleString('en-US')
  return [
    {
      work: `preview with every reason, ${standing.patrons.toLocaleString('en-US')} patrons, ${chosen} chosen`,
      figure: `${millis(warm)} (first ${millis(cold)})`,
      yardstick: '–',
      ratio: null,
      bar: `≤ ${BAR_MS} ms`,
      met: warm <= BAR_MS && standing.differing === 0,
      more: {
        warmMs: round(warm),
        coldMs: round(cold),
        worstMs: round(Math.max(...times)),
        preview,
        agreedPerSecond: Math.round((rows.length * 1000) / agreedMs),
        identitiesMs: round(imported.ms, 0),
        standingDiffering: standing.differing,
      },
    },
  ]
}
