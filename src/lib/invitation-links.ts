// The link of an invitation: of which library and for which cardholder, signed. A kind of its own, with a key of its own,
// so that it never opens what the link of a message opens, nor the other way round. It proves no more than that we made it
// for that card: notices are forwarded, printed and left lying about.
import { createHmac, createSecretKey, hkdfSync, timingSafeEqual } from 'node:crypto'

export interface Invitation {
  library: number
  /** The random number of the cardholder. */
  patron: string
}

export interface InvitationSigner {
  /** The same cardholder gets the same link each time, so that it can be merged into notices month after month. */
  sign(invitation: Invitation): string
  /** Null when it was not signed with our key, or was altered or cut. */
  read(token: string): Invitation | null
}

const VERSION = 1
const BODY = 1 + 4 + 8
const SEAL = 16

/** `secret`: the links key of the key file; what was signed with an `earlier` one is read, too. 39 characters of base64url. */
export function invitationSigner(secret: Uint8Array, earlier: readonly Uint8Array[] = []): InvitationSigner {
  const seals = [secret, ...earlier].map((one) => {
    const key = createSecretKey(Buffer.from(hkdfSync('sha256', one, '', 'gentle invitation link', 32)))
    return (body: Buffer) => createHmac('sha256', key).update(body).digest().subarray(0, SEAL)
  })
  return {
    sign({ library, patron }) {
      const body = Buffer.alloc(BODY)
      body.writeUInt8(VERSION, 0)
      body.writeUInt32BE(library, 1)
      body.writeBigInt64BE(BigInt(patron), 5)
      return Buffer.concat([body, seals[0]!(body)]).toString('base64url')
    },
    read(token) {
      if (!/^[A-Za-z0-9_-]{39}$/.test(token)) return null
      const bytes = Buffer.from(token, 'base64url')
      if (bytes.length !== BODY + SEAL || bytes[0] !== VERSION) return null
      const body = bytes.subarray(0, BODY)
      if (!seals.some((seal) => timingSafeEqual(seal(body), bytes.subarray(BODY)))) return null
      return { library: body.readUInt32BE(1), patron: body.readBigInt64BE(5).toString() }
    },
  }
}
