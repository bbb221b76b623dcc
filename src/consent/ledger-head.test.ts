// What the head is for: tampering by whoever owns the database, who can change every row and compute every hash, and has
// everything but the key file.
import { createHash, createPublicKey, verify as verifySignature } from 'node:crypto'
import type pg from 'pg'
import { beforeAll, expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make, NOW } from '../../test/make.ts'
import { inLibrary } from '../db/scope.ts'
import type { Library } from '../patrons/library.ts'
import { appendChoices, type Choice } from './ledger.ts'
import { type EntryFields, entryHash, GENESIS } from './ledger-entry.ts'
import { type ExportedHead, exportHead, readHead } from './ledger-head.ts'
import { verifyLedger } from './verify-ledger.ts'

const house = openHouse()
const AT = '2026-03-01T12:00:00Z'
let root: pg.Client

beforeAll(async () => {
  root = await house.connectAsSuperuser()
  await root.query('set session_replication_role = replica') // no trigger stops this connection
})

const scoped = <R>(library: Library, work: Parameters<typeof inLibrary<'circulation', R>>[3]) =>
  inLibrary(house.database.logins, 'circulation', library.libraryNo, work)
const append = (library: Library, choices: Choice[]) => scoped(library, (scope) => appendChoices(scope, choices, NOW))
const verify = (library: Library, head?: ExportedHead) => scoped(library, (scope) => verifyLedger(scope, head))
const headOf = (library: Library) => scoped(library, (scope) => exportHead(scope, library, NOW))
const keptHead = async (library: Library) =>
  (
    await root.query('select entries, head, signature from outreach.ledger_head where library_no = $1', [
      library.libraryNo,
    ])
  ).rows[0]

async function libraryWithLedger(entries: number): Promise<Library> {
  const library = await make.library(house)
  for (let i = 0; i < entries; i++)
    await append(library, [make.choice(String(1001 + i), 'events/email', i % 2 ? 'deny' : 'grant', AT)])
  return library
}

/** Computes every hash anew, and the head with them: what a tamperer with the source code would do. */
async function chainAnew(library: Library): Promise<void> {
  const { rows } = await root.query<EntryFields>(
    `select entry_no as "entryNo", patron_no as patron, purpose, channel, decision, method, wording_id as "wordingId", until,
            decided_at as "decidedAt", recorded_at as "recordedAt", attested_by as "attestedBy", form, sealed
     from outreach.ledger where library_no = $1 order by entry_no`,
    [library.libraryNo],
  )
  let head = GENESIS
  for (const entry of rows) {
    head = entryHash(head, library.libraryNo, entry)
    await root.query('update outreach.ledger set entry_hash = $3 where library_no = $1 and entry_no = $2', [
      library.libraryNo,
      entry.entryNo,
      head,
    ])
  }
  await root.query('update outreach.ledger_head set entries = $2, head = $3 where library_no = $1', [
    library.libraryNo,
    rows.length,
    head,
  ])
}

const TAMPERINGS: [string, string][] = [
  ['a no turned into a yes', `update outreach.ledger set decision = 'grant' where library_no = $1 and entry_no = 2`],
  [
    'two entries that changed places',
    `update outreach.ledger set entry_no = case entry_no when 2 then -3 when 3 then -2 end where library_no = $1 and entry_no in (2, 3)`,
  ],
  [
    'everything brought down to the first form',
    'update outreach.ledger set form = 1, sealed = null where library_no = $1',
  ],
  ['an entry taken out at the end', 'delete from outreach.ledger where library_no = $1 and entry_no = 5'],
]

test.each(TAMPERINGS)('%s: a chain made anew is found by the signature that it cannot have', async (_, tampering) => {
  const library = await libraryWithLedger(5)
  await root.query(tampering, [library.libraryNo])
  await root.query('update outreach.ledger set entry_no = -entry_no where library_no = $1 and entry_no < 0', [
    library.libraryNo,
  ])
  await chainAnew(library)
  expect(await verify(library)).toMatchObject({ ok: false, signed: false, firstBadEntry: null })
  await root.query('update outreach.ledger_head set signature = null where library_no = $1', [library.libraryNo])
  expect(await verify(library)).toMatchObject({ ok: false, signed: false })
})

test('a forged chain is never signed over: the next stop is recorded, and the forgery still shows', async () => {
  const library = await libraryWithLedger(3)
  await root.query(`update outreach.ledger set decision = 'grant' where library_no = $1 and entry_no = 2`, [
    library.libraryNo,
  ])
  await chainAnew(library)
  await append(library, [make.choice('9', 'all/email', 'stop', AT)])
  await append(library, [make.choice('9', 'all/email', 'stop', AT)])
  expect(await verify(library)).toMatchObject({ entries: 5, ok: false, signed: false })
})

