// Brings a patron file into temporary tables, where it can be looked at whole before anything changes. A file that is
// mostly known is skimmed first (number and fingerprint of each line), and only the lines that are new, changed, or
// owed an identity are read through: that is why the same file again costs so little. Names and addresses are staged
// only for people who agreed (promise 6); everybody else's end here, in memory.
import { createHash, randomBytes } from 'node:crypto'
import type { LibraryNo } from '../db/scope.ts'
import type { Session } from '../db/session.ts'
import { copyLine } from '../db/session.ts'
import type { KeyedHex } from '../lib/keyed-hash.ts'
import type { PatronFile } from './patron-file.ts'
import type { LineProblem, RosterLine } from './roster-line.ts'

export interface Staging {
  session: Session
  library: LibraryNo
  file: PatronFile
  hash: KeyedHex
  /** Of a line's bytes and of how they are read: changes when either does. */
  fingerprint: (raw: Buffer) => string
  /** Keep everybody's identity: the library runs its notices here and has said why. */
  identityOfAll: boolean
  onProgress: (done: number, total: number) => void
}

export interface Staged {
  rows: number
  problems: LineProblem[]
  /** Over the fingerprints of all records in their order, whatever the line ends or the compression. */
  fileHash: Buffer
  /** The roster held nobody: every record was read, and `seen` is empty. */
  first: boolean
  /** Numbers of patrons whose line could not be read, where no `seen` has them. */
  unread: { line: number; patronId: string }[]
}

const INCOMING = [
  'record_no',
  'line',
  'patron_id',
  'patron_no',
  'fingerprint',
  'email_hash',
  'phone_hash',
  'email_given',
  'email_usable',
  'phone_given',
  'branch',
  'category',
  'language',
  'minor_until',
  'guardian_id',
  'expires_on',
  'last_use',
  'status',
  'known',
  'given_name',
  'family_name',
  'preferred_name',
  'email',
  'phone',
  'address_line1',
  'address_line2',
  'city',
  'region',
  'postal_code',
  'country',
] as const

/** Makes the temporary tables `seen` (every record) and `incoming` (the records that were read through). */
export async function stageFile(staging: Staging): Promise<Staged> {
  const { session, library } = staging
  await session.client.query(`
    create temporary table seen (record_no integer, line integer, patron_id text, fingerprint bytea);
    create temporary table incoming (
      record_no integer, line integer, patron_id text, patron_no bigint, fingerprint bytea, email_hash bytea, phone_hash bytea,
      email_given boolean, email_usable boolean, phone_given boolean, branch text, category text, language text, minor_until date,
      guardian_id text, expires_on date, last_use smallint, status text, known boolean,
      given_name text, family_name text, preferred_name text, email text, phone text, address_line1 text, address_line2 text,
      city text, region text, postal_code text, country text)`)
  const empty =
    (await session.client.query('select from roster.patron where library_no = $1 limit 1', [library])).rowCount === 0
  const staged: Staged = { rows: 0, problems: [], fileHash: Buffer.alloc(0), first: empty, unread: [] }
  if (empty) await readThrough(staging, staged, null)
  else {
    await skim(staging, staged)
    await readThrough(staging, staged, await findNeeded(staging))
  }
  await setAsideRepeated(session, staged)
  return staged
}

/** Every record's number and fingerprint. */
async function skim({ session, file, fingerprint, onProgress }: Staging, staged: Staged): Promise<void> {
  const fileHash = createHash('sha256')
  async function* lines() {
    for await (const batch of file.records({ onBytes: (bytes) => onProgress(bytes / 2, file.totalBytes) })) {
      let text = ''
      let prints = ''
      for (const record of batch) {
        const print = fingerprint(record.raw)
        prints += print
        text += copyLine([staged.rows++, record.line, file.patronIdOf(record), { hex: print }])
      }
      fileHash.update(prints)
      yield text
    }
  }
  await session.copyIn('seen', ['record_no', 'line', 'patron_id', 'fingerprint'], lines())
  staged.fileHash = fileHash.digest()
  await session.client.query('analyze seen')
}

interface Needed {
  /** One bit a record. */
  read: Uint8Array
  agreed: Uint8Array
}

const hasBit = (bits: Uint8Array, n: number): boolean => (bits[n >> 3]! & (1 << (n & 7))) !== 0

