// The second step of the join page: what belongs to the phone. How it ends comes back in the page's own form, so that the page
// can say again which phone is meant.
import type { FastifyRequest } from 'fastify'
import { keyedHashFor } from '../lib/keyed-hash.ts'
import type { Library } from '../patrons/library.ts'
import type { Typed } from '../signups/typed.ts'
import { reportAddress } from '../staff/life-event.ts'
import { knownLanguage, wordsOf } from '../words/languages.ts'
import type { Premises } from './premises.ts'

/** Empty on a page that asked for the code of a mail. */
export function phoneIn({ body }: FastifyRequest): { phone?: string } {
  const { phone } = (body ?? {}) as Record<string, unknown>
  return typeof phone === 'string' ? { phone: phone.slice(0, 4) } : {}
}

/** A proven phone that is not the one on the card: staff put it into the library system, and the next patron file brings it. */
export const reportPhone = (
  { logins, journal, keys }: Premises,
  library: Library,
  { typed, patron, now }: { typed: Typed; patron: string; now: Date },
): Promise<void> => {
  const language = knownLanguage(library.language) ?? 'en'
  const said = wordsOf[language].join.phoneForCard(typed.phone ?? '')
  const addressHash = keyedHashFor(keys.hashing, library.key)('email', typed.email)
  return reportAddress({ logins, journal }, library, { patron, addressHash, said, now })
}
