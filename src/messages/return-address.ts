// The return path of our mails to staff: an address of our own for each of them, so that a mail which comes back says which
// one it was. It carries 128 bits that only the key file can make: nobody can invent a bounce of a mail they have not had.
import { timingSafeEqual } from 'node:crypto'
import type { Seals } from '../db/seals.ts'
import type { Library } from '../patrons/library.ts'

/** Before the plus sign of every such address. */
export const RETURN_LOCAL = 'bounce'

const proofOf = (seals: Seals, library: Library, answerNo: string): Buffer =>
  seals.hashFor(library.key)('reply', `mail ${answerNo}`)

export const returnAddress = (seals: Seals, library: Library, answerNo: string, domain: string): string =>
  `${RETURN_LOCAL}+${library.libraryNo}-${answerNo}-${proofOf(seals, library, answerNo).toString('hex')}@${domain}`

const TOKEN = /^(\d{1,9})-(\d{1,18})-([0-9a-f]{32})$/i

export const libraryOfReturn = (token: string): number | null => {
  const read = TOKEN.exec(token)
  return read && Number(read[1])
}

/** The number of the mail that came back; null when this is no address that we made. */
export function answerOfReturn(seals: Seals, library: Library, token: string): string | null {
  const [, libraryNo, answerNo, proof] = TOKEN.exec(token) ?? []
  if (answerNo === undefined || Number(libraryNo) !== library.libraryNo) return null
  return timingSafeEqual(proofOf(seals, library, answerNo), Buffer.from(proof!, 'hex')) ? answerNo : null
}
