// Who reads the answers to a library's texts, and when: asked of the library at set-up. A library that cannot watch says
// so, and then so do its texts. Holds no patron data, like the library's own row.
import { sql } from 'kysely'
import type { LibraryNo, Logins } from '../db/scope.ts'

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
export type Weekday = (typeof WEEKDAYS)[number]

/** "09:00-17:00", as the library's own clock shows it; a day that is not named is closed. */
export type OpenHours = Partial<Record<Weekday, string>>

/** A word that people text, and the library's own answer to it, by language tag. */
export interface Helpful {
  words: readonly string[]
  answer: Readonly<Record<string, string>>
}

export interface Answering {
  watched: boolean
  openHours: OpenHours
  /** ISO dates. */
  closedOn: readonly string[]
  /** Open minutes within which somebody should have answered. */
  dueMinutes: number
  /** Null = the library's own address. */
  email: string | null
  escalateTo: string | null
  pointerOnly: boolean
  /** Whose mail may answer; none = the domain of the address above. */
  staffDomains: readonly string[]
  textsFromHour: number
  textsUntilHour: number
  aboutEachMonth: number
  helpful: readonly Helpful[]
}

const USUAL_DAY = '09:00-17:00'

/** Of a library that has not been asked yet. */
export const USUAL_ANSWERING: Answering = {
  watched: true,
  openHours: { mon: USUAL_DAY, tue: USUAL_DAY, wed: USUAL_DAY, thu: USUAL_DAY, fri: USUAL_DAY },
  closedOn: [],
  dueMinutes: 120,
  email: null,
  escalateTo: null,
  pointerOnly: false,
  staffDomains: [],
  textsFromHour: 9,
  textsUntilHour: 21,
  aboutEachMonth: 2,
  helpful: [],
}

const COLUMNS: Record<keyof Answering, string> = {
  watched: 'watched',
  openHours: 'open_hours',
  closedOn: 'closed_on',
  dueMinutes: 'due_minutes',
  email: 'email',
  escalateTo: 'escalate_to',
  pointerOnly: 'pointer_only',
  staffDomains: 'staff_domains',
  textsFromHour: 'texts_from_hour',
  textsUntilHour: 'texts_until_hour',
  aboutEachMonth: 'about_each_month',
  helpful: 'helpful',
}
const fields = Object.keys(COLUMNS) as (keyof Answering)[]
const columns = sql.join(
  fields.map((field) =>
    field === 'closedOn'
      ? sql`array(select to_char(d, 'YYYY-MM-DD') from unnest(closed_on) d) as "closedOn"`
      : sql`${sql.ref(COLUMNS[field])} as ${sql.ref(field)}`,
  ),
)

/** In a transaction, too: `{ circulation: scope.tx }`. */
export async function readAnswering(logins: Pick<Logins, 'circulation'>, library: LibraryNo): Promise<Answering> {
  const { rows } = await sql<Answering>`select ${columns} from house.answering where library_no = ${library}`.execute(
    logins.circulation,
  )
  return rows[0] ?? USUAL_ANSWERING
}

/** Whole, as it is to be from now on; `checkAnswering` has passed it. */
export async function writeAnswering(logins: Logins, library: LibraryNo, answering: Answering): Promise<void> {
  const values = fields.map((field) => {
    const value = answering[field]
    if (field === 'openHours' || field === 'helpful') return sql`${JSON.stringify(value)}::jsonb`
    if (field === 'closedOn') return sql`${[...answering.closedOn]}::date[]`
    if (field === 'staffDomains') return sql`${[...answering.staffDomains]}::text[]`
    return sql`${value}`
  })
  const names = fields.map((field) => sql.ref(COLUMNS[field]))
  await sql`
    insert into house.answering (library_no, ${sql.join(names)}) values (${library}, ${sql.join(values)})
    on conflict (library_no) do update set ${sql.join(names.map((name) => sql`${name} = excluded.${name}`))}`.execute(
    logins.circulation,
  )
}
