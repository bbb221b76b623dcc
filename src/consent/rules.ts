// The rules of the gate, one row each: a code, what it says to a person, the SQL that decides it and the facts it looks
// at. Preview, launch, take and "why?" read this one list. A rule only ever withholds: what no rule withholds is sent,
// and the first rule is that without a yes nothing is.
import { type RawBuilder, sql } from 'kysely'
import type { Asked } from './gate-question.ts'
import { PURPOSES } from './purposes.ts'

/** Goes with each recorded decision; raise it when a rule changes its meaning. */
export const RULES_VERSION = 3

/** Columns of a standing row (alias s) or of the suppressions (alias x) that explain a rule's answer. */
type Fact =
  | 'agreed'
  | 'agreed_on'
  | 'refused'
  | 'status'
  | 'missing'
  | 'minor_until'
  | 'expires_on'
  | 'email_given'
  | 'email_usable'
  | 'phone_usable'
  | 'identity_known'
  | 'stopped'
  | 'bounced'
  | 'complained'
  | 'by_staff'
  | 'life_event'
  | 'paused_until'
  | 'own_pace_days'
  | 'prompted_at'
  | 'prompts_unanswered'
  | 'unasked_at'
  | 'unasked_before_at'

export interface Rule {
  code: string
  /** Why somebody is withheld, as it stands in a report: "… people: <says>". */
  says: string
  /** What it means when the rule lets a person pass. */
  passes: string
  /** The same of somebody whom another rule holds back for their no. */
  passesRefusal?: string
  facts: readonly Fact[]
  only?: Circumstance
  /** True = withheld. Never null. */
  withholds: (asked: Asked) => RawBuilder<boolean>
}

const never = sql<boolean>`false`
const heldByBudget = (asked: Asked) => PURPOSES[asked.question.purpose].unasked
const sinceDays = ({ ownTry, question }: Asked, column: string, days: number) =>
  sql<boolean>`(not ${ownTry} and coalesce(${sql.ref(column)} > ${new Date(question.now.getTime() - days * 86_400_000)}::timestamptz, false))`

/**
 * What most people are spared: a rule that belongs to one of these can withhold only somebody of whom it is true, so the
 * rest are asked one question for all of its rules. (Of a million people it took a preview a tenth of its time.)
 */
export const CIRCUMSTANCES = {
  'address on a list': sql<boolean>`x.address_hash is not null`,
  'card not in order': sql<boolean>`s.status <> 'active'`,
  'paused or written to': sql<boolean>`(s.paused_until is not null or s.unasked_at is not null or s.unasked_before_at is not null or s.prompted_at is not null or s.prompts_unanswered > 0)`,
} as const
export type Circumstance = keyof typeof CIRCUMSTANCES

