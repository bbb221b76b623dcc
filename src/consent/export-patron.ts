// Everything that is held about one patron, as one plain object: what a person gets who asks "what do you know about me?".
// It names each kind of record, from when and until when it is kept. Whoever lets somebody see it writes the audit entry
// in the same transaction.
import { sql } from 'kysely'
import { rowOf, rowsOf, type Scope } from '../db/scope.ts'
import type { Library } from '../patrons/library.ts'
import {
  type AnswerRecord,
  answersOf,
  type LeftAlone,
  leftAloneOf,
  type MessageRecord,
  messagesOf,
  type TextRecord,
  textsOf,
} from './export-mail.ts'
import { choicesOf, type LedgerEntry, type PatronNo } from './ledger.ts'
import { type PastWish, wishesOf } from './preferences.ts'
import { type Channel, type Purpose, purposesIn } from './purposes.ts'
import { type Existing, whatExists } from './what-exists.ts'

export interface PatronRecord {
  library: { key: string; name: string }
  patronNo: PatronNo
  takenAt: Date
  /** Null when no name and no address is kept: of somebody who agreed to nothing, or was erased. */
  identity: Identity | null
  /** What the patron file says, without a name; null of somebody who is in none. */
  facts: Facts | null
  /** Every choice with the words that were seen and the evidence opened, oldest first. */
  choices: LedgerEntry[]
  /** How often and in which language, oldest first. */
  wishes: PastWish[]
  messages: MessageRecord[]
  /** Codes, links and receipts that answered what somebody did at this address. */
  answers: AnswerRecord[]
  texts: TextRecord[]
  leftAlone: LeftAlone[]
  tasks: TaskRecord[]
  /** Addresses of this person that must not be written to. */
  doNotWrite: { channel: Channel; purposes: Purpose[]; reason: string; since: Date; liftedAt: Date | null }[]
  erasedAt: Date | null
  /** Each class of which something exists; pages have the sentences for it. */
  kept: Existing[]
}

export interface Identity {
  givenName: string
  familyName: string
  preferredName: string
  email: string | null
  phone: string | null
  addressLine1: string
  addressLine2: string
  city: string
  region: string
  postalCode: string
  country: string
  learnedAt: Date
}

export interface Facts {
  patronId: string | null
  guardianId: string | null
  branch: string
  category: string
  language: string
  status: string
  /** 'YYYY-MM'; the day is not kept. */
  lastUse: string | null
  expiresOn: string | null
  minorUntil: string | null
  emailGiven: boolean
  phoneGiven: boolean
  addressShared: boolean
  missingFiles: number
  pausedUntil: Date | null
  promptedAt: Date | null
  promptsUnanswered: number
  unaskedAt: Date | null
}

/** What staff have or had to settle about somebody; the reader's own words go when it is closed. */
export interface TaskRecord {
  kind: string
  said: string | null
  state: 'open' | 'closed'
  openedAt: Date
  /** ISO date. */
  due: string
  closedAt: Date | null
}

export async function exportPatron(
  scope: Scope<'circulation'>,
  library: Library,
  patron: PatronNo,
  now: Date,
): Promise<PatronRecord> {
  const identity = await rowOf(
    scope,
    sql<Identity>`
    select given_name as "givenName", family_name as "familyName", preferred_name as "preferredName", email, phone,
           address_line1 as "addressLine1", address_line2 as "addressLine2", city, region, postal_code as "postalCode", country,
           learned_at as "learnedAt"
    from roster.identity where library_no = ${scope.library} and patron_no = ${patron}::bigint`,
  )
  const facts = await factsOf(scope, patron)
  const choices = await choicesOf(scope, patron)
  const rest = {
    wishes: await wishesOf(scope, patron),
    messages: await messagesOf(scope, patron, choices, now),
    answers: await answersOf(scope, patron, now),
    texts: await textsOf(scope, patron, now),
    leftAlone: await leftAloneOf(scope, patron),
    tasks: await tasksOf(scope, patron),
    doNotWrite: await doNotWriteOf(scope, patron),
  }
  const erased = await rowOf(
    scope,
    sql<{
      at: Date
    }>`select erased_at as at from outreach.erasure where library_no = ${scope.library} and patron_no = ${patron}::bigint`,
  )
  const kept = (await whatExists(scope, patron)).filter((one) => one.records > 0)
  return {
    library: { key: library.key, name: library.name },
    patronNo: patron,
    takenAt: now,
    identity,
    facts,
    choices,
    ...rest,
    erasedAt: erased?.at ?? null,
    kept,
  }
}

/** There is no index from a number to an id, so this reads the roster once; people ask for it one by one. */
const factsOf = (scope: Scope<'circulation'>, patron: PatronNo) =>
  rowOf(
    scope,
    sql<Facts>`
    select p.patron_id as "patronId", p.guardian_id as "guardianId", s.branch, s.category, s.language, s.status,
           to_char(make_date(s.last_use / 12, s.last_use % 12 + 1, 1), 'YYYY-MM') as "lastUse", s.expires_on as "expiresOn",
           s.minor_until as "minorUntil", s.email_given as "emailGiven", s.phone_given as "phoneGiven",
           s.address_shared or exists (
             select from outreach.standing o where o.library_no = s.library_no and o.email_hash = s.email_hash and o.patron_no <> s.patron_no
               and (o.agreed_email <> 0 or o.refused_email <> 0 or o.agreed_sms <> 0 or o.refused_sms <> 0 or o.agreed_post <> 0 or o.refused_post <> 0)
           ) as "addressShared", s.missing as "missingFiles", s.paused_until as "pausedUntil",
           s.prompted_at as "promptedAt", s.prompts_unanswered as "promptsUnanswered", s.unasked_at as "unaskedAt"
    from outreach.standing s left join roster.patron p on p.library_no = s.library_no and p.patron_no = s.patron_no
    where s.library_no = ${scope.library} and s.patron_no = ${patron}::bigint`,
  )

const tasksOf = (scope: Scope<'circulation'>, patron: PatronNo) =>
  rowsOf(
    scope,
    sql<TaskRecord>`
    select kind, said, state, opened_at as "openedAt", to_char(due, 'YYYY-MM-DD') as due, closed_at as "closedAt"
    from desk.task where library_no = ${scope.library} and patron_no = ${patron}::bigint order by task_no`,
  )

async function doNotWriteOf(scope: Scope<'circulation'>, patron: PatronNo): Promise<PatronRecord['doNotWrite']> {
  const rows = await rowsOf(
    scope,
    sql<{ channel: Channel; mask: string; reason: string; since: Date; liftedAt: Date | null }>`
    select x.channel, x.purposes as mask, x.reason, x.since, x.lifted_at as "liftedAt"
    from outreach.standing s
    cross join lateral (values ('email', s.email_hash), ('sms', s.phone_hash)) a (channel, address_hash)
    join outreach.suppression x on x.library_no = s.library_no and x.channel = a.channel and x.address_hash = a.address_hash
    where s.library_no = ${scope.library} and s.patron_no = ${patron}::bigint order by x.since`,
  )
  return rows.map(({ mask, ...row }) => ({ ...row, purposes: purposesIn(BigInt(mask)) }))
}
