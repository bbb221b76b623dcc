// A mail as the rest of the program looks at it: who, to whom, what it says, which thread, and whether a program wrote it.
// What cannot be read is a value, not an error: such mail is kept and shown, and the same bytes will not read better later.
import PostalMime, { type Address, addressParser, type Email } from 'postal-mime'
import { sayError } from '../../lib/errors.ts'
import { textOfHtml } from './html-text.ts'
import { type Automatic, isAutomatic } from './is-automatic.ts'
import { readDeliveryStatus, type SaidOfMail } from './read-delivery-status.ts'

export interface ReadMail {
  from: { name: string; address: string } | null
  to: string[]
  subject: string
  /** Plain text with \n line ends; of a mail that has HTML alone, its words. */
  text: string
  /** Without angle brackets, as the two below. */
  messageId: string | null
  inReplyTo: string | null
  references: string[]
  automatic: Automatic | null
  /** What it tells of another mail. */
  deliveryStatus: SaidOfMail | null
  attachments: number
}

export type Reading = { kind: 'read'; mail: ReadMail } | { kind: 'unreadable'; why: string }

/** Every part begins with such a line. A mail of a person has a handful; the reader takes a second for 20,000. */
const MOST_PARTS = 1_000
const LONGEST_TEXT = 200_000

export async function readMail(raw: Uint8Array, { envelopeFrom }: { envelopeFrom: string }): Promise<Reading> {
  if (countParts(raw) > MOST_PARTS) return { kind: 'unreadable', why: 'It has too many parts.' }
  let email: Email
  try {
    // A mail inside the mail is somebody else's words: it stays an attachment.
    email = await PostalMime.parse(raw, { maxNestingDepth: 20, maxHeadersSize: 256 * 1024, maxRfc822NestingDepth: 0 })
  } catch (error) {
    return { kind: 'unreadable', why: `It cannot be taken apart: ${sayError(error)}` }
  }
  const plain = email.text?.trim() ? email.text : textOfHtml((email.html ?? '').slice(0, LONGEST_TEXT))
  const automatic = isAutomatic({ envelopeFrom, headers: email.headers })
  const mail: ReadMail = {
    from: oneMailbox(email),
    to: (email.to ?? []).flatMap(mailboxes).map(({ address }) => address),
    subject: cleanLine(email.subject ?? ''),
    text: plain.slice(0, LONGEST_TEXT).replace(/\r\n?/g, '\n').replaceAll('\0', '').toWellFormed(),
    messageId: idsIn(email.messageId)[0] ?? null,
    inReplyTo: idsIn(email.inReplyTo)[0] ?? null,
    references: idsIn(email.references).slice(-50),
    automatic,
    deliveryStatus: readDeliveryStatus(email, { isFromNobody: automatic === 'null return path' }),
    attachments: email.attachments.length,
  }
  return { kind: 'read', mail }
}

function countParts(raw: Uint8Array): number {
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength)
  let parts = 0
  for (let at = bytes.indexOf('\n--'); at !== -1 && parts <= MOST_PARTS; at = bytes.indexOf('\n--', at + 3)) parts++
  return parts
}

/** A subject goes into headers of other mails and on screens: one line, no control characters. */
const cleanLine = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .trim()
    .slice(0, 1_000)

const mailboxes = (address: Address): { name: string; address: string }[] =>
  'group' in address && address.group !== undefined ? address.group : [address as { name: string; address: string }]

/** Null when nobody or several are named: who wrote it is then not known. */
function oneMailbox({ headers }: Email): ReadMail['from'] {
  const all = headers
    .filter(({ key }) => key === 'from')
    .flatMap(({ value }) => addressParser(value))
    .flatMap(mailboxes)
  const [only] = all
  return all.length === 1 && only!.address.includes('@')
    ? { name: cleanLine(only!.name), address: cleanLine(only!.address) }
    : null
}

const idsIn = (text: string | undefined): string[] =>
  [...(text ?? '').matchAll(/<([^<>\s]{1,250})>/g)].map(([, id]) => id!)
