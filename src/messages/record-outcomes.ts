// What became of each message, written in a batch: the event as it happened and the state that follows from it. A late
// word never undoes a better one, an address that does not exist is not written to again, and whatever the line's death
// leaves open is `unknown`: shown, never guessed, never tried again.
import { sql } from 'kysely'
import type { HandOver } from '../channels/channel.ts'
import { inLibrary, type Logins } from '../db/scope.ts'
import { announceDue, type DueWork } from './due.ts'
import type { Line } from './lines.ts'

export interface Outcome {
  messageNo: string
  addressHash: Buffer
  result: HandOver
  /** The refusal means that the address itself does not exist. */
  deadAddress: boolean
}

/** After this many tries over about three days a message has failed. */
export const MOST_ATTEMPTS = 14

/**
 * Writes outcomes of messages of one take; `unknown` ones may be settled by evidence that comes later. A message that
 * somebody else has taken since is theirs to tell of.
 */
export async function recordOutcomes(
  logins: Logins,
  { libraryNo: library, sender, campaignNo, takeNo, line = null }: DueWork & { takeNo: string; line?: Line | null },
  outcomes: Outcome[],
  now: Date,
): Promise<void> {
  if (outcomes.length === 0) return
  const verdicts = outcomes.map(verdictOf)
  // A dead phone is told on the list for the library system, too: whoever sends texts writes both down together.
  const dead = line === null ? outcomes.filter((o) => o.deadAddress && o.addressHash.length === 16) : []
  await inLibrary(logins, 'outreach', library, async (scope) => {
    // In the order of the key, so that two batches never wait for each other in a circle. The numbers stand there twice so
    // that the rows are found by key even right after a launch, when PostgreSQL has not yet counted the table anew.
    await sql`
      with told as materialized (
        select * from unnest(${outcomes.map((o) => o.messageNo)}::bigint[], ${verdicts.map((v) => v.state)}::text[],
                             ${verdicts.map((v) => v.code)}::text[], ${verdicts.map((v) => v.said)}::text[], ${verdicts.map((v) => v.blameless)}::boolean[],
                             ${verdicts.map((v) => v.providerId)}::text[]) t (message_no, state, code, said, blameless, provider_id)
        order by message_no
      ), changed as (
        update mail.message m
        set state = case when t.state = 'waiting' and not t.blameless and m.attempts >= ${MOST_ATTEMPTS} then 'failed' else t.state end,
            attempts = m.attempts - case when t.blameless then 1 else 0 end,
            due_at = case when t.state <> 'waiting' or t.code = 'stale' then m.due_at
                          when t.blameless then ${now}::timestamptz + interval '1 minute'
                          else ${now}::timestamptz + least(interval '1 minute' * 2 ^ (m.attempts - 1), interval '6 hours') end
            ${line === null ? sql`` : sql`, provider_id = coalesce(t.provider_id, m.provider_id)`}
        from told t
        where m.library_no = ${library} and m.message_no = t.message_no and m.message_no = any(${outcomes.map((o) => o.messageNo)}::bigint[])
          and m.state in ('handing', 'unknown') and m.take_no = ${takeNo}::bigint
        returning m.message_no, m.state, t.code, t.said
      )
      insert into mail.event (library_no, message_no, basis, kind, code, said)
      select ${library}, message_no, 'consent', case when state = 'waiting' then 'put-off' else state end, code, said from changed where code is distinct from 'stale'`.execute(
      scope.tx,
    )
    if (dead.length > 0)
      await sql`insert into outreach.suppression (library_no, channel, address_hash, purposes, reason, since)
                select ${library}, 'email', h, -1, 'bounced', ${now} from unnest(${dead.map((o) => o.addressHash)}::bytea[]) h`.execute(
        scope.tx,
      )
    if (verdicts.some((v) => v.state === 'waiting')) await announceDue(scope, sender, campaignNo, now)
  })
}

interface Verdict {
  state: string
  providerId: string | null
  code: string | null
  said: string | null
  /** Not this message's fault, so the try does not count: an outage may last for days and must fail nobody. */
  blameless: boolean
}

function verdictOf({ result, deadAddress }: Outcome): Verdict {
  const providerId = result.kind === 'accepted' ? result.providerId : null
  switch (result.kind) {
    case 'accepted':
      return { state: 'accepted', code: null, said: result.said, blameless: false, providerId }
    case 'unknown':
      return { state: 'unknown', code: null, said: result.why, blameless: false, providerId }
    case 'stale':
      return { state: 'waiting', code: 'stale', said: null, blameless: true, providerId }
    case 'refused': {
      const { code, said, permanent } = result
      // A code of words and not of figures (connection, tls-failed, sender-refused …) speaks of the line or our set-up.
      if (!permanent) return { state: 'waiting', code, said, blameless: !/^\d/.test(code), providerId }
      return { state: deadAddress ? 'bounced' : 'failed', code, said, blameless: false, providerId }
    }
  }
}
