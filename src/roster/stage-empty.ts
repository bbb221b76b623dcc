// Brings a library's first patron file into temporary tables. Nobody is in the roster, so nobody has agreed, no identity is
// staged (promise 6), and nothing has to be compared; what is left is put where it will be written from.
import { createHash } from 'node:crypto'
import { copyText, type Session } from '../db/session.ts'
import { cardKey } from '../lib/card-key.ts'
import { randomPatronNo } from '../patrons/patron-no.ts'
import { gatherPeople, keyOfHex, type People } from './people.ts'
import { findRepeated, sayRepeated, type TellingLine } from './repeated-lines.ts'
import type { LineProblem, RosterLine } from './roster-line.ts'
import type { Staged, Staging } from './stage.ts'

/** The connections of a first import. */
export interface Crew {
  patrons: Session
  /** Of patron numbers below HALF, and of the others. */
  standings: readonly [Session, Session]
}

/** Patron numbers are random over 62 bits. */
export const HALF = 2n ** 61n

const PATRON = ['line', 'patron_id', 'patron_no', 'fingerprint', 'guardian_id'] as const
// biome-ignore format: one line reads as the text below does
const STANDING = [
  'line', 'patron_no', 'last_use', 'status', 'branch', 'category', 'language', 'minor_until', 'expires_on', 'email_given',
  'email_hash', 'phone_hash', 'card_key',
] as const

/** Everybody in the file, and who of them was set aside. */
export interface StagedPeople {
  people: People
  without: ReadonlySet<bigint>
}

/** Makes the temporary tables `incoming_patron`, `incoming_standing` and `labels`, each where it will be needed. */
export async function stageForEmpty(crew: Crew, staging: Staging): Promise<Staged & { people: StagedPeople }> {
  const { file, hash, fingerprint, onProgress } = staging
  await makeTables(crew)
  const people = gatherPeople()
  const fileHash = createHash('sha256')
  const problems: LineProblem[] = []
  const unread: TellingLine[] = []
  const ids = ascending()
  let rows = 0
  const [lower, upper] = crew.standings
  await crew.patrons.copyIn('incoming_patron', PATRON, (patron) =>
    lower.copyIn('incoming_standing', STANDING, (low) =>
      upper.copyIn('incoming_standing', STANDING, async (high) => {
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
            patron.add(
              `${record.line}\t${copyText(line.patronId)}\t${no}\t\\\\x${print}\t${copyText(line.guardianId) || NULL}\n`,
            )
            const standing = no < HALF ? low : high
            standing.add(
              `${record.line}\t${no}\t${factsOf(line)}\t${bytea(email)}\t${bytea(phone)}\t${
                line.barcode === '' ? NULL : cardKey(hash, line.barcode)
              }\n`,
            )
          }
          rows += batch.length
          fileHash.update(prints)
          for (const table of [patron, low, high]) await table.pause()
        }
      }),
    ),
  )
  const repeated = ids.broke() ? await findRepeated(crew.patrons.client, 'incoming_patron', unread) : []
  const without = await takeOut(crew, repeated)
  problems.push(...sayRepeated(repeated, problems))
  return { rows, problems, fileHash: fileHash.digest(), people: { people, without } }
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

async function makeTables({ patrons, standings }: Crew): Promise<void> {
  await patrons.client.query(
    'create temporary table incoming_patron (line integer, patron_id text, patron_no bigint, fingerprint bytea, guardian_id text)',
  )
  for (const { client } of standings)
    await client.query(
      `create temporary table incoming_standing (line integer, patron_no bigint, last_use smallint, status text, branch text, category text,
         language text, minor_until date, expires_on date, email_given boolean, email_hash bytea, phone_hash bytea, card_key bigint);
       create temporary table labels (patron_no bigint, household bigint, address_shared boolean)`,
    )
}

const NULL = '\\N'
const bytea = (hex: string | null): string => (hex === null ? NULL : `\\\\x${hex}`)

const factsOf = (line: RosterLine): string =>
  `${line.lastUse ?? NULL}\t${line.status}\t${copyText(line.branch)}\t${copyText(line.category)}\t${copyText(line.language)}\t${
    line.minorUntil ?? NULL
  }\t${line.expiresOn ?? NULL}\t${line.emailGiven ? 't' : 'f'}`

async function takeOut({ patrons, standings }: Crew, repeated: TellingLine[]): Promise<ReadonlySet<bigint>> {
  if (repeated.length === 0) return new Set()
  const lines = repeated.map((r) => r.line)
  const { rows } = await patrons.client.query<{ patron_no: string }>(
    'delete from incoming_patron where line = any($1) returning patron_no',
    [lines],
  )
  for (const { client } of standings) await client.query('delete from incoming_standing where line = any($1)', [lines])
  return new Set(rows.map((r) => BigInt(r.patron_no)))
}
