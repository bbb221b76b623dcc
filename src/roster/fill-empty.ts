// The first import of a library: nobody is in the roster, so nobody has agreed, no identity is staged (promise 6), and
// nothing has to be compared. Two connections share the work, one for patrons and one for their standing, and what they
// write becomes visible whole: standing a breath before the patrons, so that no patron is ever without one.
import { createHash } from 'node:crypto'
import type { LibraryNo } from '../db/scope.ts'
import { copyText, type Session } from '../db/session.ts'
import { randomPatronNo } from './patron-no.ts'
import { gatherPeople, keyOfHex, type People } from './people.ts'
import { findRepeated, sayRepeated, type TellingLine } from './repeated-lines.ts'
import type { LineProblem, RosterLine } from './roster-line.ts'
import type { Staged, Staging } from './stage.ts'

/** The two connections of a first import. */
export interface Pair {
  patrons: Session
  standings: Session
}

const PATRON = ['line', 'patron_id', 'patron_no', 'fingerprint', 'guardian_id'] as const
// biome-ignore format: one line reads as the text below does
const STANDING = [
  'line', 'patron_no', 'last_use', 'status', 'branch', 'category', 'language', 'minor_until', 'expires_on', 'email_given',
  'email_hash', 'phone_hash',
] as const

export async function rosterIsEmpty({ client }: Session, library: LibraryNo): Promise<boolean> {
  return (await client.query('select from roster.patron where library_no = $1 limit 1', [library])).rowCount === 0
}

/** Makes the temporary tables `incoming_patron` and `incoming_standing`, each on its connection. */
export async function stageForEmpty(
  { patrons, standings }: Pair,
  { file, hash, fingerprint, onProgress }: Staging,
): Promise<Staged & { people: StagedPeople }> {
  await patrons.client.query(
    'create temporary table incoming_patron (line integer, patron_id text, patron_no bigint, fingerprint bytea, guardian_id text)',
  )
  await standings.client.query(
    `create temporary table incoming_standing (line integer, patron_no bigint, last_use smallint, status text, branch text, category text,
       language text, minor_until date, expires_on date, email_given boolean, email_hash bytea, phone_hash bytea);
     create temporary table labels (patron_no bigint, household bigint, address_shared boolean)`,
  )
  const people = gatherPeople()
  const fileHash = createHash('sha256')
  const problems: LineProblem[] = []
  const unread: TellingLine[] = []
  let rows = 0
  await patrons.copyIn('incoming_patron', PATRON, (patron) =>
    standings.copyIn('incoming_standing', STANDING, async (standing) => {
      for await (const batch of file.records({ onBytes: (bytes) => onProgress(bytes, file.totalBytes) })) {
        let prints = ''
        for (const record of batch) {
          const print = fingerprint(record.raw)
          prints += print
          const line = file.read(record)
          if ('reason' in line) {
            problems.push(line)
            const patronId = file.patronIdOf(record)
            if (patronId !== null) unread.push({ line: record.line, patronId })
            continue
          }
          const patronNo = randomPatronNo()
          const email = line.email === null ? null : hash('email', line.email)
          const phone = line.phone === null ? null : hash('phone', line.phone)
          people.add(patronNo, keyOfHex(email), keyOfHex(phone))
          patron.add(
            `${record.line}\t${copyText(line.patronId)}\t${patronNo}\t\\\\x${print}\t${copyText(line.guardianId) || NULL}\n`,
          )
          standing.add(`${record.line}\t${patronNo}\t${factsOf(line)}\t${bytea(email)}\t${bytea(phone)}\n`)
        }
        rows += batch.length
        fileHash.update(prints)
        await patron.pause()
        await standing.pause()
      }
    }),
  )
  const repeated = await findRepeated(patrons.client, 'incoming_patron', unread)
  const without = await takeOut({ patrons, standings }, repeated)
  problems.push(...sayRepeated(repeated, problems))
  return { rows, problems, fileHash: fileHash.digest(), people: { people, without } }
}

/** Everybody in the file, and who of them was set aside. */
interface StagedPeople {
  people: People
  without: ReadonlySet<bigint>
}

const NULL = '\\N'
const bytea = (hex: string | null): string => (hex === null ? NULL : `\\\\x${hex}`)

