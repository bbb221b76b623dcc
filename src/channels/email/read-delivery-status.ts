// What a bounce says: whether the mail truly did not arrive, and why. Most servers write a delivery status notification (RFC
// 3464); some write plain words, with a code of three digits or a header of their own.
import type { Email } from 'postal-mime'

export interface SaidOfMail {
  /** 'failed': it will not arrive. 'delayed': it is still being tried, or something else was told. */
  action: 'failed' | 'delayed'
  said: string
}

/** Null when it is no report about a mail. `isFromNobody`: its return path is null, and it is no reply by itself. */
export function readDeliveryStatus(email: Email, { isFromNobody }: { isFromNobody: boolean }): SaidOfMail | null {
  const part = email.attachments.find(({ mimeType }) => /^message\/(global-)?delivery-status$/i.test(mimeType))
  if (part !== undefined) return ofFields(textOf(part.content))
  const words = email.text ?? ''
  const line = CODE.exec(words)?.[0]
  const isNamed = email.headers.some(({ key }) => key === 'x-failed-recipients')
  if (!isNamed && !(isFromNobody && line !== undefined)) return null
  return { action: 'failed', said: shortened(line ?? words) }
}

/** A line with "550 …" or "5.1.1"; "554-0100" is the end of a telephone number. */
const CODE = /^.*\b(?:55[0-4][ -](?!\d{4}\b)|5\.\d{1,3}\.\d{1,3}\b).*$/m

/** The groups of fields after the first are about one address each; one that failed is enough, our mails go to one. */
function ofFields(text: string): SaidOfMail | null {
  const groups = text
    .replace(/\r\n?/g, '\n')
    .replace(/\n[ \t]+/g, ' ')
    .split(/\n{2,}/)
    .map((group) => new Map(group.split('\n').flatMap(nameAndValue)))
    .filter((fields) => fields.has('action'))
  const failed = groups.find((fields) => /^failed\b/i.test(fields.get('action')!))
  if (failed === undefined) return groups.length === 0 ? null : { action: 'delayed', said: groups[0]!.get('action')! }
  const why = failed.get('diagnostic-code')?.replace(/^[\w-]+;\s*/, '')
  return { action: 'failed', said: shortened([failed.get('status'), why].filter(Boolean).join(' ')) }
}

const nameAndValue = (line: string): [string, string][] => {
  const at = line.indexOf(':')
  return at <= 0 ? [] : [[line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim()]]
}

const textOf = (content: string | ArrayBuffer | Uint8Array): string =>
  typeof content === 'string' ? content : Buffer.from(content as ArrayBuffer).toString('utf8')

const shortened = (said: string): string =>
  said
    .toWellFormed()
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, 300)
