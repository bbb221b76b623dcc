// How many parts a text will be charged as, and which characters make it so. Telephones carry 140 bytes a part: 160
// characters of their own alphabet or 70 of Unicode, and less when parts must say that they belong together.
import { septetsOf } from './gsm-alphabet.ts'
import { plainFor } from './plain-replacement.ts'

export type TextEncoding = 'GSM-7' | 'UCS-2'

export interface TextMeasure {
  encoding: TextEncoding
  parts: number
  /** Septets in GSM-7, UTF-16 units in UCS-2. */
  units: number
  /** Units that can still be added before another part begins. */
  roomLeft: number
  /** What keeps the text out of GSM-7, where in it (UTF-16), and what could stand there instead. */
  offending: readonly { character: string; at: number; plain: string | null }[]
}

/** Six bytes of each of several parts say which of them it is. */
const ROOM = { 'GSM-7': { alone: 160, joined: 153 }, 'UCS-2': { alone: 70, joined: 67 } } as const

export function measureText(body: string): TextMeasure {
  const offending: TextMeasure['offending'][number][] = []
  let at = 0
  for (const character of body) {
    if (septetsOf(character) === null) offending.push({ character, at, plain: plainFor(character) })
    at += character.length
  }
  const encoding = offending.length === 0 ? 'GSM-7' : 'UCS-2'
  const { units, parts, roomLeft } = fill(body, encoding)
  return { encoding, parts, units, roomLeft, offending }
}

/** An escape and what it escapes, and the two halves of a surrogate pair, are never in two parts. */
function fill(body: string, encoding: TextEncoding): { units: number; parts: number; roomLeft: number } {
  const { alone, joined } = ROOM[encoding]
  let units = 0
  let parts = 1
  let inPart = 0
  for (const character of body) {
    const cost = encoding === 'GSM-7' ? septetsOf(character)! : character.length
    if (inPart + cost > joined) {
      parts++
      inPart = 0
    }
    inPart += cost
    units += cost
  }
  if (units <= alone) return { units, parts: 1, roomLeft: alone - units }
  return { units, parts, roomLeft: joined - inPart }
}
