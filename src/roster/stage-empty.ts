// Reads a library's first patron file. Nobody is in the roster, so nobody has agreed, no identity is kept (promise 6) and
// nothing has to be compared: each line becomes a row of the roster and one of standing as it is read.
import { createHash } from 'node:crypto'
import { copyText } from '../db/session.ts'
import { cardKey } from '../lib/card-key.ts'
import { randomPatronNo } from '../patrons/patron-no.ts'
import { gatherPeople, keyOfHex, type People } from './people.ts'
import type { TellingLine } from './repeated-lines.ts'
import type { LineProblem, RosterLine } from './roster-line.ts'
import type { Staged, Staging } from './stage.ts'
import type { Blocks } from './write-blocks.ts'

/** Patron numbers are random over 62 bits. */
export const HALF = 2n ** 61n

export const PATRON = ['line', 'patron_id', 'patron_no', 'fingerprint', 'guardian_id'] as const
// biome-ignore format: one line reads as the text below does
export const STANDING = [
  'patron_no', 'last_use', 'status', 'branch', 'category', 'language', 'minor_until', 'expires_on', 'email_given',
  'email_hash', 'phone_hash', 'card_key',
] as const

export interface ReadFile extends Staged {
  people: People
  /** Lines that could not be read, of people whom they name. */
  unread: TellingLine[]
  /** Somebody may stand on more than one line: the ids do not ascend. */
  mayRepeat: boolean
}

/** `standings` take the people with numbers below HALF, and the others. */
export async function readFirstFile(
  { file, hash, fingerprint, onProgress }: Staging,
  { patrons, standings: [low, high] }: { patrons: Blocks; standings: readonly [Blocks, Blocks] },
): Promise<ReadFile> {
  const people = gatherPeople()
  const fileHash = createHash('sha256')
  const problems: LineProblem[] = []
  const unread: TellingLine[] = []
  const ids = ascending()
  let rows = 0
  for await (const batch of file.records({ onBytes: (bytes) => onProgress(bytes, file.totalBytes) })) {
    let prints = ''
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
      const no = randomPatronNo()
      const email = line.email === null ? null : hash('email', line.email)
      const phone = line.phone === null ? null : hash('phone', line.phone)
      people.add(no, keyOfHex(email), keyOfHex(phone))
      patrons.add(
        `${record.line}\t${copyText(line.patronId)}\t${no}\t\\\\x${print}\t${copyText(line.guardianId) || NULL}\n`,
      )
      const standing = no < HALF ? low : high
      standing.add(
        `${no}\t${factsOf(line)}\t${bytea(email)}\t${bytea(phone)}\t${
          line.barcode === '' ? NULL : cardKey(hash, line.barcode)
        }\n`,
      )
    }
    rows += batch.length
    fileHash.update(prints)
    for (const table of [patrons, low, high]) await table.pause()
  }
  return { rows, problems, fileHash: fileHash.digest(), people, unread, mayRepeat: ids.broke() }
}

/**
 * Exports are nearly always written in the order of their ids, as numbers or as text, and then nobody stands in them twice.
 * To ask PostgreSQL takes a second a million.
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

const NULL = '\\N'
const bytea = (hex: string | null): string => (hex === null ? NULL : `\\\\x${hex}`)

const factsOf = (line: RosterLine): string =>
  `${line.lastUse ?? NULL}\t${line.status}\t${copyText(line.branch)}\t${copyText(line.category)}\t${copyText(line.language)}\t${
    line.minorUntil ?? NULL
  }\t${line.expiresOn ?? NULL}\t${line.emailGiven ? 't' : 'f'}`
