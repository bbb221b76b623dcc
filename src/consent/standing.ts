// Standing: the narrow row a patron that says what may be sent today. What the roster knows is written by an import;
// what the ledger knows is written here, always derived afresh from the whole ledger of that patron, so that it can be
// rebuilt at any time and compared. Identity is forgotten here when the last consent has ended (promise 6).
import { type RawBuilder, sql } from 'kysely'
import { inLibrary, type LibraryNo, type Logins, rowsOf, type Scope } from '../db/scope.ts'
import { guardiansYes } from './guardian.ts'
import { isHeld } from './hold.ts'
import { CHANNELS, type Channel, PURPOSES, purposeNames } from './purposes.ts'
import { newestWishes, WISH_COLUMNS, writeWishes } from './wishes.ts'

const purposeRows = sql.join(
  purposeNames
    .filter((name) => PURPOSES[name].basis === 'consent')
    .map((name) => sql`(${name}::text, ${PURPOSES[name].bit}::integer)`),
)
const channelRows = sql.join(CHANNELS.map((channel) => sql`(${channel}::text)`))

/** The masks of one channel: the column names that standing has for it. */
const mask = (decided: string, channel: Channel) =>
  sql`coalesce(bit_or(1::bigint << bit) filter (where channel = ${channel} and ${sql.raw(decided)}), 0)`

/** The day of the oldest yes in force: an end of consent is counted from it. */
const oldestYes = (channel: Channel) =>
  sql`(min(decided_at) filter (where channel = ${channel} and decision = 'grant') at time zone 'UTC')::date`

/**
 * The masks that follow from the ledger, for the patrons that `which` (a condition on ledger l) names. The newest
 * decision by the time it was *made* counts; at the same instant a no beats a yes. A pause holds until its end, or
 * until the same person says yes again.
 */
const derived = (library: LibraryNo, which: RawBuilder<unknown>) => sql`
  select patron_no,
         ${sql.join(CHANNELS.flatMap((c) => [sql`${mask(`decision = 'grant'`, c)} as ${sql.raw(`agreed_${c}`)}`, sql`${mask(`decision <> 'grant'`, c)} as ${sql.raw(`refused_${c}`)}`]))},
         coalesce(bit_or(topics) filter (where decision = 'grant'), 0) as topics,
         ${sql.join(CHANNELS.map((c) => sql`${oldestYes(c)} as ${sql.raw(`agreed_${c}_on`)}`))},
         max(pause_until) as paused_until
  from (
    select distinct on (l.patron_no, c.channel, p.bit) l.patron_no, c.channel, p.bit, l.decision, l.topics, l.decided_at,
           (select max(z.until) from outreach.ledger z where z.library_no = l.library_no and z.patron_no = l.patron_no
              and z.decision = 'pause' and z.decided_at >= coalesce((select max(g.decided_at) from outreach.ledger g
                where g.library_no = l.library_no and g.patron_no = l.patron_no and g.decision = 'grant' and not ${guardiansYes('g')}), '-infinity')) as pause_until
    from outreach.ledger l
    join (values ${channelRows}) c (channel) on l.channel in (c.channel, 'all')
    join (values ${purposeRows}) p (name, bit) on l.purpose in (p.name, 'all')
    where l.library_no = ${library} and l.decision <> 'pause' and not ${guardiansYes('l')} and ${which}
    order by l.patron_no, c.channel, p.bit, l.decided_at desc, (l.decision = 'grant'), l.entry_no desc
  ) newest
  group by patron_no`

const maskColumns = [...CHANNELS.flatMap((c) => [`agreed_${c}`, `refused_${c}`]), 'topics']
const dayColumns = CHANNELS.map((c) => `agreed_${c}_on`)

/**
 * Brings up to 1,000 stale standings of a library up to date and returns how many. Rows that bulk work holds are left
 * for the next call; meanwhile sending passes over every patron in `stale`, so nothing depends on the hurry.
 */
export async function refreshStale(logins: Logins, library: LibraryNo, patrons?: string[]): Promise<number> {
  return inLibrary(logins, 'circulation', library, async (scope) => {
    const only = patrons ? sql`and patron_no = any(${patrons}::bigint[])` : sql``
    const stale = await rowsOf(
      scope,
      sql<{ patron: string; row: string }>`
      select patron_no as patron, ctid::text as row from outreach.stale where library_no = ${library} ${only} limit 1000 for update skip locked`,
    )
    if (stale.length === 0) return 0
    const numbers = [...new Set(stale.map((s) => s.patron))]
    // Locked in the order of the key, like a take and an import; a statement of its own, so that the next one's
    // snapshot holds every entry that was committed before the row was ours.
    const locked = (
      await rowsOf(
        scope,
        sql<{ patron: string }>`
      select patron_no as patron from outreach.standing where library_no = ${library} and patron_no = any(${numbers}::bigint[])
      order by patron_no for no key update skip locked`,
      )
    ).map((r) => r.patron)
    await writeMasks(scope, locked)
    await writeWishes(library, locked).execute(scope.tx)
    // Somebody who has left the roster for good has no standing to refresh; the ledger entry stays.
    await sql`
      delete from outreach.stale t where library_no = ${library} and ctid = any(${stale.map((s) => s.row)}::tid[])
        and (patron_no = any(${locked}::bigint[])
             or not exists (select from outreach.standing s where s.library_no = ${library} and s.patron_no = t.patron_no))`.execute(
      scope.tx,
    )
    return locked.length
  })
}