export const RULES: readonly Rule[] = [
  {
    code: 'NEVER_SAID_YES',
    says: 'have not said yes to this; whoever did not answer is left alone',
    passes: 'has said yes to this',
    passesRefusal: 'has answered this, and not with a yes',
    facts: ['agreed'],
    withholds: (q) => sql`(${q.agreed} & ${q.bit} = 0 and ${q.refused} & ${q.bit} = 0)`,
  },
  {
    code: 'SAID_NO',
    says: 'said no to this, or stopped it',
    passes: 'has not said no to this',
    facts: ['refused'],
    withholds: (q) => sql`(${q.refused} & ${q.bit} <> 0)`,
  },
  {
    code: 'CONSENT_TOO_OLD',
    says: 'said yes so long ago that it no longer counts at this library',
    passes: 'has no yes that is too old at this library',
    facts: ['agreed', 'agreed_on'],
    withholds: (q) => {
      const months = q.question.library.consentMonths
      return months === null
        ? never
        : sql`(${q.agreed} & ${q.bit} <> 0 and coalesce(${q.agreedOn} < ${q.today} - ${sql.lit(months)} * interval '1 month', false))`
    },
  },
  {
    code: 'DIED',
    says: 'have died, says the patron file',
    passes: 'is not marked as having died',
    facts: ['status'],
    only: 'card not in order',
    withholds: () => sql`(s.status = 'deceased')`,
  },
  {
    code: 'MINOR',
    says: 'are minors; outreach never writes to children',
    passes: 'is an adult',
    facts: ['minor_until'],
    withholds: (q) => sql`coalesce(s.minor_until > ${q.today}, false)`,
  },
  {
    code: 'CARD_BARRED',
    says: 'have a barred card; that is for the desk to talk about first',
    passes: 'has no barred card',
    facts: ['status'],
    only: 'card not in order',
    withholds: () => sql`(s.status = 'barred')`,
  },
  {
    code: 'CARD_CLOSED',
    says: 'have closed their card',
    passes: 'has an open card',
    facts: ['status'],
    only: 'card not in order',
    withholds: () => sql`(s.status = 'closed')`,
  },
  {
    code: 'CARD_EXPIRED',
    says: 'have an expired card; what the note offers would not work for them',
    passes: 'has a card that is valid today',
    facts: ['expires_on'],
    withholds: (q) => sql`coalesce(s.expires_on < ${q.today}, false)`,
  },
  {
    code: 'LEFT_THE_FILE',
    says: 'were missing from the last two full patron files',
    passes: 'is in the patron file',
    facts: ['missing'],
    withholds: () => sql`(s.missing >= 2)`,
  },
  {
    code: 'NO_ADDRESS',
    says: 'have given no email address',
    passes: 'has given an email address',
    facts: ['email_given'],
    withholds: (q) => (q.question.channel === 'email' ? sql`(not s.email_given)` : never),
  },
  {
    code: 'ADDRESS_UNUSABLE',
    says: 'have something in the email column that is no email address',
    passes: 'has nothing in the email column that is no email address',
    facts: ['email_usable'],
    withholds: (q) => (q.question.channel === 'email' ? sql`(s.email_given and not ${q.usable})` : never),
  },
  {
    code: 'NO_PHONE',
    says: 'have given no telephone number that a text could reach',
    passes: 'has given a telephone number',
    facts: ['phone_usable'],
    // What stands in the file and is no number is taken for none when it is read in.
    withholds: (q) => (q.question.channel === 'sms' ? sql`(not ${q.usable})` : never),
  },
  {
    code: 'ADDRESS_NOT_KNOWN_YET',
    says: 'agreed after the last patron file came in; their address comes with the next one',
    passes: 'is not waiting for the next patron file to bring their address',
    facts: ['identity_known'],
    withholds: (q) => sql`(${q.agreed} & ${q.bit} <> 0 and ${q.usable} and not s.identity_known)`,
  },
  {
    code: 'STOPPED',
    says: 'share an address or a number from which somebody asked us to stop',
    passes: 'has no address or number from which somebody asked us to stop',
    facts: ['stopped'],
    only: 'address on a list',
    withholds: () => sql`coalesce(x.stopped, false)`,
  },
  {
    code: 'BOUNCED',
    says: 'have an address or a number that messages came back from',
    passes: 'has no address or number that messages came back from',
    facts: ['bounced'],
    only: 'address on a list',
    withholds: () => sql`coalesce(x.bounced, false)`,
  },
  {
    code: 'COMPLAINED',
    says: 'have an address from which a message of ours was reported as spam',
    passes: 'has no address from which a message was reported as spam',
    facts: ['complained'],
    only: 'address on a list',
    withholds: () => sql`coalesce(x.complained, false)`,
  },
  {
    code: 'DO_NOT_WRITE',
    says: 'have an address that staff put on the do-not-write list',
    passes: 'has no address on the do-not-write list',
    facts: ['by_staff'],
    only: 'address on a list',
    withholds: () => sql`coalesce(x.by_staff, false)`,
  },
  {
    code: 'LIFE_EVENT',
    says: 'have an address of which a reader told us that its person moved, died or is somebody else; staff have to look first',
    passes: 'has no address that waits for staff to look',
    facts: ['life_event'],
    only: 'address on a list',
    withholds: () => sql`coalesce(x.life_event, false)`,
  },
  {
    code: 'PAUSED',
    says: 'asked us to pause for now',
    passes: 'has not asked for a pause',
    facts: ['paused_until'],
    only: 'paused or written to',
    withholds: (q) => sql`coalesce(s.paused_until > ${q.now}, false)`,
  },
  {
    code: 'OWN_PACE',
    says: 'chose a slower pace for themselves, and had a message within it',
    passes: 'has had no message within the pace they chose, or chose none',
    facts: ['own_pace_days', 'unasked_at'],
    only: 'paused or written to',
    // Of any purpose and any of the household: the mailbox is one, and whoever asks for less means all of it.
    withholds: (q) =>
      sql`(not ${q.ownTry} and s.own_pace_days is not null and s.unasked_at is not null and s.unasked_at > ${q.now} - s.own_pace_days * interval '24 hours')`,
  },
  {
    code: 'PROMPTED_LATELY',
    says: 'had such a note not long ago',
    passes: 'has had no such note lately',
    facts: ['prompted_at'],
    only: 'paused or written to',
    withholds: (q) =>
      q.question.purpose === 'reengagement' ? sinceDays(q, 's.prompted_at', q.question.library.promptEveryDays) : never,
  },
  {
    code: 'PROMPTS_UNANSWERED',
    says: 'had their last notes without any sign of life; no more until the card is used again',
    passes: 'has not had the most notes we send without a sign of life',
    facts: ['prompts_unanswered'],
    only: 'paused or written to',
    withholds: (q) =>
      q.question.purpose === 'reengagement'
        ? sql`(not ${q.ownTry} and s.prompts_unanswered >= ${sql.lit(q.question.library.promptsWithoutLife)})`
        : never,
  },
  {
    code: 'ENOUGH_THIS_MONTH',
    says: 'had as many unasked messages as anybody gets in 30 days',
    passes: 'has had fewer unasked messages in 30 days than anybody gets at most',
    facts: ['unasked_at', 'unasked_before_at'],
    only: 'paused or written to',
    withholds: (q) =>
      heldByBudget(q)
        ? sinceDays(q, q.question.library.unaskedIn30Days === 1 ? 's.unasked_at' : 's.unasked_before_at', 30)
        : never,
  },
]

/** Left to the one who chooses among a household's people: not a fact of one person. */
export const HOUSEHOLD = {
  code: 'HOUSEHOLD',
  says: 'share an address or a number with somebody who is written to; a household gets one note',
  passes: 'is the one of the household who is written to',
} as const

/** Asked again at the last moment: the person no longer belongs to the group that the mailing was for. */
export const NO_LONGER_CHOSEN = {
  code: 'NO_LONGER_CHOSEN',
  says: 'no longer belong to the group this mailing is for (they used their card, or moved)',
  passes: 'belongs to the group this mailing is for',
} as const
