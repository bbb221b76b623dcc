// After a restore: how often at most somebody wanted to be written to, where they said so after the backup was made. A pace
// that a later word of the same person has replaced is passed over, so replaying twice, or too much, is no harm.
import { sql } from 'kysely'
import type { Journal, JournalEntry, PaceEntry } from '../db/journal.ts'
import { inLibrary, type LibraryNo, type Logins, rowOf } from '../db/scope.ts'
import { listLibraries } from '../patrons/library.ts'
import { recordWish } from './preferences.ts'
import { type Replayed, startOfReplay } from './replay-stops.ts'
import { PACES, type Pace } from './wishes.ts'

/** What a replayed wish says of itself. */
const METHOD = 'replayed from the journal'

export async function replayPaces(
  logins: Logins,
  journal: Journal,
  restore: { backupOf: Date; now: Date },
): Promise<Replayed> {
  const told = journal.since(startOfReplay(restore.backupOf)).filter((entry) => entry.kind === 'pace')
  const readable = told.filter(isReadable).sort((a, b) => a.at.localeCompare(b.at))
  const counts: Replayed = { replayed: 0, known: 0, elsewhere: 0, unreadable: told.length - readable.length }
  const libraries = new Map((await listLibraries(logins)).map((library) => [library.key, library.libraryNo]))
  for (const entry of readable) {
    const library = libraries.get(entry.library)
    if (library === undefined) counts.elsewhere++
    else if (await isKnown(logins, library, entry)) counts.known++
    else {
      await recordWish(logins, library, {
        patrons: [entry.patron],
        wish: { about: 'pace', days: entry.days as Pace | null },
        method: METHOD,
        now: new Date(entry.at),
        slowerOnly: entry.slowerOnly,
      })
      counts.replayed++
    }
  }
  return counts
}

/** Or nobody's any more: of somebody who is gone nothing is kept. */
const isKnown = async (logins: Logins, library: LibraryNo, { patron, at }: PaceEntry): Promise<boolean> =>
  (await inLibrary(logins, 'circulation', library, (scope) =>
    rowOf(
      scope,
      sql`select 1 from outreach.standing s where s.library_no = ${scope.library} and s.patron_no = ${patron}::bigint
          and not exists (select from outreach.preference l where l.library_no = s.library_no and l.patron_no = s.patron_no
                and l.about = 'pace' and l.said_at >= ${at}::timestamptz)`,
    ),
  )) === null

const isReadable = (entry: JournalEntry): entry is PaceEntry =>
  entry.kind === 'pace' &&
  typeof entry.library === 'string' &&
  /^-?\d{1,19}$/.test(entry.patron) &&
  !Number.isNaN(Date.parse(entry.at)) &&
  (entry.days === null || PACES.some((pace) => pace === entry.days)) &&
  typeof entry.slowerOnly === 'boolean'
