// Writes a library's first patron file into its empty roster while it is being read: the other core would be idle otherwise.
// Three connections share the work, one for patrons and two for halves of their standing, each in one transaction. Long as
// these are, nobody waits for them: they hold only rows that nobody else can see, and what is refused is rolled back.
import type { LibraryNo } from '../db/scope.ts'
import type { Session } from '../db/session.ts'
import { anybodyWithoutCard, relabel } from './households.ts'
import type { People } from './people.ts'
import { findRepeated, sayRepeated, type TellingLine } from './repeated-lines.ts'
import type { Staged, Staging } from './stage.ts'
import { HALF, PATRON, type ReadFile, readFirstFile, STANDING } from './stage-empty.ts'
import { type Blocks, blocksInto } from './write-blocks.ts'

/** The connections of a first import. */
export interface Crew {
  patrons: Session
  /** Of patron numbers below HALF, and of the others. */
  standings: readonly [Session, Session]
}

/** A first file, written where nobody sees it yet. */
export interface Filled extends Staged {
  /** Lets it be seen. */
  keep(onProgress: (done: number, total: number) => void): Promise<void>
  /** As if it had never come. */
  forget(): Promise<void>
}

const everyOne = ({ patrons, standings }: Crew) => [...standings, patrons]

/** Nothing is kept of what it throws at. */
export async function fillEmpty(crew: Crew, staging: Staging): Promise<Filled> {
  const { library } = staging
  const forget = async () => {
    for (const { client } of everyOne(crew)) await client.query('rollback').catch(() => {}) // the connection may be what failed
  }
  try {
    for (const { client } of everyOne(crew)) await client.query('begin')
    // With nobody in the roster, whatever stands here is what a lost connection left, or signed up without a card.
    await crew.patrons.client.query('delete from outreach.standing where library_no = $1 and has_card', [library])
    const [patrons, low, high] = await Promise.all([
      patronBlocks(crew.patrons, library),
      ...crew.standings.map((session) => standingBlocks(session, library)),
    ])
    const read = await readFirstFile(staging, { patrons: patrons!, standings: [low!, high!] })
    await all([patrons!, low!, high!].map((blocks) => blocks.end()))
    const without = await setAsideRepeated(crew, library, read)
    return {
      rows: read.rows,
      problems: read.problems,
      fileHash: read.fileHash,
      forget,
      keep: (onProgress) => keep(crew, library, { people: read.people, without }, onProgress),
    }
  } catch (error) {
    await forget()
    throw error
  }
}

/** Waits for all even when one fails: a statement still under way must not outlive its transaction. */
async function all(acts: Promise<unknown>[]): Promise<void> {
  for (const end of await Promise.allSettled(acts)) if (end.status === 'rejected') throw end.reason
}

/** Their lines stay in temporary tables, one a block: who stands twice is asked of all of them. */
async function patronBlocks({ client, ...session }: Session, library: LibraryNo): Promise<Blocks> {
  await client.query(
    'create temporary table incoming_patron (line integer, patron_id text, patron_no bigint, fingerprint bytea, guardian_id text)',
  )
  let blocks = 0
  return blocksInto(
    { client, ...session },
    {
      columns: PATRON,
      async table() {
        const name = `incoming_patron_${++blocks}`
        await client.query(`create temporary table ${name} () inherits (incoming_patron)`)
        return name
      },
      write: (from) =>
        client.query({
          text: `insert into roster.patron (library_no, patron_id, patron_no, fingerprint, guardian_id)
                 select $1, patron_id, patron_no, fingerprint, guardian_id from ${from} order by patron_id on conflict do nothing`,
          values: [library],
        }),
    },
  )
}

/**
 * In the order of last use: what is asked of standing is asked of those who went quiet at about the same time, and they then
 * lie on the same pages. (A preview of 102,000 among a million in the order of the key read 34,000 pages, a third of all.)
 */
