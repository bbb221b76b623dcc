// What circulation duties may do with the key file: seal and open what is kept of one patron, sign the head of a
// ledger, and hash what is matched. Derived from the hashing secret, which is never changed, so that what was sealed or
// signed years ago can still be opened and proved. A scope of outreach has none of this.
import { createPrivateKey, createPublicKey, hkdfSync, randomBytes, sign, verify } from 'node:crypto'
import { type KeyedHash, keyedHashFor } from '../lib/keyed-hash.ts'
import { seal, unseal } from '../lib/seal.ts'
import type { Keys } from './keys.ts'
import type { LibraryNo } from './scope.ts'

export interface PatronKey {
  key: Buffer
  /** The same under a key that lies outside the database; this is what the database keeps. */
  wrapped: Buffer
}

export interface Seals {
  /** `about`: whose it is. A wrapped key put in another patron's row does not open. */
  newPatronKey(about: string): PatronKey
  /** Null when it was not wrapped here, or for somebody else. */
  openPatronKey(wrapped: Buffer, about: string): Buffer | null
  /** What signs in elsewhere: a provider's token. */
  sealSecret(bytes: Uint8Array, about: string): Buffer
  openSecret(sealed: Buffer, about: string): Buffer | null
  /** Ed25519. */
  sign(said: string): Buffer
  isSigned(said: string, signature: Uint8Array): boolean
  /** SPKI in base64: with it anybody can check what was signed here. */
  readonly publicKey: string
  hashFor(libraryKey: string): KeyedHash
}

/** What the signature of a ledger's head covers. */
export const headSaid = (library: LibraryNo, entries: bigint | string, head: Buffer): string =>
  JSON.stringify(['gentle ledger head', 1, library, entries.toString(), head.toString('hex')])

/** RFC 8410: what stands before the 32 bytes of an Ed25519 key in PKCS #8. */
const ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex')

export function sealsOf(keys: Pick<Keys, 'hashing'>): Seals {
  const derive = (what: string) => Buffer.from(hkdfSync('sha256', keys.hashing, '', what, 32))
  const wrapping = derive('gentle patron keys')
  const secrets = derive('gentle secrets of lines')
  const signing = createPrivateKey({
    key: Buffer.concat([ED25519, derive('gentle ledger head')]),
    format: 'der',
    type: 'pkcs8',
  })
  const checking = createPublicKey(signing)
  // Derived once a library: it takes longer than most of what is hashed with it.
  const hashes = new Map<string, KeyedHash>()
  return {
    newPatronKey(about) {
      const key = randomBytes(32)
      return { key, wrapped: seal(wrapping, key, about) }
    },
    openPatronKey: (wrapped, about) => unseal(wrapping, wrapped, about),
    sealSecret: (bytes, about) => seal(secrets, bytes, about),
    openSecret: (sealed, about) => unseal(secrets, sealed, about),
    sign: (said) => sign(null, Buffer.from(said), signing),
    isSigned: (said, signature) => verify(null, Buffer.from(said), checking, signature),
    publicKey: checking.export({ format: 'der', type: 'spki' }).toString('base64'),
    hashFor(libraryKey) {
      const known = hashes.get(libraryKey) ?? keyedHashFor(keys.hashing, libraryKey)
      hashes.set(libraryKey, known)
      return known
    },
  }
}
