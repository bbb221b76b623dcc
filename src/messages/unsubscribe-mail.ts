// Leaving by mail: the mailto beside the stop button, for mail programs that know no other way, and what is read of the
// mail that comes back. The token stands in the subject: it is 72 characters, more than the name of a mailbox may have,
// and mail servers like to write such names in small letters.
import PostalMime from 'postal-mime'
import { type LinkDoor, stopByLink } from '../consent/link-choices.ts'
import type { LinkSigner } from '../lib/signed-links.ts'
import { libraryByNo } from '../patrons/library.ts'
import type { ObeyingCapability } from './arrivals/capability.ts'

export const unsubscribeMailto = (address: string, token: string): string =>
  `mailto:${address}?subject=unsubscribe%20${token}`

const TOKEN = /(?<![\w-])[\w-]{72}(?![\w-])/g

/** The subject and the addresses stand at the top; the rest of a large mail is nothing to us. */
const LOOKED_AT = 256 * 1024

/** The same by the mail door: obeyed before the sending server hears that the mail arrived. */
export function unsubscribeByMail(door: LinkDoor & { links: LinkSigner }, address: string): ObeyingCapability {
  const at = address.lastIndexOf('@')
  return {
    capability: 'unsubscribe',
    at: { kind: 'name', localPart: address.slice(0, at), domain: address.slice(at + 1) },
    async obey(raw, now) {
      await obeyUnsubscribeMail(door, raw.subarray(0, LOOKED_AT), now)
    },
  }
}

/** In the subject, or in an address the mail was for: "+TOKEN" works where a mail server lets it. */
async function tokensIn(raw: Uint8Array): Promise<string[]> {
  // What cannot be read, as 400 parts nested in each other, holds nothing to obey: the same bytes will not read better later.
  const mail = await PostalMime.parse(raw).catch(() => null)
  if (mail === null) return []
  const addressed = mail.headers.filter(({ key }) => /^(to|cc|delivered-to|x-original-to|envelope-to)$/.test(key))
  const places = [mail.subject ?? '', ...addressed.map(({ value }) => value)]
  return [...new Set(places.flatMap((place) => place.match(TOKEN) ?? []))].slice(0, 20)
}

/**
 * Obeys whatever unsubscribe mail this is, from whomever: the token is the proof, as in the link. Nothing of the mail is
 * kept, and nothing is ever answered, so no two machines can begin to write to each other. Returns how many links it had
 * that are ours.
 */
export async function obeyUnsubscribeMail(
  door: LinkDoor & { links: LinkSigner },
  raw: Uint8Array,
  now: Date,
): Promise<number> {
  const links = (await tokensIn(raw)).flatMap((token) => door.links.read(token) ?? [])
  for (const link of links) {
    const library = await libraryByNo(door.logins, link.library)
    if (library !== null) await stopByLink(door, library, link, { purpose: 'all', method: 'unsubscribe mail', now })
  }
  return links.length
}
