// The proof of one yes: the entry with everything about it, its place in the chain, and what the person said since. It is
// what a library shows when somebody asks "who told you that you may write to me?".
import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { rowOf, type Scope } from '../db/scope.ts'
import { choicesOf, type LedgerEntry, type PatronNo } from './ledger.ts'
import type { Channel, Purpose } from './purposes.ts'
import { type LedgerProof, verifyLedger } from './verify-ledger.ts'

export interface ProvenChoice {
  entry: LedgerEntry
  /** Of the entry before; zeroes for the first. */
  hashBefore: string
  /** The whole chain, walked just now. */
  chain: LedgerProof
  /** SHA-256 of the public key by which the head is signed. */
  keyFingerprint: string
  /** What the same person said later about the same thing, oldest first. */
  since: LedgerEntry[]
}

/** The newest yes to this purpose by this channel; null when there is none. Take it in a snapshot: the parts must agree. */
export async function proveChoice(
  scope: Scope<'circulation'>,
  patron: PatronNo,
  about: { purpose: Purpose; channel: Channel },
): Promise<ProvenChoice | null> {
  const said = (await choicesOf(scope, patron))
    .filter(
      ({ purpose, channel }) => [about.purpose, 'all'].includes(purpose) && [about.channel, 'all'].includes(channel),
    )
    .sort(byTime)
  const last = said.findLastIndex(({ decision }) => decision === 'grant')
  const entry = said[last]
  if (entry === undefined) return null
  const before = await rowOf(
    scope,
    sql<{ hash: string }>`
    select encode(entry_hash, 'hex') as hash from outreach.ledger
    where library_no = ${scope.library} and entry_no = ${entry.entryNo}::bigint - 1`,
  )
  return {
    entry,
    hashBefore: before?.hash ?? '0'.repeat(64),
    chain: await verifyLedger(scope),
    keyFingerprint: createHash('sha256').update(Buffer.from(scope.seals.publicKey, 'base64')).digest('hex'),
    since: said.slice(last + 1),
  }
}

const byTime = (a: LedgerEntry, b: LedgerEntry): number =>
  a.decidedAt.getTime() - b.decidedAt.getTime() || Number(BigInt(a.entryNo) - BigInt(b.entryNo))
