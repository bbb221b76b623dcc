// One import of a patron file: look at it whole, decide whether to refuse, then apply it in short chunks under one run.
// Until the decision nothing has changed, and whatever is found wrong is told with its line; a roster is never wiped
// because a file was cut short (promise 9).
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Database } from '../db/connect.ts'
import { openSession, type Session } from '../db/session.ts'
import { dateIn } from '../lib/clock.ts'
import { Problem } from '../lib/errors.ts'
import { keyedHexFor } from '../lib/keyed-hash.ts'
import type { Library } from '../patrons/library.ts'
import { applyStaged } from './apply.ts'
import { FileRefused } from './file-refused.ts'
import { measureDifference, type Refusal, whatLooksWrong } from './guards.ts'
import type { Mapping } from './mapping.ts'
import { openPatronFile } from './patron-file.ts'
import type { LineProblem } from './roster-line.ts'
import { stageFile } from './stage.ts'

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
  const session = await openSession(database.server, database.keys, library.libraryNo)
  try {
    const { rows } = await session.client.query<{ ours: boolean }>(
      `select pg_try_advisory_lock(hashtext('gentle import'), $1) as ours`,
      [library.libraryNo],
    )
    if (!rows[0]!.ours)
      throw new Problem(
        'conflict',
        `Another import for ${library.name} is running. Nothing was changed; try again when it has ended.`,
      )
    return await runImport(session, database, library, path, options)
  } finally {
    await session.end()
  }
}

async function runImport(
  session: Session,
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
    const file = await openPatronFile(path, {
      mapping: options.mapping,
      encoding: options.encoding,
      today: dateIn(library.timezone, options.now),
    })
    const lineHash = keyedHexFor(database.keys.hashing, `${library.key} ${file.reading}`)
    const staged = await stageFile({
      session,
      library: library.libraryNo,
      file,
      hash: keyedHexFor(database.keys.hashing, library.key),
      fingerprint: (raw) => lineHash('line', raw),
      identityOfAll: library.identityOfAllBecause !== null,
      onProgress: (done, total) => options.onProgress?.('reading', done, total),
    })
    await session.client.query('update roster.run set file_hash = $3 where library_no = $1 and run_no = $2', [
      library.libraryNo,
      runId,
      staged.fileHash,
    ])
    const difference = await measureDifference(session, library.libraryNo, staged.first, options.delta ?? false)
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
      await applyStaged(session, library.libraryNo, {
        runId,
        first: staged.first,
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

interface BrokenRun {
  file_hash: Buffer
  missing: number
}

/** Runs since the last whole one that did not come to their end; while we hold the lock, nobody else is at work. */
async function brokenOffSince(session: Session, library: Library): Promise<BrokenRun[]> {
  const { rows } = await session.client.query<BrokenRun>({
    text: `select file_hash, missing from roster.run where library_no = $1 and state in ('applying', 'broken-off')
             and run_no > (select coalesce(max(run_no), 0) from roster.run where library_no = $1 and state = 'applied')`,
    values: [library.libraryNo],
  })
  return rows
}

function countsAbsence(
  delta: boolean,
  age: 'same' | Refusal | null,
  broken: BrokenRun[],
  fileHash: Buffer,
): boolean | 'the-rest' {
  if (delta || age === 'same') return false
  return broken.some((run) => run.missing > 0 && run.file_hash.equals(fileHash)) ? 'the-rest' : true
}

/** 'same' as the last one applied; a refusal when it is older or was applied before the last; null when it is news. */
async function compareWithEarlier(
  session: Session,
  library: Library,
  fileHash: Buffer,
  fileDate: Date,
  brokenSince: boolean,
): Promise<'same' | Refusal | null> {
  const { rows } = await session.client.query<{ file_hash: Buffer; file_date: Date; ended_at: Date }>({
    text: `select file_hash, file_date, ended_at from roster.run where library_no = $1 and state = 'applied' order by run_no desc limit 200`,
    values: [library.libraryNo],
  })
  const last = rows[0]
  if (!last) return null
  const day = (at: Date) => dateIn(library.timezone, at)
  // After a broken run the roster is no longer what the last file made of it, and the same file is news.
  if (last.file_hash.equals(fileHash)) return brokenSince ? null : 'same'
  const replayed = rows.find((run) => run.file_hash.equals(fileHash))
  if (replayed)
    return {
      reason: 'replayed-file',
      detail: `This file was applied on ${day(replayed.ended_at)}, and a newer one since. Nothing was changed. Take the newest export, or say --approve to go back to this one.`,
    }
  if (fileDate.getTime() < last.file_date.getTime())
    return {
      reason: 'older-file',
      detail: `This file is from ${day(fileDate)}, the last one applied from ${day(last.file_date)}. Nothing was changed. Take the newest export, or say --approve if the file's date is wrong.`,
    }
  return null
}
