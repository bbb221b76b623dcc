// Households: patrons who share an e-mail address or a phone are written to once, and somebody who shares an e-mail is
// greeted without a name. Found again with each import, but only around the lines that changed.
import type { LibraryNo } from '../db/scope.ts'
import type { Session } from '../db/session.ts'

/**
 * A phone on more cards than this is a school's, a shelter's or a placeholder, and says nothing about who lives
 * together. An e-mail address is one mailbox however many share it.
 */
const MOST_BEHIND_ONE_PHONE = 8

/**
 * Makes the temporary table `labels (patron_no, household, address_shared)` for the people of `people` who share
 * something. A household's label is its smallest patron number. It reaches along e-mail, phone, e-mail: longer chains
 * fall apart into two households, each of which is still written to once.
 */
async function makeLabels(session: Session, people: string): Promise<void> {
  await session.client.query(`
    create temporary table labels as
    with mailbox as (
      select patron_no, phone_hash, email_hash,
             case when email_hash is null then patron_no else min(patron_no) over (partition by email_hash) end as by_email,
             email_hash is not null and count(*) over (partition by email_hash) > 1 as address_shared
      from ${people}
    ), phone as (
      select phone_hash, min(by_email) as smallest from mailbox
      where phone_hash is not null group by phone_hash having count(*) between 2 and ${MOST_BEHIND_ONE_PHONE}
    ), joined as (
      select m.*, least(m.by_email, p.smallest) as by_phone from mailbox m left join phone p on p.phone_hash = m.phone_hash
    ), home as (
      select patron_no, address_shared,
             case when email_hash is null then by_phone else min(by_phone) over (partition by email_hash) end as household
      from joined
    )
    select patron_no, household, address_shared from home where household <> patron_no or address_shared`)
  await session.client.query('create index on labels (patron_no); analyze labels')
}

/** For an empty roster: everybody is in `incoming`, and the labels are ready before the first row is written. */
export const labelIncoming = (session: Session): Promise<void> => makeLabels(session, 'incoming')

/** For a roster that changed, before a row of it is written: who comes or moves, and the addresses they leave and take. */
export async function noteMoves(session: Session, library: LibraryNo): Promise<void> {
  await session.client.query(
    `create temporary table moved as
     select i.patron_no, i.email_hash, i.phone_hash, p.email_hash as old_email, p.phone_hash as old_phone
     from incoming i left join outreach.standing p on p.library_no = ${library} and p.patron_no = i.patron_no
     where p.patron_no is null or (p.email_hash, p.phone_hash) is distinct from (i.email_hash, i.phone_hash)`,
  )
}

/**
 * Mends the labels of whoever the moves concern, or of everybody, which an import that was broken off makes necessary:
 * it may have written lines whose labels it never came to.
 */
export async function relabel(session: Session, library: LibraryNo, everybody: boolean): Promise<void> {
  if (!everybody && (await session.client.query('select from moved limit 1')).rowCount === 0) return
  await session.client.query(
    'create temporary table near_people (patron_no bigint primary key, email_hash bytea, phone_hash bytea, concerned boolean not null)',
  )
  // The library is read once a question here: for the few who move in an ordinary import that costs less than two more
  // indexes on every line of every import.
  await session.client.query(
    `create temporary table crowded_phones as select phone_hash from outreach.standing
     where library_no = ${library} and phone_hash is not null group by phone_hash having count(*) > ${MOST_BEHIND_ONE_PHONE}`,
  )
  if (everybody) await gather(session, library, 'true', true)
  else await gatherAroundMoves(session, library)
  await makeLabels(session, 'near_people')
  const { rows } = await session.client.query<{ patron_no: string; household: string; address_shared: boolean }>({
    text: `
      select n.patron_no, coalesce(l.household, n.patron_no) as household, coalesce(l.address_shared, false) as address_shared
      from near_people n left join labels l on l.patron_no = n.patron_no
      join outreach.standing s on s.library_no = $1 and s.patron_no = n.patron_no
      where n.concerned and (s.household <> coalesce(l.household, n.patron_no) or s.address_shared <> coalesce(l.address_shared, false))
      order by n.patron_no`,
    values: [library],
  })
  for (let i = 0; i < rows.length; i += 2_000) {
    const chunk = rows.slice(i, i + 2_000)
    await session.transact(async () => {
      const numbers = chunk.map((r) => r.patron_no)
      await session.client.query(
        'select from outreach.standing where library_no = $1 and patron_no = any($2::bigint[]) order by patron_no for no key update',
        [library, numbers],
      )
      await session.client.query({
        text: `update outreach.standing s set household = c.household, address_shared = c.shared
               from unnest($2::bigint[], $3::bigint[], $4::boolean[]) c (patron_no, household, shared)
               where s.library_no = $1 and s.patron_no = c.patron_no`,
        values: [library, numbers, chunk.map((r) => r.household), chunk.map((r) => r.address_shared)],
      })
    })
  }
}

/** Adds to `near_people` whoever `which` (a condition on standing s) names. One reading of the library's standing. */
async function gather(session: Session, library: LibraryNo, which: string, concerned: boolean): Promise<void> {
  await session.client.query(
    `insert into near_people select s.patron_no, s.email_hash, s.phone_hash, ${concerned} from outreach.standing s
     where s.library_no = ${library} and (${which}) on conflict do nothing`,
  )
  await session.client.query('analyze near_people')
}

/**
 * A label can change where a phone and then an e-mail lead to a touched address; to compute it, the same reach is needed
 * once more around it. People who only share a crowded phone are no neighbours.
 */
async function gatherAroundMoves(session: Session, library: LibraryNo): Promise<void> {
  await session.client.query(
    `create temporary table crowded as select phone_hash from outreach.standing
     where library_no = ${library} and phone_hash is not null group by 1 having count(*) > ${MOST_BEHIND_ONE_PHONE}`,
  )
  await session.client.query('analyze crowded; analyze moved')
  const touched = '(select email_hash, phone_hash from moved union all select old_email, old_phone from moved) touched'
  const notCrowded = 's.phone_hash not in (select phone_hash from crowded)'
  const reachedByPhone = `${notCrowded} and s.phone_hash in (select phone_hash from near_people)`
  const reachedByEmail = 's.email_hash in (select email_hash from near_people)'
  // A phone that became crowded just now still holds together those who were labelled for it.
  await gather(
    session,
    library,
    `s.patron_no in (select patron_no from moved) or s.email_hash in (select email_hash from ${touched})
     or (s.phone_hash in (select phone_hash from ${touched}) and (s.household <> s.patron_no or ${notCrowded}))`,
    true,
  )
  for (const concerned of [true, false])
    for (const reached of [reachedByPhone, reachedByEmail]) await gather(session, library, reached, concerned)
  await session.client.query(
    'update near_people set phone_hash = null where phone_hash in (select phone_hash from crowded)',
  )
}
