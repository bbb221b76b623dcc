// What a library offers to be sent: a purpose by a channel, in its exact words in every language, with how often and how
// to leave, and topics within it. A library that has set none offers the three that come with the program, by e-mail: what
// nothing sends yet is never offered unasked.
import { sql } from 'kysely'
import { CHANNELS, type Channel, type Purpose } from '../consent/purposes.ts'
import { rowOf, rowsOf, type Scope } from '../db/scope.ts'
import { linesOf } from '../messages/lines.ts'
import type { Library } from '../patrons/library.ts'
import { type Language, languages, wordsOf } from '../words/languages.ts'

export interface OfferWords {
  /** What it is, in a few words, beside the box. */
  title: string
  /** The question with how often at most and how to leave. */
  says: string
}

export interface Topic {
  key: string
  /** Its bit in every mask; never reused. */
  bit: number
  labels: Record<Language, string>
}

export interface Offer {
  purpose: Purpose
  channel: Channel
  words: Record<Language, OfferWords>
  topics: Topic[]
}

export interface JoinPage {
  offers: Offer[]
  publicRecords: boolean
  /** Websites that may show the form in a frame. */
  origins: string[]
}

/** By which ways anything is sent: as is offered, and by e-mail, which brings the proof. */
export const channelsUsed = ({ offers }: Pick<JoinPage, 'offers'>): Channel[] =>
  CHANNELS.filter((channel) => channel === 'email' || offers.some((offer) => offer.channel === channel))

/** How an offer is named in a form. */
export const offerKey = ({ purpose, channel }: Pick<Offer, 'purpose' | 'channel'>): string => `${purpose}.${channel}`

/** The exact words that somebody sees who ticks this box, as the ledger keeps them. */
export const saidWith = (offer: Offer, language: Language): string => {
  const { title, says } = offer.words[language]
  const kinds = offer.topics.map((topic) => topic.labels[language]).join(', ')
  return [title, says, ...(kinds === '' ? [] : [`${wordsOf[language].join.kinds}: ${kinds}`])].join('\n')
}

/** What a person is told of what happens with it all, as far as this library's offers reach. */
export function saidOfKeeping(page: JoinPage, language: Language): string[] {
  const { kept, carriers, nobodyElse, publicRecords } = wordsOf[language].join
  const carried = channelsUsed(page).map((channel) => carriers[channel])
  return [...kept, ...carried, nobodyElse, ...(page.publicRecords ? [publicRecords] : [])]
}

/** Whether a phone that is given is for texts as well as for a call. */
export const asksForTexts = ({ offers }: Pick<JoinPage, 'offers'>): boolean =>
  offers.some(({ channel }) => channel === 'sms')

const USUAL = ['reengagement', 'new-titles', 'events'] as const
export type UsualPurpose = (typeof USUAL)[number]

export const usualWords = (purpose: Purpose, library: Library): Record<Language, OfferWords> | null => {
  const usual = USUAL.find((name) => name === purpose)
  if (usual === undefined) return null
  const inEach = languages.map((language) => {
    const { title, says } = wordsOf[language].join.offers[usual]
    return [language, { title, says: says(library.name) }] as const
  })
  return Object.fromEntries(inEach) as Record<Language, OfferWords>
}

export async function readJoinPage(scope: Scope<'circulation'>, library: Library): Promise<JoinPage> {
  const rows = await rowsOf(
    scope,
    sql<Omit<Offer, 'topics'>>`
    select purpose, channel, words from outreach.offer where library_no = ${scope.library} order by place`,
  )
  const topics = await rowsOf(
    scope,
    sql<Topic & { purpose: Purpose }>`
    select purpose, key, bit, labels from outreach.topic where library_no = ${scope.library} and ended_at is null order by place, bit`,
  )
  const page = await rowOf(
    scope,
    sql<{ publicRecords: boolean; origins: string[] }>`
    select public_records as "publicRecords", origins from outreach.join_page where library_no = ${scope.library}`,
  )
  const offers =
    rows.length > 0
      ? rows
      : USUAL.map((purpose) => ({ purpose, channel: 'email' as const, words: usualWords(purpose, library)! }))
  return {
    publicRecords: false,
    origins: [],
    ...page,
    offers: offers.map((offer) => ({ ...offer, topics: topics.filter(({ purpose }) => purpose === offer.purpose) })),
  }
}

/**
 * As the public pages show it: texts only where the library has a number to text from, because a phone is proven by a text.
 * On paper, where staff take the word of a person who stands before them, the rest may be asked for all the same.
 */
export async function readPublicPage(scope: Scope<'circulation'>, library: Library): Promise<JoinPage> {
  const page = await readJoinPage(scope, library)
  if (!asksForTexts(page) || (await linesOf({ circulation: scope.tx }, library.libraryNo)).length > 0) return page
  return { ...page, offers: page.offers.filter(({ channel }) => channel !== 'sms') }
}

/** The bits of every topic that a purpose ever had here. */
export async function topicBitsOf(scope: Scope<'circulation'>, purposes: Purpose[]): Promise<Map<Purpose, bigint>> {
  const rows = await rowsOf(
    scope,
    sql<{ purpose: Purpose; bits: string }>`
    select purpose, bit_or(1::bigint << bit)::text as bits from outreach.topic
    where library_no = ${scope.library} and purpose = any(${purposes}::text[]) group by purpose`,
  )
  return new Map(rows.map(({ purpose, bits }) => [purpose, BigInt(bits)]))
}
