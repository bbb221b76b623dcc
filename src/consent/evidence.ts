// Evidence: the personal details of how a choice was made, sealed under a key of that patron. The ledger keeps the
// sealed bytes for ever; the key goes when the patron is erased, and with it what was sealed.
import { sql } from 'kysely'
import { rowOf, rowsOf, type Scope } from '../db/scope.ts'
import { seal, unseal } from '../lib/seal.ts'
import type { Choice, PatronNo } from './ledger.ts'

/** Personal details of how a choice was made: the address confirmed, the name as typed, the page, the place. */
export type Evidence = Record<string, string>

/** Sealed texts have lengths in steps of this, so that the length of a name does not show. */
const STEP = 64

const whose = (library: number, patron: PatronNo): string => `patron ${library} ${patron}`

/**
 * The sealed evidence of each choice, null where there is none; of somebody since erased none is kept. Makes the keys of
 * those who have none yet. Needs no lock on the ledger's head: call it before that is taken.
 */
export async function sealEvidence(
  scope: Scope<'circulation'>,
  choices: readonly Choice[],
): Promise<(Buffer | null)[]> {
  const patrons = new Set(choices.filter((c) => c.evidence).map((c) => c.patron))
  if (patrons.size === 0) return choices.map(() => null)
  const keys = await keysOf(scope, [...patrons])
  return choices.map(({ patron, evidence }) => {
    const key = evidence && keys.get(patron)
    if (!key) return null
    const text = JSON.stringify(evidence)
    const padded = text.padEnd(text.length + ((STEP - (Buffer.byteLength(text) % STEP)) % STEP))
    return seal(key, Buffer.from(padded), whose(scope.library, patron))
  })
}

async function keysOf(scope: Scope<'circulation'>, patrons: PatronNo[]): Promise<Map<PatronNo, Buffer>> {
  const keys = await openKeys(scope, patrons)
  const without = patrons.filter((patron) => !keys.has(patron)).sort()
  if (without.length === 0) return keys
  // An erasure takes this lock alone: a key made beside it would otherwise outlive it.
  await sql`select pg_advisory_xact_lock_shared(hashtext('gentle patron keys'), ${scope.library})`.execute(scope.tx)
  const made = without.map((patron) => scope.seals.newPatronKey(whose(scope.library, patron)).wrapped)
  await sql`
    insert into outreach.patron_key (library_no, patron_no, wrapped)
    select ${scope.library}, t.patron_no, t.wrapped from unnest(${without}::bigint[], ${made}::bytea[]) t (patron_no, wrapped)
    where not exists (select from outreach.erasure e where e.library_no = ${scope.library} and e.patron_no = t.patron_no)
    order by t.patron_no on conflict do nothing`.execute(scope.tx)
  // Read again: somebody else may have made one in the same breath, and then that is the one.
  for (const [patron, key] of await openKeys(scope, without)) keys.set(patron, key)
  return keys
}

async function openKeys(scope: Scope<'circulation'>, patrons: PatronNo[]): Promise<Map<PatronNo, Buffer>> {
  const rows = await rowsOf(
    scope,
    sql<{ patron: string; wrapped: Buffer }>`
    select patron_no as patron, wrapped from outreach.patron_key
    where library_no = ${scope.library} and patron_no = any(${patrons}::bigint[])`,
  )
  const keys = new Map<PatronNo, Buffer>()
  for (const { patron, wrapped } of rows) {
    const key = scope.seals.openPatronKey(wrapped, whose(scope.library, patron))
    if (key === null) throw new Error(`the key of patron ${patron} does not open with this key file`)
    keys.set(patron, key)
  }
  return keys
}

/** Opens what was sealed about one patron. The answer is null where nothing was, and after the patron was erased. */
export async function evidenceOpener(
  scope: Scope<'circulation'>,
  patron: PatronNo,
): Promise<(sealed: Buffer | null) => Evidence | null> {
  const row = await rowOf(
    scope,
    sql<{ wrapped: Buffer }>`
    select wrapped from outreach.patron_key where library_no = ${scope.library} and patron_no = ${patron}::bigint`,
  )
  const about = whose(scope.library, patron)
  const key = row && scope.seals.openPatronKey(row.wrapped, about)
  return (sealed) => {
    const opened = key && sealed && unseal(key, sealed, about)
    return opened ? (JSON.parse(opened.toString()) as Evidence) : null
  }
}
