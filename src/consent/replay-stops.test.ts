import { appendFileSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make, monthsAgo, NOW } from '../../test/make.ts'
import { type Journal, openJournal, type StopEntry } from '../db/journal.ts'
import { inLibrary, rowOf } from '../db/scope.ts'
import type { Library } from '../patrons/library.ts'
import { type Choice, choicesOf } from './ledger.ts'
import { pauseByLink } from './link-choices.ts'
import { maskOf, PURPOSES } from './purposes.ts'
import { recordChoices } from './record-choice.ts'
import { replayStops } from './replay-stops.ts'

const house = openHouse()
const backupOf = new Date(NOW.getTime() - 3_600_000)

/** What is written down on one installation, kept apart from the journal of the house. */
function tape(): Journal & { entries: StopEntry[] } {
  const entries: StopEntry[] = []
  return { entries, write: (more) => entries.push(...(more as StopEntry[])), since: () => entries }
}

/** Rosa said it here; Karl stands for Rosa in a restored copy that does not know it yet. */
async function saidElsewhere(say: (library: Library, rosa: string, journal: Journal) => Promise<unknown>) {
  const library = await make.library(house)
  await make.patrons(
    house,
    library,
    ['rosa', 'karl'].map((id) => ({
      id,
      email: `${id}@example.org`,
      lastUse: monthsAgo(4),
      consents: ['reengagement/email' as const],
    })),
  )
  const journal = tape()
  await say(library, await make.number(house, library, 'rosa'), journal)
  const karl = await make.number(house, library, 'karl')
  const file = openJournal(mkdtempSync(join(tmpdir(), 'gentle-replay-')))
  file.write(journal.entries.map((entry) => ({ ...entry, patron: karl })))
  const replay = () => replayStops(house.database.logins, file, { backupOf, now: new Date(NOW.getTime() + 3_600_000) })
  return { library, karl, journal, replay }
}

const standingOf = (library: Library, patron: string) =>
  inLibrary(house.database.logins, 'circulation', library.libraryNo, (scope) =>
    rowOf(
      scope,
      sql<{ agreed: number; refused: number; pausedUntil: Date | null }>`
      select agreed_email::int as agreed, refused_email::int as refused, paused_until as "pausedUntil"
      from outreach.standing where library_no = ${scope.library} and patron_no = ${patron}::bigint`,
    ),
  )
const historyOf = (library: Library, patron: string) =>
  inLibrary(house.database.logins, 'circulation', library.libraryNo, (scope) => choicesOf(scope, patron))
const record = (library: Library, choice: Choice, journal: Journal) =>
  recordChoices(house.database.logins, library.libraryNo, [choice], NOW, { journal, libraryKey: library.key })

test('a restored copy does not write to somebody who asked by a link to wait', async () => {
  const { library, karl, replay } = await saidElsewhere(async (there, rosa, journal) => {
    const link = { patron: rosa, addressHash: Buffer.alloc(16), purpose: PURPOSES.reengagement.bit }
    await pauseByLink({ logins: house.database.logins, journal }, there, link as never, { months: 6, now: NOW })
  })
  expect(await replay()).toMatchObject({ replayed: 1, known: 0, unreadable: 0 })
  expect(await standingOf(library, karl)).toMatchObject({
    agreed: maskOf('reengagement'),
    pausedUntil: new Date('2027-05-22T15:00:00Z'),
  })
  expect(await replay()).toMatchObject({ replayed: 0, known: 1 })
})

test('a no from last year that was written down today does not undo the yes said since', async () => {
  const lastYear = new Date('2024-02-01T12:00:00Z') // before the yes of May 2025
  const { library, karl, replay } = await saidElsewhere(async (there, rosa, journal) =>
    record(there, make.choice(rosa, 'reengagement/email', 'deny', lastYear), journal),
  )
  expect(await replay()).toMatchObject({ replayed: 1 })
  expect((await historyOf(library, karl)).at(-1)).toMatchObject({ decision: 'stop', decidedAt: lastYear })
  expect(await standingOf(library, karl)).toMatchObject({ agreed: maskOf('reengagement'), refused: 0 })
  expect(await replay()).toMatchObject({ replayed: 0, known: 1 })
})

test('a no that came after the yes holds again, from the day on which it was said', async () => {
  const inAutumn = new Date('2026-10-12T12:00:00Z')
  const { library, karl, replay } = await saidElsewhere(async (there, rosa, journal) =>
    record(there, make.choice(rosa, 'all/all', 'deny', inAutumn), journal),
  )
  expect(await replay()).toMatchObject({ replayed: 3 }) // a line for each channel
  expect(await standingOf(library, karl)).toMatchObject({ agreed: 0 })
  expect((await historyOf(library, karl)).at(-1)).toMatchObject({ decidedAt: inAutumn })
  // What Karl says after the no, and before the restore, is the newer word.
  await make.says(house, library, 'karl', 'reengagement/email', 'grant', '2026-10-13T12:00:00Z')
  expect(await replay()).toMatchObject({ replayed: 0, known: 3 })
  expect(await standingOf(library, karl)).toMatchObject({ agreed: maskOf('reengagement') })
})

test('what the ledger has is known by what was said and when, also to a journal kept before that was noted', async () => {
  const library = await make.library(house)
  await make.patrons(house, library, [{ id: 'rosa', email: 'rosa@example.org', consents: ['reengagement/email'] }])
  const rosa = await make.number(house, library, 'rosa')
  const journal = tape()
  await record(library, make.choice(rosa, 'reengagement/email', 'deny', '2026-10-12T12:00:00Z'), journal)
  const folder = mkdtempSync(join(tmpdir(), 'gentle-replay-'))
  const { decidedAt: _, ...old } = journal.entries[0]!
  appendFileSync(
    join(folder, 'journal.ndjson'),
    [...journal.entries, old, { ...old, decision: 'pause' }].map((e) => `${JSON.stringify(e)}\n`).join(''),
  )
  // A pause without an end makes no sense, and is counted as such.
  expect(await replayStops(house.database.logins, openJournal(folder), { backupOf, now: NOW })).toMatchObject({
    replayed: 0,
    known: 2,
    unreadable: 1,
  })
})
