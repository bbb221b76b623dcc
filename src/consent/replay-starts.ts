// After a restore, once the stops are back: a START or a NOTICES said by text since the backup holds again. Each ends the
// stops that were said before it and none that came after, in whichever order a phone said them; doing it again is no harm.
import { sql } from 'kysely'
import type { Journal, JournalEntry, PhoneWordEntry } from '../db/journal.ts'
import { inLibrary, type LibraryNo, type Logins, rowOf, type Scope } from '../db/scope.ts'
import { listLibraries } from '../patrons/library.ts'
import { ALL_BUT_NOTICES, ofTexts } from './phone-stops.ts'
import { type Replayed, startOfReplay } from './replay-stops.ts'

/** Call it after `replayStops`: it counts the stops that end. */
export async function replayStarts(logins: Logins, journal: Journal, restore: { backupOf: Date }): Promise<Replayed> {
  const told = journal.since(startOfReplay(restore.backupOf)).filter((entry) => entry.kind === 'phone')
  const readable = told.filter(isReadable)
  const counts: Replayed = { replayed: 0, known: 0, elsewhere: 0, unreadable: told.length - readable.length }
  const libraries = new Map((await listLibraries(logins)).map((library) => [library.key, library.libraryNo]))
  for (const [key, words] of Map.groupBy(readable, (entry) => entry.library)) {
    const library = libraries.get(key)
    if (library === undefined) counts.elsewhere += words.length
    else {
      const phones = await replayWords(logins, library, words)
      counts.replayed += phones
      counts.known += new Set(words.map((word) => word.addressHash)).size - phones
    }
  }
  return counts
}

/** Returns how many phones it changed something for. */
const replayWords = (logins: Logins, library: LibraryNo, words: readonly PhoneWordEntry[]): Promise<number> =>
  inLibrary(logins, 'circulation', library, async (scope) => {
    await keepNoticesAgain(
      scope,
      words.filter((entry) => entry.word === 'notices'),
    )
    const row = await rowOf(
      scope,
      sql<{ phones: number }>`
      with said as (select decode(t.hash, 'hex') as hash, t.at from ${unnested(words)}
      ), ended as (
        update outreach.suppression x
        set lifted_at = (select min(at) from said where hash = x.address_hash and at > x.since)
        where x.library_no = ${library} and x.channel = 'sms' and x.lifted_at is null and ${ofTexts}
          and exists (select from said where hash = x.address_hash and at > x.since)
        returning x.address_hash
      )
      select count(distinct address_hash)::int as phones from ended`,
    )
    return row!.phones
  })

/** What NOTICES leaves stopped, so that a later START can end it, too. */
const keepNoticesAgain = (scope: Scope<'circulation'>, words: readonly PhoneWordEntry[]) =>
  sql`
    insert into outreach.suppression (library_no, channel, address_hash, purposes, reason, since)
    select distinct ${scope.library}::integer, 'sms', decode(t.hash, 'hex'), ${ALL_BUT_NOTICES}::bigint, 'stopped', t.at
    from ${unnested(words)}
    where not exists (select from outreach.suppression x where x.library_no = ${scope.library} and x.channel = 'sms'
            and x.address_hash = decode(t.hash, 'hex') and x.purposes = ${ALL_BUT_NOTICES}::bigint and x.since = t.at and x.reason = 'stopped')`.execute(
    scope.tx,
  )

const unnested = (words: readonly PhoneWordEntry[]) =>
  sql`unnest(${words.map((entry) => entry.addressHash)}::text[], ${words.map((entry) => entry.at)}::timestamptz[]) t (hash, at)`

const isReadable = (entry: JournalEntry): entry is PhoneWordEntry =>
  entry.kind === 'phone' &&
  typeof entry.library === 'string' &&
  /^[0-9a-f]{32}$/.test(entry.addressHash) &&
  (entry.word === 'start' || entry.word === 'notices') &&
  !Number.isNaN(Date.parse(entry.at))
