// A library: one organisation with its own patrons, staff, senders and policy. Its row holds no patron data, so it can
// be read before any scope is opened.
import { sql } from 'kysely'
import type { LibraryNo, Logins, Scope } from '../db/scope.ts'
import { normaliseEmail } from '../lib/addresses.ts'
import { Problem } from '../lib/errors.ts'

export interface Library {
  libraryNo: LibraryNo
  key: string
  name: string
  timezone: string
  postalAddress: string
  phone: string
  email: string
  url: string | null
  /** Null = nobody is named: the staff sign together. */
  signedBy: string | null
  language: string
  demo: boolean
  identityOfAllBecause: string | null
  /** After how many months a yes no longer counts; null = it holds until it is taken back. */
  consentMonths: number | null
  promptEveryDays: number
  promptsWithoutLife: number
  unaskedIn30Days: number
  quietUntilHour: number
  quietFromHour: number
}

export interface NewLibrary {
  key: string
  name: string
  timezone: string
  postalAddress: string
  phone: string
  email: string
  url?: string | null
  signedBy?: string | null
  language?: string
  demo?: boolean
}

const columns = sql`library_no as "libraryNo", key, name, timezone, postal_address as "postalAddress", phone, email, url,
  signed_by as "signedBy", language, demo, identity_of_all_because as "identityOfAllBecause",
  consent_months as "consentMonths",
  prompt_every_days as "promptEveryDays", prompts_without_life as "promptsWithoutLife",
  unasked_in_30_days as "unaskedIn30Days", quiet_until_hour as "quietUntilHour", quiet_from_hour as "quietFromHour"`

export async function listLibraries(logins: Logins): Promise<Library[]> {
  return (await sql<Library>`select ${columns} from house.library order by key`.execute(logins.circulation)).rows
}

/** Throws Problem 'not-found' naming the libraries there are. */
export async function findLibrary(logins: Logins, key: string): Promise<Library> {
  const library = await libraryByKey(logins, key)
  if (library) return library
  const known = (await listLibraries(logins)).map((l) => l.key)
  throw new Problem(
    'not-found',
    `There is no library "${key}" here. ${known.length > 0 ? `There is: ${known.join(', ')}.` : 'Add it with "gentle library add".'}`,
  )
}

export async function libraryByKey(logins: Logins, key: string): Promise<Library | null> {
  const { rows } = await sql<Library>`select ${columns} from house.library where key = ${key}`.execute(
    logins.circulation,
  )
  return rows[0] ?? null
}

export async function libraryByNo(logins: Logins, libraryNo: LibraryNo): Promise<Library | null> {
  return (
    (
      await sql<Library>`select ${columns} from house.library where library_no = ${libraryNo}`.execute(
        logins.circulation,
      )
    ).rows[0] ?? null
  )
}

/** Throws Problem 'bad-input' or 'conflict' (the key is taken). */
export async function addLibrary(logins: Logins, library: NewLibrary): Promise<Library> {
  const wrong = RESERVED_KEYS.includes(library.key)
    ? `The key "${library.key}" is one that the program's own pages begin with. Choose another.`
    : whatIsWrong(library)
  if (wrong) throw new Problem('bad-input', wrong)
  const { rows } = await sql<Library>`
    insert into house.library (key, name, timezone, postal_address, phone, email, url, signed_by, language, demo)
    values (${library.key}, ${library.name}, ${library.timezone}, ${library.postalAddress}, ${library.phone}, ${library.email},
            ${library.url ?? null}, ${library.signedBy ?? null}, ${library.language ?? 'en'}, ${library.demo ?? false})
    on conflict (key) do nothing
    returning ${columns}`.execute(logins.circulation)
  if (rows[0]) return rows[0]
  throw new Problem(
    'conflict',
    `There is already a library "${library.key}". Choose another key, or use the one that is there.`,
  )
}

/** What may be changed later. Never the key: it stands in links that readers keep for years. */
export type LibraryChange = Partial<
  Pick<
    Library,
    | 'name'
    | 'timezone'
    | 'postalAddress'
    | 'phone'
    | 'email'
    | 'url'
    | 'signedBy'
    | 'language'
    | 'quietUntilHour'
    | 'quietFromHour'
  >
>

/** Returns what was there before, of what is another now. Throws Problem 'bad-input'. */
export async function changeLibrary(
  scope: Scope<'circulation'>,
  library: Library,
  asked: LibraryChange,
): Promise<LibraryChange> {
  const after = { ...library, ...asked }
  const wrong = whatIsWrong(after) ?? whatIsWrongWithHours(after, asked)
  if (wrong) throw new Problem('bad-input', wrong)
  await sql`
    update house.library set name = ${after.name}, timezone = ${after.timezone}, postal_address = ${after.postalAddress}, phone = ${after.phone},
      email = ${after.email}, url = ${after.url}, signed_by = ${after.signedBy}, language = ${after.language},
      quiet_until_hour = ${after.quietUntilHour}, quiet_from_hour = ${after.quietFromHour}
    where library_no = ${library.libraryNo}`.execute(scope.tx)
  const others = (Object.keys(asked) as (keyof LibraryChange)[]).filter((field) => library[field] !== after[field])
  return Object.fromEntries(others.map((field) => [field, library[field]]))
}

/** Courtesy hours end where people sleep (CTIA: 8 to 21): a slip of the pen must not write to a town at night. */
function whatIsWrongWithHours({ quietUntilHour: from, quietFromHour: until }: Library, asked: LibraryChange) {
  if (asked.quietUntilHour === undefined && asked.quietFromHour === undefined) return null
  if (from >= until) return `The sending hours have to begin before they end; they would be from ${from} to ${until}.`
  if (from < 8 || until > 21)
    return `The sending hours have to lie between 8 and 21 o’clock; ${from} to ${until} do not.`
  return null
}

/** What pages of the program itself begin with: a library of that key could not be reached by its address. */
export const RESERVED_KEYS: readonly string[] = [
  ...['u', 'i', 'p', 'less', 'why', 'keep', 'library', 'mailing', 'mailroom', 'sandbox', 'conversations'],
  ...['api', 'hooks', 'join', 'preferences', 'desk', 'assets', 'static', 'health', 'sign-in', 'sign-out'],
  ...['about', 'help', 'admin'],
]

function whatIsWrong(library: NewLibrary): string | null {
  if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(library.key))
    return `The key "${library.key}" must be lower-case letters, digits and hyphens; it stands in web addresses.`
  if (!Intl.supportedValuesOf('timeZone').includes(library.timezone) && library.timezone !== 'UTC')
    return `"${library.timezone}" is no time zone. Write one like America/New_York.`
  for (const [field, value] of Object.entries({
    name: library.name,
    'postal address': library.postalAddress,
    phone: library.phone,
    ...(library.signedBy == null ? {} : { 'first name that signs': library.signedBy }),
  }))
    if (value.trim() === '') return `The library's ${field} is missing; it stands in every message.`
    else if (field !== 'postal address' && /\p{Cc}/u.test(value))
      return `The library's ${field} has a line break or another control character in it. Write it in one line.`
  // The strict form: an address that no mail can name would fail every message of a campaign.
  if (normaliseEmail(library.email) !== library.email.toLowerCase())
    return `"${library.email}" is no email address. Replies to the library's messages go there.`
  return null
}
