// A mail on the wire: what no server should be asked to take, and the bytes from after "354" to the dot that ends it.
import type { OutgoingMail } from '../channel.ts'
import { type Refused, refusedWith } from './smtp-replies.ts'

/** A mail that no server should be asked to take. Its address stands between angle brackets in a command line. */
export function whyUnfit(mail: OutgoingMail): Refused | null {
  const printable = /^[\x21-\x7e]{1,320}$/
  const unfit = (address: string) => !printable.test(address) || /[<>]/.test(address) || !/.@./.test(address)
  if (unfit(mail.to)) return { kind: 'refused', permanent: true, code: '5.1.3', said: 'That is not an email address.' }
  if (mail.envelopeFrom !== '' && unfit(mail.envelopeFrom)) {
    return refusedWith('sender-refused 5.1.7', "The sender's address is not an email address.")
  }
  // Servers disagree on whether these end a mail, which lets a second one be hidden in it (SMTP smuggling).
  if (mail.raw.includes('\r.') || bareLineFeed(mail.raw)) {
    return { kind: 'refused', permanent: true, code: '5.6.0', said: 'The mail has line ends that are not CRLF.' }
  }
  return null
}

function bareLineFeed(raw: Buffer): boolean {
  for (let at = raw.indexOf('\n.'); at >= 0; at = raw.indexOf('\n.', at + 2)) if (raw[at - 1] !== 13) return true
  return false
}

/** Dots at line starts doubled, and the lone dot that ends it, all in one piece for one write. */
export function asContent(raw: Buffer): Buffer {
  const end = raw.length >= 2 && raw[raw.length - 2] === 13 && raw[raw.length - 1] === 10 ? '.\r\n' : '\r\n.\r\n'
  if (raw[0] !== 0x2e && !raw.includes('\r\n.')) {
    const content = Buffer.allocUnsafe(raw.length + end.length)
    raw.copy(content)
    content.write(end, raw.length, 'latin1')
    return content
  }
  return Buffer.from(`${raw.toString('latin1').replace(/^\./, '..').replaceAll('\r\n.', '\r\n..')}${end}`, 'latin1')
}
