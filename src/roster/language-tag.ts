// Library systems say a patron's language as a tag, a MARC code or a word; templates know the primary tag only.

const WORDS: Record<string, string> = {
  english: 'en',
  inglés: 'en',
  anglais: 'en',
  spanish: 'es',
  español: 'es',
  espanol: 'es',
  espagnol: 'es',
  french: 'fr',
  français: 'fr',
  francais: 'fr',
  chinese: 'zh',
  mandarin: 'zh',
  cantonese: 'zh',
  中文: 'zh',
  vietnamese: 'vi',
  'tiếng việt': 'vi',
  russian: 'ru',
  русский: 'ru',
  korean: 'ko',
  한국어: 'ko',
  arabic: 'ar',
  العربية: 'ar',
  tagalog: 'tl',
  filipino: 'tl',
  portuguese: 'pt',
  português: 'pt',
  'haitian creole': 'ht',
  german: 'de',
  deutsch: 'de',
  italian: 'it',
  japanese: 'ja',
  日本語: 'ja',
  polish: 'pl',
  somali: 'so',
  hmong: 'hmn',
  ukrainian: 'uk',
  українська: 'uk',
  hindi: 'hi',
  nepali: 'ne',
  persian: 'fa',
  farsi: 'fa',
  amharic: 'am',
}

// A million rows hold a handful of languages; the bound is for a file that has put something else into the column.
const known = new Map<string, string>()
const MOST = 1_000

/** 'en' for "en-US", "eng" or "English"; '' when it is none that we can tell. */
export function languageTag(text: string): string {
  if (text === '') return ''
  const seen = known.get(text)
  if (seen !== undefined) return seen
  const tag = findTag(text.toLowerCase())
  if (known.size < MOST) known.set(text, tag)
  return tag
}

function findTag(text: string): string {
  const word = WORDS[text]
  if (word !== undefined) return word
  const primary = /^([a-z]{2,3})(?:[-_][a-z0-9_-]+)?$/.exec(text)?.[1]
  // "und", "zxx" and "mul" are how catalogues say that there is no telling.
  if (primary === undefined || ['und', 'zxx', 'mul', 'mis'].includes(primary)) return ''
  return Intl.getCanonicalLocales(primary)[0]?.toLowerCase().split('-')[0] ?? ''
}
