// Cuts a text that is too long at the last word that still fits, with dots to say so. Only when its author agreed: half
// a sentence from a library is worse than two parts.
import { measureText } from './parts.ts'

const DOTS = '...'

/** The text itself when it fits in `parts`, with what stands around it (`whole`). */
export function cutText(body: string, parts: number, whole: (text: string) => string = (text) => text): string {
  const fits = (text: string) => measureText(whole(text)).parts <= parts
  if (fits(body)) return body
  return longestOf(wordEnds(body), body, fits) ?? longestOf(characterEnds(body), body, fits) ?? ''
}

/** A longer beginning never has fewer parts than a shorter one, so the longest that fits is found by halving. */
function longestOf(ends: readonly number[], body: string, fits: (text: string) => boolean): string | null {
  const cutAt = (i: number) => body.slice(0, ends[i]) + DOTS
  let low = 0
  let high = ends.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (fits(cutAt(middle))) low = middle + 1
    else high = middle
  }
  return low === 0 ? null : cutAt(low - 1)
}

/** Where a word ends, without the punctuation that would stand before the dots. */
const wordEnds = (body: string): number[] =>
  [...body.matchAll(/[^\s.,;:–—-][.,;:–—-]*(?=\s)/gu)].map(
    ({ 0: end, index }) => index + (end.codePointAt(0)! > 0xffff ? 2 : 1),
  )

/** For a text without blanks: characters as people see them, an accent or a family of emoji whole. */
const characterEnds = (body: string): number[] =>
  [...new Intl.Segmenter().segment(body)].map(({ segment, index }) => index + segment.length)
