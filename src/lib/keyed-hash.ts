// Keyed hashes for matching what we may not keep: an address, a card number, a line of the patron file.
// Keyed for each library, so that the same address at two libraries cannot be joined, and by kind, so that a phone
// never equals a postal address. Without the key (a file outside the database) a hash says nothing: PROMISE 6.
import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'

export type HashKind = 'email' | 'phone' | 'line' | 'file'

/** 16 bytes (HMAC-SHA-256, cut): among 2 million patrons two differ with all but 1 chance in 10^26. */
export type KeyedHash = (kind: HashKind, value: string | Uint8Array) => Buffer

/** `masterKey`: 32 bytes from the key file; `library`: the library's key, which never changes. */
export function keyedHashFor(masterKey: Uint8Array, library: string): KeyedHash {
  const key: KeyObject = createSecretKey(Buffer.from(hkdfSync('sha256', masterKey, library, 'gentle keyed hash', 32)))
  return (kind, value) => createHmac('sha256', key).update(`${kind}:`).update(value).digest().subarray(0, 16)
}
