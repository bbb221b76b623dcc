// Helpful words: HOURS, WHERE, HOLDS and whatever else a library answers by rule, with its own sentences. They tell the same
// to everybody: nothing about a person's account goes to whoever holds a phone.
import { foldText } from '../consent/text-words.ts'
import type { Answering } from '../patrons/answering.ts'

/** The library's own answer by language tag, or null. Only when the word is the whole text. */
export function findHelpful(answering: Answering, body: string): Readonly<Record<string, string>> | null {
  const folded = foldText(body)
  return answering.helpful.find(({ words }) => words.some((word) => foldText(word) === folded))?.answer ?? null
}
