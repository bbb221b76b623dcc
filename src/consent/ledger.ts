// The ledger: every choice a patron made, appended and never changed, chained by hash so that a change made behind our
// back shows. What may be sent today is derived from it (standing.ts); nothing else decides.
import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { rowOf, rowsOf, type Scope } from '../db/scope.ts'
import { headSaid } from '../db/seals.ts'
import { type Evidence, evidenceOpener, sealEvidence } from './evidence.ts'
import { entryHash, GENESIS, NEWEST_FORM } from './ledger-entry.ts'
import type { Channel, Purpose } from './purposes.ts'

export type { Evidence } from './evidence.ts'

export type Decision = 'grant' | 'deny' | 'stop' | 'pause'
export type PatronNo = string

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
  /** Personal details of how it was made; goes into the ledger sealed. */
  evidence?: Evidence | null
  /** Of a yes: the mask of topics that it names (outreach.topic); null = no topic in particular. */
  topics?: string | null
}

export interface LedgerEntry extends Omit<Choice, 'wording' | 'evidence'> {
  entryNo: string
  wordingId: string | null
  /** The words that the person saw. */
  said: string | null
  /** Of a yes to some topics only: how they are called, by language. Empty where it is to all of them. */
  kinds: Record<string, string>[]
  recordedAt: Date
  /** Null when there was none, and when the patron has been erased since. */
  evidence: Evidence | null
  sealed: boolean
  /** Its place in the chain, as hexadecimal digits. */
  entryHash: string
}

/** At most this many a transaction: the head is locked, and a stop waits for it. */
export const MOST_ENTRIES = 1_000

export const wordingId = (said: string): string =>
  createHash('sha256').update(said.normalize('NFC')).digest('hex').slice(0, 16)

/**
 * Appends the choices in their order and marks the patrons' standing stale, in the caller's transaction. Call it last:
 * it takes the lock on the chain's head, which every stop needs.
 */
export async function appendChoices(
  scope: Scope<'circulation'>,
  choices: readonly Choice[],
  recordedAt: Date,
): Promise<void> {
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
  const sealed = await sealEvidence(scope, choices)

  const chain = await lockHead(scope)
  let entryNo = chain.entries
  let head = chain.head
  const numbers: string[] = []
  const hashes: Buffer[] = []
  for (const [i, choice] of choices.entries()) {
    entryNo += 1n
    const number = entryNo.toString()
    head = entryHash(head, scope.library, {
      ...choice,
      entryNo: number,
      wordingId: ids[i]!,
      recordedAt,
      form: NEWEST_FORM,
      sealed: sealed[i]!,
    })
    numbers.push(number)
    hashes.push(head)
  }
  const signature = chain.trusted ? scope.seals.sign(headSaid(scope.library, entryNo, head)) : null
  // One statement: others wait for the head.
  await sql`
    with appended as (
    insert into outreach.ledger (library_no, form, recorded_at, entry_no, patron_no, purpose, channel, decision, method, wording_id, decided_at, attested_by, until, topics, entry_hash, sealed)
    select ${scope.library}, ${NEWEST_FORM}, ${recordedAt}, t.*
    from unnest(${numbers}::bigint[], ${choices.map((c) => c.patron)}::bigint[], ${choices.map((c) => c.purpose)}::text[],
                ${choices.map((c) => c.channel)}::text[], ${choices.map((c) => c.decision)}::text[], ${choices.map((c) => c.method)}::text[],
                ${ids}::text[], ${choices.map((c) => c.decidedAt)}::timestamptz[], ${choices.map((c) => c.attestedBy)}::text[],
                ${choices.map((c) => c.until ?? null)}::timestamptz[], ${choices.map((c) => c.topics ?? null)}::bigint[], ${hashes}::bytea[], ${sealed}::bytea[]) t)
    update outreach.ledger_head set entries = ${entryNo.toString()}::bigint, head = ${head}, signature = ${signature}
    where library_no = ${scope.library}`.execute(scope.tx)
}

/**
 * A chain whose head we did not sign was made anew behind our back. Choices are recorded all the same, a stop must be
 * obeyed, but what was forged is never signed over: from then on the signature is missing, and verifying says so.
 */
async function lockHead(scope: Scope<'circulation'>): Promise<{ entries: bigint; head: Buffer; trusted: boolean }> {
  const locked = () =>
    rowOf(
      scope,
      sql<{ entries: string; head: Buffer; signature: Buffer | null }>`
      select entries, head, signature from outreach.ledger_head where library_no = ${scope.library} for update`,
    )
  const begin = () =>
    sql`insert into outreach.ledger_head (library_no, entries, head) values (${scope.library}, 0, ${GENESIS}) on conflict do nothing`.execute(
      scope.tx,
    )
  const { entries, head, signature } = (await locked()) ?? (await begin().then(locked))!
  const trusted =
    entries === '0'
      ? head.equals(GENESIS)
      : signature !== null && scope.seals.isSigned(headSaid(scope.library, entries, head), signature)
  return { entries: BigInt(entries), head, trusted }
}

/** The topics that an entry with this alias names, as they are called. */
export const kindsOf = (entry: string) => sql`coalesce((
  select jsonb_agg(t.labels order by t.bit) from outreach.topic t
  where t.library_no = ${sql.ref(`${entry}.library_no`)} and ${sql.ref(`${entry}.topics`)} >> t.bit & 1 = 1), '[]')`

/** The kinds in a row, in the language asked for; a language added since stands in another. */
export const sayKinds = ({ kinds }: Pick<LedgerEntry, 'kinds'>, language: string): string =>
  kinds.map((labels) => labels[language] ?? Object.values(labels)[0]).join(', ')

/** One patron's choices, oldest first, with the words they saw and the evidence opened. */
export async function choicesOf(scope: Scope<'circulation'>, patron: PatronNo): Promise<LedgerEntry[]> {
  const rows = await rowsOf(
    scope,
    sql<Omit<LedgerEntry, 'evidence' | 'sealed'> & { sealed: Buffer | null }>`
    select entry_no as "entryNo", patron_no as patron, purpose, channel, decision, method, wording_id as "wordingId",
           (select said from outreach.wording w where w.library_no = l.library_no and w.wording_id = l.wording_id) as said,
           decided_at as "decidedAt", recorded_at as "recordedAt", attested_by as "attestedBy", until, topics, sealed,
           ${kindsOf('l')} as kinds,
           encode(entry_hash, 'hex') as "entryHash"
    from outreach.ledger l where library_no = ${scope.library} and patron_no = ${patron} order by entry_no`,
  )
  if (!rows.some((row) => row.sealed)) return rows.map((row) => ({ ...row, evidence: null, sealed: false }))
  const open = await evidenceOpener(scope, patron)
  return rows.map((row) => ({ ...row, evidence: open(row.sealed), sealed: row.sealed !== null }))
}
