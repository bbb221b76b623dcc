// The audit: who looked at whom, and who did what. Each look at a patron leaves an entry in the transaction that looks,
// so there is no look without its entry.
import { sql } from 'kysely'
import type { Scope } from '../db/scope.ts'

export interface AuditEntry {
  /** A member of staff, or the account of the operating system that ran a command. */
  who: string
  /** What was done, as a phrase: 'looked at consent history'. */
  did: string
  /** Numbers and codes of patrons, and what a library says of itself: the audit must not become a second place where names are kept. */
  about: Record<string, string | number | boolean>
}

export async function writeAudit(scope: Scope<'circulation'>, entry: AuditEntry): Promise<void> {
  await sql`
    insert into desk.audit (library_no, who, did, about)
    values (${scope.library}, ${entry.who}, ${entry.did}, ${JSON.stringify(entry.about)}::jsonb)`.execute(scope.tx)
}
