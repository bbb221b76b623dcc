// What a reader sees by the links of a message: why it came, and what was asked for since. Who holds a link may not be the
// one it was made for, so nothing here tells a name or a whole address; and who reads a mailbox that its person has left
// learns nothing of what they chose since.
import { sql } from 'kysely'
import { inLibrary, type Logins, rowOf, type Scope } from '../db/scope.ts'
import type { MessageLink } from '../lib/signed-links.ts'
import type { Library } from '../patrons/library.ts'
import { maskOf, type Purpose, purposeOfBit } from './purposes.ts'

export interface LinkRecord {
  /** Of the patron, as the library knows it; null for somebody since erased. */
  language: string | null
  /** "r•••@example.org"; null when we keep no address, or another one than the message went to. */
  maskedAddress: string | null
  /** The yes that the message rested on, with the words that were shown. */
  yes: { decidedAt: Date; method: string; said: string | null } | null
  stopped: boolean
  pausedUntil: Date | null
}

interface Reader {
  language: string
  email: string | null
  refused: boolean
  pausedUntil: Date | null
}

/**
 * To a mailbox that its person has left, what held when the message was sent and nothing since: who reads on there may be
 * the very one they left.
 */
export async function readLinkRecord(
  logins: Logins,
  library: Library,
  link: MessageLink,
  now: Date,
): Promise<LinkRecord> {
  const purpose = purposeOfBit(link.purpose)
  return inLibrary(logins, 'circulation', library.libraryNo, async (scope) => {
    const reader = await rowOf(
      scope,
      sql<Reader>`
      select coalesce(s.own_language, s.language) as language, i.email,
             s.refused_email & ${maskOf(purpose ?? 'all')}::bigint <> 0 as refused,
             case when s.paused_until > ${now} then s.paused_until end as "pausedUntil"
      from outreach.standing s left join roster.identity i on i.library_no = s.library_no and i.patron_no = s.patron_no
      where s.library_no = ${scope.library} and s.patron_no = ${link.patron}::bigint and s.email_hash = ${link.addressHash}`,
    )
    const yes = await yesOf(scope, link, purpose, { whileTheirs: reader !== null })
    if (reader === null && (await isSomebody(scope, link)))
      return { language: null, maskedAddress: null, yes, stopped: false, pausedUntil: null }
    const suppressed = await rowOf(
      scope,
      sql`select 1 from outreach.suppression
          where library_no = ${scope.library} and channel = 'email' and address_hash = ${link.addressHash} and lifted_at is null
            and reason = 'stopped' and purposes & ${maskOf(purpose ?? 'all')}::bigint <> 0 limit 1`,
    )
    return {
      language: reader?.language ?? null,
      maskedAddress: reader?.email ? maskAddress(reader.email) : null,
      yes,
      stopped: suppressed !== null || (reader?.refused ?? false),
      pausedUntil: reader?.pausedUntil ?? null,
    }
  })
}

/** Of the time of the message; while the address is still theirs, of today where the message is not kept any more. */
const yesOf = (
  scope: Scope<'circulation'>,
  link: MessageLink,
  purpose: Purpose | null,
  { whileTheirs }: { whileTheirs: boolean },
) =>
  rowOf(
    scope,
    sql<NonNullable<LinkRecord['yes']>>`
    select l.decided_at as "decidedAt", l.method,
           (select w.said from outreach.wording w where w.library_no = l.library_no and w.wording_id = l.wording_id) as said
    from outreach.ledger l
    where l.library_no = ${scope.library} and l.patron_no = ${link.patron}::bigint and l.decision = 'grant'
      and l.purpose = ${purpose} and l.channel in ('email', 'all')
      and l.decided_at <= coalesce((select m.due_at from mail.message m where m.library_no = l.library_no
            and m.message_no = ${link.message}::bigint and m.patron_no = l.patron_no), ${whileTheirs ? 'infinity' : '-infinity'}::timestamptz)
    order by l.decided_at desc, l.entry_no desc limit 1`,
  )

/** Somebody we still know, by whatever address. */
const isSomebody = async (scope: Scope<'circulation'>, link: MessageLink): Promise<boolean> =>
  (await rowOf(
    scope,
    sql`select 1 from outreach.standing where library_no = ${scope.library} and patron_no = ${link.patron}::bigint`,
  )) !== null

/** "rosa@example.org" → "r•••@example.org": enough to know one's own, too little to learn another's. */
export const maskAddress = (email: string): string => email.replace(/^(.)[^@]*/u, '$1•••')
