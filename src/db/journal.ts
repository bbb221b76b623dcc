// The journal of stops and what undoes them by text, noes, pauses, paces and erasures, a file beside the database. A backup brings yesterday's consent
// back; whoever said stop or was erased since then must not be written to again, so a restore replays this first (promise 11).
// Written before the database commits: an entry too many is harmless, one too few is not.
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { Problem } from '../lib/errors.ts'

/** One stop, no or pause: by keyed address hash and random patron number; the journal names nobody. */
export interface StopEntry {
  kind?: undefined
  /** When it was recorded. */
  at: string
  /** When it was said, which may be long before; if not noted, when it was recorded. */
  decidedAt?: string
  /** A pause has its end; what names no decision is a stop or a no. */
  decision?: 'pause'
  until?: string
  library: string
  /** Null when a phone or a mailbox said it of which we know no person. */
  patron: string | null
  channel: string
  purposes: number
  addressHash: string | null
}

/** One erasure, by random patron number and keyed hashes: all that the register of erasures holds of it. */
export interface ErasureEntry {
  kind: 'erasure'
  at: string
  library: string
  patron: string
  id: string | null
  email: string | null
  phone: string | null
}

/** At most one message in so many days, by the person's own word; null = the library's pace. */
export interface PaceEntry {
  kind: 'pace'
  at: string
  library: string
  patron: string
  days: number | null
  /** Leaves a slower pace alone. */
  slowerOnly: boolean
}

/** A phone took back its stop: all of it, or so that notices come. By keyed hash; the journal knows no number. */
export interface PhoneWordEntry {
  kind: 'phone'
  at: string
  library: string
  addressHash: string
  word: 'start' | 'notices'
}

export type JournalEntry = StopEntry | ErasureEntry | PaceEntry | PhoneWordEntry

export interface Journal {
  /** Returns once the entry is on the disk. */
  write(entries: JournalEntry[]): void
  since(at: Date): JournalEntry[]
}

export function openJournal(dataDir: string): Journal {
  const file = join(dataDir, 'journal.ndjson')
  return {
    write(entries) {
      if (entries.length === 0) return
      // O_APPEND: several processes write whole lines without a lock.
      const handle = openSync(file, 'a', 0o600)
      try {
        // Begun on a line of its own: a line torn by a crash must not swallow the next stop.
        const lines = Buffer.from(entries.map((e) => `\n${JSON.stringify(e)}\n`).join(''))
        if (writeSync(handle, lines) !== lines.length)
          throw new Problem(
            'unavailable',
            `The disk took only a part of what was to be noted in ${file}. Make room on it and try again; nothing was recorded.`,
          )
        fsyncSync(handle)
      } finally {
        closeSync(handle)
      }
    },
    since(at) {
      if (!existsSync(file)) return []
      const entries: JournalEntry[] = []
      for (const line of readFileSync(file, 'utf8').split('\n')) {
        if (line === '') continue
        // A last line torn by a crash was never answered with "you have been taken off".
        let entry: JournalEntry
        try {
          entry = JSON.parse(line)
        } catch {
          continue
        }
        if (entry.at >= at.toISOString()) entries.push(entry)
      }
      return entries
    },
  }
}
