// Brings what a patron file changes into a temporary table, where it can be looked at whole before anything happens. A
// line whose fingerprint is known is passed over, which is why the same file again costs so little; only lines that are
// new, changed, or owed an identity are read through. Names and addresses are staged only for people who agreed
// (promise 6); everybody else's end here, in memory.
import { createHash } from 'node:crypto'
import type { LibraryNo } from '../db/scope.ts'
import type { Session } from '../db/session.ts'
import { copyLine } from '../db/session.ts'
import { cardKey } from '../lib/card-key.ts'
import type { KeyedHex } from '../lib/keyed-hash.ts'
import { randomPatronNo } from '../patrons/patron-no.ts'
import { type Absence, type KnownLines, loadKnownLines, NOBODY } from './known-lines.ts'
import type { Fingerprint } from './line-fingerprint.ts'
import type { PatronFile } from './patron-file.ts'
import { type Repeated, repeatedLines } from './repeated-lines.ts'
import type { LineProblem, RosterLine } from './roster-line.ts'

export interface Staging {
  session: Session
  library: LibraryNo
  file: PatronFile
  hash: KeyedHex
  /** Of a line's bytes and of how they are read: changes when either does. */
  fingerprint: Fingerprint
  /** Keep everybody's identity: the library runs its notices here and has said why. */
  identityOfAll: boolean
  /** But of whoever asked to be forgotten (keyed hashes of their ids) only once they say yes again. */
  erased: ReadonlySet<string>
  onProgress: (done: number, total: number) => void
}

export interface Staged {
  rows: number
  problems: LineProblem[]
  /** Over the fingerprints of all records in their order, whatever the line ends or the compression. */
  fileHash: Buffer
}

/** The columns of `incoming`. The last five say how a line differs from what was known of its patron. */
const INCOMING = {
  line: 'integer',
  patron_id: 'text',
  patron_no: 'bigint',
  fingerprint: 'bytea',
  email_hash: 'bytea',
  phone_hash: 'bytea',
  email_given: 'boolean',
  email_usable: 'boolean',
  phone_given: 'boolean',
  branch: 'text',
  category: 'text',
  language: 'text',
  minor_until: 'date',
  guardian_id: 'text',
  expires_on: 'date',
  last_use: 'smallint',
  status: 'text',
  card_key: 'bigint',
  known: 'boolean',
  given_name: 'text',
  family_name: 'text',
  preferred_name: 'text',
  email: 'text',
  phone: 'text',
  address_line1: 'text',
  address_line2: 'text',
  city: 'text',
  region: 'text',
  postal_code: 'text',
  country: 'text',
  added: 'boolean',
  changed: 'boolean',
  moved: 'boolean',
  email_gone: 'boolean',
  phone_gone: 'boolean',
}

/** So many lines are asked about at once. */
const AT_ONCE = 2_000

/** Makes the temporary table `incoming`: the lines that were read through. */
export async function stageFile(staging: Staging): Promise<Staged & { absence: Absence }> {
  const { session, library, file, fingerprint, identityOfAll, onProgress } = staging
  await session.client.query(
    `create temporary table incoming (${Object.entries(INCOMING).map(([column, type]) => `${column} ${type}`)})`,
  )
  const known = await loadKnownLines(session, library, identityOfAll)
  const repeated = repeatedLines(known)
  const fileHash = createHash('sha256')
  const problems: LineProblem[] = []
  let rows = 0
  let waiting: Waiting[] = []
  const bringIn = async () => {
    await bringInto(staging, known, repeated, waiting)
    waiting = []
  }
  for await (const batch of file.records({ onBytes: (bytes) => onProgress(bytes, file.totalBytes) })) {
    let prints = ''
    for (const record of batch) {
      const print = fingerprint(record.raw)
      prints += print
      const entry = known.find(print)
      if (entry !== NOBODY && !known.isOwed(entry)) {
        repeated.tell(entry, record.line, () => file.patronIdOf(record)!)
        continue
      }
      const told = file.read(record)
      if ('reason' in told) problems.push(told)
      const patronId = 'reason' in told ? file.patronIdOf(record) : told.patronId
      if (patronId !== null) waiting.push({ line: record.line, print, patronId, told: 'reason' in told ? null : told })
    }
    rows += batch.length
    fileHash.update(prints)
    if (waiting.length >= AT_ONCE) await bringIn()
  }
  await bringIn()
  problems.push(...(await repeated.setAside(session, problems)))
  await session.client.query('analyze incoming (patron_no, patron_id)')
  return { rows, problems, fileHash: fileHash.digest(), absence: known.absence() }
}