async function standingBlocks(session: Session, library: LibraryNo): Promise<Blocks> {
  await session.client.query(
    `create temporary table incoming_standing (patron_no bigint, last_use smallint, status text, branch text, category text,
       language text, minor_until date, expires_on date, email_given boolean, email_hash bytea, phone_hash bytea, card_key bigint)`,
  )
  return blocksInto(session, {
    columns: STANDING,
    table: async () => 'incoming_standing',
    async write(from) {
      await session.client.query({
        text: `
        insert into outreach.standing (library_no, patron_no, household, last_use, status, branch, category, language, minor_until,
                                       expires_on, email_given, email_usable, email_hash, phone_given, phone_hash, card_key)
        select $1, patron_no, patron_no, last_use, status, branch, category, language, minor_until, expires_on, email_given,
               email_hash is not null, email_hash, phone_hash is not null, phone_hash, card_key
        from ${from} order by last_use, patron_no`,
        values: [library],
      })
      await session.client.query(`truncate ${from}`)
    },
  })
}

/** Patron numbers of those whose lines were set aside. */
async function setAsideRepeated(
  { patrons, standings }: Crew,
  library: LibraryNo,
  { mayRepeat, unread, problems }: ReadFile,
): Promise<ReadonlySet<bigint>> {
  const repeated: TellingLine[] = mayRepeat ? await findRepeated(patrons.client, 'incoming_patron', unread) : []
  if (repeated.length === 0) return new Set()
  const { rows } = await patrons.client.query<{ patron_no: string }>(
    'select patron_no from incoming_patron where line = any($1)',
    [repeated.map((r) => r.line)],
  )
  const numbers = rows.map((r) => r.patron_no)
  await patrons.client.query('delete from roster.patron where library_no = $1 and patron_id = any($2)', [
    library,
    repeated.map((r) => r.patronId),
  ])
  for (const { client } of standings)
    await client.query('delete from outreach.standing where library_no = $1 and patron_no = any($2::bigint[])', [
      library,
      numbers,
    ])
  problems.push(...sayRepeated(repeated, problems))
  return new Set(numbers.map(BigInt))
}

/** What becomes visible becomes visible whole: standing a breath before the patrons, so that no patron is ever without one. */
async function keep(
  crew: Crew,
  library: LibraryNo,
  { people, without }: { people: People; without: ReadonlySet<bigint> },
  onProgress: (done: number, total: number) => void,
): Promise<void> {
  const { patrons, standings } = crew
  onProgress(1, 3)
  const labelOf = people.label(without)
  await all(
    standings.map((session, half) =>
      writeLabels(session, library, people, labelOf, (no) => no < HALF === (half === 0)),
    ),
  )
  onProgress(2, 3)
  for (const { client } of everyOne(crew)) await client.query('commit')
  // Who signed up without a card before this file may share an address with somebody in it.
  if (await anybodyWithoutCard(patrons, library)) await relabel(patrons, library)
  await patrons.client.query('select outreach.take_stock()')
  onProgress(3, 3)
}

/** Everybody was written as a household of one; these are the others. */
async function writeLabels(
  session: Session,
  library: LibraryNo,
  people: People,
  labelOf: ReturnType<People['label']>,
  ours: (patronNo: bigint) => boolean,
): Promise<void> {
  await session.client.query(
    'create temporary table labels (patron_no bigint, household bigint, address_shared boolean)',
  )
  await session.copyIn('labels', ['patron_no', 'household', 'address_shared'], async (labels) => {
    for (let person = 0; person < people.size(); person++) {
      const no = people.numberOf(person)
      const label = ours(no) ? labelOf(person) : null
      if (label !== null && (label.household !== no || label.addressShared))
        labels.add(`${no}\t${label.household}\t${label.addressShared ? 't' : 'f'}\n`)
      if (person % 20_000 === 0) await labels.pause()
    }
  })
  await session.client.query('analyze labels')
  // Each by key: of what this very transaction wrote the planner knows nothing yet.
  await session.client.query({
    text: `update outreach.standing s set household = l.household, address_shared = l.address_shared
           from labels l where s.library_no = $1 and s.patron_no = l.patron_no`,
    values: [library],
  })
}
