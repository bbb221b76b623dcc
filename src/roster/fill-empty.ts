// Writes a library's first patron file into its empty roster. Three connections share the work, one for patrons and two for
// halves of their standing, and what they write becomes visible whole: standing a breath before the patrons, so that no
// patron is ever without one.
import type { LibraryNo } from '../db/scope.ts'
import type { Session } from '../db/session.ts'
import { anybodyWithoutCard, relabel } from './households.ts'
import type { People } from './people.ts'
import { HALF } from './read-first.ts'
import type { Crew, StagedPeople } from './stage-empty.ts'

/**
 * Writes everything in one transaction a connection. Long as they are, nobody waits for them: they hold only rows that
 * nobody else can see. Broken off at any point, the roster is still empty and the next import begins anew; a connection
 * lost between two commits leaves standing that belongs to nobody, which the next import clears away.
 */
export async function fillEmpty(
  { patrons, standings }: Crew,
  library: LibraryNo,
  { people, without }: StagedPeople,
  onProgress: (done: number, total: number) => void,
): Promise<void> {
  const [lower, upper] = standings
  const slices = Math.ceil(people.size() / 2 / SLICE)
  let done = 0
  const step = () => onProgress(++done, 1 + 2 * (1 + slices))
  // With nobody in the roster, whatever stands here is what a lost connection left, or signed up without a card.
  await patrons.client.query('delete from outreach.standing where library_no = $1 and has_card', [library])
  await patrons.transact(() =>
    upper.transact(() =>
      lower.transact(async () => {
        const labelOf = people.label(without)
        await all([
          writePatrons(patrons, library).then(step),
          ...standings.map(async (session, half) => {
            await writeLabels(session, people, labelOf, (no) => no < HALF === (half === 0))
            step()
            for (let slice = 0; slice < slices; slice++) {
              const share = (at: number) => BigInt((half + at / slices) * Number(HALF)).toString()
              await writeStandings(session, library, share(slice), share(slice + 1))
              step()
            }
          }),
        ])
      }),
    ),
  )
  // Who signed up without a card before this file may share an address with somebody in it.
  if (await anybodyWithoutCard(patrons, library)) await relabel(patrons, library)
  await patrons.client.query('select outreach.take_stock()')
}

/** Standing is written in statements of at most about this size, so that each sorts in memory and a progress bar moves. */
const SLICE = 300_000

/** Waits for all even when one fails: a statement still under way must not outlive its transaction. */
async function all(acts: Promise<void>[]): Promise<void> {
  for (const end of await Promise.allSettled(acts)) if (end.status === 'rejected') throw end.reason
}

async function writePatrons({ client }: Session, library: LibraryNo): Promise<void> {
  await client.query({
    text: `insert into roster.patron (library_no, patron_id, patron_no, fingerprint, guardian_id)
           select $1, patron_id, patron_no, fingerprint, guardian_id from incoming_patron order by patron_id`,
    values: [library],
  })
}

/** Only of those who share something. */
async function writeLabels(
  session: Session,
  people: People,
  labelOf: ReturnType<People['label']>,
  ours: (patronNo: bigint) => boolean,
): Promise<void> {
  await session.copyIn('labels', ['patron_no', 'household', 'address_shared'], async (labels) => {
    for (let person = 0; person < people.size(); person++) {
      const no = people.numberOf(person)
      const label = ours(no) ? labelOf(person) : null
      if (label !== null && (label.household !== no || label.addressShared))
        labels.add(`${no}\t${label.household}\t${label.addressShared ? 't' : 'f'}\n`)
      if (person % 20_000 === 0) await labels.pause()
    }
  })
  await session.client.query('analyze labels')
}

/**
 * In the order of last use: what is asked of standing is asked of those who went quiet at about the same time, and they then lie
 * on the same pages. (In the order of the key a preview of 102,000 among a million read 34,000 pages, nearly all there are.)
 */
async function writeStandings({ client }: Session, library: LibraryNo, from: string, before: string): Promise<void> {
  await client.query({
    text: `
    insert into outreach.standing (library_no, patron_no, last_use, status, branch, category, language, minor_until, expires_on,
                                   email_given, email_usable, email_hash, phone_given, phone_hash, card_key, household, address_shared)
    select $1, i.patron_no, last_use, status, branch, category, language, minor_until, expires_on, email_given,
           email_hash is not null, email_hash, phone_hash is not null, phone_hash, card_key,
           coalesce(l.household, i.patron_no), coalesce(l.address_shared, false)
    from incoming_standing i left join labels l on l.patron_no = i.patron_no and l.patron_no >= $2 and l.patron_no < $3
    where i.patron_no >= $2 and i.patron_no < $3 order by i.last_use, i.patron_no`,
    values: [library, from, before],
  })
}
