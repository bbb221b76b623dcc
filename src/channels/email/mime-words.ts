// Header fields as RFC 5322 and RFC 2047 want them: folded at 76 columns, words of other scripts encoded whole, names
// quoted when they must be. Nothing that could begin a line of its own gets through here (header injection).
import { Problem } from '../../lib/errors.ts'

export interface Mailbox {
  name?: string
  address: string
}

const lineLength = 76
const wordFrame = '=?utf-8?Q??='.length

/** A header line's value from outside: a line break in it could add headers, so it is refused and not repaired. */
export function refuseLineBreaks(field: string, value: string): string {
  if (/[\r\n\0]/.test(value)) throw new Problem('bad-input', `The ${field} of a mail must be a single line of text.`)
  return value
}

/** ASCII only: mail servers that take other scripts in an address (SMTPUTF8) are still too few to count on. */
export function checkedAddress(address: string): string {
  if (/^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/.test(address)) {
    return address
  }
  throw new Problem(
    'bad-input',
    `“${address.replace(/[\p{Cc}\s]+/gu, ' ').slice(0, 80)}” is no address we can write to.`,
  )
}

/** A display name comes from a patron file: a stray line break in it must not cost anybody their mail, so it goes. */
export const cleanName = (name: string): string =>
  name
    .toWellFormed()
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()

/** `Subject: …` with its line end. */
export function textField(field: string, value: string): string {
  const text = refuseLineBreaks(field, value).toWellFormed()
  return `${field}: ${isPlain(text) ? folded(text, field.length + 2) : encodedWords(text, field.length + 2)}\r\n`
}

/** A field of fixed grammar (ids, URLs): never encoded, only folded at its blanks. */
export function tokenField(field: string, value: string): string {
  if (!/^[\x21-\x7e]+(?: [\x21-\x7e]+)*$/.test(value) || value.length > 900) {
    throw new Problem('bad-input', `The ${field} of a mail must be a single line of plain ASCII.`)
  }
  return `${field}: ${folded(value, field.length + 2)}\r\n`
}

/** `From: "Ana, Maple Falls Library" <ana@example.org>` with its line end. */
export function mailboxField(field: string, mailbox: Mailbox): string {
  const address = checkedAddress(mailbox.address)
  const name = cleanName(mailbox.name ?? '')
  if (name === '') return `${field}: ${address}\r\n`
  const phrase = phraseOf(name, field.length + 2)
  const start = phrase.lastIndexOf('\n') + 1
  const column = phrase.length - start + (start === 0 ? field.length + 2 : 0)
  return `${field}: ${phrase}${column + address.length + 3 > lineLength ? '\r\n' : ''} <${address}>\r\n`
}

function phraseOf(name: string, column: number): string {
  if (/^[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]{1,60}$/.test(name) && !name.includes('=?')) return name
  if (/^[\x20-\x7e]{1,60}$/.test(name) && !name.includes('=?')) return `"${name.replace(/["\\]/g, '\\$&')}"`
  return encodedWords(name, column)
}

/** Can stand as it is: printable ASCII that survives folding and cannot be taken for an encoded word. */
const isPlain = (text: string): boolean =>
  /^[\x21-\x7e]{1,60}(?: [\x21-\x7e]{1,60})*$/.test(text) && !text.includes('=?')

function folded(text: string, column: number): string {
  if (column + text.length <= lineLength) return text
  let out = ''
  let used = column - 1
  for (const word of text.split(' ')) {
    const fits = out === '' || used + 1 + word.length <= lineLength
    out += out === '' ? word : fits ? ` ${word}` : `\r\n ${word}`
    used = (fits ? used : 0) + 1 + word.length
  }
  return out
}

const asWord = (byte: number): string => {
  if (byte === 0x20) return '_'
  const char = String.fromCharCode(byte)
  // The narrowest of RFC 2047's three sets, so that the same words serve in a name.
  return /[A-Za-z0-9!*+\-/]/.test(char) ? char : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`
}
const wordBytes = Array.from({ length: 256 }, (_, byte) => asWord(byte))

/** Q where most of it is ASCII and stays legible, B otherwise. A character is never split between two words. */
function encodedWords(text: string, column: number): string {
  const bytes = Buffer.from(text, 'utf8')
  let asQ = 0
  for (const byte of bytes) asQ += wordBytes[byte]!.length
  const isQ = asQ <= bytes.length * 2
  const words: string[] = []
  let room = lineLength - column - wordFrame
  let from = 0
  let to = 0
  let used = 0 // columns with Q, bytes with B
  const endWord = () => {
    const piece = bytes.subarray(from, to)
    words.push(isQ ? `=?utf-8?Q?${spell(piece)}?=` : `=?utf-8?B?${piece.toString('base64')}?=`)
    from = to
    used = 0
    room = lineLength - 1 - wordFrame
  }
  for (const char of text) {
    const next = to + Buffer.byteLength(char)
    const cost = isQ ? spell(bytes.subarray(to, next)).length : next - to
    if (to > from && (isQ ? used + cost : Math.ceil((used + cost) / 3) * 4) > room) endWord()
    used += cost
    to = next
  }
  if (to > from) endWord()
  return words.join('\r\n ')
}

const spell = (bytes: Uint8Array): string => {
  let out = ''
  for (const byte of bytes) out += wordBytes[byte]
  return out
}
