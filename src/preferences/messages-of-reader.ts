// What was sent to one reader in the last year, or held back, each with its reason: the yes it rested on, or the rules
// that stood against it. Read for the reader alone, who has proved that the mailbox is theirs.
import { sql } from 'kysely'
import type { Purpose } from '../consent/purposes.ts'
import { inLibrary, type Logins, rowsOf } from '../db/scope.ts'
import type { Library } from '../patrons/library.ts'
import type { PreferenceWords } from '../words/shape.ts'

export type MessageFate = keyof PreferenceWords['own']['states']

export interface ReaderMessage {
  at: Date
  purpose: Purpose
  /** In the reader's language where the letter has it, and free of fields; null when it has none of that kind. */
  subject: string | null
  fate: MessageFate
  /** Codes of the rules that held it back. */
  reasons: string[]
  /** When the yes was said that it rested on. */
  agreedAt: Date | null
}

const fates: Record<string, MessageFate> = {
  waiting: 'waits',
  handing: 'waits',
  accepted: 'left',
  delivered: 'left',
  bounced: 'came back',
  failed: 'failed',
  withheld: 'held back',
  cancelled: 'cancelled',
  unknown: 'unclear',
}

export async function messagesOfReader(
  logins: Logins,
  library: Library,
  asked: { patron: string; language: string; now: Date },
): Promise<ReaderMessage[]> {
  const rows = await inLibrary(logins, 'circulation', library.libraryNo, (scope) =>
    rowsOf(
      scope,
      sql<Omit<ReaderMessage, 'fate'> & { state: string }>`
      select coalesce(e.at, m.due_at) as at, m.purpose, m.state, coalesce(m.reasons, '{}') as reasons,
             coalesce(c.letter->'wordings'->${asked.language}->>'subject', c.letter->'wordings'->${library.language}->>'subject') as subject,
             (select max(l.decided_at) from outreach.ledger l where l.library_no = m.library_no and l.patron_no = m.patron_no
                and l.decision = 'grant' and l.purpose = m.purpose and l.channel in (m.channel, 'all')
                and l.decided_at <= coalesce(e.at, m.due_at)) as "agreedAt"
      from mail.message m
      left join outreach.campaign c on c.library_no = m.library_no and c.campaign_no = m.campaign_no
      left join lateral (select max(at) as at from mail.event e where e.library_no = m.library_no and e.message_no = m.message_no) e on true
      where m.library_no = ${scope.library} and m.patron_no = ${asked.patron}::bigint
        and coalesce(e.at, m.due_at) > ${asked.now}::timestamptz - interval '1 year'
      order by 1 desc limit 200`,
    ),
  )
  return rows.map(({ state, subject, ...row }) => ({
    ...row,
    subject: subject === null || /\{\{/.test(subject) ? null : subject,
    fate: fates[state] ?? 'unclear',
  }))
}
