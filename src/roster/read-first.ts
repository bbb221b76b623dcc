// Reads a library's first patron file, batch by batch, into what has to be written and remembered of it: lines for COPY, as
// bytes, and keys by which people share something. All of it follows from the file and a key, so that it can be done on a
// core of its own (read-aside.ts).
import { createHash } from 'node:crypto'
import { type CopyLines, copyLines } from '../db/copy-lines.ts'
import { copyText } from '../db/session.ts'
import { cardKey } from '../lib/card-key.ts'
import { type KeyedHex, keyedHexFor } from '../lib/keyed-hash.ts'
import { randomPatronNo } from '../patrons/patron-no.ts'
import { lineFingerprint } from './line-fingerprint.ts'
import { type FileOptions, openPatronFile } from './patron-file.ts'
import type { TellingLine } from './repeated-lines.ts'
import type { LineProblem, RosterLine } from './roster-line.ts'

/** Patron numbers are random over 62 bits. */
export const HALF = 2n ** 61n

export const PATRON = ['line', 'patron_id', 'patron_no', 'fingerprint', 'guardian_id'] as const
// biome-ignore format: one line reads as the text below does
export const STANDING = [
  'line', 'patron_no', 'last_use', 'status', 'branch', 'category', 'language', 'minor_until', 'expires_on', 'email_given',
  'email_hash', 'phone_hash', 'card_key',
] as const

/** Plain data: it goes to another thread. */
export interface FirstReading {
  path: string
  options: FileOptions
  hashing: Uint8Array
  libraryKey: string
}

export interface FirstBatch {
  rows: number
  bytesRead: number
  /** Lines of PATRON, and of STANDING for patron numbers below HALF and for the others. */
  patrons: Uint8Array
  low: Uint8Array
  high: Uint8Array
  people: PeopleRead
  problems: LineProblem[]
  /** Lines with a problem that still tell whom they are about. */
  unread: TellingLine[]
}

/** Of each person the number, and the first 64 bits of the hashes of email and phone, in two halves; 0, 0 where there is none. */
export interface PeopleRead {
  numbers: BigInt64Array
  emails: Int32Array
  phones: Int32Array
}

export interface FirstEnd {
  fileHash: Uint8Array
  /** The ids rose from line to line, so nobody stands in the file twice. */
  ascending: boolean
}

/** `memory`: what the lines of earlier batches stood in, to be written into again. */
export async function* readFirst(
  reading: FirstReading,
  memory: () => ArrayBuffer[] = () => [],
): AsyncGenerator<FirstBatch, FirstEnd> {
  const { path, options, hashing, libraryKey } = reading
  const file = await openPatronFile(path, options)
  const hash = keyedHexFor(hashing, libraryKey)
  const fingerprint = lineFingerprint(hash, file)
  const fileHash = createHash('sha256')
  const ids = ascending()
  const lines = { patrons: copyLines(), low: copyLines(), high: copyLines() }
  const kinds = Object.values(lines)
  let bytesRead = 0
  const count = (bytes: number) => {
    bytesRead = bytes
  }
  for await (const batch of file.records({ onBytes: count })) {
    for (const [at, one] of memory().entries()) kinds[at % kinds.length]!.giveBack(one)
    const people = roomFor(batch.length)
    const problems: LineProblem[] = []
    const unread: TellingLine[] = []
    let prints = ''
    let read = 0
    for (const record of batch) {
      const print = fingerprint(record.raw)
      prints += print
      const line = file.read(record)
      if ('reason' in line) {
        problems.push(line)
        const patronId = file.patronIdOf(record)
        if (patronId !== null) {
          unread.push({ line: record.line, patronId })
          ids.note(patronId)
        }
        continue
      }
      ids.note(line.patronId)
      writePerson({ hash, lines, people, at: read++ }, record.line, print, line)
    }
    fileHash.update(prints)
    yield {
      rows: batch.length,
      bytesRead,
      patrons: lines.patrons.take(),
      low: lines.low.take(),
      high: lines.high.take(),
      people: cut(people, read),
      problems,
      unread,
    }
  }
  return { fileHash: fileHash.digest(), ascending: !ids.broke() }
}

interface Into {
  hash: KeyedHex
  lines: Record<'patrons' | 'low' | 'high', CopyLines>
  people: PeopleRead
  at: number
}

function writePerson({ hash, lines, people, at }: Into, no: number, print: string, line: RosterLine): void {
  const patronNo = randomPatronNo()
  const email = line.email === null ? null : hash('email', line.email)
  const phone = line.phone === null ? null : hash('phone', line.phone)
  people.numbers[at] = patronNo
  noteKey(people.emails, at, email)
  noteKey(people.phones, at, phone)
  lines.patrons.add(
    `${no}\t${copyText(line.patronId)}\t${patronNo}\t\\\\x${print}\t${copyText(line.guardianId) || NULL}\n`,
  )
  lines[patronNo < HALF ? 'low' : 'high'].add(
    `${no}\t${patronNo}\t${factsOf(line)}\t${bytea(email)}\t${bytea(phone)}\t${
      line.barcode === '' ? NULL : cardKey(hash, line.barcode)
    }\n`,
  )
}

const NULL = '\\N'
const bytea = (hex: string | null): string => (hex === null ? NULL : `\\\\x${hex}`)

const factsOf = (line: RosterLine): string =>
  `${line.lastUse ?? NULL}\t${line.status}\t${copyText(line.branch)}\t${copyText(line.category)}\t${copyText(line.language)}\t${
    line.minorUntil ?? NULL
  }\t${line.expiresOn ?? NULL}\t${line.emailGiven ? 't' : 'f'}`

const roomFor = (people: number): PeopleRead => ({
  numbers: new BigInt64Array(people),
  emails: new Int32Array(people * 2),
  phones: new Int32Array(people * 2),
})

const cut = ({ numbers, emails, phones }: PeopleRead, people: number): PeopleRead => ({
  numbers: numbers.subarray(0, people),
  emails: emails.subarray(0, people * 2),
  phones: phones.subarray(0, people * 2),
})

function noteKey(keys: Int32Array, at: number, hex: string | null): void {
  if (hex === null) return
  keys[at * 2] = Number.parseInt(hex.slice(0, 8), 16)
  keys[at * 2 + 1] = Number.parseInt(hex.slice(8, 16), 16)
}

/**
 * Exports are nearly always written in the order of their ids, as numbers or as text, and then nobody stands in them twice. To
 * ask PostgreSQL takes a second a million.
 */
function ascending() {
  let last = ''
  let asText = true
  let asNumber = true
  return {
    note(id: string) {
      if (id <= last) asText = false
      if (id.length < last.length || (id.length === last.length && id <= last)) asNumber = false
      last = id
    },
    broke: () => !asText && !asNumber,
  }
}