test("a head that another library's ledger was signed with fits nowhere else", async () => {
  const [one, other] = [await libraryWithLedger(3), await libraryWithLedger(3)]
  const { signature } = await keptHead(other)
  await root.query('update outreach.ledger_head set signature = $2 where library_no = $1', [one.libraryNo, signature])
  expect(await verify(one)).toMatchObject({ ok: false, signed: false })
})

test('a ledger cut back to an old head, signature and all, is found by the head that left the house', async () => {
  const library = await libraryWithLedger(3)
  const old = await keptHead(library)
  await append(library, [make.choice('77', 'all/email', 'stop', AT)])
  const exported = await headOf(library)
  await append(library, [make.choice('78', 'all/email', 'stop', AT)])
  expect(await verify(library, exported)).toMatchObject({ entries: 5, ok: true, sinceHead: true })

  await root.query('delete from outreach.ledger where library_no = $1 and entry_no > 3', [library.libraryNo])
  await root.query('update outreach.ledger_head set entries = $2, head = $3, signature = $4 where library_no = $1', [
    library.libraryNo,
    old.entries,
    old.head,
    old.signature,
  ])
  expect(await verify(library)).toMatchObject({ entries: 3, ok: true }) // nothing inside can tell
  expect(await verify(library, exported)).toMatchObject({ ok: false, firstBadEntry: 4, sinceHead: false })
  // Filled up again with other entries it is as long as before, and signed.
  await append(library, [make.choice('1', 'events/email', 'grant', AT), make.choice('1', 'events/email', 'grant', AT)])
  expect(await verify(library)).toMatchObject({ entries: 5, ok: true })
  expect(await verify(library, exported)).toMatchObject({ ok: false, sinceHead: false })
})

test('an erasure that was taken out of the register is found by the head that left the house', async () => {
  const library = await libraryWithLedger(1)
  await root.query(
    `insert into outreach.erasure (library_no, patron_no, erased_at, erased_by, email_hash) values ($1, 4, now(), 'Ana', $2)`,
    [library.libraryNo, Buffer.alloc(16, 1)],
  )
  const exported = await headOf(library)
  expect(await verify(library, exported)).toMatchObject({ ok: true })
  await root.query('update outreach.erasure set email_hash = null where library_no = $1', [library.libraryNo])
  expect(await verify(library, exported)).toMatchObject({ ok: false, sinceHead: false })
})

test('a head of the empty ledger is a head, too', async () => {
  const library = await make.library(house)
  const exported = await headOf(library)
  expect(exported).toMatchObject({ entries: 0, head: '0'.repeat(64), erasures: [] })
  await append(library, [make.choice('1', 'events/email', 'grant', AT)])
  expect(await verify(library, exported)).toMatchObject({ entries: 1, ok: true, sinceHead: true })
})

test('anybody with the file can check its signature, and it names nobody', async () => {
  const library = await libraryWithLedger(2)
  const { signature, ...said } = await headOf(library)
  const key = createPublicKey({ key: Buffer.from(said.publicKey, 'base64'), format: 'der', type: 'spki' })
  expect(verifySignature(null, Buffer.from(JSON.stringify(said)), key, Buffer.from(signature, 'base64'))).toBe(true)
  expect(Object.keys(said)).toEqual([
    'kind',
    'version',
    'library',
    'libraryNo',
    'entries',
    'head',
    'at',
    'publicKey',
    'erasures',
  ])
})

test('a head that is no head, is of another library, or was changed is refused with a sentence', async () => {
  const [library, other] = [await libraryWithLedger(2), await libraryWithLedger(2)]
  const head = await headOf(library)
  const read = (text: string, of = library) => scoped(of, async (scope) => readHead(scope, of, text))
  expect(await read(JSON.stringify(head, null, 2))).toEqual(head)
  await expect(read('{}')).rejects.toThrow('not the head of a ledger')
  await expect(read('not json')).rejects.toThrow('not the head of a ledger')
  await expect(read(JSON.stringify(head), other)).rejects.toThrow('another ledger')
  for (const change of [
    { entries: 1 },
    { head: createHash('sha256').update('x').digest('hex') },
    { publicKey: 'AAAA' },
    { signature: 'AAAA' },
  ])
    await expect(read(JSON.stringify({ ...head, ...change }))).rejects.toThrow('was changed')
})
