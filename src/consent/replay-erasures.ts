// After a restore: whoever was erased since the backup was made is erased again, as of then. Told by the journal, or by
// the register in an exported head when the journal is lost; who stands in the register already is passed over.
import type { ErasureEntry, Journal, JournalEntry } from '../db/journal.ts'
import { inLibrary, type Logins } from '../db/scope.ts'
import { type Library, listLibraries } from '../patrons/library.ts'
import { beginErasing, carryOut } from './erase-patron.ts'
import type { ExportedHead } from './ledger-head.ts'
import { type Replayed, startOfReplay } from './replay-stops.ts'

/** What the register says of who did it. */
const BY = 'a restore, from the journal'

export async function replayErasures(
  logins: Logins,
  journal: Journal,
  restore: { backupOf: Date; now: Date },
): Promise<Replayed> {
  const told = journal.since(startOfReplay(restore.backupOf)).filter((entry) => entry.kind === 'erasure')
  const readable = told.filter(isReadable)
  const counts: Replayed = { replayed: 0, known: 0, elsewhere: 0, unreadable: told.length - readable.length }
  const libraries = new Map((await listLibraries(logins)).map((library) => [library.key, library]))
  for (const entry of readable) {
    const library = libraries.get(entry.library)
    if (library === undefined) counts.elsewhere++
    else counts[await eraseAgain(logins, library, entry, restore.now)]++
  }
  return counts
}

/** The same by the register that left the house with a head. */
export async function replayRegister(
  logins: Logins,
  library: Library,
  { erasures }: ExportedHead,
  now: Date,
): Promise<number> {
  let replayed = 0
  for (const line of erasures) if ((await eraseAgain(logins, library, line, now)) === 'replayed') replayed++
  return replayed
}

type Line = Pick<ErasureEntry, 'at' | 'patron' | 'id' | 'email' | 'phone'>

const eraseAgain = (logins: Logins, library: Library, line: Line, now: Date): Promise<'replayed' | 'known'> =>
  inLibrary(logins, 'circulation', library.libraryNo, async (scope) => {
    if (await beginErasing(scope, line.patron)) return 'known'
    const bytes = (hex: string | null) => (hex === null ? null : Buffer.from(hex, 'hex'))
    const at = new Date(line.at)
    await carryOut(
      scope,
      library,
      {
        patron: line.patron,
        at,
        by: BY,
        idHash: bytes(line.id),
        emailHash: bytes(line.email),
        phoneHash: bytes(line.phone),
      },
      now,
    )
    return 'replayed'
  })

const isHash = (told: unknown): boolean => told === null || (typeof told === 'string' && /^[0-9a-f]{32}$/.test(told))

const isReadable = (entry: JournalEntry): entry is ErasureEntry =>
  entry.kind === 'erasure' &&
  typeof entry.library === 'string' &&
  /^-?\d{1,19}$/.test(entry.patron) &&
  !Number.isNaN(Date.parse(entry.at)) &&
  [entry.id, entry.email, entry.phone].every(isHash)
