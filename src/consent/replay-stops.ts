// After a restore: the stops, noes and pauses that the journal kept and the backup may not know are said once more, as of
// then (promise 11). An entry that the ledger has already is passed over, so replaying twice, or too much, is no harm.
import { sql } from 'kysely'
import type { Journal, StopEntry } from '../db/journal.ts'
import { inLibrary, type LibraryNo, type Logins, rowOf, rowsOf, type Scope } from '../db/scope.ts'
import { listLibraries } from '../patrons/library.ts'
import { appendChoices } from './ledger.ts'
import { CHANNELS, type Channel, purposeOfBit } from './purposes.ts'
import { refreshStale } from './standing.ts'

/** Of stops, or of erasures. */
export interface Replayed {
  /** What the backup did not know. */
  replayed: number
  known: number
  /** Of libraries that the backup does not have. */
  elsewhere: number
  /** Lines that make no sense. */
  unreadable: number
}

/** What a replayed stop says of itself in the ledger. */
const METHOD = 'replayed from the journal'

// A stop is journaled before it is committed, perhaps by a machine whose clock is off: begin well before the backup.
const MARGIN_MS = 24 * 60 * 60_000
const BATCH = 500

export const startOfReplay = (backupOf: Date): Date => new Date(Math.max(0, backupOf.getTime() - MARGIN_MS))

export async function replayStops(
  logins: Logins,
  journal: Journal,
  restore: { backupOf: Date; now: Date },
): Promise<Replayed> {
  const entries = journal.since(startOfReplay(restore.backupOf)).filter((entry) => entry.kind === undefined)
  const readable = entries.filter(isReadable)
  const counts: Replayed = { replayed: 0, known: 0, elsewhere: 0, unreadable: entries.length - readable.length }
  const libraries = new Map((await listLibraries(logins)).map((library) => [library.key, library.libraryNo]))
  for (const [key, ofLibrary] of Map.groupBy(readable, (entry) => entry.library)) {
    const library = libraries.get(key)
    if (library === undefined) counts.elsewhere += ofLibrary.length
    else
      for (let i = 0; i < ofLibrary.length; i += BATCH) {
        const batch = ofLibrary.slice(i, i + BATCH)
        const added = await replayBatch(logins, library, batch, restore.now)
        counts.replayed += added
        counts.known += batch.length - added
      }
  }
  return counts
}

function isReadable(entry: StopEntry): boolean {
  return (
    typeof entry.library === 'string' &&
    (entry.patron === null ? entry.addressHash !== null : /^-?\d{1,19}$/.test(entry.patron)) &&
    (CHANNELS as readonly string[]).includes(entry.channel) &&
    Number.isInteger(entry.purposes) &&
    isInstant(entry.at) &&
    (entry.decidedAt === undefined || isInstant(entry.decidedAt)) &&
    (entry.decision === undefined ? entry.until === undefined : entry.decision === 'pause' && isInstant(entry.until)) &&
    (entry.addressHash === null || /^[0-9a-f]{32}$/.test(entry.addressHash))
  )
}

const isInstant = (text: unknown): boolean => typeof text === 'string' && !Number.isNaN(Date.parse(text))

interface Replaying {
  patron: string
  channel: Channel
  purpose: ReturnType<typeof purposeOf>
  decision: 'stop' | 'pause'
  decidedAt: Date
  until: Date | null
}

/** Returns how many of these the ledger did not have. */
async function replayBatch(logins: Logins, library: LibraryNo, entries: StopEntry[], now: Date): Promise<number> {
  const missing = await inLibrary(logins, 'circulation', library, async (scope) => {
    // Two replays at once would each find the same stop missing.
    await sql`select pg_advisory_xact_lock(hashtext('gentle replay'), ${library})`.execute(scope.tx)
    await suppressAgain(
      scope,
      entries.filter((entry) => entry.addressHash !== null),
    )
    const unknown = await notInLedger(scope, entries)
    await appendChoices(
      scope,
      unknown.map((said) => ({ ...said, method: METHOD, wording: null, attestedBy: 'the journal of stops' })),
      now,
    )
    return unknown
  })
  if (missing.length > 0) await refreshStale(logins, library, [...new Set(missing.map((s) => s.patron))])
  return missing.length
}

/** A stop covers one purpose or all that rest on consent; what a newer release may have meant is read as all. */
const purposeOf = (mask: number) =>
  (mask > 0 && (mask & (mask - 1)) === 0 ? purposeOfBit(Math.log2(mask)) : null) ?? 'all'

/**
 * A word is known when the ledger has the same one, said at the same instant. A line that does not note when it was said
 * (older releases) is also known by when it was recorded, and counts from then.
 */
async function notInLedger(scope: Scope<'circulation'>, entries: StopEntry[]): Promise<Replaying[]> {
  return rowsOf(
    scope,
    sql<Replaying>`
    select distinct t.patron, t.channel, t.purpose, t.decision, coalesce(t.decided_at, t.at) as "decidedAt", t.until
    from unnest(${entries.map((e) => e.patron)}::bigint[], ${entries.map((e) => e.channel)}::text[],
                ${entries.map((e) => purposeOf(e.purposes))}::text[], ${entries.map((e) => e.decision ?? 'stop')}::text[],
                ${entries.map((e) => e.at)}::timestamptz[], ${entries.map((e) => e.decidedAt ?? null)}::timestamptz[],
                ${entries.map((e) => e.until ?? null)}::timestamptz[]) t (patron, channel, purpose, decision, at, decided_at, until)
    where t.patron is not null and not exists (select from outreach.ledger l where l.library_no = ${scope.library} and l.patron_no = t.patron
            and case when t.decision = 'pause' then l.decision = 'pause' and l.until = t.until else l.decision in ('stop', 'deny') end
            and l.channel in (t.channel, 'all') and l.purpose = t.purpose
            and (l.decided_at = coalesce(t.decided_at, t.at) or (t.decided_at is null and l.recorded_at = t.at)))
    order by "decidedAt", t.patron`,
  )
}

/** A suppression that a later yes has lifted is there, too, and stays lifted. */
async function suppressAgain(scope: Scope<'circulation'>, entries: StopEntry[]): Promise<void> {
  await sql`
    insert into outreach.suppression (library_no, channel, address_hash, purposes, reason, since)
    select distinct ${scope.library}::integer, t.channel, decode(t.hash, 'hex'), t.purposes, 'stopped', t.at
    from unnest(${entries.map((e) => e.channel)}::text[], ${entries.map((e) => e.addressHash)}::text[],
                ${entries.map((e) => e.purposes)}::bigint[], ${entries.map((e) => e.at)}::timestamptz[]) t (channel, hash, purposes, at)
    where not exists (select from outreach.suppression x where x.library_no = ${scope.library} and x.channel = t.channel
            and x.address_hash = decode(t.hash, 'hex') and x.purposes = t.purposes and x.since = t.at and x.reason = 'stopped')`.execute(
    scope.tx,
  )
}

/** How many stops, noes and pauses of a library were replayed since then. */
export async function countReplayed(scope: Scope<'circulation'>, since: Date): Promise<number> {
  const row = await rowOf(
    scope,
    sql<{ n: number }>`
    select count(*)::int as n from outreach.ledger where library_no = ${scope.library} and method = ${METHOD} and recorded_at >= ${since}`,
  )
  return row?.n ?? 0
}
