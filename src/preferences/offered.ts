// What a reader can choose on their own page, and the very words beside each box: what the library offers on its sign-up
// page, in the same words, and whatever else this reader has said yes to, so that they can take it back.
import { CHANNELS, type Channel, PURPOSES, type Purpose, purposeNames } from '../consent/purposes.ts'
import type { Library } from '../patrons/library.ts'
import { type Offer, saidWith, type Topic } from '../signups/offer.ts'
import { type Language, wordsOf } from '../words/languages.ts'

/** 'events/email': a purpose and a channel, as a form names them. */
export type ChoiceKey = `${Purpose}/${Channel}`

export const allChoices: readonly ChoiceKey[] = purposeNames
  .filter((purpose) => PURPOSES[purpose].basis === 'consent')
  .flatMap((purpose) => CHANNELS.map((channel): ChoiceKey => `${purpose}/${channel}`))

export interface Box {
  key: ChoiceKey
  purpose: Purpose
  channel: Channel
  title: string
  says: string | null
  /** What a yes is recorded with. */
  wording: string
  topics: readonly Topic[]
}

export function boxesFor(
  library: Library,
  language: Language,
  reader: { offers: readonly Offer[]; yes: ReadonlySet<ChoiceKey> },
): Box[] {
  const offered = reader.offers.map((offer): Box => {
    const { purpose, channel, topics } = offer
    return {
      key: `${purpose}/${channel}`,
      purpose,
      channel,
      ...offer.words[language],
      wording: saidWith(offer, language),
      topics,
    }
  })
  const rest = allChoices.filter((key) => reader.yes.has(key) && !offered.some((box) => box.key === key))
  return [...offered, ...rest.map((key) => noLongerOffered(library, language, key))]
}

function noLongerOffered(library: Library, language: Language, key: ChoiceKey): Box {
  const [purpose, channel] = key.split('/') as [Purpose, Channel]
  const { pages, preferences } = wordsOf[language]
  const title = preferences.yesTo(library.name, pages.purposes[purpose], preferences.channels[channel])
  return { key, purpose, channel, title, says: null, wording: title, topics: [] }
}

/** The topics of a purpose that a mask names; none = all of them. */
export const topicsIn = (mask: bigint, topics: readonly Topic[]): string[] =>
  topics.filter(({ bit }) => (mask >> BigInt(bit)) & 1n).map(({ key }) => key)

export const maskOfTopics = (topics: readonly Topic[], keys: ReadonlySet<string>): bigint =>
  topics.reduce((mask, { key, bit }) => (keys.has(key) ? mask | (1n << BigInt(bit)) : mask), 0n)
