// Writes a staged file into the roster in chunks of well under 200 ms each, so that no stop and no sign-up waits for an
// import. Broken off in the middle, nothing is half: the next import of the same file finds the rest as a difference.
// It writes facts and, for those who agreed, identity; no statement here can touch what a patron agreed to.
import type { LibraryNo } from '../db/scope.ts'
import type { Session } from '../db/session.ts'
import { monotonicMs } from '../lib/clock.ts'
import { leaveOutErased } from './erased.ts'
import { anybodyWithoutCard, relabel } from './households.ts'
import type { Absence } from './known-lines.ts'

const TARGET_MS = 100

export interface Applying {
  runId: string
  /** Whether absence counts; 'the-rest' when a run of the same file was broken off after it had counted some. */
  countMissing: boolean | 'the-rest'
  /** A run since the last whole one was broken off. */
  afterBrokenOff: boolean
  /** Gets records done. */
  onProgress: (done: number, total: number) => void
}

/** Applies `incoming` (and, for a full file, who is missing or back again). */
export async function applyStaged(
  session: Session,
  library: LibraryNo,
  { turned }: Absence,
  options: Applying,
): Promise<void> {
  if (options.countMissing)
    await countMissing(session, library, options.runId, turned, options.countMissing === 'the-rest')
  const { rows } = await session.client.query<{ blocks: number; identities: boolean; moves: boolean }>(
    `select (pg_relation_size('pg_temp.incoming') / current_setting('block_size')::int)::int as blocks,
            exists (select from incoming where known) as identities, exists (select from incoming where moved) as moves`,
  )
  const { blocks, identities, moves } = rows[0]!
  let size = 30
  for (let from = 0; from < blocks; ) {
    const started = monotonicMs()
    const before = Math.min(from + size, blocks)
    await session.transact(() => applyChunk(session, library, { from, before, identities }))
    // Chunks grow while they are quick, and shrink on a busy machine.
    const took = monotonicMs() - started
    size = Math.max(8, Math.round(size * Math.min(2, Math.max(0.4, TARGET_MS / Math.max(took, 1)))))
    from = before
    options.onProgress(from, blocks)
  }
  // A run that was broken off may have written lines whose labels it never came to.
  // Nor does an import know beforehand who shares an address with somebody who signed up without a card.
  if (moves || options.afterBrokenOff || (await anybodyWithoutCard(session, library))) await relabel(session, library)
}

interface Chunk {
  /** Blocks of the temporary table, in which rows lie as they came: no index is needed to cut it. */
  from: number
  before: number
  /** Identities of somebody are among the lines. */
  identities: boolean
}

