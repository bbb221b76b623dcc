// What is kept of a card number: 8 bytes of its keyed hash, enough to find its holder again when they type it themselves
// and too little to tell anybody a number. It opens nothing alone: an address has to match as well.
import type { KeyedHex } from './keyed-hash.ts'

/** As PostgreSQL's bigint. Spaces and hyphens are for eyes, and some cards have letters. */
export const cardKey = (hash: KeyedHex, cardNumber: string): string =>
  BigInt.asIntN(64, BigInt(`0x${hash('card', normaliseCard(cardNumber)).slice(0, 16)}`)).toString()

const normaliseCard = (cardNumber: string): string =>
  /^[0-9]+$/.test(cardNumber) ? cardNumber : cardNumber.replace(/[\s-]+/g, '').toUpperCase()
