// The secrets of one sign-up: the one on the page that asks for the code, the one in the mail's link, and the code. Of each
// only a hash is kept, and each is compared in a time that tells nothing.
import { createHash, hkdfSync, randomBytes, randomInt, timingSafeEqual } from 'node:crypto'
import type { KeyedHash } from '../lib/keyed-hash.ts'

const NUMBER = 8
const SECRET = 16
/** Wrong codes after which a code is used up. */
export const TRIES = 5

/** A sign-up's number and a secret, as they stand in a link or a form: 32 characters. */
export interface Token {
  signUpNo: string
  secret: Buffer
}

export const newSecret = (): Buffer => randomBytes(SECRET)

export const secretHash = (secret: Buffer): Buffer => createHash('sha256').update('sign-up').update(secret).digest()

export function writeToken({ signUpNo, secret }: Token): string {
  const number = Buffer.alloc(NUMBER)
  number.writeBigUInt64BE(BigInt(signUpNo))
  return Buffer.concat([number, secret]).toString('base64url')
}

/** Null when it does not look like one. */
export function readToken(text: unknown): Token | null {
  if (typeof text !== 'string' || !/^[A-Za-z0-9_-]{32}$/.test(text)) return null
  const bytes = Buffer.from(text, 'base64url')
  const signUpNo = bytes.readBigUInt64BE()
  return signUpNo >> 63n === 0n ? { signUpNo: signUpNo.toString(), secret: bytes.subarray(NUMBER) } : null
}

export const newCode = (): string => randomInt(1_000_000).toString().padStart(6, '0')

/** Keyed, because a million codes are tried in a second; bound to its sign-up. */
export const codeHash = (hash: KeyedHash, signUpNo: string, code: string): Buffer => hash('code', `${signUpNo}:${code}`)

export const isSame = (a: Buffer, b: Buffer | null): boolean =>
  b !== null && a.length === b.length && timingSafeEqual(a, b)

/** What somebody typed waits under this key, which lies outside the database. */
export const sealingKey = (linksKey: Uint8Array): Buffer =>
  Buffer.from(hkdfSync('sha256', linksKey, '', 'gentle pending sign-up', 32))
