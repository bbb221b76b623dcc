// Whether a program wrote a mail, and of which kind. Two programs that answer each other go on for ever, so what is a reply
// by itself never becomes a text; a notice of the library system is written by a program, too, and may.

export type Automatic =
  /** Nobody is to answer it: a bounce, or somebody who wants no answer. */
  | 'null return path'
  | 'delivery report'
  /** This program's own mail, come back. */
  | 'our own'
  | 'automatic reply'
  | 'mailing list'
  | 'bulk'
  | 'written by a program'

/** On every mail by which this program speaks to staff, so that it knows its own when it comes back. */
export const OUR_HEADER = 'X-Gentle-Reader'

type Headers = readonly { key: string; value: string }[]

export function isAutomatic(mail: { envelopeFrom: string; headers: Headers }): Automatic | null {
  const of = (name: string): string[] =>
    mail.headers.filter(({ key }) => key === name).map(({ value }) => value.toLowerCase().trim())
  const has = (name: string): boolean => of(name).length > 0
  const submitted = of('auto-submitted').map((value) => value.split(/[;\s]/)[0])
  const precedence = of('precedence')

  if (has(OUR_HEADER.toLowerCase())) return 'our own'
  if (of('content-type').some((value) => value.startsWith('multipart/report'))) return 'delivery report'
  if (
    submitted.includes('auto-replied') ||
    has('x-autoreply') ||
    has('x-autorespond') ||
    has('x-auto-reply') ||
    precedence.includes('auto_reply') ||
    of('x-auto-response-suppress').some((value) => value !== 'none' && submitted.length === 0)
  )
    return 'automatic reply'
  if (mail.envelopeFrom === '') return 'null return path'
  if (has('list-id') || has('list-post') || precedence.includes('list')) return 'mailing list'
  if (precedence.some((value) => value === 'bulk' || value === 'junk')) return 'bulk'
  return submitted.some((value) => value !== 'no' && value !== '') ? 'written by a program' : null
}

/** Kinds that a library system's notices may well be of. The others never become a text, whoever sent them. */
export const isNoticeLike = (automatic: Automatic): boolean =>
  automatic === 'bulk' || automatic === 'written by a program'
