// The connections of one import, each with a lock that says so for as long as the connection lives: PostgreSQL gives it
// back when the last statement of a lost import has ended, and no sooner may the next one begin.
import type { Database } from '../db/connect.ts'
import { openSession, type Session } from '../db/session.ts'
import { Problem } from '../lib/errors.ts'
import type { Library } from '../patrons/library.ts'
import type { Crew } from './stage-empty.ts'

export interface ImportSessions {
  session: Session
  /** For a first import, to which `session` belongs; null when there is somebody in the roster. */
  crew: Crew | null
  end(): Promise<void>
}

/** Throws Problem 'conflict' while another import of this library runs. */
export async function openImport(database: Database, library: Library): Promise<ImportSessions> {
  const opened: Session[] = []
  const end = async () => void (await Promise.all(opened.map((session) => session.end())))
  const open = async (part: number) => {
    const session = await openSession(database.server, database.keys, library.libraryNo)
    opened.push(session)
    await lock(session, library, part)
    return session
  }
  try {
    const session = await open(0)
    // A library that keeps everybody's identity stages it even from its first file, as from any other.
    const first = library.identityOfAllBecause === null && (await rosterIsEmpty(session, library))
    return { session, crew: first ? { patrons: session, standings: [await open(1), await open(2)] } : null, end }
  } catch (error) {
    await end()
    throw error
  }
}

async function lock({ client }: Session, library: Library, part: number): Promise<void> {
  const { rows } = await client.query<{ ours: boolean }>(
    `select pg_try_advisory_lock(hashtext('gentle import') + $2, $1) as ours`,
    [library.libraryNo, part],
  )
  if (!rows[0]!.ours)
    throw new Problem(
      'conflict',
      `Another import for ${library.name} is running. Nothing was changed; try again when it has ended.`,
    )
}

async function rosterIsEmpty({ client }: Session, { libraryNo }: Library): Promise<boolean> {
  return (await client.query('select from roster.patron where library_no = $1 limit 1', [libraryNo])).rowCount === 0
}
