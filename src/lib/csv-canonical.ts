// One form for a record, whichever way it was written: the same values give the same bytes, be they divided by commas or
// tabs, quoted where they must be or everywhere. Bytes to bytes, because it is done for every line of a file.
import type { CsvShape } from './csv.ts'

const LF = 10
const CR = 13
const QUOTE = 34
const COMMA = 44
const BACKSLASH = 92
/** Neither byte occurs in UTF-8. */
const COMMA_INSIDE = 0xff
const UNREADABLE = 0xfe

/** Writes the form of `raw` into `to` from `at` on and returns where it ends; it needs at most one byte more than `raw`. */
export type WriteCanonical = (raw: Buffer, to: Uint8Array, at: number) => number

/**
 * The values, divided by commas, without quotes; a comma inside a value is written as a byte of its own. So most records
 * of a comma file are their own form, and are only copied. A line end inside a value is LF. A record that nobody can
 * read stays as it is, marked, so that it never equals one that can be read.
 */
export function canonicalWriter(shape: Pick<CsvShape, 'delimiter' | 'quoting'>): WriteCanonical {
  const delimiter = shape.delimiter.charCodeAt(0)
  const backslash = shape.quoting === 'backslash'

  return (raw, to, at) => {
    if (delimiter === COMMA && !raw.includes(QUOTE)) {
      to.set(raw, at)
      return at + raw.length
    }
    // Nothing is read past the record's end: that would be undefined, and the loop slower for it.
    const last = raw.length - 1
    let out = at
    let quoted = raw[0] === QUOTE
    for (let i = quoted ? 1 : 0; i <= last; i++) {
      const byte = raw[i]!
      if (!quoted) {
        if (byte !== delimiter) to[out++] = byte === COMMA ? COMMA_INSIDE : byte
        else {
          to[out++] = COMMA
          if (i < last && raw[i + 1] === QUOTE) {
            quoted = true
            i++
          }
        }
        continue
      }
      if (byte > COMMA && byte !== BACKSLASH) {
        to[out++] = byte
        continue
      }
      const next = i < last ? raw[i + 1]! : 0
      if (byte === QUOTE && next !== QUOTE) {
        quoted = false
        if (i < last && next !== delimiter) return writeUnreadable(raw, to, at)
      } else if (byte === QUOTE || (byte === BACKSLASH && backslash && isEscaped(next))) {
        i++
        if (next !== CR || i === last || raw[i + 1] !== LF) to[out++] = next
      } else if (byte !== CR || next !== LF) to[out++] = byte === COMMA ? COMMA_INSIDE : byte
    }
    return quoted ? writeUnreadable(raw, to, at) : out
  }
}

const isEscaped = (byte: number): boolean => byte === QUOTE || byte === BACKSLASH || byte === CR || byte === LF

function writeUnreadable(raw: Buffer, to: Uint8Array, at: number): number {
  to[at] = UNREADABLE
  to.set(raw, at + 1)
  return at + 1 + raw.length
}
