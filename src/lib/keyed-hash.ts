// Keyed hashes for matching what we may not keep: an address, a card number, a line of the patron file.
// Keyed for each library, so that the same address at two libraries cannot be joined, and by kind, so that a phone
// never equals a postal address. Without the key (a file outside the database) a hash says nothing: PROMISE 6.
import { hash, hkdfSync } from 'node:crypto'

export type HashKind = 'email' | 'phone' | 'line' | 'patron' | 'card' | 'code' | 'reply'

/** 16 bytes (HMAC-SHA-256, cut): among 2 million patrons two differ with all but 1 chance in 10^26. */
export type KeyedHash = (kind: HashKind, value: string | Uint8Array) => Buffer
/** The same as 32 hexadecimal digits, for bulk: making a Buffer of each costs as much as hashing. */
export type KeyedHex = (kind: HashKind, value: string | Uint8Array) => string

/** `masterKey`: 32 bytes from the key file; `library`: the library's key, which never changes. */
export function keyedHashFor(masterKey: Uint8Array, library: string): KeyedHash {
  const hex = keyedHexFor(masterKey, library)
  return (kind, value) => Buffer.from(hex(kind, value), 'hex')
}

/**
 * HMAC (RFC 2104) out of two one-shot hashes: an import makes millions, and node:crypto's Hmac builds a stream object
 * for each (2.6 to 3.9 µs; this 1.2 to 1.4 in the same runs). A test holds it against node's own.
 */
export function keyedHexFor(masterKey: Uint8Array, library: string): KeyedHex {
  const key = Buffer.from(hkdfSync('sha256', masterKey, library, 'gentle keyed hash', 32))
  const padded = (pad: number) => Buffer.from(Array.from({ length: BLOCK }, (_, i) => (key[i] ?? 0) ^ pad))
  const outer = Buffer.concat([padded(0x5c), Buffer.alloc(32)])
  let inner = Buffer.concat([padded(0x36)], 4_096)
  return (kind, value) => {
    const room = BLOCK + kind.length + 1 + value.length * 3
    if (inner.length < room) inner = Buffer.concat([inner.subarray(0, BLOCK)], room)
    let end = BLOCK + inner.write(kind, BLOCK, 'latin1')
    inner[end++] = 58 // ':'
    if (typeof value === 'string') end += inner.write(value, end)
    else {
      inner.set(value, end)
      end += value.length
    }
    const once = hash('sha256', new Uint8Array(inner.buffer, inner.byteOffset, end))
    // Of a card a few bytes are kept. The rest is missing to anybody who would lengthen the value, so once is enough, and an
    // import of a million lines half a second shorter.
    if (kind === 'card') return once.slice(0, 32)
    outer.write(once, BLOCK, 'hex')
    return hash('sha256', outer).slice(0, 32)
  }
}

/** SHA-256's block, in bytes. */
const BLOCK = 64