/** Records to read through: unknown, changed, or of somebody who agreed and whose address is not known yet. */
async function findNeeded({ session, library, identityOfAll }: Staging): Promise<Needed> {
  const size = Number((await session.client.query<{ n: string }>('select count(*) as n from seen')).rows[0]!.n)
  const needed = { read: new Uint8Array((size >> 3) + 1), agreed: new Uint8Array((size >> 3) + 1) }
  const { rows } = await session.client.query<{ record_no: number; agreed: boolean }>({
    text: `
      select e.record_no, coalesce(s.agreed_email <> 0 or s.agreed_sms <> 0 or s.agreed_post <> 0, false) as agreed
      from seen e
      left join roster.patron p on p.library_no = $1 and p.patron_id = e.patron_id
      left join outreach.standing s on s.library_no = $1 and s.patron_no = p.patron_no
      where p.patron_id is null or p.fingerprint <> e.fingerprint
         or (not s.identity_known and ($2 or s.agreed_email <> 0 or s.agreed_sms <> 0 or s.agreed_post <> 0))`,
    values: [library, identityOfAll],
  })
  for (const { record_no: n, agreed } of rows) {
    needed.read[n >> 3]! |= 1 << (n & 7)
    if (agreed) needed.agreed[n >> 3]! |= 1 << (n & 7)
  }
  return needed
}

/** `needed` null: the roster is empty, so every record is read and nobody has agreed yet. */
async function readThrough(
  { session, file, hash, fingerprint, identityOfAll, onProgress }: Staging,
  staged: Staged,
  needed: Needed | null,
): Promise<void> {
  const fileHash = createHash('sha256')
  let recordNo = -1
  async function* lines() {
    for await (const batch of file.records({
      onBytes: (bytes) => onProgress(needed ? (file.totalBytes + bytes) / 2 : bytes, file.totalBytes),
    })) {
      let text = ''
      let prints = ''
      for (const record of batch) {
        recordNo++
        if (needed !== null && !hasBit(needed.read, recordNo)) continue
        const print = fingerprint(record.raw)
        prints += print
        const line = file.read(record)
        if ('reason' in line) {
          staged.problems.push(line)
          const patronId = needed === null ? file.patronIdOf(record) : null
          if (patronId !== null) staged.unread.push({ line: record.line, patronId })
        } else
          text += incomingLine(
            recordNo,
            record.line,
            line,
            print,
            hash,
            identityOfAll || (needed !== null && hasBit(needed.agreed, recordNo)),
          )
      }
      fileHash.update(prints)
      if (text !== '') yield text
    }
  }
  await session.copyIn('incoming', INCOMING, lines())
  await session.client.query('analyze incoming (patron_no, patron_id, email_hash, phone_hash)')
  if (needed !== null) return
  staged.rows = recordNo + 1
  staged.fileHash = fileHash.digest()
}

function incomingLine(
  recordNo: number,
  lineNo: number,
  line: RosterLine,
  fingerprint: string,
  hash: KeyedHex,
  known: boolean,
): string {
  const id = known
    ? [
        line.givenName,
        line.familyName,
        line.preferredName,
        line.email,
        line.phone,
        line.addressLine1,
        line.addressLine2,
        line.city,
        line.region,
        line.postalCode,
        line.country,
      ]
    : NOBODY
  return copyLine([
    recordNo,
    lineNo,
    line.patronId,
    randomPatronNo(),
    { hex: fingerprint },
    line.email === null ? null : { hex: hash('email', line.email) },
    line.phone === null ? null : { hex: hash('phone', line.phone) },
    line.emailGiven,
    line.email !== null,
    line.phone !== null,
    line.branch,
    line.category,
    line.language,
    line.minorUntil,
    line.guardianId === '' ? null : line.guardianId,
    line.expiresOn,
    line.lastUse,
    line.status,
    known,
    ...id,
  ])
}

const NOBODY: null[] = new Array(11).fill(null)

let pool = Buffer.alloc(0)
let used = 0

/** 62 random bits, so that a number says nothing and meets no other. Drawn from the system in 64 KB at a time. */
function randomPatronNo(): string {
  if (used + 8 > pool.length) {
    pool = randomBytes(65_536)
    used = 0
  }
  used += 8
  return (pool.readBigUInt64BE(used - 8) >> 2n).toString()
}

/** A patron_id that stands on two lines is nobody we can be sure of: all its lines are set aside and what we had stays. */
async function setAsideRepeated(session: Session, staged: Staged): Promise<void> {
  const { rows } = await session.client.query<{ record_no: number | null; line: number; patron_id: string }>({
    text: `
      with every as (
        select record_no, line, patron_id from ${staged.first ? 'incoming' : 'seen'}
        union all select null, u.line, u.patron_id from unnest($1::integer[], $2::text[]) u (line, patron_id))
      select record_no, line, patron_id from every
      where patron_id in (select patron_id from every group by patron_id having count(*) > 1) order by line`,
    values: [staged.unread.map((u) => u.line), staged.unread.map((u) => u.patronId)],
  })
  if (rows.length === 0) return
  await session.client.query('delete from incoming where record_no = any($1)', [rows.map((r) => r.record_no)])
  const told = new Set(staged.problems.map((problem) => problem.line))
  for (const { line, patron_id } of rows)
    if (!told.has(line))
      staged.problems.push({ line, reason: `its patron_id ${patron_id} stands on more than one line` })
}
