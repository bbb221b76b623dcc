// One import of a patron file: look at it whole, decide whether to refuse, then apply it in short chunks under one run.
// Until the decision nothing has changed, and whatever is found wrong is told with its line; a roster is never wiped
// because a file was cut short (promise 9).
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import type { Database } from '../db/connect.ts'
import type { LibraryNo } from '../db/scope.ts'
import { dateIn } from '../lib/clock.ts'
import { keyedHexFor } from '../lib/keyed-hash.ts'
import type { Library } from '../patrons/library.ts'
import { type Applying, applyStaged } from './apply.ts'
import { brokenOffSince, compareWithEarlier, countsAbsence } from './earlier-runs.ts'
import { erasedIds } from './erased.ts'
import { FileRefused } from './file-refused.ts'
import { fillEmpty } from './fill-empty.ts'
import { allNew, type Difference, measureDifference, type Refusal, whatLooksWrong } from './guards.ts'
import { lineFingerprint } from './line-fingerprint.ts'
import type { Mapping } from './mapping.ts'
import { type ImportSessions, openImport } from './open-import.ts'
import { openPatronFile } from './patron-file.ts'
import type { LineProblem } from './roster-line.ts'
import { type Staged, type Staging, stageFile } from './stage.ts'
import { type Crew, type FirstFile, stageForEmpty } from './stage-empty.ts'

export interface ImportOptions {
  mapping?: Mapping
  encoding?: string
  /** The file holds only some patrons; absence says nothing. */
  delta?: boolean
  dryRun?: boolean
  /** Who says that a file which looks wrong is meant. */
  approvedBy?: string | null
  now: Date
  onProgress?: (step: 'reading' | 'writing', done: number, total: number) => void
}

export interface ImportResult {
  runId: string
  rows: number
  added: number
  changed: number
  unchanged: number
  missing: number
  /** Lines that were not taken in; what we had of these patrons stays as it was. */
  quarantined: LineProblem[]
  refused: Refusal | null
}

/** Throws Problem 'conflict' while another import of this library runs. */
export async function importRoster(
  database: Database,
  library: Library,
  path: string,
  options: ImportOptions,
): Promise<ImportResult> {
  const sessions = await openImport(database, library)
  // Lines come and go by the thousand, for which V8 would let its young generation grow to twice and four times what they
  // need, and keep it: 80 MB that make an import no faster.
  setFlagsFromString('--semi-space-growth-factor=1')
  try {
    return await runImport(sessions, database, library, path, options)
  } finally {
    setFlagsFromString('--semi-space-growth-factor=2')
    await sessions.end()
  }
}

async function runImport(
  { session, crew }: ImportSessions,
  database: Database,
  library: Library,
  path: string,
  options: ImportOptions,
): Promise<ImportResult> {
  const fileDate = await stat(path).then(
    (s) => s.mtime,
    () => options.now,
  )
  const { rows } = await session.client.query<{ run_no: string }>({
    text: `insert into roster.run (library_no, file_name, file_hash, file_date, delta, state) values ($1, $2, '', $3, $4, 'checking') returning run_no`,
    values: [library.libraryNo, basename(path), fileDate, options.delta ?? false],
  })
  const runId = rows[0]!.run_no
  const result: ImportResult = {
    runId,
    rows: 0,
    added: 0,
    changed: 0,
    unchanged: 0,
    missing: 0,
    quarantined: [],
    refused: null,
  }
  const end = (state: string) =>
    session.client.query({
      text: `update roster.run set state = $3, ended_at = clock_timestamp(), rows = $4, added = $5, changed = $6, unchanged = $7, missing = $8, quarantined = $9, refused = $10, approved_by = $11
             where library_no = $1 and run_no = $2`,
      values: [
        library.libraryNo,
        runId,
        state,
        result.rows,
        result.added,
        result.changed,
        result.unchanged,
        result.missing,
        result.quarantined.length,
        result.refused,
        options.approvedBy ?? null,
      ],
    })
  try {
    const { mapping, encoding } = options
    const fileOptions = { mapping, encoding, today: dateIn(library.timezone, options.now) }
    const file = await openPatronFile(path, fileOptions)
    const hash = keyedHexFor(database.keys.hashing, library.key)
    const onProgress = (done: number, total: number) => options.onProgress?.('reading', done, total)
    const reading = { path, options: fileOptions, hashing: database.keys.hashing, libraryKey: library.key }
    const { staged, difference, write } = crew
      ? await lookAtFirst(crew, library.libraryNo, { reading, totalBytes: file.totalBytes, onProgress })
      : await lookAgain(
          {
            session,
            library: library.libraryNo,
            file,
            hash,
            fingerprint: lineFingerprint(hash, file),
            identityOfAll: library.identityOfAllBecause !== null,
            erased: await erasedIds(session, library.libraryNo),
            onProgress,
          },
          options.delta ?? false,
        )
    await session.client.query('update roster.run set file_hash = $3 where library_no = $1 and run_no = $2', [
      library.libraryNo,
      runId,
      staged.fileHash,
    ])
    result.rows = staged.rows
    result.quarantined = staged.problems.sort((a, b) => a.line - b.line)
    result.added = difference.added
    result.changed = difference.changed
    result.unchanged = staged.rows - staged.problems.length - difference.added - difference.changed
    result.missing = difference.missing

    const broken = await brokenOffSince(session, library)
    const age = await compareWithEarlier(session, library, staged.fileHash, fileDate, broken.length > 0)
    result.refused = age === 'same' || options.approvedBy ? null : (age ?? whatLooksWrong(staged, difference))
    if (result.refused) await end('refused')
    else if (options.dryRun) await end('dry-run')
    else {
      await session.client.query(`update roster.run set state = 'applying' where library_no = $1 and run_no = $2`, [
        library.libraryNo,
        runId,
      ])
      await write({
        runId,
        countMissing: countsAbsence(options.delta ?? false, age, broken, staged.fileHash),
        afterBrokenOff: broken.length > 0,
        onProgress: (done, total) => options.onProgress?.('writing', done, total),
      })
      await end('applied')
    }
    return result
  } catch (error) {
    if (error instanceof FileRefused) {
      result.refused = { reason: error.reason, detail: error.message }
      await end('refused')
      return result
    }
    await session.client
      .query(
        `update roster.run set state = 'broken-off', ended_at = clock_timestamp() where library_no = $1 and run_no = $2`,
        [library.libraryNo, runId],
      )
      .catch(() => {}) // what broke the import may have taken the connection with it
    throw error
  }
}

/** A file looked at whole; nothing has changed until `write`. */
interface Look {
  staged: Staged
  difference: Difference
  write(how: Applying): Promise<void>
}

async function lookAtFirst(crew: Crew, library: LibraryNo, file: FirstFile): Promise<Look> {
  const staged = await stageForEmpty(crew, file)
  return {
    staged,
    difference: allNew(staged),
    write: ({ onProgress }) => fillEmpty(crew, library, staged.people, onProgress),
  }
}

async function lookAgain(staging: Staging, delta: boolean): Promise<Look> {
  const { session, library } = staging
  const staged = await stageFile(staging)
  return {
    staged,
    difference: await measureDifference(session, library, staged.absence, delta),
    write: (how) => applyStaged(session, library, staged.absence, how),
  }
}
