// A patron_id that stands on two lines is nobody we can be sure of: all its lines are set aside and what we had stays.
import type { Session } from '../db/session.ts'
import type { Entry, KnownLines } from './known-lines.ts'
import type { LineProblem } from './roster-line.ts'

/** A line that tells of somebody. */
export interface TellingLine {
  line: number
  patronId: string
}

export interface Repeated {
  /** Lines that could not be read, of people who are not in the roster. */
  strangers: TellingLine[]
  /** Notes that a line tells of a patron of the roster. */
  tell(entry: Entry, line: number, patronId: () => string): void
  /** Takes the repeated ones out of `incoming`, and returns them without those that are problems already. */
  setAside(session: Session, problems: LineProblem[]): Promise<LineProblem[]>
}

export function repeatedLines(known: KnownLines): Repeated {
  const found: TellingLine[] = []
  const strangers: TellingLine[] = []
  return {
    strangers,
    tell(entry, line, patronId) {
      const before = known.tell(entry, line)
      if (before !== 0) found.push({ line: before, patronId: patronId() }, { line, patronId: patronId() })
    },
    async setAside({ client }, problems) {
      found.push(...(await findRepeated(client, 'incoming where added', strangers)))
      if (found.length === 0) return []
      await client.query('delete from incoming where line = any($1)', [found.map((f) => f.line)])
      return sayRepeated(found, problems)
    },
  }
}

/** Lines of `table`, and among `unread` ones, whose patron_id stands on more than one. */
export async function findRepeated(
  client: Session['client'],
  table: 'incoming where added' | 'incoming_patron',
  unread: TellingLine[],
): Promise<TellingLine[]> {
  const { rows } = await client.query<TellingLine>({
    text: `
      with every as (
        select line, patron_id from ${table}
        union all select u.line, u.patron_id from unnest($1::integer[], $2::text[]) u (line, patron_id))
      select line, patron_id as "patronId" from every
      where patron_id in (select patron_id from every group by patron_id having count(*) > 1)`,
    values: [unread.map((u) => u.line), unread.map((u) => u.patronId)],
  })
  return rows
}

/** One problem a line; none for a line that is a problem for another reason. */
export function sayRepeated(lines: TellingLine[], problems: LineProblem[]): LineProblem[] {
  const told = new Set(problems.map((problem) => problem.line))
  const byLine = new Map(lines.filter(({ line }) => !told.has(line)).map((one) => [one.line, one]))
  return [...byLine.values()].map(({ line, patronId }) => ({
    line,
    reason: `its patron_id ${patronId} stands on more than one line`,
  }))
}
