// The ledger: every choice a patron made, appended and never changed, chained by hash so that a change made behind our
// back shows. What may be sent today is derived from it (standing.ts); nothing else decides.
import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { type Duty, rowOf, rowsOf, type Scope } from '../db/scope.ts'
import type { Channel, Purpose } from './purposes.ts'

export type Decision = 'grant' | 'deny' | 'stop' | 'pause'
export type PatronNo = string

/** Personal details of how a choice was made: the address confirmed, the name as typed, the page, the place. Sealed. */
export type Evidence = Record<string, string>

export interface Choice {
  patron: PatronNo
  purpose: Purpose | 'all'
  channel: Channel | 'all'
  decision: Decision
  /** How it was made: 'sign-up form', 'one-click unsubscribe', … */
  method: string
  /** The exact words the person saw; required for a grant. */
  wording: string | null
  decidedAt: Date
  /** Who says so: a member of staff, an import's attester, or 'the patron'. */
  attestedBy: string
  until?: Date | null
  evidence?: Evidence | null
}

export interface LedgerEntry extends Omit<Choice, 'wording' | 'evidence'> {
  entryNo: string
  wordingId: string | null
  recordedAt: Date
}

const GENESIS = Buffer.alloc(32)

/** At most this many a transaction: the head is locked, and a stop waits for it. */
export const MOST_ENTRIES = 1_000

export const wordingId = (said: string): string =>
  createHash('sha256').update(said.normalize('NFC')).digest('hex').slice(0, 16)

/** The bytes that the chain covers. Adding a field means a new form of entry, never a change of this one. */
function entryHash(
  before: Buffer,
  library: number,
  entryNo: bigint,
  e: Choice,
  id: string | null,
  recordedAt: Date,
): Buffer {
  const fields = [
    library,
    entryNo.toString(),
    e.patron,
    e.purpose,
    e.channel,
    e.decision,
    e.method,
    id,
    e.decidedAt.toISOString(),
    recordedAt.toISOString(),
    e.attestedBy,
    e.until?.toISOString() ?? null,
  ]
  return createHash('sha256').update(before).update(JSON.stringify(fields)).digest()
}

/**
 * Appends the choices in their order and marks the patrons' standing stale, in the caller's transaction. Call it last:
 * it takes the lock on the chain's head, which every stop needs.
 */
export async function appendChoices(scope: Scope<Duty>, choices: Choice[], recordedAt: Date): Promise<void> {
  if (choices.length === 0) return
  if (choices.length > MOST_ENTRIES) throw new Error(`${choices.length} entries at once would keep a stop waiting`)
  const ids = choices.map((c) => (c.wording === null ? null : wordingId(c.wording)))
  const wordings = new Map(
    choices.flatMap((c, i) => (c.wording === null ? [] : [[ids[i]!, c.wording.normalize('NFC')] as const])),
  )
  // In the order of the key, so that two batches with the same new wordings cannot wait for each other.
  if (wordings.size > 0)
    await sql`insert into outreach.wording (library_no, wording_id, said)
              select ${scope.library}, t.id, t.said from unnest(${[...wordings.keys()]}::text[], ${[...wordings.values()]}::text[]) t (id, said)
              order by t.id on conflict do nothing`.execute(scope.tx)
  await sql`insert into outreach.stale (library_no, patron_no)
            select ${scope.library}, p from unnest(${[...new Set(choices.map((c) => c.patron))]}::bigint[]) p`.execute(
    scope.tx,
  )

  await sql`insert into outreach.ledger_head (library_no, entries, head) values (${scope.library}, 0, ${GENESIS}) on conflict do nothing`.execute(
    scope.tx,
  )
  const chain = (await rowOf(
    scope,
    sql<{ entries: string; head: Buffer }>`
    select entries, head from outreach.ledger_head where library_no = ${scope.library} for update`,
  ))!
  let entryNo = BigInt(chain.entries)
  let head = chain.head
  const numbers: string[] = []
  const hashes: Buffer[] = []
  for (const [i, choice] of choices.entries()) {
    entryNo += 1n
    head = entryHash(head, scope.library, entryNo, choice, ids[i]!, recordedAt)
    numbers.push(entryNo.toString())
    hashes.push(head)
  }
  await sql`
    insert into outreach.ledger (library_no, entry_no, patron_no, purpose, channel, decision, method, wording_id, decided_at, recorded_at, attested_by, until, entry_hash)
    select ${scope.library}, t.*
    from unnest(${numbers}::bigint[], ${choices.map((c) => c.patron)}::bigint[], ${choices.map((c) => c.purpose)}::text[],
                ${choices.map((c) => c.channel)}::text[], ${choices.map((c) => c.decision)}::text[], ${choices.map((c) => c.method)}::text[],
                ${ids}::text[], ${choices.map((c) => c.decidedAt)}::timestamptz[], ${choices.map(() => recordedAt)}::timestamptz[],
                ${choices.map((c) => c.attestedBy)}::text[], ${choices.map((c) => c.until ?? null)}::timestamptz[], ${hashes}::bytea[]) t`.execute(
    scope.tx,
  )
  await sql`update outreach.ledger_head set entries = ${entryNo.toString()}::bigint, head = ${head} where library_no = ${scope.library}`.execute(
    scope.tx,
  )
}

