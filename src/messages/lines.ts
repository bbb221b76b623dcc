// Lines: the numbers that texts leave from and come back to, whose they are, and how they sign in at their provider. Rows
// of the whole installation, read before a library is known; the secrets in them are sealed with a key outside the database.
import { sql } from 'kysely'
import type { LibraryNo, Logins } from '../db/scope.ts'
import { Problem } from '../lib/errors.ts'

export interface Line {
  lineNo: number
  /** Keeps the speed and the daily cap, and what cannot be told to be anybody's yet. */
  hostNo: LibraryNo
  number: string
  provider: string
  settings: Readonly<Record<string, string>>
  /** As sealed; `secretsOf` opens them. */
  secrets: Buffer | null
  answersItself: boolean
  /** Carries campaigns and nothing else; no notice leaves by it. */
  forOutreach: boolean
  /** Its row of house.sender, under the host. */
  sender: string
  fetchedUntil: Date | null
  /** In the order in which they were added. */
  libraries: readonly { libraryNo: LibraryNo; word: string }[]
}

const columns = sql`l.line_no as "lineNo", l.host_no as "hostNo", l.number, l.provider, l.settings, l.secrets,
  l.answers_itself as "answersItself", l.for_outreach as "forOutreach", l.sender, l.fetched_until as "fetchedUntil",
  (select coalesce(json_agg(json_build_object('libraryNo', x.library_no, 'word', x.word) order by x.library_no = l.host_no desc, x.library_no), '[]')
   from house.line_library x where x.line_no = l.line_no) as libraries`

export async function listLines(logins: Pick<Logins, 'circulation'>): Promise<Line[]> {
  return (
    await sql<Line>`select ${columns} from house.line l where l.ended_at is null order by l.line_no`.execute(
      logins.circulation,
    )
  ).rows
}

/** In a transaction, too: `{ circulation: scope.tx }`. */
export async function lineByNo(logins: Pick<Logins, 'circulation'>, lineNo: number): Promise<Line | null> {
  const { rows } =
    await sql<Line>`select ${columns} from house.line l where l.ended_at is null and l.line_no = ${lineNo}`.execute(
      logins.circulation,
    )
  return rows[0] ?? null
}

export const allLinesOf = async (logins: Pick<Logins, 'circulation'>, library: LibraryNo): Promise<Line[]> =>
  (await listLines(logins)).filter((line) => line.libraries.some((one) => one.libraryNo === library))

/** The lines for notices, answers and codes: never the one for outreach. */
export const linesOf = async (logins: Pick<Logins, 'circulation'>, library: LibraryNo): Promise<Line[]> =>
  (await allLinesOf(logins, library)).filter((line) => !line.forOutreach)

/** The line that a library's campaigns leave by; null where it has none. */
export const outreachLine = async (logins: Pick<Logins, 'circulation'>, library: LibraryNo): Promise<Line | null> =>
  (await allLinesOf(logins, library)).find((line) => line.forOutreach) ?? null

/** The line that a library's notices and answers leave by; it has to be named where there are several. Throws Problem 'not-ready' or 'bad-input'. */
export async function lineFor(logins: Logins, library: LibraryNo, number?: string): Promise<Line> {
  const lines = await linesOf(logins, library)
  const line = number === undefined ? lines[0] : lines.find((one) => one.number === number)
  if (line === undefined && lines.length === 0)
    throw new Problem('not-ready', 'This library has no number to text from yet. "gentle line add" brings one.')
  if (line === undefined || (number === undefined && lines.length > 1))
    throw new Problem('bad-input', `Say from which number: ${lines.map((one) => one.number).join(' or ')}.`)
  return line
}

export const isShared = (line: Line): boolean => line.libraries.length > 1

const about = (number: string) => `line ${number}`

/** What signs in at the provider. Throws Problem 'unavailable' when it was sealed with another key file. */
export function secretsOf(logins: Logins, line: Line): Readonly<Record<string, string>> {
  if (line.secrets === null) return {}
  const opened = logins.seals.openSecret(line.secrets, about(line.number))
  if (opened === null)
    throw new Problem(
      'unavailable',
      `What signs in for ${line.number} was sealed with another key file. Set it again with "gentle line set".`,
    )
  return JSON.parse(opened.toString('utf8'))
}

export interface NewLine {
  host: LibraryNo
  word: string
  number: string
  provider: string
  settings: Readonly<Record<string, string>>
  secrets: Readonly<Record<string, string>>
  answersItself: boolean
  forOutreach?: boolean
  partsPerSecond: number
  partsPerDay: number | null
}

