// One e-mail as the bytes that leave: plain text beside HTML, the headers a bulk mail owes its reader (RFC 8058 stop
// button, Auto-Submitted), and nothing that tracks. Our own because a campaign composes thousands a second, each of
// them different, and a general composer costs twenty times as much. Every mail of one call is whole or a Problem.
import { Problem } from '../../lib/errors.ts'
import { checkedAddress, type Mailbox, mailboxField, refuseLineBreaks, textField, tokenField } from './mime-words.ts'
import { quotedPrintableRoom, writeQuotedPrintable } from './quoted-printable.ts'

export interface MailToCompose {
  from: { name: string; address: string }
  to: Mailbox
  replyTo?: Mailbox
  subject: string
  text: string
  html: string
  /** `local@domain` without angle brackets; the local part of letters, digits, dots, underscores and hyphens. */
  messageId: string
  date: Date
  /** BCP 47: `en`, `es-MX`. */
  language: string
  /** `url` answers a bare POST with "left" (RFC 8058); `mailto` is an address, or a whole mailto: URI. */
  listUnsubscribe?: { url: string; mailto?: string }
  headers?: Record<string, string>
}

/** `local@domain` of a Message-ID in the narrow form we write, safe as a file name and in a log. */
export const isMessageId = (id: string): boolean =>
  /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}@[A-Za-z0-9][A-Za-z0-9.-]{0,127}$/.test(id)

// Written here or never: the first group would stand twice, the second adds readers, hides who wrote, or says "bulk".
const notFromOutside =
  /^(?:from|to|reply-to|subject|date|message-id|mime-version|content-.*|list-unsubscribe.*|auto-submitted|x-auto-response-suppress|cc|bcc|sender|return-path|received|resent-.*|precedence|x-mailer)$/i

let scratch: Buffer<ArrayBuffer> = Buffer.allocUnsafeSlow(256 * 1024)

export function composeMail(mail: MailToCompose): Buffer {
  // "=_" cannot occur in quoted-printable, so no text contains the boundary (RFC 2045 §6.7).
  const boundary = `=_${checkedMessageId(mail.messageId).slice(0, 60).replace('@', '_')}`
  const head = `${headersOf(mail)}Content-Type: multipart/alternative;\r\n boundary="${boundary}"\r\n\r\n`
  const beforeText = `--${boundary}\r\n${partHead('plain')}`
  const beforeHtml = `\r\n--${boundary}\r\n${partHead('html')}`
  const end = `\r\n--${boundary}--\r\n`
  const room =
    head.length +
    beforeText.length +
    beforeHtml.length +
    end.length +
    quotedPrintableRoom(mail.text) +
    quotedPrintableRoom(mail.html)
  if (scratch.length < room) scratch = Buffer.allocUnsafeSlow(Math.ceil(room * 1.5))
  let at = scratch.write(head, 0, 'latin1')
  at += scratch.write(beforeText, at, 'latin1')
  at = writeQuotedPrintable(mail.text, scratch, at)
  at += scratch.write(beforeHtml, at, 'latin1')
  at = writeQuotedPrintable(mail.html, scratch, at)
  at += scratch.write(end, at, 'latin1')
  return Buffer.from(scratch.subarray(0, at)) // a copy: the next mail is written over this one
}

const partHead = (kind: 'plain' | 'html'): string =>
  `Content-Type: text/${kind}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n`

function headersOf(mail: MailToCompose): string {
  let head = `Date: ${mailDate(mail.date)}\r\n`
  head += mailboxField('From', mail.from)
  head += mailboxField('To', mail.to)
  if (mail.replyTo) head += mailboxField('Reply-To', mail.replyTo)
  head += textField('Subject', mail.subject)
  head += `Message-ID: <${mail.messageId}>\r\n`
  if (mail.listUnsubscribe) head += unsubscribeFields(mail.listUnsubscribe)
  // No Precedence: it is not standard, and some servers rank such mail lower or answer it.
  head += 'Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: All\r\n'
  head += `Content-Language: ${checkedLanguage(mail.language)}\r\n`
  for (const [field, value] of Object.entries(mail.headers ?? {})) head += extraField(field, value)
  return `${head}MIME-Version: 1.0\r\n`
}

/** RFC 8058 asks for https; http passes for a demo on this machine. */
function unsubscribeFields(way: { url: string; mailto?: string }): string {
  if (!/^https?:\/\/[^<>]+$/.test(way.url))
    throw new Problem('bad-input', 'The unsubscribe link must be a web address.')
  let value = `<${way.url}>`
  if (way.mailto !== undefined) {
    const uri = way.mailto.startsWith('mailto:') ? way.mailto.slice(7) : way.mailto
    checkedAddress(uri.split('?')[0]!)
    if (/[<>]/.test(uri)) throw new Problem('bad-input', 'The unsubscribe address must not contain < or >.')
    value += `, <mailto:${uri}>`
  }
  return `${tokenField('List-Unsubscribe', value)}List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n`
}

function extraField(field: string, value: string): string {
  if (!/^[A-Za-z][A-Za-z0-9-]{0,39}$/.test(field) || notFromOutside.test(field)) {
    throw new Problem(
      'bad-input',
      `A mail's header “${field.replace(/[^\x20-\x7e]/g, '?').slice(0, 40)}” cannot be set from outside.`,
    )
  }
  // Ids and URLs must not be turned into encoded words, so only what is not ASCII is.
  return /^[\x21-\x7e]+(?: [\x21-\x7e]+)*$/.test(refuseLineBreaks(field, value))
    ? tokenField(field, value)
    : textField(field, value)
}

function checkedMessageId(id: string): string {
  if (!isMessageId(id)) {
    throw new Problem(
      'bad-input',
      'A Message-ID is written local@domain, of letters, digits, dots, underscores and hyphens.',
    )
  }
  return id
}

function checkedLanguage(language: string): string {
  if (!/^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,4}$/.test(language)) {
    throw new Problem('bad-input', 'The language of a mail is written like “en” or “es-MX”.')
  }
  return language
}

export function mailDate(date: Date): string {
  const text = date.toUTCString()
  if (!/^\w{3}, \d{2} \w{3} \d{4} /.test(text)) throw new Problem('bad-input', 'The date of a mail is not a date.')
  return text.replace('GMT', '+0000')
}
