// What a kit is made from: the library, the language, and what the library offers, with its exact words. Paper asks in the
// very words of the join page, so that a yes on paper and a yes on the page are a yes to the same thing.
import { wordingId } from '../consent/ledger.ts'
import type { Library } from '../patrons/library.ts'
import { type JoinPage, type Offer, saidWith } from '../signups/offer.ts'
import { type Language, wordsOf } from '../words/languages.ts'
import type { PaperWords } from '../words/shape.ts'
import type { PaperSize } from './sheet.ts'

export interface KitBasis {
  library: Library
  language: Language
  page: JoinPage
  size: PaperSize
  made: Date
}

export const paperWords = (basis: { language: Language }): PaperWords => wordsOf[basis.language].paper

/** The name under which the ledger keeps the words of this offer, short enough to copy from paper. */
export const shortWordingId = (offer: Offer, language: Language): string =>
  wordingId(saidWith(offer, language)).slice(0, 8)
