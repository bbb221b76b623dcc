// Rows of a file come into mail.notice, some hundreds in a transaction: each message_id once, whatever came before. What is
// there and has no text yet is made into texts afterwards (queue-notices.ts), also after a crash between the two.
import { sql } from 'kysely'
import { rowsOf, type Scope } from '../db/scope.ts'
import { cardKey } from '../lib/card-key.ts'
import type { KeyedHex } from '../lib/keyed-hash.ts'
import type { Library } from '../patrons/library.ts'
import { dueDateOf } from './due-date.ts'
import type { ItivaRow, NoticeRow } from './itiva-row.ts'

export type StagedRow = NoticeRow | { messageId: string; refused: string }

export interface Staging {
  fileNo: string
  now: Date
  /** The library's own date. */
  today: string
}

/** One at a time in a library: two readings of a file would lock its rows in different orders, or make two texts of one. */
export const awaitTurn = (scope: Scope<'circulation'>): Promise<unknown> =>
  sql`select pg_advisory_xact_lock(hashtext('gentle notices'), ${scope.library})`.execute(scope.tx)

export async function nextFileNo(scope: Scope<'circulation'>): Promise<string> {
  const [row] = await rowsOf(scope, sql<{ no: string }>`select nextval('mail.notice_file_no')::text as no`)
  return row!.no
}

/**
 * Returns the ids that had been brought before. One id several times in one file is one notice of several items. What was
 * refused as it was read (it has no kind) is taken when it comes again and can be sent: nobody has had it. Nor has anybody
 * had what another file brought and has not been made into a text: a file that broke off is brought again.
 */
export async function stageNotices(
  scope: Scope<'circulation'>,
  library: Library,
  rows: readonly StagedRow[],
  { fileNo, now, today }: Staging,
): Promise<Set<string>> {
  const each = [...Map.groupBy(rows, (row) => row.messageId).values()].map((same) => ({
    ...same[0]!,
    items: same.length,
  }))
  const keyed = scope.seals.hashFor(library.key)
  const hash: KeyedHex = (kind, value) => keyed(kind, value).toString('hex')
  const cards = each.map((row) => ('card' in row && row.card !== '' ? cardKey(hash, row.card) : null))
  const patrons = await patronsOfCards(
    scope,
    cards.filter((key) => key !== null),
  )
  await awaitTurn(scope)
  const of = <T>(pick: (row: NoticeRow, i: number) => T): (T | null)[] =>
    each.map((row, i) => ('refused' in row ? null : pick(row, i)))
  const taken = await rowsOf(
    scope,
    sql<{ id: string }>`
    insert into mail.notice as n (library_no, message_id, file_no, received_at, kind, items, refused, person, patron_no, phone, place, language, due_on)
    select ${scope.library}, t.id, ${fileNo}::bigint, ${now}, t.kind, t.items, t.refused, t.person, t.patron_no, t.phone, t.place, t.language, t.due_on
    from unnest(${each.map((row) => row.messageId)}::text[], ${of((row) => row.kind)}::text[], ${each.map((row) => row.items)}::integer[],
                ${each.map((row) => ('refused' in row ? row.refused : null))}::text[], ${of((row, i) => cards[i] ?? row.phone)}::text[],
                ${of((_, i) => patrons.get(cards[i] ?? '') ?? null)}::bigint[], ${of((row) => row.phone)}::text[], ${of((row) => row.place)}::text[],
                ${of((row) => row.language)}::text[], ${of((row) => dueDateOf(row.due, today))}::date[])
      t (id, kind, items, refused, person, patron_no, phone, place, language, due_on)
    order by t.id
    on conflict (library_no, message_id) do update
    set items = case when n.kind is not null and n.file_no = excluded.file_no then n.items else 0 end + excluded.items, kind = excluded.kind,
        refused = null, file_no = excluded.file_no, received_at = excluded.received_at, person = excluded.person, patron_no = excluded.patron_no,
        phone = excluded.phone, place = excluded.place, language = excluded.language, due_on = excluded.due_on
    where excluded.kind is not null and (n.kind is null or n.phone is not null)
    returning n.message_id as id`,
  )
  const ids = new Set(taken.map(({ id }) => id))
  return new Set(each.map((row) => row.messageId).filter((id) => !ids.has(id)))
}

/** Reads the library through once: of card numbers there is no index. Two cards that meet in one key find nobody. */
async function patronsOfCards(
  scope: Scope<'circulation'>,
  cards: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (cards.length === 0) return new Map()
  const rows = await rowsOf(
    scope,
    sql<{ card: string; patron: string }>`
    select card_key::text as card, min(patron_no)::text as patron from outreach.standing
    where library_no = ${scope.library} and has_card and card_key = any(${cards}::bigint[])
    group by card_key having count(*) = 1`,
  )
  return new Map(rows.map((row) => [row.card, row.patron]))
}

/** Of a dry run: which of these ids were brought before. */
export async function knownNotices(scope: Scope<'circulation'>, ids: readonly string[]): Promise<Set<string>> {
  const rows = await rowsOf(
    scope,
    sql<{ id: string }>`
    select message_id as id from mail.notice where library_no = ${scope.library} and message_id = any(${ids}::text[]) and kind is not null`,
  )
  return new Set(rows.map(({ id }) => id))
}

/** What of a record is kept: a notice, or that it was refused; null of what has no id to know it by. */
export const stagedOf = (row: ItivaRow): StagedRow | null =>
  row.kind === 'notice'
    ? row.notice
    : row.kind === 'refused' && row.messageId !== null
      ? { messageId: row.messageId, refused: row.reason }
      : null
