// The address to which staff answer a text by mail. It names the library and the conversation, and carries 128 bits that
// only the key file can make: whoever has not had our mail cannot write such an address, and it tells no phone number.
import { timingSafeEqual } from 'node:crypto'
import type { Seals } from '../db/seals.ts'
import type { Library } from '../patrons/library.ts'

/** Before the plus sign of every such address: by it the mail door knows whose the mail is. */
export const REPLY_LOCAL = 'answer'

export interface ReplyTo {
  libraryNo: number
  conversationNo: string
  proof: Buffer
}

const proofOf = (seals: Seals, library: Library, conversationNo: string): Buffer =>
  seals.hashFor(library.key)('reply', conversationNo)

export const replyAddress = (seals: Seals, library: Library, conversationNo: string, domain: string): string =>
  `${REPLY_LOCAL}+${library.libraryNo}-${conversationNo}-${proofOf(seals, library, conversationNo).toString('hex')}@${domain}`

/** Of what stands between the plus sign and the @. Null when it is no such address. */
export function readReplyToken(token: string): ReplyTo | null {
  const [, libraryNo, conversationNo, proof] = /^(\d{1,9})-(\d{1,18})-([0-9a-f]{32})$/i.exec(token) ?? []
  return proof === undefined
    ? null
    : { libraryNo: Number(libraryNo), conversationNo: conversationNo!, proof: Buffer.from(proof, 'hex') }
}

export const isOurs = (seals: Seals, library: Library, reply: ReplyTo): boolean =>
  timingSafeEqual(proofOf(seals, library, reply.conversationNo), reply.proof)
