// How easy a text is to read, so that a note can be held to a bar rather than to taste: words, sentences, syllables,
// and the two scores made of them (Flesch 1948 for English, Fernández Huerta 1959 for Spanish; higher is easier).

export type ReadingLanguage = 'en' | 'es'

interface Measure {
  syllables: (word: string) => number
  score: (syllablesPerWord: number, wordsPerSentence: number) => number
}

const measures: Record<ReadingLanguage, Measure> = {
  en: { syllables: countEnglishSyllables, score: (s, w) => 206.835 - 84.6 * s - 1.015 * w },
  es: { syllables: countSpanishSyllables, score: (s, w) => 206.84 - 60 * s - 1.02 * w },
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

export function countSyllables(word: string, language: ReadingLanguage): number {
  return measures[language].syllables(word)
}

/** 100 is very easy, 70 is plain, 30 is hard. A text without words scores 100: there is nothing to stumble over. */
export function readingEase(text: string, language: ReadingLanguage): number {
  const words = spokenWords(text)
  if (words.length === 0) return 100
  const { syllables, score } = measures[language]
  const spoken = words.reduce((sum, word) => sum + syllables(word), 0)
  return score(spoken / words.length, words.length / countSentences(text))
}

// --- English: groups of vowels, corrected for what is written but not spoken, and the other way round ---

const englishExceptions: Record<number, string> = {
  1: 'clothes rhyme',
  2: 'every someone choir choirs rhythm rhythms people create client clients evening evenings business quiet quieter poem poems diet lion lions fuel cruel ruin ruins fluid trial riot client react dual poet via hundred argue colonel science being giant giants iron poetic',
  3: 'area anyone entire behavior areas creates creating creative creation museum museums poetry everyone everything everywhere everyday favorite favorites element elements recipe recipes reality society variety however forever violin violins diary pioneer whoever theater theaters idea ideas created karaoke vegetable vegetables comfortable simile',
  4: 'everybody anybody immediate american',
  5: 'immediately university',
}
const englishExceptional = new Map(
  Object.entries(englishExceptions).flatMap(([count, words]) => words.split(' ').map((word) => [word, Number(count)])),
)

function countEnglishSyllables(written: string): number {
  const word = written
    .toLowerCase()
    .normalize('NFD')
    .replace(/[\p{M}]/gu, '')
    .replace(/’/g, "'")
    .replace(/'(?:s|re)?$/, '')
  const known = englishExceptional.get(word)
  if (known !== undefined) return known
  const base = word
    .replace(/^y(?=[aeiou])|(?<=[aeiou])y(?=[aeiou])/g, 'j') // "year", "player": a consonant here
    .replace(/qu/g, 'qw')
    .replace(/gu(?=[aei])/g, 'gw') // "guess", "language"
    // Silent inside a compound: "something", "homework", "sometimes".
    .replace(
      /^(some|home|fire|life|time|there|where|more|side|base|note|face|fore(?!st))(?=[b-df-hj-np-tv-xz][a-z]{2})/,
      (part) => part.slice(0, -1),
    )
    .replace(/(?<=[aeiouy][^aeiouy]+|[aeiou]r)e(?=(?:ly|ful|fully|less|ness|ment|ments|where|body|thing)$)/, '') // "likely", "careful"
    .replace(/(?<=[aeiouyw][^aeiouyj]*)(?<![^aeiouyrlw]l|[^aeiouy]r)e$/, '') // "home", not "table"
    .replace(/(?<=[^aeiouycgsxz])(?<!ch|sh|[^aeiouyrlw]l)es$/, 's') // "homes", not "boxes"
    .replace(/(?<=[^aeiouytd])(?<![^aeiouyrlw]l)ed$/, 'd') // "asked", not "wanted"
  let count = base.match(/[aeiouy]+/g)?.length ?? 0
  count +=
    base.match(
      /[aeou]ing|yi|i(?:a(?!g|l|n)|um|us(?!$)|o(?!n|us|r))|[^aeioctsg]i(?:al|an|on|ous|or)|[^gq]ua|uou|[^aeiou]sm$|(?<![aeioupg])eo|[rs]ier|[rdnl]ien[ct]|iet|[ds]n't$/g,
    )?.length ?? 0
  return Math.max(1, count)
}

// --- Spanish: each strong vowel and each accented weak one is a syllable; weak ones lean on their neighbour ---

function countSpanishSyllables(written: string): number {
  const word = written
    .toLowerCase()
    .normalize('NFC')
    .replace(/(?<!c)h/g, '') // silent, and no wall between vowels: "prohibir" has two
    .replace(/qu|gu(?=[eiéí])/g, 'q') // the u is not spoken: "qué", "guitarra"
    .replace(/y$|y(?=[^aeiouáéíóúü])/, 'i') // "y", "hoy", "muy"
  let count = 0
  for (const group of word.match(/[aeiouáéíóúü]+/g) ?? []) {
    const strong = group.match(/[aeoáéóíú]/g)?.length ?? 0
    count += strong === 0 ? (/ii|uu/.test(group) ? 2 : 1) : strong
  }
  return Math.max(1, count)
}
