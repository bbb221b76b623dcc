// Households: patrons who share an e-mail address or a phone are written to once, and somebody who shares an e-mail is
// greeted without a name. Their labels are worked out for the whole library when somebody came or moved.
import type { LibraryNo } from '../db/scope.ts'
import type { Session } from '../db/session.ts'
import { type Key, larger } from './key-book.ts'
import { gatherPeople } from './people.ts'

const AT_ONCE = 2_000

/** Mends the labels in standing wherever they are no longer right. */
export async function relabel(session: Session, library: LibraryNo): Promise<void> {
  const wrong = await wrongLabels(session, library)
  for (let i = 0; i < wrong.length; i += AT_ONCE) {
    const chunk = wrong.slice(i, i + AT_ONCE)
    const numbers = chunk.map((w) => w.patronNo)
    await session.transact(async () => {
      await session.client.query(
        'select from outreach.standing where library_no = $1 and patron_no = any($2::bigint[]) order by patron_no for no key update',
        [library, numbers],
      )
      await session.client.query({
        text: `update outreach.standing s set household = c.household, address_shared = c.shared
               from unnest($2::bigint[], $3::bigint[], $4::boolean[]) c (patron_no, household, shared)
               where s.library_no = $1 and s.patron_no = c.patron_no`,
        values: [library, numbers, chunk.map((w) => w.household), chunk.map((w) => w.addressShared)],
      })
    })
  }
}

/** Somebody signed up without a card: their address may be that of a cardholder. */
export async function anybodyWithoutCard({ client }: Session, library: LibraryNo): Promise<boolean> {
  return (
    (await client.query('select from outreach.standing where library_no = $1 and not has_card limit 1', [library]))
      .rowCount === 1
  )
}

interface WrongLabel {
  patronNo: bigint
  household: string
  addressShared: boolean
}

async function wrongLabels(session: Session, library: LibraryNo): Promise<WrongLabel[]> {
  const people = gatherPeople()
  let households = new BigInt64Array(1 << 14)
  let shared = new Int32Array(1 << 14)
  await session.copyOut(
    `select patron_no, email_hash, phone_hash, household, address_shared from outreach.standing where library_no = ${library}`,
    (bytes, fields) => {
      const person = people.size()
      if (person === shared.length) {
        households = larger(households, new BigInt64Array(person * 2))
        shared = larger(shared, new Int32Array(person * 2))
      }
      households[person] = bytes.readBigInt64BE(fields[3]!)
      shared[person] = bytes[fields[4]!]!
      people.add(bytes.readBigInt64BE(fields[0]!), keyAt(bytes, fields[1]!), keyAt(bytes, fields[2]!))
    },
  )
  const wrong: WrongLabel[] = []
  const labelOf = people.label()
  for (let person = 0; person < people.size(); person++) {
    const { household, addressShared } = labelOf(person)!
    if (households[person] !== household || (shared[person] === 1) !== addressShared)
      wrong.push({ patronNo: people.numberOf(person), household: household.toString(), addressShared })
  }
  return wrong.sort((a, b) => (a.patronNo < b.patronNo ? -1 : 1))
}

const keyAt = (bytes: Buffer, at: number): Key | null =>
  at === -1 ? null : { high: bytes.readUInt32BE(at), low: bytes.readUInt32BE(at + 4) }
