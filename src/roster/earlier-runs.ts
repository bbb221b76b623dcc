// A file beside those that came before it: whether it is news, the same again, older, or what a run that was broken off
// had begun to write.
import type { Session } from '../db/session.ts'
import { dateIn } from '../lib/clock.ts'
import type { Library } from '../patrons/library.ts'
import type { Refusal } from './guards.ts'

export interface BrokenRun {
  file_hash: Buffer
  missing: number
}

/** Runs since the last whole one that did not come to their end; while we hold the lock, nobody else is at work. */
export async function brokenOffSince(session: Session, library: Library): Promise<BrokenRun[]> {
  const { rows } = await session.client.query<BrokenRun>({
    text: `select file_hash, missing from roster.run where library_no = $1 and state in ('applying', 'broken-off')
             and run_no > (select coalesce(max(run_no), 0) from roster.run where library_no = $1 and state = 'applied')`,
    values: [library.libraryNo],
  })
  return rows
}

export function countsAbsence(
  delta: boolean,
  age: 'same' | Refusal | null,
  broken: BrokenRun[],
  fileHash: Buffer,
): boolean | 'the-rest' {
  if (delta || age === 'same') return false
  return broken.some((run) => run.missing > 0 && run.file_hash.equals(fileHash)) ? 'the-rest' : true
}

/** 'same' as the last one applied; a refusal when it is older or was applied before the last; null when it is news. */
export async function compareWithEarlier(
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
