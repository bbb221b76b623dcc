// What a kit is made from: the library, the language, and the questions that it asks, each with its exact words. The
// strip, the poster, the script and whatever records an answer have to name the same words.
import type { Channel, Purpose } from '../consent/purposes.ts'
import type { Library } from '../patrons/library.ts'
import { type Language, wordsOf } from '../words/languages.ts'
import type { PaperWords } from '../words/shape.ts'
import type { PaperSize } from './sheet.ts'

/** One question, as it stands before the reader. */
export interface Question {
  purpose: Purpose
  channel: Channel
  wording: string
}

export interface KitBasis {
  library: Library
  language: Language
  questions: readonly Question[]
  size: PaperSize
  made: Date
}

export const paperWords = (basis: { language: Language }): PaperWords => wordsOf[basis.language].paper

/** The questions to begin with, for a library that has no wording of its own yet. */
export const firstQuestions = (library: Library, language: Language): Question[] =>
  Object.entries(wordsOf[language].paper.firstWordings).map(([which, wording]) => {
    const [purpose, channel] = which.split('/') as [Purpose, Channel]
    return { purpose, channel, wording: wording(library.name) }
  })
