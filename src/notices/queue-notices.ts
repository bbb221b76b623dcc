// Staged notices become texts: what one person has of one kind at one place is one text, "you have 3 items ready at Main".
// A few at a time, because other texts of the library wait for the end of each transaction.
import { sql } from 'kysely'
import { inLibrary, type Logins, rowsOf, type Scope } from '../db/scope.ts'
import type { Line } from '../messages/lines.ts'
import { inOnePart, queueNotice } from '../messages/queue-text.ts'
import type { Answering } from '../patrons/answering.ts'
import type { Library } from '../patrons/library.ts'
import { knownLanguage, type Language, wordsOf } from '../words/languages.ts'
import type { NoticeKind } from '../words/texts-shape.ts'
import { awaitTurn } from './stage-notices.ts'

const AT_ONCE = 50

/** Rows of another file that have waited for longer belong to a reading that was broken off. */
const ABANDONED_MS = 3_600_000

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
  const done = { texts: 0, items: 0 }
  for (;;) {
    const groups = await inLibrary(logins, 'circulation', library.libraryNo, async (scope) => {
      await awaitTurn(scope)
      const groups = await waitingGroups(scope, work)
      for (const group of groups) await queueGroup(scope, library, group, work)
      return groups
    })
    done.texts += groups.length
    for (const group of groups) done.items += group.items
    if (groups.length < AT_ONCE) return done
  }
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

const waitingGroups = (scope: Scope<'circulation'>, { fileNo, now }: QueueingWork): Promise<Group[]> =>
  rowsOf(
    scope,
    sql<Group>`
    select array_agg(notice_no::text order by notice_no) as notices, kind, phone, min(patron_no)::text as "patronNo", place, min(language) as language,
           sum(items)::int as items, case when min(due_on) = max(due_on) and count(*) = count(due_on) then to_char(min(due_on), 'YYYY-MM-DD') end as "dueOn"
    from mail.notice
    where library_no = ${scope.library} and phone is not null
      and (file_no = ${fileNo}::bigint or received_at < ${new Date(now.getTime() - ABANDONED_MS)})
    group by person, phone, kind, place order by min(notice_no) limit ${AT_ONCE}`,
  )

async function queueGroup(
  scope: Scope<'circulation'>,
  library: Library,
  group: Group,
  { line, answering, askedBy, now }: QueueingWork,
): Promise<void> {
  const language = knownLanguage(group.language ?? '') ?? knownLanguage(library.language) ?? 'en'
  const queued = await queueNotice(
    scope,
    library,
    { line, answering },
    {
      ...{ phone: group.phone, patronNo: group.patronNo, language, askedBy, now },
      body: sayNotice(library, group, language),
    },
  )
  await sql`
    update mail.notice set text_no = ${queued!.textNo}::bigint, person = null, patron_no = null, phone = null, place = null, language = null, due_on = null
    where library_no = ${scope.library} and notice_no = any(${group.notices}::bigint[])`.execute(scope.tx)
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
