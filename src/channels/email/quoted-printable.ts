// The bodies of our mails as quoted-printable (RFC 2045 §6.7): seven bits, lines of at most 76 characters, legible in
// the raw view, and nothing at the start of a line that SMTP (a dot) or an mbox ("From ") would take for its own.
// It writes into a buffer of the caller's, because composing has to cost microseconds.

const literal = 1
const blank = 2
const how = new Uint8Array(256) // 0: as =XX
for (let byte = 33; byte < 127; byte++) how[byte] = literal
how[0x3d] = 0 // "=" itself
how[0x20] = blank
how[0x09] = blank

const hex = Buffer.from('0123456789ABCDEF', 'latin1')
const lineRoom = 75 // the 76th is for the "=" of a soft break
const searchBack = 30 // a long line breaks after a blank when there is one this near: easier to read

let source: Buffer<ArrayBuffer> = Buffer.allocUnsafeSlow(64 * 1024)

/** Bytes that `text` can need at most: three bytes a UTF-16 unit, each as =XX, and a soft break in every 34 columns. */
export const quotedPrintableRoom = (text: string): number => text.length * 3 * 3.3 + 16

/** Writes `text` to `out` from `at` on and returns where it ended. Line ends of any kind become CRLF. */
export function writeQuotedPrintable(text: string, out: Uint8Array, at: number): number {
  if (source.length < text.length * 3) source = Buffer.allocUnsafeSlow(text.length * 6)
  const length = source.write(text, 'utf8')
  const bytes = source
  let lineStart = at
  for (let i = 0; i < length; i++) {
    // Nearly all of a text is letters and single blanks inside a line: they go in one tight run.
    if (at !== lineStart) {
      const runEnd = Math.min(length - 1, i + lineRoom - (at - lineStart))
      while (i < runEnd) {
        const byte = bytes[i]!
        if (how[byte] !== literal && (byte !== 0x20 || bytes[i + 1]! <= 0x20)) break
        out[at++] = byte
        i++
      }
    }
    const byte = bytes[i]!
    if (byte === 13 || byte === 10) {
      if (byte === 13 && i + 1 < length && bytes[i + 1] === 10) i++
      out[at++] = 13
      out[at++] = 10
      lineStart = at
      continue
    }
    const kind = how[byte]
    const bare =
      kind === literal
        ? at !== lineStart || !(byte === 0x2e || (byte === 0x46 && startsFrom(bytes, i, length)))
        : kind === blank && !lineEnds(bytes, i + 1, length)
    // The first byte of a character asks for room for all of it, so that no line ends within one.
    const width = bare ? 1 : byte < 0xc0 ? 3 : byte < 0xe0 ? 6 : byte < 0xf0 ? 9 : 12
    if (at - lineStart + width > lineRoom && !(byte >= 0x80 && byte < 0xc0)) {
      let cut = at
      for (let back = at - 1; back > at - searchBack; back--) {
        if (out[back] === 0x20) {
          cut = back + 1
          break
        }
      }
      // What moves down would start a line: "." and "F" were judged as mid-line bytes, so break here instead.
      if (cut < at && (out[cut] === 0x2e || out[cut] === 0x46)) cut = at
      out.copyWithin(cut + 3, cut, at)
      out[cut] = 0x3d
      out[cut + 1] = 13
      out[cut + 2] = 10
      at += 3
      lineStart = cut + 3
      i-- // judged again: it may now stand at the start of a line
      continue
    }
    if (bare) out[at++] = byte
    else {
      out[at++] = 0x3d
      out[at++] = hex[byte >> 4]!
      out[at++] = hex[byte & 15]!
    }
  }
  return at
}

const lineEnds = (bytes: Uint8Array, i: number, length: number): boolean =>
  i >= length || bytes[i] === 13 || bytes[i] === 10

const startsFrom = (bytes: Uint8Array, i: number, length: number): boolean =>
  i + 4 < length && bytes[i + 1] === 0x72 && bytes[i + 2] === 0x6f && bytes[i + 3] === 0x6d && bytes[i + 4] === 0x20
