// Why we write: the fixed list of purposes, their legal basis and how they meet the frequency budget. A purpose's
// number is its bit in every mask and stands in links for years: never renumber. Which purposes are `service` is fixed
// here and not a setting; fundraising never is one.

export const CHANNELS = ['email', 'sms', 'post'] as const
export type Channel = (typeof CHANNELS)[number]

interface PurposeFacts {
  bit: number
  basis: 'service' | 'consent'
  /** Sent without the person having chosen a pace: held back by the frequency budget. Others count, and are not held back. */
  unasked: boolean
  /** To a person on a screen. */
  says: string
}

export const PURPOSES = {
  notice: { bit: 0, basis: 'service', unasked: false, says: 'notices about your own loans and holds' },
  card: { bit: 1, basis: 'service', unasked: false, says: 'news about your library card' },
  reengagement: { bit: 2, basis: 'consent', unasked: true, says: 'a note now and then' },
  'new-titles': { bit: 3, basis: 'consent', unasked: false, says: 'new titles' },
  events: { bit: 4, basis: 'consent', unasked: false, says: 'events' },
  fundraising: { bit: 5, basis: 'consent', unasked: true, says: 'requests for gifts' },
} as const satisfies Record<string, PurposeFacts>

export type Purpose = keyof typeof PURPOSES

export const purposeNames = Object.keys(PURPOSES) as Purpose[]

/** Every purpose that rests on consent: what "no more" covers. Notices are never touched by it. */
export const CONSENT_MASK: number = purposeNames.reduce(
  (mask, name) => (PURPOSES[name].basis === 'consent' ? mask | (1 << PURPOSES[name].bit) : mask),
  0,
)

export const maskOf = (purpose: Purpose | 'all'): number =>
  purpose === 'all' ? CONSENT_MASK : 1 << PURPOSES[purpose].bit

export const purposeOfBit = (bit: number): Purpose | null =>
  purposeNames.find((name) => PURPOSES[name].bit === bit) ?? null

/** The purposes that rest on consent in a mask; -1 is all. */
export const purposesIn = (mask: bigint): Purpose[] =>
  purposeNames.filter(
    (name) => PURPOSES[name].basis === 'consent' && (mask & (1n << BigInt(PURPOSES[name].bit))) !== 0n,
  )
