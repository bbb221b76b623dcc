// The proof of the ledger: every entry follows from the one before, the words are still the words, the head is signed
// with the key outside the database, and the ledger still begins with what an exported head saw of it. Edits and a new
// order break the chain; a chain made anew breaks the signature; a ledger cut short breaks the exported head.
import { sql } from 'kysely'
import { rowOf, rowsOf, type Scope } from '../db/scope.ts'
import { headSaid } from '../db/seals.ts'
import { wordingId } from './ledger.ts'
import { type EntryFields, entryHash, GENESIS, isKnownForm } from './ledger-entry.ts'
import { type ExportedHead, erasuresLost } from './ledger-head.ts'

export interface LedgerProof {
  entries: number
  head: string
  ok: boolean
  /** The first entry that does not follow from the one before; null when all do. */
  firstBadEntry: number | null
  /** Whether the head is signed with the key that lies outside the database. */
  signed: boolean
  /** Whether the ledger begins with all that the exported head saw, and its erasures still stand; null: none was given. */
  sinceHead: boolean | null
}

interface KeptHead {
  entries: string
  head: Buffer
  signature: Buffer | null
}

/**
 * Walks the chain from the first entry, 10,000 at a time, until it meets the head that is kept. The head is read anew
 * before each page, so that a ledger which grows meanwhile is not taken for a forged one.
 */
export async function verifyLedger(scope: Scope<'circulation'>, exported?: ExportedHead): Promise<LedgerProof> {
  let head: Buffer = GENESIS
  let last = 0n
  let seenAtExport = exported?.entries === 0
  for (;;) {
    const kept = await rowOf(
      scope,
      sql<KeptHead>`select entries, head, signature from outreach.ledger_head where library_no = ${scope.library}`,
    )
    const signed = isSigned(scope, kept)
    const bad = (entry: bigint): LedgerProof => ({
      entries: Number(kept?.entries ?? 0),
      head: kept?.head.toString('hex') ?? '',
      ok: false,
      firstBadEntry: Number(entry),
      signed,
      sinceHead: exported ? false : null,
    })
    const page = await pageAfter(scope, last)
    const words = page.length > 0 ? await soundWordings(scope) : new Set()
    for (const entry of page) {
      if (BigInt(entry.entryNo) !== last + 1n || !isKnownForm(entry)) return bad(last + 1n)
      last += 1n
      head = entryHash(head, scope.library, entry)
      if (!head.equals(entry.entryHash)) return bad(last)
      if (entry.wordingId !== null && !words.has(entry.wordingId)) return bad(last)
      if (exported && last === BigInt(exported.entries)) seenAtExport = head.toString('hex') === exported.head
    }
    if (page.length > 0) continue
    const entries = BigInt(kept?.entries ?? 0)
    if (entries !== last) return bad((entries < last ? entries : last) + 1n)
    if (!head.equals(kept?.head ?? GENESIS)) return bad(last + 1n)
    if (exported && BigInt(exported.entries) > last) return bad(last + 1n)
    const sinceHead = exported ? seenAtExport && (await erasuresLost(scope, exported)) === 0 : null
    const ok = signed && sinceHead !== false
    return { entries: Number(last), head: head.toString('hex'), ok, firstBadEntry: null, signed, sinceHead }
  }
}

/** A ledger with nothing in it has nothing to sign. */
function isSigned({ seals, library }: Scope<'circulation'>, kept: KeptHead | null): boolean {
  if (kept === null || kept.entries === '0') return true
  return kept.signature !== null && seals.isSigned(headSaid(library, kept.entries, kept.head), kept.signature)
}

const pageAfter = (scope: Scope<'circulation'>, last: bigint) =>
  rowsOf(
    scope,
    sql<EntryFields & { entryHash: Buffer }>`
    select entry_no as "entryNo", patron_no as patron, purpose, channel, decision, method, wording_id as "wordingId", until,
           decided_at as "decidedAt", recorded_at as "recordedAt", attested_by as "attestedBy", form, sealed, topics, entry_hash as "entryHash"
    from outreach.ledger where library_no = ${scope.library} and entry_no > ${last.toString()}::bigint order by entry_no limit 10000`,
  )

/** The wordings whose text is still the one that their entries were made with. */
async function soundWordings(scope: Scope<'circulation'>): Promise<Set<string>> {
  const wordings = await rowsOf(
    scope,
    sql<{ id: string; said: string }>`
    select wording_id as id, said from outreach.wording where library_no = ${scope.library}`,
  )
  return new Set(wordings.filter((w) => wordingId(w.said) === w.id).map((w) => w.id))
}
