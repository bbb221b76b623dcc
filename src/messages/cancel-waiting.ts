// Takes back what a cancelled campaign still has waiting. Asked twice: when it is cancelled, and when a message comes
// back to it later, put off by a mail server or given back by a process that died.
import { sql } from 'kysely'
import type { Scope } from '../db/scope.ts'

export async function cancelWaiting(scope: Scope<'outreach'>, campaignNo: string): Promise<void> {
  await sql`update mail.message set state = 'cancelled'
            where library_no = ${scope.library} and campaign_no = ${campaignNo}::bigint and state = 'waiting'`.execute(
    scope.tx,
  )
}
