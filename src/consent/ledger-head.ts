// The head of a ledger as it leaves the house: how many entries there were and the hash over them all, with the register
// of erasures, signed. Kept elsewhere (a file, a mail, a webhook), it proves later that nothing before it was changed or
// cut off, and it tells a restored copy whom to forget again.
import { sql } from 'kysely'
import { z } from 'zod'
import { rowOf, rowsOf, type Scope } from '../db/scope.ts'
import { Problem } from '../lib/errors.ts'
import type { Library } from '../patrons/library.ts'
import { GENESIS } from './ledger-entry.ts'

const hash = z
  .string()
  .regex(/^[0-9a-f]{32}$/)
  .nullable()

/** One line of the register of erasures: a random number and keyed hashes; it names nobody. */
const erasure = z.strictObject({
  patron: z.string().regex(/^-?\d{1,19}$/),
  at: z.iso.datetime(),
  id: hash,
  email: hash,
  phone: hash,
})

const exportedHead = z.strictObject({
  kind: z.literal('gentle ledger head'),
  version: z.literal(1),
  library: z.string(),
  libraryNo: z.int(),
  entries: z.int().min(0),
  head: z.string().regex(/^[0-9a-f]{64}$/),
  at: z.iso.datetime(),
  publicKey: z.base64(),
  erasures: z.array(erasure),
  /** Ed25519 over all of the above, as JSON in this order without spaces. */
  signature: z.base64(),
})

export type ErasureLine = z.infer<typeof erasure>
export type ExportedHead = z.infer<typeof exportedHead>

/** Spelled out, because the order of the names is part of what is signed. */
const signedPart = (h: Omit<ExportedHead, 'signature'>): string =>
  JSON.stringify({
    kind: h.kind,
    version: h.version,
    library: h.library,
    libraryNo: h.libraryNo,
    entries: h.entries,
    head: h.head,
    at: h.at,
    publicKey: h.publicKey,
    erasures: h.erasures.map(ordered),
  })

const ordered = ({ patron, at, id, email, phone }: ErasureLine): ErasureLine => ({ patron, at, id, email, phone })

/** The head as it is now. Take it in a snapshot, so that entries and erasures are of one instant. */
export async function exportHead(scope: Scope<'circulation'>, library: Library, now: Date): Promise<ExportedHead> {
  const kept = await rowOf(
    scope,
    sql<{ entries: number; head: Buffer }>`
    select entries::float8 as entries, head from outreach.ledger_head where library_no = ${scope.library}`,
  )
  const unsigned = {
    kind: 'gentle ledger head' as const,
    version: 1 as const,
    library: library.key,
    libraryNo: scope.library,
    entries: kept?.entries ?? 0,
    head: (kept?.head ?? GENESIS).toString('hex'),
    at: now.toISOString(),
    publicKey: scope.seals.publicKey,
    erasures: await erasuresOf(scope),
  }
  return { ...unsigned, signature: scope.seals.sign(signedPart(unsigned)).toString('base64') }
}

/** An exported head as it stands in a file, whoever wrote it. Throws Problem 'bad-input' when it is none. */
export function parseHead(text: string): ExportedHead {
  let told: unknown
  try {
    told = JSON.parse(text)
  } catch {
    told = null
  }
  const read = exportedHead.safeParse(told)
  if (!read.success)
    throw new Problem('bad-input', 'This is not the head of a ledger, as "gentle ledger head" writes it.')
  return read.data
}

/** An exported head of this library. Throws Problem 'bad-input' when it is another's, or was changed. */
export function readHead(scope: Scope<'circulation'>, library: Library, text: string): ExportedHead {
  const head = parseHead(text)
  if (head.library !== library.key || head.libraryNo !== scope.library)
    throw new Problem('bad-input', `This is the head of another ledger, that of "${head.library}".`)
  if (!scope.seals.isSigned(signedPart(head), Buffer.from(head.signature, 'base64')))
    throw new Problem(
      'bad-input',
      'This head was not signed with the key file of this installation, or it was changed since. It proves nothing.',
    )
  return head
}

export const erasuresOf = async (scope: Scope<'circulation'>): Promise<ErasureLine[]> => {
  const rows = await rowsOf(
    scope,
    sql<Omit<ErasureLine, 'at'> & { at: Date }>`
    select patron_no as patron, erased_at as at, encode(id_hash, 'hex') as id, encode(email_hash, 'hex') as email, encode(phone_hash, 'hex') as phone
    from outreach.erasure where library_no = ${scope.library} order by erasure_no`,
  )
  return rows.map((row) => ordered({ ...row, at: row.at.toISOString() }))
}

/** How many erasures of an exported head no longer stand in the register. */
export async function erasuresLost(scope: Scope<'circulation'>, { erasures }: ExportedHead): Promise<number> {
  const standing = new Set((await erasuresOf(scope)).map((line) => JSON.stringify(line)))
  return erasures.filter((line) => !standing.has(JSON.stringify(ordered(line)))).length
}
