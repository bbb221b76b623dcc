// What could stand for a character that the telephone alphabet lacks, so that a text stays in cheap parts: the straight
// quote for the curly one, the bare letter for the one with an accent. Offered to the author, never done by itself: a
// name without its accent is a name misspelt.
import { septetsOf } from './gsm-alphabet.ts'

const table = new Map<string, string>()
for (const [characters, plain] of [
  ['‘’‚‛′`´ʼʻ', "'"],
  ['“”„‟″«»', '"'],
  ['‹', '<'],
  ['›', '>'],
  ['‐‑‒–—―−•‣·', '-'],
  ['…', '...'],
  // No-break, thin and other blanks; a tab.
  ['\t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000', ' '],
  ['\u0085\u2028\u2029', '\n'],
  // What nobody sees: soft hyphens, joiners, directions, byte order marks, forms of an emoji.
  ['\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufe0e\ufe0f\ufeff', ''],
  ['→⇒', '->'],
  ['←⇐', '<-'],
  ['×', 'x'],
  ['÷', '/'],
  ['™', '(TM)'],
  ['©', '(C)'],
  ['®', '(R)'],
  ['№', 'No.'],
  ['¢', 'c'],
  ['¼', '1/4'],
  ['½', '1/2'],
  ['¾', '3/4'],
  ['œ', 'oe'],
  ['Œ', 'OE'],
  ['ł', 'l'],
  ['Ł', 'L'],
  ['đ', 'd'],
  ['Đ', 'D'],
  ['ı', 'i'],
] as const)
  for (const character of characters) table.set(character, plain)

/** The replacement, or null where none would still be understood (an emoji, another script). */
export function plainFor(character: string): string | null {
  const known = table.get(character)
  if (known !== undefined) return known
  // NFKD takes a letter apart from its accents, and full-width or circled letters to their kind.
  const bare = character.normalize('NFKD').replace(/\p{M}/gu, '')
  return bare !== character && [...bare].every((part) => septetsOf(part) !== null) ? bare : null
}

/** The text as it would be once its author agreed. What has no replacement stays. */
export const inPlain = (body: string): string =>
  [...body.normalize('NFC')].map((one) => (septetsOf(one) === null ? (plainFor(one) ?? one) : one)).join('')
