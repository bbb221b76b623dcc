// Where a choice is recorded: a yes, a no, a pause. The ledger entry is the fact; standing follows in the next breath.
// A yes also lifts an older stop on the address it was said for, because only a person's own word undoes a stop.
import { sql } from 'kysely'
import type { Journal, StopEntry } from '../db/journal.ts'
import { inLibrary, type LibraryNo, type Logins, type Scope } from '../db/scope.ts'
import { Problem } from '../lib/errors.ts'
import { saidBeforeErasure } from './erased-since.ts'
import { isGuardians } from './guardian.ts'
import { appendChoices, type Choice } from './ledger.ts'
import { CHANNELS, maskOf, PURPOSES } from './purposes.ts'
import { refreshStale } from './standing.ts'

/** Where the noes of a library are kept beside the database. */
export interface Kept {
  journal: Journal
  libraryKey: string
}

/**
 * Records up to 1,000 choices of a library's patrons. A no and a pause go into the journal too (`kept`), so that a restored
 * backup does not forget them; only a caller that brings neither may leave it out. Throws Problem 'bad-input' for a choice
 * nobody can make, and 'conflict' for an old yes of somebody who was erased since.
 */
export async function recordChoices(
  logins: Logins,
  library: LibraryNo,
  choices: Choice[],
  now: Date,
  kept?: Kept,
): Promise<void> {
  for (const choice of choices) refuseImpossible(choice, now)
  if (kept) journalNoes(kept, choices, now)
  await inLibrary(logins, 'circulation', library, (scope) => recordInScope(scope, choices, now))
  await refreshStale(logins, library, [...new Set(choices.map((c) => c.patron))])
}

/**
 * In the caller's transaction, which then has to refresh what is stale. Call it last, as appendChoices asks. Throws
 * Problem 'conflict' for a yes of before an erasure.
 */
export async function recordInScope(scope: Scope<'circulation'>, choices: Choice[], now: Date): Promise<void> {
  const yeses = choices.filter((c) => c.decision === 'grant')
  if ((await saidBeforeErasure(scope, yeses)).includes(true))
    throw new Problem(
      'conflict',
      'Somebody at this address asked to be forgotten after this yes was said, so it no longer counts. Ask again.',
    )
  await liftStops(
    scope,
    yeses.filter((c) => !isGuardians(c)),
  )
  await appendChoices(scope, choices, now)
}

/** Noes and pauses, before they are recorded: an entry too many is harmless. */
export const journalNoes = ({ journal, libraryKey }: Kept, choices: Choice[], now: Date): void =>
  journal.write(choices.filter((c) => c.decision !== 'grant').flatMap((c) => journalled(c, libraryKey, now)))

const journalled = (choice: Choice, library: string, now: Date): StopEntry[] =>
  (choice.channel === 'all' ? CHANNELS : [choice.channel]).map((channel) => ({
    at: now.toISOString(),
    decidedAt: choice.decidedAt.toISOString(),
    ...(choice.decision === 'pause' && choice.until ? { decision: 'pause', until: choice.until.toISOString() } : {}),
    library,
    patron: choice.patron,
    channel,
    purposes: maskOf(choice.purpose),
    addressHash: null,
  }))

export function refuseImpossible(choice: Choice, now: Date): void {
  if (choice.purpose !== 'all' && PURPOSES[choice.purpose].basis !== 'consent')
    throw new Problem(
      'bad-input',
      `"${choice.purpose}" does not rest on consent: the library sends it because the patron uses the card. There is nothing to agree to or refuse here.`,
    )
  if (choice.decision === 'grant' && (choice.wording === null || choice.wording.trim() === ''))
    throw new Problem('bad-input', 'A yes without the words the person saw proves nothing. Give the exact wording.')
  if (choice.decision === 'grant' && choice.purpose === 'all')
    throw new Problem('bad-input', 'Nobody agrees to everything at once: a yes names its purpose.')
  if (choice.decidedAt.getTime() > now.getTime() + 60_000)
    throw new Problem('bad-input', 'The choice is dated in the future. Check the date.')
}

/** Ends the stops that these yeses answer, purpose by purpose: what else a stop covered stays covered. */
async function liftStops(scope: Scope<'circulation'>, grants: Choice[]): Promise<void> {
  if (grants.length === 0) return
  await sql`
    with answered as (
      select x.suppression_no, bit_or(g.mask) as mask, max(g.decided_at) as decided_at
      from unnest(${grants.map((g) => g.patron)}::bigint[], ${grants.map((g) => g.channel)}::text[],
                  ${grants.map((g) => maskOf(g.purpose))}::bigint[], ${grants.map((g) => g.decidedAt)}::timestamptz[]) g (patron_no, channel, mask, decided_at)
      join outreach.standing p on p.library_no = ${scope.library} and p.patron_no = g.patron_no
      cross join lateral (values ('email', p.email_hash), ('sms', p.phone_hash)) a (channel, address_hash)
      join outreach.suppression x on x.library_no = ${scope.library} and x.channel = a.channel and x.address_hash = a.address_hash
      where g.channel in (x.channel, 'all') and x.lifted_at is null and x.reason = 'stopped'
        and x.since < g.decided_at and x.purposes & g.mask <> 0
      group by x.suppression_no
    ), lifted as (
      update outreach.suppression x set lifted_at = answered.decided_at
      from answered
      where x.library_no = ${scope.library} and x.suppression_no = answered.suppression_no and x.lifted_at is null
      returning x.channel, x.address_hash, x.purposes & ~answered.mask as rest, x.since
    )
    insert into outreach.suppression (library_no, channel, address_hash, purposes, reason, since)
    select ${scope.library}, channel, address_hash, rest, 'stopped', since from lifted where rest <> 0`.execute(
    scope.tx,
  )
}
