// The record of one choice as data, with the same facts as the page: for a program, and for words that cannot be printed.
import type { LedgerEntry } from '../consent/ledger.ts'
import type { RecordBasis } from './record-of-choice.ts'

export function tellRecord({ library, made, patronId, patronNo, proven }: RecordBasis) {
  const { entry, chain, hashBefore, keyFingerprint, since } = proven
  return {
    kind: 'gentle record of a choice',
    version: 1,
    library: { key: library.key, name: library.name, timezone: library.timezone },
    madeAt: made,
    patronId,
    patronNo,
    ...tellEntry(entry),
    evidence: entry.evidence,
    evidenceForgotten: entry.sealed && entry.evidence === null,
    place: { entry: Number(entry.entryNo), of: chain.entries, hash: entry.entryHash, hashBefore },
    chain: { whole: chain.ok, head: chain.head, signed: chain.signed, keyFingerprint },
    since: since.map((later) => ({ entry: Number(later.entryNo), ...tellEntry(later) })),
  }
}

const tellEntry = (entry: LedgerEntry) => ({
  purpose: entry.purpose,
  channel: entry.channel,
  decision: entry.decision,
  method: entry.method,
  topics: entry.topics ?? null,
  kinds: entry.kinds,
  wording: entry.said === null ? null : { id: entry.wordingId, said: entry.said },
  decidedAt: entry.decidedAt,
  recordedAt: entry.recordedAt,
  attestedBy: entry.attestedBy,
  until: entry.until ?? null,
})
