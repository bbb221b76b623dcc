// The question that the gate answers: may we write to these people, for this purpose, by this channel, now? Everything
// a rule may look at, as SQL: preview, launch, take and "why?" each bring their own rows and read the same rules.
import { type RawBuilder, sql } from 'kysely'
import { dateIn } from '../lib/clock.ts'
import type { Library } from '../patrons/library.ts'
import { type Channel, PURPOSES, type Purpose } from './purposes.ts'

export interface Question {
  library: Library
  purpose: Purpose
  channel: Channel
  now: Date
}

/**
 * A question in SQL terms. Rules read a standing row under the alias `s` and the suppressions in force for its address
 * under the alias `x` (suppressionsInForce), and nothing else.
 */
export interface Asked {
  question: Question
  bit: RawBuilder<number>
  agreed: RawBuilder<number>
  refused: RawBuilder<number>
  /** Whether there is an address, or a number, that the channel could reach. */
  usable: RawBuilder<boolean>
  /** The keyed hash under which suppressions of the channel are kept. */
  addressHash: RawBuilder<Buffer | null>
  /** The day of the oldest yes in force for the channel; null where there is none. */
  agreedOn: RawBuilder<string | null>
  /** An instant, sent once as a parameter and never `now()`: every rule sees one time, and tests can set it. */
  now: RawBuilder<Date>
  today: RawBuilder<string>
  /** True where this message itself drew on the budget in an earlier try, which must not hold back its second one. */
  ownTry: RawBuilder<boolean>
}

/** Letters by post are not built: the gate knows no address for them. */
const addressOf: Record<Channel, Pick<Asked, 'usable' | 'addressHash'>> = {
  email: { usable: sql`s.email_usable`, addressHash: sql`s.email_hash` },
  sms: { usable: sql`(s.phone_hash is not null)`, addressHash: sql`s.phone_hash` },
  post: { usable: sql`true`, addressHash: sql`null::bytea` },
}

export function ask(question: Question, ownTry: RawBuilder<boolean> = sql`false`): Asked {
  return {
    question,
    bit: sql`${sql.lit(1 << PURPOSES[question.purpose].bit)}::bigint`,
    agreed: sql.ref(`s.agreed_${question.channel}`),
    refused: sql.ref(`s.refused_${question.channel}`),
    ...addressOf[question.channel],
    agreedOn: sql.ref(`s.agreed_${question.channel}_on`),
    now: sql`${question.now}::timestamptz`,
    today: sql`${dateIn(question.library.timezone, question.now)}::date`,
    ownTry,
  }
}

const inForce = (asked: Asked) => sql`
  select bool_or(reason = 'stopped') as stopped, bool_or(reason = 'bounced') as bounced,
         bool_or(reason = 'complained') as complained, bool_or(reason = 'staff') as by_staff,
         bool_or(reason = 'life-event') as life_event, address_hash
  from outreach.suppression
  where library_no = ${asked.question.library.libraryNo} and lifted_at is null and channel = ${asked.question.channel}
    and purposes & ${asked.bit} <> 0`

/** All suppressions in force, one row an address, for many patrons: join it as `x` on x.address_hash = asked.addressHash. */
export const suppressionsInForce = (asked: Asked): RawBuilder<unknown> => sql`(${inForce(asked)} group by address_hash)`

/**
 * The same for the address of the row `s` alone, by key, for few patrons: join it lateral, as `x`, on true. Headcount
 * keeps the address of whoever agreed to nothing by this channel from outreach, so nobody else may tell a reason from it either.
 */
export const suppressionOfRow = (asked: Asked): RawBuilder<unknown> =>
  sql`(${inForce(asked)} and address_hash = ${asked.addressHash} and ${asked.agreed} <> 0 group by address_hash)`