const entryColumns = sql`entry_no as "entryNo", patron_no as patron, purpose, channel, decision, method, wording_id as "wordingId",
  decided_at as "decidedAt", recorded_at as "recordedAt", attested_by as "attestedBy", until`

/** One patron's choices, oldest first, with the words they saw. */
export async function choicesOf(
  scope: Scope<'circulation'>,
  patron: PatronNo,
): Promise<(LedgerEntry & { said: string | null })[]> {
  return rowsOf(
    scope,
    sql<LedgerEntry & { said: string | null }>`
    select ${entryColumns}, (select said from outreach.wording w where w.library_no = l.library_no and w.wording_id = l.wording_id) as said
    from outreach.ledger l where library_no = ${scope.library} and patron_no = ${patron} order by entry_no`,
  )
}

export interface LedgerProof {
  entries: number
  head: string
  ok: boolean
  firstBadEntry: number | null
}

/**
 * Walks the chain from the first entry, 10,000 at a time, until it meets the head that is kept. The head is read anew
 * before each page, so that a ledger which grows meanwhile is not taken for a forged one.
 */
export async function verifyLedger(scope: Scope<'circulation'>): Promise<LedgerProof> {
  let head: Buffer = GENESIS
  let last = 0n
  for (;;) {
    const kept = await rowOf(
      scope,
      sql<{ entries: string; head: Buffer }>`
      select entries, head from outreach.ledger_head where library_no = ${scope.library}`,
    )
    const bad = (entry: bigint): LedgerProof => ({
      entries: Number(kept?.entries ?? 0),
      head: kept?.head.toString('hex') ?? '',
      ok: false,
      firstBadEntry: Number(entry),
    })
    const page = await rowsOf(
      scope,
      sql<LedgerEntry & { entryHash: Buffer }>`
      select ${entryColumns}, entry_hash as "entryHash" from outreach.ledger
      where library_no = ${scope.library} and entry_no > ${last.toString()}::bigint order by entry_no limit 10000`,
    )
    const words = page.length > 0 ? await soundWordings(scope) : new Set()
    for (const entry of page) {
      if (BigInt(entry.entryNo) !== last + 1n) return bad(last + 1n)
      last += 1n
      head = entryHash(head, scope.library, last, { ...entry, wording: null }, entry.wordingId, entry.recordedAt)
      if (!head.equals(entry.entryHash)) return bad(last)
      if (entry.wordingId !== null && !words.has(entry.wordingId)) return bad(last)
    }
    if (page.length > 0) continue
    const entries = BigInt(kept?.entries ?? 0)
    if (entries !== last) return bad((entries < last ? entries : last) + 1n)
    if (!head.equals(kept?.head ?? GENESIS)) return bad(last + 1n)
    return { entries: Number(last), head: head.toString('hex'), ok: true, firstBadEntry: null }
  }
}

/** The wordings whose text is still the one that their entries were made with. */
async function soundWordings(scope: Scope<'circulation'>): Promise<Set<string>> {
  const wordings = await rowsOf(
    scope,
    sql<{ id: string; said: string }>`
    select wording_id as id, said from outreach.wording where library_no = ${scope.library}`,
  )
  return new Set(wordings.filter((w) => wordingId(w.said) === w.id).map((w) => w.id))
}
