// The lines that the roster knows, by fingerprint, in 50 bytes of memory each: a line of a file that is among them needs
// no further look, and the database is asked about the others only. Notes as well which line told of whom, so that who
// stands twice in the file, or not at all, is known at its end.
import type { LibraryNo } from '../db/scope.ts'
import type { Session } from '../db/session.ts'

/** The place of a patron among the known lines. */
export type Entry = number
export const NOBODY: Entry = -1

export interface KnownLines {
  readonly size: number
  /** Whose line this is, or NOBODY. */
  find(fingerprint: string): Entry
  /** They agreed, and we do not have their address yet, or only as they typed it themselves. */
  isOwed(entry: Entry): boolean
  /** Notes that a line tells of this patron; returns the line that did before, or 0. */
  tell(entry: Entry, line: number): number
  /** At the end of the file. */
  absence(): Absence
}

export interface Absence {
  /** Who was not missing before this file. */
  present: number
  /** How many of these no line told of. */
  leaving: number
  /** Whose count of files without them changes, and to what. */
  turned: { patronNo: string; missing: number }[]
}

const OWED = 4
/** Full files without a patron are counted up to here. */
const MOST_MISSING = 2

export async function loadKnownLines(
  session: Session,
  library: LibraryNo,
  identityOfAll: boolean,
): Promise<KnownLines> {
  const count = await session.client.query<{ n: number }>(
    'select count(*)::int as n from roster.patron where library_no = $1',
    [library],
  )
  const size = count.rows[0]!.n
  const prints = new Uint32Array(size * 4)
  const numbers = new BigInt64Array(size)
  const state = new Uint8Array(size)
  const lines = new Uint32Array(size)
  // Open addressing, at most half full. A fingerprint is random, so its first bits serve as they are.
  const slots = new Int32Array(2 ** Math.ceil(Math.log2(size * 2 + 2))).fill(NOBODY)
  const mask = slots.length - 1
  let entry = 0
  await session.copyOut(
    `select p.patron_no, p.fingerprint, (p.missing + case when o.patron_no is null then 0 else ${OWED} end)::smallint
     from roster.patron p
     left join (select patron_no from outreach.standing where library_no = ${library} and not identity_known
                  and (${identityOfAll} or agreed_email <> 0 or agreed_sms <> 0 or agreed_post <> 0)
                union select patron_no from roster.identity where library_no = ${library} and typed) o on o.patron_no = p.patron_no
     where p.library_no = ${library}`,
    (bytes, fields) => {
      numbers[entry] = bytes.readBigInt64BE(fields[0]!)
      for (let i = 0; i < 4; i++) prints[entry * 4 + i] = bytes.readUInt32BE(fields[1]! + i * 4)
      state[entry] = bytes.readInt16BE(fields[2]!)
      let slot = prints[entry * 4]! & mask
      while (slots[slot] !== NOBODY) slot = (slot + 1) & mask
      slots[slot] = entry++
    },
  )
  const wanted = Buffer.alloc(16)
  return {
    size,
    find(fingerprint) {
      wanted.write(fingerprint, 'hex')
      const first = wanted.readUInt32BE(0)
      for (let slot = first & mask; slots[slot] !== NOBODY; slot = (slot + 1) & mask) {
        const at = slots[slot]! * 4
        if (
          prints[at] === first &&
          prints[at + 1] === wanted.readUInt32BE(4) &&
          prints[at + 2] === wanted.readUInt32BE(8) &&
          prints[at + 3] === wanted.readUInt32BE(12)
        )
          return slots[slot]!
      }
      return NOBODY
    },
    isOwed: (entry) => (state[entry]! & OWED) !== 0,
    tell(entry, line) {
      const before = lines[entry]!
      if (before === 0) lines[entry] = line
      return before
    },
    absence() {
      const absence: Absence = { present: 0, leaving: 0, turned: [] }
      for (let entry = 0; entry < size; entry++) {
        const before = state[entry]! & ~OWED
        const missing = lines[entry] === 0 ? Math.min(before + 1, MOST_MISSING) : 0
        if (before === 0) absence.present++
        if (before === 0 && missing > 0) absence.leaving++
        if (missing !== before) absence.turned.push({ patronNo: numbers[entry]!.toString(), missing })
      }
      return absence
    },
  }
}
