// Who may send to what asks for a known sender: a login, a host, or an address or domain that signs its mail. Each belongs
// to a library; a host may belong to several, as the one of a consortium does.
import { hash, randomBytes, timingSafeEqual } from 'node:crypto'
import { isIP } from 'node:net'
import { sql } from 'kysely'
import type { LibraryNo, Logins } from '../../db/scope.ts'
import { normaliseEmail } from '../../lib/addresses.ts'
import { Problem } from '../../lib/errors.ts'
import type { Library } from '../../patrons/library.ts'

export const SOURCE_KINDS = ['login', 'host', 'address', 'domain'] as const
export type SourceKind = (typeof SOURCE_KINDS)[number]

export interface MailSource {
  sourceNo: number
  libraryNo: LibraryNo
  kind: SourceKind
  value: string
  addedBy: string
  addedAt: Date
}

const hashOf = (secret: string): Buffer => hash('sha256', secret, 'buffer')

/** `secret` is there for a login alone, told here and never again. */
export async function addMailSource(
  logins: Logins,
  library: Library,
  given: { kind: SourceKind; value: string; by: string; now: Date },
): Promise<{ source: MailSource; secret: string | null }> {
  const value = checked(given.kind, given.value.trim().toLowerCase())
  const secret = given.kind === 'login' ? randomBytes(24).toString('base64url') : null
  const { rows } = await sql<MailSource>`
    insert into house.mail_source (library_no, kind, value, network, secret_hash, added_by, added_at)
    values (${library.libraryNo}, ${given.kind}, ${value}, network(${given.kind === 'host' ? value : null}::inet),
            ${secret === null ? null : hashOf(secret)}, ${given.by}, ${given.now})
    on conflict do nothing
    returning source_no as "sourceNo", library_no as "libraryNo", kind, value, added_by as "addedBy", added_at as "addedAt"`.execute(
    logins.circulation,
  )
  const [source] = rows
  if (source === undefined)
    throw new Problem('conflict', `${value} may send already. "gentle mail sources" shows for which library.`)
  return { source, secret }
}

function checked(kind: SourceKind, value: string): string {
  if (kind === 'host') {
    const [address = '', bits] = value.split('/')
    const width = isIP(address) === 4 ? 32 : 128
    if (isIP(address) === 0 || (bits !== undefined && !(/^\d{1,3}$/.test(bits) && Number(bits) <= width)))
      throw new Problem(
        'bad-input',
        `"${value}" is no host. Write its address: 192.0.2.10, or 192.0.2.0/28 for several.`,
      )
    // The world as a known host would make the door everybody's.
    if (bits !== undefined && Number(bits) < (width === 32 ? 16 : 32))
      throw new Problem('bad-input', `${value} is too many hosts to know them all.`)
    return `${address}/${bits ?? width}`
  }
  if (kind === 'address' && normaliseEmail(value) !== value)
    throw new Problem('bad-input', `"${value}" is no email address.`)
  if (kind === 'domain' && normaliseEmail(`x@${value}`) === null)
    throw new Problem('bad-input', `"${value}" is no domain. Write it without an @: library.example.org.`)
  if (kind === 'login' && !/^[a-z0-9][a-z0-9._@-]{0,62}$/.test(value))
    throw new Problem(
      'bad-input',
      `"${value}" cannot be the name of a login: lower-case letters, digits, dots, hyphens.`,
    )
  return value
}

export const listMailSources = async (logins: Logins, library: Library): Promise<MailSource[]> =>
  (
    await sql<MailSource>`
    select source_no as "sourceNo", library_no as "libraryNo", kind, value, added_by as "addedBy", added_at as "addedAt"
    from house.mail_source where library_no = ${library.libraryNo} and ended_at is null order by source_no`.execute(
      logins.circulation,
    )
  ).rows

/** From the next mail on. */
export async function endMailSource(
  logins: Logins,
  library: Library,
  { sourceNo, by, now }: { sourceNo: number; by: string; now: Date },
): Promise<Pick<MailSource, 'kind' | 'value'>> {
  const { rows } = await sql<Pick<MailSource, 'kind' | 'value'>>`
    update house.mail_source set ended_at = ${now}, ended_by = ${by}
    where source_no = ${sourceNo} and library_no = ${library.libraryNo} and ended_at is null returning kind, value`.execute(
    logins.circulation,
  )
  if (rows[0] === undefined)
    throw new Problem(
      'not-found',
      `${library.name} has no source number ${sourceNo}. "gentle mail sources" shows them.`,
    )
  return rows[0]
}

export async function mayLogIn(logins: Logins, name: string, secret: string): Promise<boolean> {
  const { rows } = await sql<{ secretHash: Buffer }>`
    select secret_hash as "secretHash" from house.mail_source
    where kind = 'login' and value = ${name.toLowerCase()} and ended_at is null`.execute(logins.circulation)
  // The secret is random, so a plain hash is enough; compared in constant time, with something even when nobody has the name.
  return timingSafeEqual(rows[0]?.secretHash ?? Buffer.alloc(32), hashOf(secret)) && rows.length > 0
}

export interface KnownBy {
  login: LibraryNo[]
  host: LibraryNo[]
  /** Libraries that have somebody who proves themselves by a signature. */
  signing: LibraryNo[]
}

/** The demo's own sources count for as long as there is no real library: its machine may be theirs, too. */
export async function librariesThatKnow(
  logins: Logins,
  caller: { authenticatedAs: string | null; peer: string },
): Promise<KnownBy> {
  const { rows } = await sql<{ kind: SourceKind; libraryNo: LibraryNo }>`
    select distinct case when kind = 'domain' then 'address' else kind end as kind, library_no as "libraryNo"
    from house.mail_source join house.library l using (library_no)
    where ended_at is null and (not l.demo or not exists (select from house.library where not demo)) and case kind when 'login' then value = ${caller.authenticatedAs?.toLowerCase() ?? null}
      when 'host' then network >>= ${caller.peer}::inet else true end`.execute(logins.circulation)
  const of = (kind: SourceKind) => rows.filter((row) => row.kind === kind).map((row) => row.libraryNo)
  return { login: of('login'), host: of('host'), signing: of('address') }
}

/** Libraries on whose list one of these addresses stands, itself or by its domain. */
export async function librariesThatList(logins: Logins, addresses: readonly string[]): Promise<LibraryNo[]> {
  const lower = addresses.map((one) => one.toLowerCase())
  const domains = lower.map((one) => one.slice(one.lastIndexOf('@') + 1))
  const { rows } = await sql<{ libraryNo: LibraryNo }>`
    select distinct library_no as "libraryNo" from house.mail_source
    where ended_at is null and (kind = 'address' and value = any(${lower}::text[]) or kind = 'domain' and value = any(${domains}::text[]))`.execute(
    logins.circulation,
  )
  return rows.map((row) => row.libraryNo)
}