/** A line that says something new; `told` is null when it cannot be read, and what we have of its patron stays. */
interface Waiting {
  line: number
  print: string
  patronId: string
  told: RosterLine | null
}

/** What is known of a patron whose line has changed. */
interface Before {
  patron_id: string
  patron_no: string
  fingerprint: string
  agreed: boolean
  email_given: boolean
  phone_given: boolean
  email_hash: string | null
  phone_hash: string | null
}

async function bringInto(
  { session, library, hash, identityOfAll, erased }: Staging,
  known: KnownLines,
  repeated: Repeated,
  waiting: Waiting[],
): Promise<void> {
  // By key, patron for patron: of a library that has just come in the planner knows nothing and would read it all.
  const { rows } =
    known.size === 0
      ? { rows: [] }
      : await session.client.query<Before>({
          text: `
      select p.patron_id, p.patron_no, encode(p.fingerprint, 'hex') as fingerprint,
             s.agreed_email <> 0 or s.agreed_sms <> 0 or s.agreed_post <> 0 as agreed, s.email_given, s.phone_given,
             encode(s.email_hash, 'hex') as email_hash, encode(s.phone_hash, 'hex') as phone_hash
      from unnest($2::text[]) w (patron_id)
      cross join lateral (select * from roster.patron where library_no = $1 and patron_id = w.patron_id limit 1) p
      cross join lateral (select * from outreach.standing where library_no = $1 and patron_no = p.patron_no limit 1) s`,
          values: [library, waiting.map((w) => w.patronId)],
        })
  const before = new Map(rows.map((row) => [row.patron_id, row]))
  const isErased = (patronId: string) => erased.size > 0 && erased.has(hash('patron', patronId))
  await session.copyIn('incoming', Object.keys(INCOMING), async (incoming) => {
    for (const { line, print, patronId, told } of waiting) {
      const patron = before.get(patronId) ?? null
      if (patron) repeated.tell(known.find(patron.fingerprint), line, () => patronId)
      else if (told === null) repeated.strangers.push({ line, patronId })
      if (told === null) continue
      const email = told.email === null ? null : hash('email', told.email)
      const phone = told.phone === null ? null : hash('phone', told.phone)
      incoming.add(
        copyLine([
          ...[line, patronId, patron?.patron_no ?? randomPatronNo().toString(), { hex: print }],
          ...[email && { hex: email }, phone && { hex: phone }, told.emailGiven, email !== null, phone !== null],
          ...[told.branch, told.category, told.language, told.minorUntil, told.guardianId || null],
          ...[told.expiresOn, told.lastUse, told.status, told.barcode === '' ? null : cardKey(hash, told.barcode)],
          ...identityOf(told, patron?.agreed === true || (identityOfAll && !isErased(patronId))),
          patron === null,
          patron !== null && patron.fingerprint !== print,
          email !== (patron?.email_hash ?? null) || phone !== (patron?.phone_hash ?? null),
          patron?.email_given === true && !told.emailGiven,
          patron?.phone_given === true && phone === null,
        ]),
      )
    }
  })
}

/** Whether it is known, and the identity. */
const identityOf = (line: RosterLine, known: boolean): (string | boolean | null)[] =>
  known
    ? [
        ...[true, line.givenName, line.familyName, line.preferredName, line.email, line.phone],
        ...[line.addressLine1, line.addressLine2, line.city, line.region, line.postalCode, line.country],
      ]
    : NOT_KNOWN
const NOT_KNOWN = [false, ...new Array(11).fill(null)]
