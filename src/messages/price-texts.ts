// What a campaign costs as texts, before it is launched: parts of each language, times the phones it would reach. Between two
// bounds, because nobody is chosen yet: every phone gets the shortest, or every phone its first text in the longest.
import type { Answering } from '../patrons/answering.ts'
import type { Letter } from './letter.ts'
import type { LibraryVoice } from './render.ts'
import { renderTexts, type TextLimits } from './render-text.ts'

export interface TextsPrice {
  languages: { language: string; body: string; parts: number; firstParts: number }[]
  people: number
  fewestParts: number
  mostParts: number
}

export function priceTexts(
  letter: Letter,
  library: LibraryVoice,
  answering: Answering,
  limits: TextLimits,
  people: number,
): TextsPrice {
  const languages = [...renderTexts(letter, library, answering, limits)].map(([language, { usual, first }]) => ({
    language,
    body: usual.body,
    parts: usual.parts,
    firstParts: first.parts,
  }))
  return {
    languages,
    people,
    fewestParts: people * Math.min(...languages.map(({ parts }) => parts)),
    mostParts: people * Math.max(...languages.map(({ firstParts }) => firstParts)),
  }
}
