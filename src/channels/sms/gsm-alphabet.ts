// What a character costs in the alphabet that every telephone has (3GPP TS 23.038 §6.2.1): one septet, two behind an
// escape, or not to be had at all. A single character that is not to be had makes the whole text cost more than twice.

const BASIC =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§' +
  '¿abcdefghijklmnopqrstuvwxyzäöñüà'
const ESCAPED = '\f^{}\\[~]|€'

const septets = new Map([...BASIC].map((character) => [character, 1]))
for (const character of ESCAPED) septets.set(character, 2)

/** 1, 2, or null when the character is not in the alphabet. */
export const septetsOf = (character: string): number | null => septets.get(character) ?? null
