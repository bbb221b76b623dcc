// Links that carry their own proof: what a link in a message is for stands in the link, signed, so that it works signed
// out, for years, and for people since erased (it holds the keyed hash of the address, not the address). It opens
// choices; it never shows who somebody is.
import { createHmac, createSecretKey, hkdfSync, timingSafeEqual } from 'node:crypto'

/** What a link in a message says. `purpose` is the bit number; `addressHash` 16 bytes. */
export interface MessageLink {
  library: number
  message: string
  patron: string
  purpose: number
  addressHash: Buffer
}

/** In the place of a purpose: a link that was asked for and belongs to no message. */
export const NO_PURPOSE = 255

export interface LinkSigner {
  sign(link: MessageLink): string
  /** Null when it was not signed with our key, or was altered or cut. */
  read(token: string): MessageLink | null
}

const VERSION = 1
const BODY = 1 + 4 + 8 + 8 + 1 + 16
const SEAL = 16

function sealWith(secret: Uint8Array): (body: Buffer) => Buffer {
  const key = createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', 'gentle message link', 32)))
  return (body) => createHmac('sha256', key).update(body).digest().subarray(0, SEAL)
}

/**
 * `secret`: the links key of the key file, with which links are signed; what was signed with an `earlier` one is read,
 * too. A token is 72 characters of base64url.
 */
export function linkSigner(secret: Uint8Array, earlier: readonly Uint8Array[] = []): LinkSigner {
  const seals = [secret, ...earlier].map(sealWith)
  const seal = seals[0]!
  return {
    sign(link) {
      const body = Buffer.alloc(BODY)
      body.writeUInt8(VERSION, 0)
      body.writeUInt32BE(link.library, 1)
      body.writeBigUInt64BE(BigInt(link.message), 5)
      body.writeBigUInt64BE(BigInt(link.patron), 13)
      body.writeUInt8(link.purpose, 21)
      link.addressHash.copy(body, 22, 0, 16)
      return Buffer.concat([body, seal(body)]).toString('base64url')
    },
    read(token) {
      if (!/^[A-Za-z0-9_-]{72}$/.test(token)) return null
      const bytes = Buffer.from(token, 'base64url')
      if (bytes.length !== BODY + SEAL || bytes[0] !== VERSION) return null
      const body = bytes.subarray(0, BODY)
      if (!seals.some((one) => timingSafeEqual(one(body), bytes.subarray(BODY)))) return null
      return {
        library: body.readUInt32BE(1),
        message: body.readBigUInt64BE(5).toString(),
        patron: body.readBigUInt64BE(13).toString(),
        purpose: body.readUInt8(21),
        addressHash: Buffer.from(body.subarray(22, 38)),
      }
    },
  }
}
