// The words by which somebody answers a text: to stop, to get help, to begin again. Compared in capitals, without accents
// and punctuation, and only when they are the whole message: "when does the bus stop" is a question. They hold in every
// language at once, whatever language a library writes in (CTIA; 47 CFR 64.1200(a)(10); CASL).
import { ownWords } from './own-words.ts'

export const TEXT_WORDS = {
  stop: [
    ...[
      'STOP',
      'STOPALL',
      'STOP ALL',
      'UNSUBSCRIBE',
      'CANCEL',
      'END',
      'QUIT',
      'REVOKE',
      'OPTOUT',
      'OPT OUT',
      'OPT-OUT',
    ],
    ...['REMOVE', 'UNSUB', 'ALTO', 'PARAR', 'BAJA', 'CANCELAR', 'ARRET', 'ARRETE'],
  ],
  help: ['HELP', 'INFO', 'AYUDA', 'AIDE'],
  // Not YES: people answer questions with it.
  start: ['START', 'UNSTOP', 'COMENZAR', 'EMPEZAR', 'REANUDAR', 'COMMENCER', 'REPRENDRE'],
} as const

export type Keyword = keyof typeof TEXT_WORDS | 'notices'

/** What the confirmation of a stop asks for; a question like any other to whoever has not stopped. */
const KEEP_NOTICES = ['NOTICES', 'NOTICE', 'AVISOS', 'AVISO', 'AVIS']

/** In which language a keyword was said, where only one has it. */
const SPANISH = new Set([
  ...['ALTO', 'PARAR', 'BAJA', 'CANCELAR', 'AYUDA', 'AVISOS', 'AVISO', 'COMENZAR', 'EMPEZAR', 'REANUDAR'],
])

/** What a provider that answers by itself knows unless it was taught more, and then it says so with each text. */
const PROVIDERS_OWN = new Set([
  ...['STOP', 'STOPALL', 'STOP ALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'REVOKE', 'OPTOUT'],
  ...['HELP', 'INFO', 'START', 'UNSTOP'],
])

/** Capitals, no accents, no punctuation, single spaces. */
export const foldText = (body: string): string =>
  body
    .normalize('NFKD')
    .toUpperCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()

/** "S T O P" and "S.T.O.P". */
const joinSpelled = (folded: string): string =>
  /^\p{L}(?: \p{L})+$/u.test(folded) ? folded.replaceAll(' ', '') : folded

const KEYWORDS = new Map<string, Keyword>([
  ...Object.entries(TEXT_WORDS).flatMap(([keyword, words]) =>
    words.map((word) => [foldText(word), keyword as Keyword] as const),
  ),
  ...KEEP_NOTICES.map((word) => [word, 'notices'] as const),
])

/** The keyword that this text is, and its language where the word tells it. Null for anything else. */
export function readKeyword(body: string): { keyword: Keyword; language: 'es' | null } | null {
  const own = ownWords(body)
  if (own.length > 100) return null
  const folded = joinSpelled(foldText(own))
  const keyword = KEYWORDS.get(folded)
  return keyword === undefined ? null : { keyword, language: SPANISH.has(folded) ? 'es' : null }
}

/** Whether a provider that answers keywords by itself answers this one; ALTO, which our own texts teach, it does not know. */
export const providerAnswers = (body: string): boolean => PROVIDERS_OWN.has(foldText(body))
