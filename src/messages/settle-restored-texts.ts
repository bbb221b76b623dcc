// After a restore: texts that the backup shows as waiting or on their way may have left since it was made. What was due by
// then is parked as `unknown` and never sent again; what is due later still leaves.
import { sql } from 'kysely'
import { rowOf, type Scope } from '../db/scope.ts'

/** Returns how many were parked. Doing it again is no harm while the pause stands. */
export async function parkRestoredTexts(
  scope: Scope<'circulation'>,
  restore: { backupOf: Date; at: Date },
): Promise<number> {
  const row = await rowOf(
    scope,
    sql<{ parked: number }>`
    with parked as (
      update mail.text set state = 'unknown'
      where library_no = ${scope.library} and (state = 'handing' or (state = 'waiting' and due_at <= ${restore.at}))
      returning text_no
    ), told as (
      insert into mail.text_event (library_no, text_no, kind, at, code, said)
      select ${scope.library}, text_no, 'unknown', ${restore.at}, 'restored',
             ${`restored from a backup of ${restore.backupOf.toISOString()}, in which this had not left yet; it may have left since`}
      from parked
    )
    select count(*)::int as parked from parked`,
  )
  return row!.parked
}
