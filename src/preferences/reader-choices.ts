// How a reader's choices stand right now, as their own page shows them: what they said, less what a stop of the address
// has ended since, whoever of the household said it.
import { sql } from 'kysely'
import { maskAddress } from '../consent/link-record.ts'
import { type CHANNELS, PURPOSES } from '../consent/purposes.ts'
import type { Pace } from '../consent/wishes.ts'
import { inLibrary, type Logins, rowOf } from '../db/scope.ts'
import type { MessageLink } from '../lib/signed-links.ts'
import type { Library } from '../patrons/library.ts'
import { type Offer, readPublicPage } from '../signups/offer.ts'
import { allChoices, type ChoiceKey } from './offered.ts'

export interface ReaderChoices {
  /** Of the patron file, or the reader's own. */
  language: string
  ownLanguage: string | null
  /** Whole: for sending to it, never for showing. Null when it is not kept. */
  email: string | null
  maskedAddress: string | null
  /** Whole, like the email. Of a cardholder the one on the card. */
  phone: string | null
  yes: ReadonlySet<ChoiceKey>
  /** Mask of the topics that the yeses name. */
  topics: bigint
  /** What the library offers to be chosen. */
  offers: readonly Offer[]
  pausedUntil: Date | null
  paceDays: Pace | null
  /** Silent until staff have looked, because somebody told us of a move, a mistake or a death. */
  waitsForStaff: boolean
}

interface Row {
  language: string
  ownLanguage: string | null
  email: string | null
  phone: string | null
  pausedUntil: Date | null
  paceDays: Pace | null
  waitsForStaff: boolean
  stopped: string
  topics: string
  agreedEmail: string
  agreedSms: string
  agreedPost: string
}

/** Null for somebody whom we no longer know, and for a mailbox that its person has left: who reads on there learns nothing. */
export async function readChoices(
  logins: Logins,
  library: Library,
  link: MessageLink,
  now: Date,
): Promise<ReaderChoices | null> {
  const { row, offers } = await inLibrary(logins, 'circulation', library.libraryNo, async (scope) => ({
    offers: (await readPublicPage(scope, library)).offers,
    row: await rowOf(
      scope,
      sql<Row>`
      select coalesce(s.own_language, s.language) as language, s.own_language as "ownLanguage",
             i.email, i.phone,
             case when s.paused_until > ${now} then s.paused_until end as "pausedUntil", s.own_pace_days as "paceDays", s.topics,
             s.agreed_email as "agreedEmail", s.agreed_sms as "agreedSms", s.agreed_post as "agreedPost",
             coalesce(x.stopped, 0) as stopped, coalesce(x.waits, false) as "waitsForStaff"
      from outreach.standing s
      left join roster.identity i on i.library_no = s.library_no and i.patron_no = s.patron_no
      cross join lateral (
        select bit_or(purposes) filter (where reason = 'stopped') as stopped, bool_or(reason = 'life-event') as waits
        from outreach.suppression where library_no = ${scope.library} and channel = 'email' and lifted_at is null
          and address_hash = s.email_hash) x
      where s.library_no = ${scope.library} and s.patron_no = ${link.patron}::bigint and s.email_hash = ${link.addressHash}`,
    ),
  }))
  if (row === null) return null
  const { stopped, topics, agreedEmail, agreedSms, agreedPost, ...facts } = row
  const agreed = { email: BigInt(agreedEmail) & ~BigInt(stopped), sms: BigInt(agreedSms), post: BigInt(agreedPost) }
  const yes = allChoices.filter((key) => {
    const [purpose, channel] = key.split('/') as [keyof typeof PURPOSES, (typeof CHANNELS)[number]]
    return ((agreed[channel] >> BigInt(PURPOSES[purpose].bit)) & 1n) === 1n
  })
  return {
    ...facts,
    maskedAddress: row.email && maskAddress(row.email),
    yes: new Set(yes),
    topics: BigInt(topics),
    offers,
  }
}