async function writeMasks(scope: Scope<'circulation'>, patrons: string[]): Promise<void> {
  const these = sql`l.patron_no = any(${patrons}::bigint[])`
  await sql`
    with written as (
    update outreach.standing s
    set (${sql.raw([...maskColumns, ...dayColumns].join(', '))}, paused_until, identity_known) =
        (${sql.join([...maskColumns, ...dayColumns].map((c) => sql`d.${sql.raw(c)}`))}, d.paused_until,
         s.identity_known and ((d.agreed_email | d.agreed_sms | d.agreed_post) <> 0
           or (select identity_of_all_because is not null from house.library where library_no = ${scope.library})))
    from (${derived(scope.library, these)}) d
    where s.library_no = ${scope.library} and s.patron_no = d.patron_no
    returning s.patron_no, s.identity_known)
    delete from roster.identity i using written w
    where i.library_no = ${scope.library} and i.patron_no = w.patron_no and not w.identity_known
      and not ${isHeld(scope.library, 'identity')}`.execute(scope.tx)
}

/**
 * Forgets the names of up to `most` patrons who agreed to nothing, where the library does not keep everybody's, and
 * returns how many. There are some after a hold has ended, or when a library stops keeping all.
 */
export async function forgetStrangers(logins: Logins, library: LibraryNo, most: number): Promise<number> {
  return inLibrary(logins, 'circulation', library, async (scope) => {
    const stranger = sql`(s.agreed_email | s.agreed_sms | s.agreed_post) = 0
      and (select identity_of_all_because is null from house.library where library_no = ${library})
      and not exists (select from outreach.stale x where x.library_no = s.library_no and x.patron_no = s.patron_no)`
    const found = await rowsOf(
      scope,
      sql<{ patron: string }>`
      select s.patron_no as patron from roster.identity i
      join outreach.standing s on s.library_no = i.library_no and s.patron_no = i.patron_no
      where i.library_no = ${library} and ${stranger}
      order by s.patron_no limit ${most} for no key update of s skip locked`,
    )
    // Asked again now that the rows are ours: somebody may have said yes meanwhile.
    const forgotten = await rowsOf(
      scope,
      sql<{ patron: string }>`
      update outreach.standing s set identity_known = false
      where s.library_no = ${library} and s.patron_no = any(${found.map((row) => row.patron)}::bigint[]) and ${stranger}
      returning s.patron_no as patron`,
    )
    await sql`delete from roster.identity where library_no = ${library}
              and patron_no = any(${forgotten.map((row) => row.patron)}::bigint[])`.execute(scope.tx)
    return forgotten.length
  })
}

const dayNo = (day: string) => sql`coalesce(${sql.ref(day)} - date '2000-01-01', 0)::bigint`
const seconds = (instant: string) => sql`coalesce(extract(epoch from ${sql.ref(instant)})::bigint, 0)`

export interface StandingCheck {
  patrons: number
  differing: number
  /** Up to 20, for a look at what went wrong. */
  examples: { patron: string; column: string; kept: string; derived: string }[]
}

/** Derives every standing afresh from the ledger into a scratch table and compares. Changes nothing. */
export async function checkStanding(logins: Logins, library: LibraryNo): Promise<StandingCheck> {
  return inLibrary(
    logins,
    'circulation',
    library,
    async (scope) => {
      await sql`create temporary table rebuilt on commit drop as
        select * from (${derived(library, sql`true`)}) d full join (${newestWishes(library, sql`true`)}) w using (patron_no)`.execute(
        scope.tx,
      )
      // By key, whatever PostgreSQL believes about the size of standing just after an import: a guess of one row made it
      // read the whole scratch table for each patron, for minutes.
      await sql`create index on rebuilt (patron_no)`.execute(scope.tx)
      await sql`analyze rebuilt`.execute(scope.tx)
      const compared = sql`
        from outreach.standing s left join rebuilt r on r.patron_no = s.patron_no
        cross join lateral (values
          ${sql.join(maskColumns.map((c) => sql`(${c}::text, s.${sql.raw(c)}::text, coalesce(r.${sql.raw(c)}, 0)::text)`))},
          ${sql.join(dayColumns.map((c) => sql`(${c}::text, ${dayNo(`s.${c}`)}::text, ${dayNo(`r.${c}`)}::text)`))},
          ${sql.join(WISH_COLUMNS.map((c) => sql`(${c}::text, coalesce(s.${sql.raw(c)}::text, ''), coalesce(r.${sql.raw(c)}::text, ''))`))},
          ('paused_until', ${seconds('s.paused_until')}::text, ${seconds('r.paused_until')}::text)) m (name, kept, derived)
        where s.library_no = ${library} and m.kept <> m.derived
          and not exists (select from outreach.stale x where x.library_no = s.library_no and x.patron_no = s.patron_no)`
      const [count] = await rowsOf(
        scope,
        sql<{ patrons: number; differing: number }>`
        select (select count(*)::int from outreach.standing where library_no = ${library}) as patrons,
               (select count(distinct s.patron_no)::int ${compared}) as differing`,
      )
      const examples = await rowsOf(
        scope,
        sql<StandingCheck['examples'][number]>`
        select s.patron_no as patron, m.name as column, m.kept, m.derived ${compared} limit 20`,
      )
      return { ...count!, examples }
    },
    { snapshot: true },
  )
}
