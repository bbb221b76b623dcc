// Takes in choices that were made elsewhere, from a file and under the name of somebody who stands for them. What is
// in the ledger already is known and not recorded again, so a file can be brought twice, or a longer one each month.
import { sql } from 'kysely'
import type { Journal } from '../db/journal.ts'
import { inLibrary, type Logins, type Scope } from '../db/scope.ts'
import { Problem } from '../lib/errors.ts'
import { patronNumbers } from '../patrons/find-patron.ts'
import type { Library } from '../patrons/library.ts'
import { type ChoiceSource, type RowProblem, readChoices, type ToldChoice } from './choice-file.ts'
import { type ErasedSince, erasedSince, saidBeforeErasure } from './erased-since.ts'
import { guardiansMethod, isGuardians } from './guardian.ts'
import { readKnownChoices } from './known-choices.ts'
import { type Choice, MOST_ENTRIES } from './ledger.ts'
import { minorsAmong } from './minors.ts'
import { recordChoices } from './record-choice.ts'

export interface ImportedChoices {
  rows: number
  recorded: number
  /** In the ledger already, word for word. */
  known: number
  refused: RowProblem[]
}

export interface ChoiceImport {
  /** Where a no is kept beside the database. */
  journal?: Journal
  attestedBy: string
  now: Date
  onBytes?: (bytes: number) => void
}

/** Throws ChoicesRefused for a file that cannot be read as a whole, Problem 'conflict' while another import runs. */
export async function importChoices(
  logins: Logins,
  library: Library,
  source: ChoiceSource,
  options: ChoiceImport,
): Promise<ImportedChoices> {
  if (options.attestedBy.trim() === '')
    throw new Problem('bad-input', 'Choices made elsewhere need the name of somebody who stands for them.')
  // Two imports of one file at once would each find the other's choices unknown. The lock is this connection's.
  return logins.circulation.connection().execute(async (connection) => {
    const lock = sql<{
      ours: boolean
    }>`select pg_try_advisory_lock(hashtext('gentle choices'), ${library.libraryNo}) as ours`
    if (!(await lock.execute(connection)).rows[0]!.ours)
      throw new Problem(
        'conflict',
        `Another consent import for ${library.name} is running. Nothing was recorded; try again when it has ended.`,
      )
    try {
      return await takeIn(logins, library, source, options)
    } finally {
      await sql`select pg_advisory_unlock(hashtext('gentle choices'), ${library.libraryNo})`.execute(connection)
    }
  })
}

async function takeIn(
  logins: Logins,
  library: Library,
  source: ChoiceSource,
  options: ChoiceImport,
): Promise<ImportedChoices> {
  const { attestedBy, now, journal, onBytes } = options
  const isErasedSince = await inLibrary(logins, 'circulation', library.libraryNo, (scope) =>
    erasedSince(scope, library),
  )
  const result: ImportedChoices = { rows: 0, recorded: 0, known: 0, refused: [] }
  for await (const batch of inChunks(readChoices(source, { timezone: library.timezone, now, onBytes }))) {
    result.rows += batch.length
    const told = batch.filter((row): row is ToldChoice => 'patronId' in row)
    const { numbers, known, forgotten, wasMinor } = await inLibrary(logins, 'circulation', library.libraryNo, (scope) =>
      lookUp(scope, library, told, isErasedSince),
    )
    const fresh: Choice[] = []
    for (const row of batch) {
      if (!('patronId' in row)) {
        result.refused.push(row)
        continue
      }
      const patron = numbers.get(row.patronId)
      if (patron === undefined) {
        result.refused.push({ line: row.line, reason: `there is no patron ${row.patronId} in the roster` })
        continue
      }
      // Somebody erased is in the next patron file again, as a stranger: their old yes went with what they were.
      if (forgotten.has(row)) {
        result.refused.push({
          line: row.line,
          reason: 'this person has asked to be forgotten since they said yes; ask again',
        })
        continue
      }
      if (known.has(row, patron)) {
        result.known++
        continue
      }
      if (row.decision === 'grant' && !isGuardians(row) && wasMinor(patron, row.decidedAt.at)) {
        result.refused.push({ line: row.line, reason: CHILDS_OWN })
        continue
      }
      const { purpose, channel, decision, method, wording } = row
      fresh.push({ patron, purpose, channel, decision, method, wording, decidedAt: row.decidedAt.at, attestedBy })
      known.add(row, patron)
    }
    if (fresh.length > 0)
      await recordChoices(logins, library.libraryNo, fresh, now, journal && { journal, libraryKey: library.key })
    result.recorded += fresh.length
  }
  return result
}

const CHILDS_OWN = `by the patron file this was a minor, and a child is not asked for a yes; if a guardian said it, let the method begin with "${guardiansMethod('')}"`

/** Batches of the most that one transaction may append, whatever chunks the file was read in. */
async function* inChunks<Row>(batches: AsyncIterable<Row[]>): AsyncGenerator<Row[]> {
  let waiting: Row[] = []
  for await (const batch of batches) {
    waiting = waiting.length === 0 ? batch : [...waiting, ...batch]
    while (waiting.length >= MOST_ENTRIES) {
      yield waiting.slice(0, MOST_ENTRIES)
      waiting = waiting.slice(MOST_ENTRIES)
    }
  }
  if (waiting.length > 0) yield waiting
}

/** Who the rows are about, which of their choices the ledger holds, and whose yes is of before they were erased. */
async function lookUp(
  scope: Scope<'circulation'>,
  library: Library,
  told: readonly ToldChoice[],
  isErasedSince: ErasedSince,
) {
  const numbers = await patronNumbers(scope, [...new Set(told.map((row) => row.patronId))])
  const yeses = told.flatMap((row) => {
    const patron = numbers.get(row.patronId)
    return row.decision === 'grant' && patron !== undefined ? [{ row, patron, decidedAt: row.decidedAt.at }] : []
  })
  const byAddress = await saidBeforeErasure(scope, yeses)
  const forgotten = new Set(
    yeses.flatMap(({ row, decidedAt }, i) => (byAddress[i] || isErasedSince(row.patronId, decidedAt) ? [row] : [])),
  )
  const patrons = [...numbers.values()]
  return {
    numbers,
    known: await readKnownChoices(scope, library.timezone, patrons),
    forgotten,
    wasMinor: await minorsAmong(scope, library, patrons),
  }
}
