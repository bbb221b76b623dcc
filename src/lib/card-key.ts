// What is kept of a card number: 52 bits of its keyed hash, enough to find its holder again when they type it themselves
// and too little to tell anybody a number. It opens nothing alone: an address has to match as well. Of 2 million cards two
// meet by accident in one of 2,000 libraries, and then the number finds neither.
import type { KeyedHex } from './keyed-hash.ts'

/** As PostgreSQL's bigint, and small enough for a number of JavaScript, which an import of millions makes much faster. */
export const cardKey = (hash: KeyedHex, cardNumber: string): string =>
  String(Number.parseInt(hash('card', normaliseCard(cardNumber)).slice(0, 13), 16))

const normaliseCard = (cardNumber: string): string =>
  /^[0-9]+$/.test(cardNumber) ? cardNumber : cardNumber.replace(/[\s-]+/g, '').toUpperCase()
