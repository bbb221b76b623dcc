// Keys by which a program of the library's own comes in: a tablet at the desk, the library system. A key is 256 random
// bits, shown once when it is made; here lies only its hash. It belongs to one library, and each right is named.
import { hash, randomBytes, timingSafeEqual } from 'node:crypto'
import { sql } from 'kysely'
import { inLibrary, type Logins, rowOf, rowsOf } from '../db/scope.ts'
import { Problem } from '../lib/errors.ts'
import type { Library } from '../patrons/library.ts'
import { writeAudit } from './audit.ts'

/**
 * 'capture': record what people chose at the desk or on paper. 'invite': make a link that asks a cardholder. 'text': send
 * notices as texts. 'answer': read and answer the texts that people wrote.
 */
export const RIGHTS = ['capture', 'invite', 'text', 'answer'] as const
export type Right = (typeof RIGHTS)[number]

export interface ApiKey {
  keyNo: number
  name: string
  may: Right[]
  createdAt: Date
  createdBy: string
  lastUsedAt: Date | null
  endedAt: Date | null
}

const columns = sql`key_no as "keyNo", name, may, created_at as "createdAt", created_by as "createdBy",
  last_used_at as "lastUsedAt", ended_at as "endedAt"`

const FORM = /^gentle_[A-Za-z0-9_-]{43}$/
const hashOf = (secret: string): Buffer => hash('sha256', secret, 'buffer')

/** `secret` is told here and never again. */
export async function addApiKey(
  logins: Logins,
  library: Library,
  key: { name: string; may: readonly Right[]; by: string; now: Date },
): Promise<{ key: ApiKey; secret: string }> {
  if (key.name.trim() === '') throw new Problem('bad-input', 'Say what the key is for: "tablet at the desk".')
  if (key.may.length === 0) throw new Problem('bad-input', `Say what the key may do: ${RIGHTS.join(' or ')}.`)
  const secret = `gentle_${randomBytes(32).toString('base64url')}`
  const made = await inLibrary(logins, 'circulation', library.libraryNo, async (scope) => {
    // Two at once would give out one number twice.
    await sql`select pg_advisory_xact_lock(hashtext('gentle api key'), ${library.libraryNo})`.execute(scope.tx)
    const row = await rowOf(
      scope,
      sql<ApiKey>`
      insert into desk.api_key (library_no, key_no, name, key_hash, may, created_at, created_by)
      select ${library.libraryNo}, coalesce(max(key_no), 0) + 1, ${key.name.trim()}, ${hashOf(secret)}, ${[...new Set(key.may)]}::text[], ${key.now}, ${key.by}
      from desk.api_key where library_no = ${library.libraryNo}
      returning ${columns}`,
    )
    await writeAudit(scope, { who: key.by, did: 'added an API key', about: { key: row!.keyNo } })
    return row!
  })
  return { key: made, secret }
}

export const listApiKeys = (logins: Logins, library: Library): Promise<ApiKey[]> =>
  inLibrary(logins, 'circulation', library.libraryNo, (scope) =>
    rowsOf(scope, sql<ApiKey>`select ${columns} from desk.api_key where library_no = ${scope.library} order by key_no`),
  )

/** From the next request on. Throws Problem 'not-found'. */
export async function endApiKey(
  logins: Logins,
  library: Library,
  { keyNo, by, now }: { keyNo: number; by: string; now: Date },
): Promise<ApiKey> {
  return inLibrary(logins, 'circulation', library.libraryNo, async (scope) => {
    const ended = await rowOf(
      scope,
      sql<ApiKey>`
      update desk.api_key set ended_at = coalesce(ended_at, ${now}), ended_by = coalesce(ended_by, ${by})
      where library_no = ${scope.library} and key_no = ${keyNo} returning ${columns}`,
    )
    if (ended === null)
      throw new Problem('not-found', `${library.name} has no key number ${keyNo}. "gentle key list" shows them.`)
    await writeAudit(scope, { who: by, did: 'ended an API key', about: { key: keyNo } })
    return ended
  })
}

/** The key in force that this secret is, or null. What is looked up is a hash, so how long it takes tells nothing of a key. */
export async function openWithKey(
  logins: Logins,
  library: Library,
  secret: string,
  now: Date,
): Promise<Pick<ApiKey, 'keyNo' | 'name' | 'may'> | null> {
  if (!FORM.test(secret)) return null
  const sought = hashOf(secret)
  return inLibrary(logins, 'circulation', library.libraryNo, async (scope) => {
    const found = await rowOf(
      scope,
      sql<Pick<ApiKey, 'keyNo' | 'name' | 'may'> & { keyHash: Buffer }>`
      select key_no as "keyNo", name, may, key_hash as "keyHash" from desk.api_key
      where library_no = ${scope.library} and key_hash = ${sought} and ended_at is null`,
    )
    if (found === null || !timingSafeEqual(found.keyHash, sought)) return null
    await sql`update desk.api_key set last_used_at = ${now}
              where library_no = ${scope.library} and key_no = ${found.keyNo}
                and (last_used_at is null or last_used_at < ${now}::timestamptz - interval '1 minute')`.execute(
      scope.tx,
    )
    const { keyNo, name, may } = found
    return { keyNo, name, may }
  })
}
