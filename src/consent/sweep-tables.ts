// How rows that are over are found and deleted: a page at a time, by key wherever the key rises as rows grow younger, so
// that no lock is held for long and no table is read twice.
import { type RawBuilder, sql } from 'kysely'
import { inLibrary, type LibraryNo, type Logins, rowOf, rowsOf, type Scope } from '../db/scope.ts'

/** Rows looked at in one transaction. */
export const PAGE = 1_000

export interface Sweeping {
  logins: Logins
  library: LibraryNo
  olderThan: Date
  dryRun: boolean
  stopping: () => boolean
}

export interface SweptByKey {
  table: string
  /** The rest of the primary key after the library: it rises as the rows grow younger. */
  key: string
  age: string
  /** Rows that stay however old they are. */
  stays?: string
  /** Go with their row, under the same key. */
  with?: readonly string[]
}

/** A table with few rows and a key that says nothing of their age. */
export interface SweptByAge {
  table: string
  age: string
}

export async function sweepByKey(sweeping: Sweeping, table: SweptByKey): Promise<number> {
  let last: string | null = null
  let removed = 0
  while (!sweeping.stopping()) {
    const page = await inLibrary(sweeping.logins, 'circulation', sweeping.library, (scope) =>
      sweepPage(scope, table, { ...sweeping, after: last }),
    )
    removed += page.gone
    // The first page without anything old is the end: what follows is younger still.
    if (page.old === 0) break
    last = page.last
  }
  return removed
}

async function sweepPage(
  scope: Scope<'circulation'>,
  { table, key, age, stays = 'false', with: those = [] }: SweptByKey,
  { olderThan, after, dryRun }: { olderThan: Date; after: string | null; dryRun: boolean },
): Promise<{ old: number; gone: number; last: string | null }> {
  const k = sql.raw(key)
  const from = sql.raw(table)
  const gone = dryRun
    ? sql`gone as (select k from page where old and not stays)`
    : sql`gone as (delete from ${from} using page where library_no = ${scope.library} and ${k} = page.k and page.old and not page.stays returning page.k)`
  const children = sql.join(
    (dryRun ? [] : those).map(
      (child, i) =>
        sql`, ${sql.raw(`children_${i}`)} as (delete from ${sql.raw(child)} c using gone where c.library_no = ${scope.library} and c.${k} = gone.k)`,
    ),
    sql``,
  )
  const row = await rowOf(
    scope,
    sql<{ old: number; gone: number; last: string | null }>`
    with page as materialized (
      select ${k} as k, coalesce(${sql.raw(age)} < ${olderThan}, false) as old, ${sql.raw(stays)} as stays
      from ${from} t where library_no = ${scope.library} and ${after === null ? sql`true` : sql`${k} > ${after}::bigint`}
      order by ${k} limit ${PAGE}
    ), ${gone}${children}
    select count(*) filter (where old)::int as old, (select count(*)::int from gone) as gone, max(k)::text as last from page`,
  )
  return row!
}

export const sweepByAge = (sweeping: Sweeping, { table, age }: SweptByAge): Promise<number> =>
  inPages(sweeping, (scope) => {
    const over = sql`library_no = ${scope.library} and ${sql.raw(age)} < ${sweeping.olderThan}`
    return sweeping.dryRun
      ? sql`select count(*)::int as gone from ${sql.raw(table)} where ${over}`
      : sql`with gone as (delete from ${sql.raw(table)} where ctid = any(array(select ctid from ${sql.raw(table)} where ${over} limit ${PAGE})) returning 1)
            select count(*)::int as gone from gone`
  })

/** Whom mailings of long ago left alone: mailing by mailing, because the lots themselves have no age. */
export async function sweepLots(sweeping: Sweeping): Promise<number> {
  const mailings = await inLibrary(sweeping.logins, 'circulation', sweeping.library, (scope) =>
    rowsOf(
      scope,
      sql<{ no: string }>`
      select campaign_no as no from outreach.campaign
      where library_no = ${scope.library} and launched_at < ${sweeping.olderThan} order by campaign_no`,
    ),
  )
  let removed = 0
  for (const { no } of mailings)
    removed += await inPages(sweeping, (scope) => {
      const theirs = sql`library_no = ${scope.library} and campaign_no = ${no}::bigint`
      return sweeping.dryRun
        ? sql`select count(*)::int as gone from outreach.holdout where ${theirs}`
        : sql`with gone as (delete from outreach.holdout where ${theirs} and patron_no = any(array(
                select patron_no from outreach.holdout where ${theirs} order by patron_no limit ${PAGE})) returning 1)
              select count(*)::int as gone from gone`
    })
  return removed
}

/** Until a page is not full; in a dry run one count says it all. */
async function inPages(
  sweeping: Sweeping,
  page: (scope: Scope<'circulation'>) => RawBuilder<unknown>,
): Promise<number> {
  let removed = 0
  while (!sweeping.stopping()) {
    const row = await inLibrary(sweeping.logins, 'circulation', sweeping.library, (scope) =>
      rowOf(scope, page(scope) as RawBuilder<{ gone: number }>),
    )
    removed += row!.gone
    if (sweeping.dryRun || row!.gone < PAGE) break
  }
  return removed
}
