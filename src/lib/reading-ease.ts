// How easy a text is to read, so that a note can be held to a bar rather than to taste: words and sentences, and the
// score that a language's own measure makes of them and of its syllables. Higher is easier.

/** How a language is measured; both belong together, since a score was fitted to the syllables of its language. */
export interface ReadingMeasure {
  syllables: (word: string) => number
  score: (syllablesPerWord: number, wordsPerSentence: number) => number
}

/** Whatever stands between spaces and has a letter or a digit: a phone number counts as one or two, as on paper. */
export const countWords = (text: string): number =>
  text.split(/\s+/).filter((token) => /[\p{L}\p{N}]/u.test(token)).length

/** The words that can be spoken by rule: no links, no addresses, no numbers. */
const spokenWords = (text: string): string[] =>
  text.replace(/\S*(?:\/\/|@|www\.)\S*/g, ' ').match(/\p{L}[\p{L}\p{M}'’]*/gu) ?? []

/**
 * A full stop, question or exclamation mark ends a sentence; so do a blank line and a list item. A piece of one or two
 * words does not count as one: a greeting or a signed name must not make a text look easier than it is.
 */
export function countSentences(text: string): number {
  const pieces = text.split(/[.!?…]+(?=["'”’»)\]]*(?:\s|$))|\n\s*\n|\n(?=\s*[-•*] )/)
  return Math.max(1, pieces.filter((piece) => spokenWords(piece).length > 2).length)
}

/** 100 is very easy, 70 is plain, 30 is hard. A text without words scores 100: there is nothing to stumble over. */
export function readingEase(text: string, { syllables, score }: ReadingMeasure): number {
  const words = spokenWords(text)
  if (words.length === 0) return 100
  const spoken = words.reduce((sum, word) => sum + syllables(word), 0)
  return score(spoken / words.length, words.length / countSentences(text))
}