async function applyChunk(session: Session, library: LibraryNo, { from, before, identities }: Chunk): Promise<void> {
  const values = [library]
  const chunk = `i.ctid >= '(${from},0)'::tid and i.ctid < '(${before},0)'::tid`
  // An import broken off is found again as a difference, so its chunks need not wait for the disk one by one; what is
  // written at the end (the run's outcome) does, and everything before it with it.
  await session.client.query('set local synchronous_commit = off')
  // The rows that sending may want, locked in the order of the key, like everybody locks them.
  await session.client.query({
    text: `
    select from outreach.standing s where s.library_no = $1 and s.patron_no in (select i.patron_no from incoming i where ${chunk})
    order by s.patron_no for no key update`,
    values,
  })
  await leaveOutErased(session, library, chunk)
  await session.client.query({
    text: `
    insert into roster.patron (library_no, patron_id, patron_no, fingerprint, guardian_id)
    select $1, patron_id, patron_no, fingerprint, guardian_id
    from incoming i where ${chunk} order by patron_id
    on conflict (library_no, patron_id) do update set
      (fingerprint, guardian_id, missing) = (excluded.fingerprint, excluded.guardian_id, 0)`,
    values,
  })
  // Using the card again is a sign of life: the count of unanswered prompts starts anew.
  await session.client.query({
    text: `
    insert into outreach.standing as s (library_no, patron_no, last_use, status, branch, category, language, minor_until, expires_on,
                                        email_given, email_usable, email_hash, phone_given, phone_hash, card_key, identity_known, household, address_shared)
    select $1, i.patron_no, last_use, status, branch, category, language, minor_until, expires_on, email_given, email_usable, email_hash, phone_given, phone_hash, card_key, known,
           i.patron_no, false
    from incoming i where ${chunk} order by i.patron_no
    on conflict (library_no, patron_no) do update set
      (last_use, status, branch, category, language, minor_until, expires_on, email_given, email_usable, email_hash, phone_given, phone_hash, card_key, missing, identity_known, prompts_unanswered) =
      (excluded.last_use, excluded.status, excluded.branch, excluded.category, excluded.language, excluded.minor_until, excluded.expires_on,
       excluded.email_given, excluded.email_usable, excluded.email_hash, excluded.phone_given, excluded.phone_hash, excluded.card_key, 0,
       s.identity_known or (excluded.identity_known and (s.agreed_email <> 0 or s.agreed_sms <> 0 or s.agreed_post <> 0
         or (select identity_of_all_because is not null from house.library where library_no = $1))),
       case when excluded.last_use > coalesce(s.last_use, 0) then 0 else s.prompts_unanswered end)`,
    values,
  })
  if (!identities) return
  // Asked once more who agrees, under the lock taken above: whoever took it back since the file was staged stays forgotten.
  // (`limit 1` keeps the planner to the key: of a library that has just come in it knows nothing and would read it all.)
  await session.client.query({
    text: `
    insert into roster.identity (library_no, patron_no, given_name, family_name, preferred_name, email, phone, address_line1, address_line2, city, region, postal_code, country)
    select $1, i.patron_no, i.given_name, i.family_name, i.preferred_name, i.email, i.phone, i.address_line1, i.address_line2, i.city, i.region, i.postal_code, i.country
    from incoming i cross join lateral (select * from outreach.standing where library_no = $1 and patron_no = i.patron_no limit 1) s
    where ${chunk} and i.known
      and (s.agreed_email <> 0 or s.agreed_sms <> 0 or s.agreed_post <> 0
           or (select identity_of_all_because is not null from house.library where library_no = $1))
    on conflict (library_no, patron_no) do update set
      (given_name, family_name, preferred_name, email, phone, address_line1, address_line2, city, region, postal_code, country, typed, learned_at) =
      (excluded.given_name, excluded.family_name, excluded.preferred_name, excluded.email, excluded.phone, excluded.address_line1, excluded.address_line2,
       excluded.city, excluded.region, excluded.postal_code, excluded.country, false, now())`,
    values,
  })
}

/**
 * Absence counts only in full files, and only a second one withholds: a first may be the export's fault. Who goes missing
 * comes last and is counted into the run in the same transaction, so that a run which breaks off here leaves on record
 * that all others are done, and the next one of the same file counts nobody twice.
 */
async function countMissing(
  session: Session,
  library: LibraryNo,
  runId: string,
  turned: Absence['turned'],
  onlyTheRest: boolean,
): Promise<void> {
  if (turned.length === 0) return
  const { rows } = await session.client.query<{ patron_id: string; patron_no: string; missing: number }>({
    text: `
      select p.patron_id, p.patron_no, t.missing
      from unnest($2::bigint[], $3::int[]) t (patron_no, missing)
      join roster.patron p on p.library_no = $1 and p.patron_no = t.patron_no
      where p.missing = 0 or not $4
      order by p.missing = 0, p.patron_no`,
    values: [library, turned.map((t) => t.patronNo), turned.map((t) => t.missing), onlyTheRest],
  })
  for (let i = 0; i < rows.length; i += 2_000) {
    const chunk = rows.slice(i, i + 2_000)
    const numbers = chunk.map((r) => r.patron_no)
    const missing = chunk.map((r) => r.missing)
    await session.transact(async () => {
      await session.client.query(
        'select from outreach.standing where library_no = $1 and patron_no = any($2::bigint[]) order by patron_no for no key update',
        [library, numbers],
      )
      await session.client.query(
        'update outreach.standing s set missing = c.missing from unnest($2::bigint[], $3::int[]) c (patron_no, missing) where s.library_no = $1 and s.patron_no = c.patron_no',
        [library, numbers, missing],
      )
      await session.client.query(
        'update roster.patron p set missing = c.missing from unnest($2::text[], $3::int[]) c (patron_id, missing) where p.library_no = $1 and p.patron_id = c.patron_id',
        [library, chunk.map((r) => r.patron_id), missing],
      )
      await session.client.query('update roster.run set missing = missing + $3 where library_no = $1 and run_no = $2', [
        library,
        runId,
        chunk.filter((r) => r.missing === 1).length,
      ])
    })
  }
}
