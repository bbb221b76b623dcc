// The fingerprint of a line of a patron file: tells whether it is the line we know, and says nothing without the key.
import { hash } from 'node:crypto'
import type { KeyedHex } from '../lib/keyed-hash.ts'

/** 32 hexadecimal digits. */
export type Fingerprint = (raw: Buffer) => string

/**
 * SHA-256 over a key and the line, cut in half. What is cut off is missing to anybody who would lengthen the line, so
 * this needs no second hash, unlike an HMAC, and a million lines cost half a second less.
 */
export function lineFingerprint(keyed: KeyedHex, reading: string): Fingerprint {
  const key = Buffer.from(keyed('line', reading), 'hex')
  let bytes = Buffer.concat([key], 4_096)
  return (raw) => {
    const end = key.length + raw.length
    if (bytes.length < end) bytes = Buffer.concat([key], end * 2)
    bytes.set(raw, key.length)
    return hash('sha256', new Uint8Array(bytes.buffer, bytes.byteOffset, end)).slice(0, 32)
  }
}
