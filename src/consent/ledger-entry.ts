// What the chain of the ledger covers, byte for byte: an entry in each form that was ever written. Here and nowhere else,
// because what is once sealed can never be read in another way.
import { createHash } from 'node:crypto'
import type { Choice } from './ledger.ts'

/** An entry as it is kept. Form 1 (the first release) knew no evidence; its entries keep verifying. */
export interface EntryFields extends Omit<Choice, 'wording' | 'evidence'> {
  entryNo: string
  wordingId: string | null
  recordedAt: Date
  form: number
  sealed: Buffer | null
}

export const GENESIS: Buffer = Buffer.alloc(32)
export const NEWEST_FORM = 2

/** The bytes that the chain covers. Adding a field means a new form of entry, never a change of these. */
export function entryHash(before: Buffer, library: number, e: EntryFields): Buffer {
  const fields = [
    library,
    e.entryNo,
    e.patron,
    e.purpose,
    e.channel,
    e.decision,
    e.method,
    e.wordingId,
    e.decidedAt.toISOString(),
    e.recordedAt.toISOString(),
    e.attestedBy,
    e.until?.toISOString() ?? null,
  ]
  // The forms have different lengths, so an entry of one never passes for one of another; topics stand there by name.
  const topics = e.topics == null ? [] : [{ topics: e.topics }]
  const covered = e.form === 1 ? fields : [e.form, ...fields, e.sealed?.toString('base64') ?? null, ...topics]
  return createHash('sha256').update(before).update(JSON.stringify(covered)).digest()
}

/** A form that this release knows, with nothing in it that its hash would not cover. */
export const isKnownForm = (e: Pick<EntryFields, 'form' | 'sealed' | 'topics'>): boolean =>
  e.form === NEWEST_FORM || (e.form === 1 && e.sealed === null && e.topics == null)
