// What came back of the join form: what was typed, exactly, so that nothing is lost when something is missing; and, when
// nothing is, what it means.
import type { FastifyRequest } from 'fastify'
import { normaliseEmail, normalisePhone } from '../lib/addresses.ts'
import { cardKey } from '../lib/card-key.ts'
import type { KeyedHex } from '../lib/keyed-hash.ts'
import { type JoinPage, type Offer, offerKey, saidWith } from '../signups/offer.ts'
import type { Typed } from '../signups/typed.ts'
import { knownLanguage, type Language } from '../words/languages.ts'

/** As typed, cut to lengths that nobody needs more of. */
export interface JoinFields {
  name: string
  email: string
  phone: string
  card: string
  language: string
  /** Offers ticked, by their key, and topics, by theirs. */
  yes: string[]
  kind: string[]
  stamp: unknown
  /** Of the field that no person sees. */
  website: string
}

export const emptyFields = (language: Language): JoinFields => ({
  name: '',
  email: '',
  phone: '',
  card: '',
  language,
  yes: [],
  kind: [],
  stamp: null,
  website: '',
})

export function readFields(request: FastifyRequest, language: Language): JoinFields {
  const body = (typeof request.body === 'object' && request.body !== null ? request.body : {}) as Record<
    string,
    unknown
  >
  const text = (name: string, most: number): string => {
    const value = Array.isArray(body[name]) ? body[name][0] : body[name]
    return typeof value === 'string'
      ? value
          .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
          .trim()
          .slice(0, most)
          .toWellFormed()
      : ''
  }
  const list = (name: string): string[] =>
    [body[name] ?? []]
      .flat()
      .filter((value): value is string => typeof value === 'string')
      .slice(0, 100)
  return {
    name: text('name', 100),
    email: text('email', 254),
    phone: text('phone', 40),
    card: text('card', 64),
    language: text('language', 20) || language,
    yes: list('yes'),
    kind: list('kind'),
    stamp: text('stamp', 60),
    website: text('website', 100),
  }
}

/** Which fields to mend. `lookOver`: nothing is missing, but the form came too fast or too late to count. */
export type Wrong = Partial<Record<'name' | 'email' | 'phone' | 'phoneForTexts' | 'nothing' | 'lookOver', true>>

export function whatIsWrong(fields: JoinFields, page: JoinPage): Wrong {
  const wrong: Wrong = {}
  if (!/\p{L}/u.test(fields.name)) wrong.name = true
  if (/[;,\s]/.test(fields.email) || normaliseEmail(fields.email) === null) wrong.email = true
  if (fields.phone !== '' && normalisePhone(fields.phone) === null) wrong.phone = true
  const wanted = ticked(fields, page)
  if (fields.phone === '' && wanted.some(({ channel }) => channel === 'sms')) wrong.phoneForTexts = true
  if (wanted.length === 0) wrong.nothing = true
  return wrong
}

const ticked = ({ yes }: JoinFields, page: JoinPage): Offer[] =>
  page.offers.filter((offer) => yes.includes(offerKey(offer)))

/** Of a form in which nothing is wrong. */
export function meaningOf(
  fields: JoinFields,
  told: { page: JoinPage; place: string; language: Language; hash: KeyedHex; invited?: string },
): Typed {
  const { page, place, language, hash, invited = null } = told
  return {
    name: fields.name,
    email: normaliseEmail(fields.email)!,
    phone: normalisePhone(fields.phone),
    cardKey: fields.card === '' ? null : cardKey(hash, fields.card),
    invited,
    known: null,
    language: knownLanguage(fields.language) ?? language,
    pageLanguage: language,
    page: place,
    yeses: ticked(fields, page).map((offer) => {
      const mask = offer.topics.reduce(
        (bits, topic) => (fields.kind.includes(topic.key) ? bits | (1n << BigInt(topic.bit)) : bits),
        0n,
      )
      return {
        purpose: offer.purpose,
        channel: offer.channel,
        title: offer.words[language].title,
        said: saidWith(offer, language),
        topics: mask === 0n ? null : mask.toString(),
      }
    }),
  }
}
