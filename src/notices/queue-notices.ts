// Staged notices become texts: what one person has of one kind at one place is one text, "you have 3 items ready at Main".
// A few at a time, because other texts of the library wait for the end of each transaction.
import { type RawBuilder, sql } from 'kysely'
import { inLibrary, type LibraryNo, type Logins, rowsOf, type Scope } from '../db/scope.ts'
import type { Line } from '../messages/lines.ts'
import { queueManyNotices } from '../messages/queue-many-notices.ts'
import { inOnePart } from '../messages/queue-text.ts'
import type { Answering } from '../patrons/answering.ts'
import type { Library } from '../patrons/library.ts'
import { knownLanguage, type Language, wordsOf } from '../words/languages.ts'
import type { NoticeKind } from '../words/texts-shape.ts'
import { awaitTurn } from './stage-notices.ts'

/** Rows that begin a transaction's work: at most as many texts, each with all that belongs to it. */
const AT_ONCE = 100

/** Rows of another file that have waited for longer belong to a reading that was broken off. */
const ABANDONED_MS = 3_600_000
const STALE_MS = 24 * ABANDONED_MS

export interface QueueingWork {
  fileNo: string
  line: Line
  answering: Answering
  askedBy: string
  now: Date
}

/** Returns how many texts wait to leave now, and how many items they tell of. */
export async function queueNotices(
  logins: Logins,
  library: Library,
  work: QueueingWork,
): Promise<{ texts: number; items: number }> {
  const inTurn = <R>(act: (scope: Scope<'circulation'>) => Promise<R>): Promise<R> =>
    inLibrary(logins, 'circulation', library.libraryNo, async (scope) => {
      await awaitTurn(scope)
      return act(scope)
    })
  await inTurn((scope) => adoptAbandoned(scope, work))
  const done = { texts: 0, items: 0 }
  for (;;) {
    const groups = await inTurn(async (scope) => {
      const groups = await rowsOf(scope, waitingGroups(scope.library, work.fileNo))
      if (groups.length > 0) await queueGroups(scope, library, groups, work)
      return groups
    })
    if (groups.length === 0) return done
    done.texts += groups.length
    for (const group of groups) done.items += group.items
  }
}

async function adoptAbandoned(scope: Scope<'circulation'>, { fileNo, now }: QueueingWork): Promise<void> {
  await refuseLate(scope, now)
  await sql`
    update mail.notice set file_no = ${fileNo}::bigint
    where library_no = ${scope.library} and phone is not null and received_at < ${new Date(now.getTime() - ABANDONED_MS)}`.execute(
    scope.tx,
  )
}

/** What waited for a day is no news any more: nobody is told, and the library system hears that it failed. */
const refuseLate = (scope: Scope<'circulation'>, now: Date): Promise<void> =>
  refuseWaiting(scope, {
    until: new Date(now.getTime() - STALE_MS),
    because: 'its file was not read to the end, and a day later it was too old to send',
  })

/** Where no other file comes: phones are not kept for it. */
export const forgetLateNotices = (logins: Logins, library: LibraryNo, now: Date): Promise<void> =>
  inLibrary(logins, 'circulation', library, (scope) => refuseLate(scope, now))

/** After a restore: what the backup shows as waiting for its text may have left since. */
export const parkRestoredNotices = (scope: Scope<'circulation'>, restoredAt: Date): Promise<void> =>
  refuseWaiting(scope, { until: restoredAt, because: 'the backup shows it as not sent yet; it may have left since' })

async function refuseWaiting(
  scope: Scope<'circulation'>,
  { until, because }: { until: Date; because: string },
): Promise<void> {
  await sql`
    update mail.notice set refused = ${because}, person = null, patron_no = null, phone = null, place = null, language = null, due_on = null
    where library_no = ${scope.library} and phone is not null and received_at < ${until}`.execute(scope.tx)
}

interface Group {
  notices: string[]
  kind: NoticeKind
  phone: string
  patronNo: string | null
  place: string
  language: string | null
  items: number
  /** Where all are due on one day. */
  dueOn: string | null
}

/**
 * Walks notice_waiting: the first rows of the file, and with each whatever belongs to the same text. Lateral, because a file
 * comes before PostgreSQL knows how long it is, and a plain join then reads all of it for each row.
 */
export const waitingGroups = (library: LibraryNo, fileNo: string): RawBuilder<Group> => sql<Group>`
  with first as materialized (
    select distinct person, phone, kind, place from (
      select person, phone, kind, place from mail.notice
      where library_no = ${library} and file_no = ${fileNo}::bigint and phone is not null
      order by person, phone, kind, place limit ${AT_ONCE}
    ) page
  )
  select f.kind, f.phone, f.place, rest.* from first f
  cross join lateral (
    select array_agg(n.notice_no::text order by n.notice_no) as notices, min(n.patron_no)::text as "patronNo", min(n.language) as language,
           sum(n.items)::int as items,
           case when min(n.due_on) = max(n.due_on) and count(*) = count(n.due_on) then to_char(min(n.due_on), 'YYYY-MM-DD') end as "dueOn"
    from mail.notice n
    where n.library_no = ${library} and n.file_no = ${fileNo}::bigint and n.phone is not null
      and n.person = f.person and n.phone = f.phone and n.kind = f.kind and n.place = f.place
  ) rest
  order by rest.notices[1]::bigint`

/** A notice is known by its first row for good, so that nothing that goes wrong here can send it twice. */
async function queueGroups(
  scope: Scope<'circulation'>,
  library: Library,
  groups: readonly Group[],
  { line, answering, askedBy, now }: QueueingWork,
): Promise<void> {
  const notices = groups.map(({ phone, patronNo, ...group }) => {
    const language = knownLanguage(group.language ?? '') ?? knownLanguage(library.language) ?? 'en'
    const body = sayNotice(library, group, language)
    return { phone, patronNo, language, body, askedBy, now, once: `notice ${group.notices[0]}` }
  })
  const queued = await queueManyNotices(scope, library, { line, answering }, notices)
  const rows = groups.flatMap((group, i) => group.notices.map((no) => [no, queued.get(notices[i]!.once)!] as const))
  await sql`
    update mail.notice n set text_no = t.text_no, person = null, patron_no = null, phone = null, place = null, language = null, due_on = null
    from unnest(${rows.map(([no]) => no)}::bigint[], ${rows.map(([, text]) => text)}::bigint[]) t (no, text_no)
    where n.library_no = ${scope.library} and n.notice_no = t.no`.execute(scope.tx)
}

export function sayNotice(
  library: Pick<Library, 'name'>,
  { kind, items, place, dueOn }: Pick<Group, 'kind' | 'items' | 'place' | 'dueOn'>,
  language: Language,
): string {
  const words = wordsOf[language]
  const on = dueOn === null ? '' : words.frame.date(...(dueOn.split('-').map(Number) as [number, number, number]))
  // The library's own name stands first anyway.
  const where = place.toLowerCase() === library.name.toLowerCase() ? '' : place
  return inOnePart(words.texts.notices[kind](library.name, String(items), where, on))
}
