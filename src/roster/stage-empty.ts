// Brings a library's first patron file into temporary tables. Nobody is in the roster, so nobody has agreed, no identity is
// staged (promise 6), and nothing has to be compared; what is left is put where it will be written from.
import type { Session } from '../db/session.ts'
import type { Key } from './key-book.ts'
import { gatherPeople, type People } from './people.ts'
import { readFirstFile } from './read-aside.ts'
import { type FirstEnd, type FirstReading, PATRON, type PeopleRead, STANDING } from './read-first.ts'
import { findRepeated, sayRepeated, type TellingLine } from './repeated-lines.ts'
import type { LineProblem } from './roster-line.ts'
import type { Staged } from './stage.ts'

/** The connections of a first import. */
export interface Crew {
  patrons: Session
  /** Of patron numbers below HALF, and of the others. */
  standings: readonly [Session, Session]
}

/** A patron file that has been opened, and how to read it again. */
export interface FirstFile {
  reading: FirstReading
  totalBytes: number
  onProgress: (done: number, total: number) => void
}

/** Everybody in the file, and who of them was set aside. */
export interface StagedPeople {
  people: People
  without: ReadonlySet<bigint>
}

/** Makes the temporary tables `incoming_patron`, `incoming_standing` and `labels`, each where it will be needed. */
export async function stageForEmpty(
  crew: Crew,
  { reading, totalBytes, onProgress }: FirstFile,
): Promise<Staged & { people: StagedPeople }> {
  await makeTables(crew)
  const people = gatherPeople()
  const problems: LineProblem[] = []
  const unread: TellingLine[] = []
  const batches = readFirstFile(reading, totalBytes)
  let rows = 0
  let end: FirstEnd | null = null
  const [lower, upper] = crew.standings
  await crew.patrons
    .copyIn('incoming_patron', PATRON, (patron) =>
      lower.copyIn('incoming_standing', STANDING, (low) =>
        upper.copyIn('incoming_standing', STANDING, async (high) => {
          for (;;) {
            const next = await batches.next()
            if (next.done) {
              end = next.value
              break
            }
            const batch = next.value
            patron.send(batch.patrons)
            low.send(batch.low)
            high.send(batch.high)
            remember(people, batch.people)
            problems.push(...batch.problems)
            unread.push(...batch.unread)
            rows += batch.rows
            onProgress(batch.bytesRead, totalBytes)
            for (const table of [patron, low, high]) await table.pause()
          }
        }),
      ),
    )
    .finally(() => batches.return(end as never))
  const { ascending, fileHash } = end!
  const repeated = ascending ? [] : await findRepeated(crew.patrons.client, 'incoming_patron', unread)
  const without = await takeOut(crew, repeated)
  problems.push(...sayRepeated(repeated, problems))
  return { rows, problems, fileHash: Buffer.from(fileHash), people: { people, without } }
}

function remember(people: People, { numbers, emails, phones }: PeopleRead): void {
  for (let at = 0; at < numbers.length; at++) people.add(numbers[at]!, keyAt(emails, at), keyAt(phones, at))
}

const keyAt = (keys: Int32Array, at: number): Key | null => {
  const [high, low] = [keys[at * 2]!, keys[at * 2 + 1]!]
  return high === 0 && low === 0 ? null : { high, low }
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