const factsOf = (line: RosterLine): string =>
  `${line.lastUse ?? NULL}\t${line.status}\t${copyText(line.branch)}\t${copyText(line.category)}\t${copyText(line.language)}\t${
    line.minorUntil ?? NULL
  }\t${line.expiresOn ?? NULL}\t${line.emailGiven ? 't' : 'f'}`

async function takeOut({ patrons, standings }: Pair, repeated: TellingLine[]): Promise<ReadonlySet<bigint>> {
  if (repeated.length === 0) return new Set()
  const lines = repeated.map((r) => r.line)
  await patrons.client.query('delete from incoming_patron where line = any($1)', [lines])
  const { rows } = await standings.client.query<{ patron_no: string }>(
    'delete from incoming_standing where line = any($1) returning patron_no',
    [lines],
  )
  return new Set(rows.map((r) => BigInt(r.patron_no)))
}

/**
 * Writes everything in one transaction a connection. Long as they are, nobody waits for them: they hold only rows that
 * nobody else can see. Broken off at any point, the roster is still empty and the next import begins anew; a connection
 * lost between the two commits leaves standing that belongs to nobody, which the next import clears away.
 */
export async function fillEmpty(
  { patrons, standings }: Pair,
  library: LibraryNo,
  people: StagedPeople,
  onProgress: (done: number, total: number) => void,
): Promise<void> {
  const { rows } = await patrons.client.query<{ n: number }>('select count(*)::int as n from incoming_patron')
  const slices = Math.ceil(rows[0]!.n / SLICE) + 1
  let done = 0
  const step = () => onProgress(++done, slices + 2)
  await patrons.transact(() =>
    standings.transact(async () => {
      const ended = await Promise.allSettled([
        writePatrons(patrons, library, step),
        writeStandings(standings, library, people, slices, step),
      ])
      for (const end of ended) if (end.status === 'rejected') throw end.reason
    }),
  )
  await patrons.client.query('select outreach.take_stock()')
}

async function writePatrons({ client }: Session, library: LibraryNo, step: () => void): Promise<void> {
  await client.query({
    text: `insert into roster.patron (library_no, patron_id, patron_no, fingerprint, guardian_id)
           select $1, patron_id, patron_no, fingerprint, guardian_id from incoming_patron order by patron_id`,
    values: [library],
  })
  step()
}

/** Standing is written in a few statements of about this size, so that each sorts in memory and a progress bar moves. */
const SLICE = 300_000

async function writeStandings(
  session: Session,
  library: LibraryNo,
  people: StagedPeople,
  slices: number,
  step: () => void,
): Promise<void> {
  const { client } = session
  // With nobody in the roster, whatever stands here is what a lost connection left.
  await client.query('delete from outreach.standing where library_no = $1', [library])
  await writeLabels(session, people)
  step()
  // In the order of the key: the index then grows at its end, at a third of what it costs in any other order.
  for (let slice = 0; slice < slices; slice++) {
    await client.query({
      text: `
    insert into outreach.standing (library_no, patron_no, last_use, status, branch, category, language, minor_until, expires_on,
                                   email_given, email_usable, email_hash, phone_given, phone_hash, household, address_shared)
    select $1, i.patron_no, last_use, status, branch, category, language, minor_until, expires_on, email_given,
           email_hash is not null, email_hash, phone_hash is not null, phone_hash,
           coalesce(l.household, i.patron_no), coalesce(l.address_shared, false)
    from incoming_standing i left join labels l on l.patron_no = i.patron_no
    where i.patron_no >= $2 and i.patron_no < $3 order by i.patron_no`,
      values: [library, edge(slice / slices), edge((slice + 1) / slices)],
    })
    step()
  }
}

/** Patron numbers are random over 62 bits, so equal parts of these hold nearly equally many. */
const edge = (share: number): string => BigInt(share * 2 ** 62).toString()

/** Only of those who share something. */
async function writeLabels(session: Session, { people, without }: StagedPeople): Promise<void> {
  await session.copyIn('labels', ['patron_no', 'household', 'address_shared'], async (labels) => {
    const labelOf = people.label(without)
    for (let person = 0; person < people.size(); person++) {
      const label = labelOf(person)
      const patronNo = people.numberOf(person)
      if (label !== null && (label.household !== patronNo || label.addressShared))
        labels.add(`${patronNo}\t${label.household}\t${label.addressShared ? 't' : 'f'}\n`)
      if (person % 10_000 === 0) await labels.pause()
    }
  })
  await session.client.query('analyze labels')
}
