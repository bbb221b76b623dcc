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

/** For a roster that changed: looks at whoever shares something with a changed line, now or before, and mends their labels. */
export async function relabelChanged(session: Session, library: LibraryNo): Promise<void> {
  const near =
    'insert into near_people select p.patron_no, p.email_hash, p.phone_hash from roster.patron p where p.library_no = $1'
  await session.client.query(
    'create temporary table near_people (patron_no bigint primary key, email_hash bytea, phone_hash bytea)',
  )
  await session.client.query(
    `${near} and p.patron_no in (
    select i.patron_no from incoming i
    union select o.patron_no from outreach.standing o where o.library_no = $1
      and o.household in (select s.household from outreach.standing s join incoming i on i.patron_no = s.patron_no where s.library_no = $1))`,
    [library],
  )
  // Twice outwards along both kinds of sharing; people behind a placeholder phone are no neighbours.
  for (let hop = 0; hop < 2; hop++) {
    await session.client.query('analyze near_people')
    await session.client.query(
      `${near} and p.email_hash in (select email_hash from near_people) on conflict do nothing`,
      [library],
    )
    await session.client.query(
      `${near} and p.phone_hash in (
      select n.phone_hash from (select distinct phone_hash from near_people where phone_hash is not null) n
      where (select count(*) from (select from roster.patron o where o.library_no = $1 and o.phone_hash = n.phone_hash limit ${MOST_BEHIND_ONE_PHONE + 1}) few) <= ${MOST_BEHIND_ONE_PHONE})
      on conflict do nothing`,
      [library],
    )
  }
  await makeLabels(session, 'near_people')
  const { rows } = await session.client.query<{ patron_no: string; household: string; address_shared: boolean }>({
    text: `
      select n.patron_no, coalesce(l.household, n.patron_no) as household, coalesce(l.address_shared, false) as address_shared
      from near_people n left join labels l on l.patron_no = n.patron_no
      join outreach.standing s on s.library_no = $1 and s.patron_no = n.patron_no
      where s.household <> coalesce(l.household, n.patron_no) or s.address_shared <> coalesce(l.address_shared, false)
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
