// Names and addresses of the people whose messages were just taken, through the wall: a row only for the purpose that this
// transaction has stated, an address only for the channel agreed to.
import { sql } from 'kysely'
import { rowsOf, type Scope } from '../db/scope.ts'
import type { Line } from './lines.ts'
import type { Mailing } from './mailing.ts'

export interface Taken {
  messageNo: string
  patronNo: string
  email: string
  phone: string
  givenName: string
  preferredName: string
  language: string
  addressShared: boolean
  agreedOn: string
  /** Of the channel that the mailing goes by. */
  addressHash: Buffer
  /** A text: this phone has had none by this line yet. */
  isFirst: boolean
}

/**
 * Each is looked up by key (`limit 1` keeps the planner to it): whoever joins the view instead reads the whole library
 * for every take, because nothing is known about how many pass its mask.
 */
export async function identifyTaken(
  scope: Scope<'outreach'>,
  { mailing, timezone, line, messages }: { mailing: Mailing; timezone: string; line: Line | null; messages: string[] },
): Promise<Taken[]> {
  const hash = sql.ref(mailing.channel === 'sms' ? 's.phone_hash' : 's.email_hash')
  const isFirst =
    line === null
      ? sql<boolean>`false`
      : sql<boolean>`not exists (select from mail.message e where e.library_no = ${scope.library} and e.phone_hash = s.phone_hash
          and e.line_no = ${line.lineNo} and e.message_no <> m.message_no and e.state in ('accepted', 'delivered', 'unknown'))`
  return rowsOf(
    scope,
    sql<Taken>`
    select m.message_no as "messageNo", m.patron_no as "patronNo", coalesce(r.email, '') as email, coalesce(r.phone, '') as phone,
           coalesce(r.given_name, '') as "givenName",
           coalesce(r.preferred_name, '') as "preferredName", coalesce(r.language, '') as language, coalesce(r.address_shared, true) as "addressShared",
           coalesce(${hash}, '') as "addressHash", ${isFirst} as "isFirst",
           coalesce(to_char((select max(l.decided_at) at time zone ${timezone} from outreach.ledger l where l.library_no = m.library_no and l.patron_no = m.patron_no
              and l.decision = 'grant' and l.purpose = ${mailing.purpose} and l.channel in (${mailing.channel}, 'all')), 'YYYY-MM-DD'), '') as "agreedOn"
    from unnest(${messages}::bigint[]) t (message_no)
    cross join lateral (select * from mail.message where library_no = ${scope.library} and message_no = t.message_no limit 1) m
    left join lateral (select email_hash, phone_hash from outreach.standing where library_no = ${scope.library} and patron_no = m.patron_no limit 1) s on true
    left join lateral (select * from roster.reachable where library_no = ${scope.library} and patron_no = m.patron_no limit 1) r on true`,
  )
}
