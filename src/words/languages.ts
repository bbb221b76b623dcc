// The languages that readers are spoken to in. Adding one is adding its file and a line here.
import { en } from './en.ts'
import { es } from './es.ts'
import type { Words } from './shape.ts'

export const wordsOf = { en, es } satisfies Record<string, Words>

export type Language = keyof typeof wordsOf

export const languages = Object.keys(wordsOf) as Language[]

/** "es-MX" and "ES" are read as "es"; null for a language that nothing here speaks. */
export function knownLanguage(tag: string): Language | null {
  const primary = tag.trim().toLowerCase().split(/[-_]/)[0] ?? ''
  return Object.hasOwn(wordsOf, primary) ? (primary as Language) : null
}