/** Throws Problem 'conflict' when the number is a line already. One that its library has ended begins again. */
export async function addLine(logins: Logins, line: NewLine): Promise<Line> {
  const sealed = sealSecrets(logins, line.number, line.secrets)
  return logins.circulation.transaction().execute(async (tx) => {
    const { rows } = await sql<{ lineNo: number }>`
      insert into house.line (host_no, number, provider, settings, secrets, answers_itself, for_outreach, sender)
      values (${line.host}, ${line.number}, ${line.provider}, ${JSON.stringify(line.settings)}::jsonb, ${sealed}, ${line.answersItself}, ${line.forOutreach ?? false}, ${`texts ${line.number}`})
      on conflict (number) do update
        set provider = excluded.provider, settings = excluded.settings, secrets = excluded.secrets,
            answers_itself = excluded.answers_itself, for_outreach = excluded.for_outreach, ended_at = null
        where house.line.ended_at is not null and house.line.host_no = excluded.host_no
      returning line_no as "lineNo"`.execute(tx)
    const lineNo = rows[0]?.lineNo
    if (lineNo === undefined)
      throw new Problem('conflict', `${line.number} is a line already. "gentle line set" changes it.`)
    await sql`insert into house.line_library (line_no, library_no, word) values (${lineNo}, ${line.host}, ${line.word})
              on conflict (line_no, library_no) do update set word = excluded.word`.execute(tx)
    await sql`
      insert into house.sender (library_no, sender, per_second, daily_cap, tokens)
      values (${line.host}, ${`texts ${line.number}`}, ${line.partsPerSecond}, ${line.partsPerDay}, ${line.partsPerSecond})
      on conflict (library_no, sender) do update set per_second = excluded.per_second, daily_cap = excluded.daily_cap`.execute(
      tx,
    )
    const { rows: added } = await sql<Line>`select ${columns} from house.line l where l.line_no = ${lineNo}`.execute(tx)
    return added[0]!
  })
}

export interface LineChange {
  settings?: Readonly<Record<string, string>>
  secrets?: Readonly<Record<string, string>>
  answersItself?: boolean
  partsPerSecond?: number
  partsPerDay?: number | null
  ended?: Date
}

export async function changeLine(logins: Logins, line: Line, change: LineChange): Promise<void> {
  await logins.circulation.transaction().execute(async (tx) => {
    if (change.settings)
      await sql`update house.line set settings = ${JSON.stringify(change.settings)}::jsonb where line_no = ${line.lineNo}`.execute(
        tx,
      )
    if (change.secrets)
      await sql`update house.line set secrets = ${sealSecrets(logins, line.number, change.secrets)} where line_no = ${line.lineNo}`.execute(
        tx,
      )
    if (change.answersItself !== undefined)
      await sql`update house.line set answers_itself = ${change.answersItself} where line_no = ${line.lineNo}`.execute(
        tx,
      )
    if (change.ended)
      await sql`update house.line set ended_at = ${change.ended} where line_no = ${line.lineNo}`.execute(tx)
    const rates = sql`library_no = ${line.hostNo} and sender = ${line.sender}`
    if (change.partsPerSecond !== undefined)
      await sql`update house.sender set per_second = ${change.partsPerSecond} where ${rates}`.execute(tx)
    if (change.partsPerDay !== undefined)
      await sql`update house.sender set daily_cap = ${change.partsPerDay} where ${rates}`.execute(tx)
  })
}

/** Another library whose texts travel on this line. Throws Problem 'conflict' for a word that is taken on it. */
export async function shareLine(
  logins: Logins,
  line: Line,
  { libraryNo, word }: { libraryNo: LibraryNo; word: string },
): Promise<void> {
  if (line.libraries.some((one) => one.word === word && one.libraryNo !== libraryNo))
    throw new Problem('conflict', `${word} names another library on ${line.number} already. Choose another word.`)
  await sql`
    insert into house.line_library (line_no, library_no, word) values (${line.lineNo}, ${libraryNo}, ${word})
    on conflict (line_no, library_no) do update set word = excluded.word`.execute(logins.circulation)
}

const sealSecrets = (logins: Logins, number: string, secrets: Readonly<Record<string, string>>): Buffer | null =>
  Object.keys(secrets).length === 0
    ? null
    : logins.seals.sealSecret(Buffer.from(JSON.stringify(secrets)), about(number))
