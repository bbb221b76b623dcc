// The mail that tells a library that a text did not arrive: a delivery status notification as mail servers write them (RFC
// 3464), so that library systems that read these take it in, with plain English on top for whoever reads it themselves. Its
// return path is null, so that nothing ever answers it.
import type { OutgoingMail } from '../channel.ts'
import { isMessageId, mailDate } from './compose.ts'
import { OUR_HEADER } from './is-automatic.ts'
import { checkedAddress, mailboxField, textField } from './mime-words.ts'
import { quotedPrintableRoom, writeQuotedPrintable } from './quoted-printable.ts'
import { undelivered, type WhyNotDelivered } from './why-not-delivered.ts'

export interface DeliveryStatus {
  /** `local@domain`. */
  messageId: string
  /** From whom this mail is: the address of whoever looks after the gateway. */
  from: { name: string; address: string }
  /** Who sent the mail that was to become a text. */
  to: string
  /** The name of the mail door. */
  reportedBy: string
  /** The address of the text, as it stood in the envelope. */
  address: string
  why: WhyNotDelivered
  /** The provider's own code, for whoever has to ask it. */
  providerCode?: string | null
  arrivedAt: Date
  now: Date
  /** Of the mail that was to become a text. */
  original: { messageId: string | null; subject: string; date?: string }
}

export function composeDeliveryStatus(report: DeliveryStatus): OutgoingMail {
  if (!isMessageId(report.messageId)) throw new TypeError(`"${report.messageId}" is no Message-ID that we write.`)
  const { status, says, advice } = undelivered[report.why]
  const address = checkedAddress(report.address)
  const about = oneLine(report.original.subject)
  const boundary = `=_status_${report.messageId.slice(0, 40).replace('@', '_')}`
  const original = report.original.messageId === null ? null : ascii(report.original.messageId)

  let head = `Date: ${mailDate(report.now)}\r\n`
  head += mailboxField('From', report.from)
  head += mailboxField('To', { address: report.to })
  head += textField('Subject', `Not delivered: the text to ${address.split('@')[0]}`)
  head += `Message-ID: <${report.messageId}>\r\n`
  if (original !== null) head += `In-Reply-To: <${original}>\r\nReferences: <${original}>\r\n`
  head += `Auto-Submitted: auto-replied\r\nX-Auto-Response-Suppress: All\r\n${OUR_HEADER}: delivery-status\r\n`
  head += `MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status;\r\n boundary="${boundary}"\r\n`

  const words = [
    says,
    `It was for: ${address}`,
    `The mail was: ${about === '' ? '(no subject)' : about}`,
    '',
    advice,
    '',
  ]
  const status_ = [
    `Reporting-MTA: dns; ${report.reportedBy}`,
    `Arrival-Date: ${mailDate(report.arrivedAt)}`,
    '',
    `Final-Recipient: rfc822; ${address}`,
    'Action: failed',
    `Status: ${status}`,
    `Diagnostic-Code: x-gentle; ${report.why}${report.providerCode ? ` (${ascii(report.providerCode).slice(0, 60)})` : ''}`,
    `Last-Attempt-Date: ${mailDate(report.now)}`,
  ]
  const part = (type: string, body: string) => `\r\n--${boundary}\r\nContent-Type: ${type}\r\n${body}`
  const raw = [
    head,
    part(
      'text/plain; charset=utf-8',
      `Content-Transfer-Encoding: quoted-printable\r\n\r\n${quotedPrintable(words.join('\r\n'))}`,
    ),
    part('message/delivery-status', `\r\n${status_.join('\r\n')}\r\n`),
    // The head and not the text: what the text said is between the library and its reader.
    part(
      'text/rfc822-headers',
      `\r\n${original === null ? '' : `Message-ID: <${original}>\r\n`}${textField('Subject', about)}${mailboxField('To', { address })}`,
    ),
    `\r\n--${boundary}--\r\n`,
  ].join('')
  return {
    messageId: report.messageId,
    envelopeFrom: '',
    to: checkedAddress(report.to),
    raw: Buffer.from(raw, 'latin1'),
  }
}

const oneLine = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, 200)

/** The head is written byte by byte: half of Ċ is a line end. */
const ascii = (text: string): string => text.replace(/[^\x21-\x7e]|[<>]/g, '').slice(0, 200)

function quotedPrintable(text: string): string {
  const room = Buffer.alloc(quotedPrintableRoom(text))
  return room.toString('latin1', 0, writeQuotedPrintable(text, room, 0))
}
