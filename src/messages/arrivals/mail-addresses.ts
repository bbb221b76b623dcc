// The addresses of this installation: those that its capabilities have of themselves, and those that were added for a
// library with a domain of its own. What is not among them is nobody's here, and mail for it is refused.
import { sql } from 'kysely'
import type { LibraryNo, Logins } from '../../db/scope.ts'
import { Problem } from '../../lib/errors.ts'
import { nearest } from '../../lib/nearest.ts'
import type { Library } from '../../patrons/library.ts'
import type { Line } from '../lines.ts'
import type { AddressForm, Capability } from './capability.ts'

export interface MailAddress {
  capability: string
  /** Null = it follows from the address or from who sends. */
  libraryNo: LibraryNo | null
  /** What stands behind the plus; "" when nothing does. */
  tag: string
  /** The number as it stood; null unless it is an address of telephones. */
  phone: string | null
}

const PHONE = /^(?:\+?1)?\d{10}$/

/** Null when nobody has this address here. */
export async function findMailAddress(
  logins: Logins,
  capabilities: readonly Capability[],
  ownDomain: string,
  address: string,
): Promise<MailAddress | null> {
  const at = address.lastIndexOf('@')
  const domain = address.slice(at + 1).toLowerCase()
  const local = address.slice(0, at)
  const plus = local.indexOf('+')
  // "+16145550123" begins with a plus that separates nothing.
  const name = (plus > 0 ? local.slice(0, plus) : local).toLowerCase()
  const tag = plus > 0 ? local.slice(plus + 1) : ''
  const phone = PHONE.test(local) ? local : null

  const own = capabilities.find((one) => isAt(one.at, { domain, name, phone, ownDomain, tag }))
  if (own) return { capability: own.capability, libraryNo: null, tag, phone }
  const { rows } = await sql<{ capability: string; libraryNo: LibraryNo | null }>`
    select capability, library_no as "libraryNo" from house.mail_address
    where domain = ${domain} and case kind when 'phone' then ${phone !== null} when 'name' then local_part = ${name}
                                          else local_part = ${name} and ${tag !== ''} end
    order by kind limit 1`.execute(logins.circulation)
  const [added] = rows
  if (added === undefined || !capabilities.some((one) => one.capability === added.capability)) return null
  return { ...added, tag, phone }
}

interface Sought {
  domain: string
  name: string
  phone: string | null
  tag: string
  ownDomain: string
}

function isAt(form: AddressForm, { domain, name, phone, tag, ownDomain }: Sought): boolean {
  if (domain !== (form.domain ?? ownDomain).toLowerCase()) return false
  if (form.kind === 'phone') return phone !== null
  return name === form.localPart.toLowerCase() && (form.kind === 'name' || tag !== '')
}

export interface AddedAddress {
  address: string
  capability: string
  libraryNo: LibraryNo
  /** The number that its texts leave from; null = the library's only one. */
  line: string | null
}

/** What an address of a library's own can be for, and of which form it then is. The others have theirs of themselves. */
const GIVEN: Readonly<Record<string, AddressForm['kind']>> = { 'text gateway': 'phone' }

/** "sms.maple.example.org" for all numbers at it, "desk@…", or "answer+@…" for whatever stands behind the plus. */
export async function addMailAddress(
  logins: Logins,
  library: Library,
  given: { address: string; capability: string; line?: Pick<Line, 'lineNo' | 'number'>; by: string; now: Date },
): Promise<AddedAddress> {
  const { capability, line } = given
  refuseUnknown(capability)
  const text = given.address.trim().toLowerCase()
  const match =
    /^(?:([a-z0-9][a-z0-9._-]{0,62})(\+)?@)?((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*)$/.exec(text)
  if (match === null)
    throw new Problem(
      'bad-input',
      `"${given.address}" is no address. Write a domain for all numbers at it (sms.library.example.org), or desk@library.example.org, or answer+@library.example.org.`,
    )
  const [, localPart = null, plus, domain] = match
  const kind = localPart === null ? 'phone' : plus === undefined ? 'name' : 'tag'
  if (kind !== GIVEN[capability])
    throw new Problem(
      'bad-input',
      `The ${capability} takes a domain for all numbers at it (sms.library.example.org), not ${text}.`,
    )
  const { rows } = await sql`
    insert into house.mail_address (domain, kind, local_part, library_no, capability, line_no, added_by, added_at)
    values (${domain}, ${kind}, ${localPart}, ${library.libraryNo}, ${capability}, ${line?.lineNo ?? null}, ${given.by}, ${given.now})
    on conflict do nothing returning 1`.execute(logins.circulation)
  if (rows.length === 0)
    throw new Problem('conflict', `${text} is taken already. "gentle mail addresses" shows whose it is.`)
  return { address: text, capability, libraryNo: library.libraryNo, line: line?.number ?? null }
}

function refuseUnknown(capability: string): void {
  if (Object.hasOwn(GIVEN, capability)) return
  const names = Object.keys(GIVEN)
  const meant = nearest(capability.toLowerCase(), names)
  throw new Problem(
    'bad-input',
    `Nothing here is called "${capability}".${meant === null ? '' : ` Did you mean "${meant}"?`} An address of a library's own can be for: ${names.join(', ')}.`,
  )
}

/** The line that was named for the numbers at this domain. */
export async function lineOfDomain(
  { circulation }: Pick<Logins, 'circulation'>,
  library: LibraryNo,
  domain: string,
): Promise<number | null> {
  const { rows } = await sql<{ lineNo: number | null }>`
    select line_no as "lineNo" from house.mail_address
    where domain = ${domain.toLowerCase()} and kind = 'phone' and library_no = ${library}`.execute(circulation)
  return rows[0]?.lineNo ?? null
}

export const listMailAddresses = async (logins: Logins): Promise<AddedAddress[]> =>
  (
    await sql<AddedAddress>`
    select coalesce(local_part || case kind when 'tag' then '+' else '' end || '@', '') || domain as address, capability,
           library_no as "libraryNo", (select l.number from house.line l where l.line_no = a.line_no) as line
    from house.mail_address a order by domain, local_part nulls first`.execute(logins.circulation)
  ).rows
