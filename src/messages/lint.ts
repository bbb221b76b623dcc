// A second pair of eyes on a letter before it goes out. It reads each wording as filled in for a sample reader, names
// what would do harm when it is wrong, and says why; whether a finding holds a letter back is for the sender to decide.
import { countWords, readingEase } from '../lib/reading-ease.ts'
import { type Language, languages, wordsOf } from '../words/languages.ts'
import { cutAtFields, type FieldValues, fillFields, type Letter, type Wording } from './letter.ts'
import { shorteners, type WordRule, wordRules } from './lint-words.ts'

export type LintRule =
  | WordRule
  | 'short-link'
  | 'shouting'
  | 'too-long'
  | 'hard-to-read'
  | 'missing-language'
  | 'costly-character'

export interface Finding {
  language: string
  rule: LintRule
  level: 'warning' | 'error'
  /** The words found. */
  where: string
  says: string
}

/** Below this many words, greeting and signature included. */
const wordLimit = 90
/** Plain enough for a thirteen-year-old, and for a tired adult. */
const easeBar = 70

type Names = Omit<FieldValues, 'greeting' | 'keep_link'>

/** A library of ordinary length, for a letter that has not met its own yet. */
const sampleNames: Names = {
  signed_by: 'Ana',
  library_name: 'Maple Falls Library',
  library_phone: '(614) 555-0142',
  library_url: 'https://maplefalls.example.org',
}

// One sign for one sign, so that what is found can be quoted as it was written.
const fold = (text: string): string =>
  text.normalize('NFC').replace(/[^\0-\x7f]/g, (sign) => (sign === '’' ? "'" : sign.normalize('NFD').charAt(0)))

const between = (pattern: string): RegExp =>
  new RegExp(`(?<![\\p{L}\\p{N}])(?:${pattern.replaceAll(' ', '(?:\\s+)')})(?![\\p{L}\\p{N}])`, 'giu')

/** What to search for in each language, rule by rule. */
const searched = Object.fromEntries(
  languages.map((language) => [
    language,
    Object.entries(wordsOf[language].lint).map(
      ([rule, patterns]) => [rule as WordRule, patterns.map(between)] as const,
    ),
  ]),
) as Record<Language, (readonly [WordRule, RegExp[]])[]>

const shortLink = new RegExp(
  `(?<![\\p{L}\\p{N}-])(?:${shorteners.replaceAll('.', '\\.').replaceAll(' ', '|')})(?![\\p{L}\\p{N}-]|\\.[\\p{L}\\p{N}])`,
  'giu',
)
/** Acronyms that a library needs are short; longer words in capitals are shouted. */
const shouted = /[!¡]+|(?<![\p{L}\p{N}])\p{Lu}{4,}(?![\p{L}\p{N}])/gu

/** `names`: the library's own, where they are known: a long name counts among the words. */
export function lintLetter(letter: Letter, names: Names = sampleNames): Finding[] {
  return languages.flatMap((language): Finding[] => {
    const wording = letter.wordings[language]
    if (wording !== undefined) return lintWording(language, wording, names)
    const says = 'Readers of this language get the letter in another one. Write it for them, or have somebody write it.'
    return [{ language, rule: 'missing-language', level: 'warning', where: language, says }]
  })
}

function lintWording(language: Language, wording: Wording, names: Names): Finding[] {
  const findings: Finding[] = []
  const add = adderTo(findings, language)
  const { frame, sample, reading } = wordsOf[language]
  const values: FieldValues = { ...names, greeting: frame.greet(sample.name), keep_link: sample.link }
  const fill = (template: string) => fillFields(cutAtFields(template, 'A letter'), values).normalize('NFC')
  const body = fill(wording.body)
  searchWording(language, [fill(wording.subject), body], [wording.subject, wording.body], add)
  const words = countWords(body)
  if (words >= wordLimit) {
    const says = `The note has ${words} words from greeting to signature; a note that is read has fewer than ${wordLimit}. Keep the best two or three things.`
    add('too-long', 'error', `${words} words`, says)
  }
  const ease = reading === null ? easeBar : readingEase(body, reading)
  if (ease < easeBar) {
    const says = `The reading ease is ${ease.toFixed(0)}; ${easeBar} or more is plain for nearly everyone. Shorter sentences and shorter words raise it.`
    add('hard-to-read', 'warning', `reading ease ${ease.toFixed(0)}`, says)
  }
  return findings
}

export type AddFinding = (rule: LintRule, level: Finding['level'], where: string, says: string) => void

/** The same words found twice are one finding. */
export const adderTo =
  (findings: Finding[], language: Language): AddFinding =>
  (rule, level, where, says) => {
    if (findings.some((found) => found.rule === rule && found.where === where)) return
    findings.push({ language, rule, level, where, says })
  }

/** Words, links and shouting, the same in a mail and in a text. `filled`: as its reader gets it; `own`: as its author wrote it. */
export function searchWording(language: Language, filled: string[], own: string[], add: AddFinding): void {
  for (const text of filled) {
    const folded = fold(text)
    const quote = (match: RegExpExecArray) =>
      text.slice(match.index, match.index + match[0].length).replace(/\s+/g, ' ')
    for (const [rule, patterns] of searched[language]) {
      const { level, says } = wordRules[rule]
      for (const pattern of patterns) {
        for (const match of folded.matchAll(pattern)) add(rule, level, quote(match), says)
      }
    }
    for (const match of folded.matchAll(shortLink)) {
      const says =
        'A shortened link hides where it goes, and often counts who follows it. Write the library’s own address.'
      add('short-link', 'error', quote(match), says)
    }
  }
  for (const part of own.flatMap((text) => cutAtFields(text, 'A letter'))) {
    for (const match of typeof part === 'string' ? part.matchAll(shouted) : []) {
      add(
        'shouting',
        'warning',
        match[0],
        'This reads as shouting, to people and to spam filters. Say it in a calm voice.',
      )
    }
  }
}
