// What a reader can choose on their own page, and the very words beside each box: the words are the wording that a yes is
// recorded with, so they are made in one place for the page and for the ledger.
import { CHANNELS, type Channel, PURPOSES, type Purpose, purposeNames } from '../consent/purposes.ts'
import type { Library } from '../patrons/library.ts'
import { type Language, wordsOf } from '../words/languages.ts'

/** 'events/email': a purpose and a channel, as a form names them. */
export type ChoiceKey = `${Purpose}/${Channel}`

export interface Offered {
  key: ChoiceKey
  purpose: Purpose
  channel: Channel
  wording: string
}

/** Outreach goes by e-mail so far; asking for gifts is never offered by itself. */
const ALWAYS: readonly ChoiceKey[] = ['reengagement/email', 'new-titles/email', 'events/email']

export const allChoices: readonly ChoiceKey[] = purposeNames
  .filter((purpose) => PURPOSES[purpose].basis === 'consent')
  .flatMap((purpose) => CHANNELS.map((channel): ChoiceKey => `${purpose}/${channel}`))

/** What the library offers, and whatever else this reader has said yes to, so that they can take it back. */
export const offeredTo = (library: Library, language: Language, yes: ReadonlySet<ChoiceKey>): Offered[] =>
  allChoices
    .filter((key) => ALWAYS.includes(key) || yes.has(key))
    .map((key) => {
      const [purpose, channel] = key.split('/') as [Purpose, Channel]
      return { key, purpose, channel, wording: wordingOf(library, language, purpose, channel) }
    })

function wordingOf(library: Library, language: Language, purpose: Purpose, channel: Channel): string {
  const { pages, preferences } = wordsOf[language]
  const what = purpose === 'reengagement' ? preferences.seldom(library.promptEveryDays) : pages.purposes[purpose]
  return preferences.yesTo(library.name, what, preferences.channels[channel])
}
