// Pictures that came with texts: noted in the transaction that stores the text, fetched afterwards with tries, and read again
// for whoever looks at the conversation. One that cannot be fetched says why, in a sentence.
import { sql } from 'kysely'
import type { Picture } from '../channels/sms/fetch-picture.ts'
import type { TextIn } from '../channels/sms/text-provider.ts'
import { inLibrary, type LibraryNo, type Logins, rowOf, rowsOf, type Scope } from '../db/scope.ts'
import { announceDue, PICTURES } from '../messages/due.ts'

/** Carriers bring ten at the most; a hook that brings a thousand is not one of theirs. */
const MOST_OF_A_TEXT = 10
/** Of one library together: about two thousand as phones send them. Older ones go with their texts and make room. */
const MOST_KEPT_BYTES = 1024 ** 3
const AT_ONCE = 5
const LENT_MS = 60_000
const MOST_TRIES = 8

export async function awaitPictures(
  scope: Scope<'circulation'>,
  { textNo, lineNo, media, now }: { textNo: string; lineNo: number; media: TextIn['media']; now: Date },
): Promise<void> {
  const urls = media.slice(0, MOST_OF_A_TEXT).map(({ url }) => url)
  if (urls.length === 0) return
  await sql`
    insert into mail.picture (library_no, text_no, line_no, place, url, due_at)
    select ${scope.library}, ${textNo}::bigint, ${lineNo}, place, url, ${now}
    from unnest(${urls}::text[]) with ordinality one (url, place)`.execute(scope.tx)
  await announceDue(scope, PICTURES.sender, PICTURES.campaignNo, now)
}

/** Libraries in which pictures wait; none while the installation is paused. */
export async function findPicturesDue(logins: Logins, now: Date): Promise<LibraryNo[]> {
  const { rows } = await sql<{ libraryNo: LibraryNo }>`
    select library_no as "libraryNo" from house.due
    where sender = ${PICTURES.sender} and due_at <= ${now} and (select paused_because from house.installation) is null
    order by due_at limit 20`.execute(logins.circulation)
  return rows.map(({ libraryNo }) => libraryNo)
}

interface Lent {
  pictureNo: string
  textNo: string
  lineNo: number
  url: string
  attempts: number
}

export interface Fetching {
  fetch: (of: { lineNo: number; url: string }) => Promise<Picture>
  now: Date
  mostKeptBytes?: number
}

const FULL: Picture = {
  kind: 'not-fetched',
  permanent: true,
  why: 'The library’s room for pictures is full. Older ones go with their texts and make room; if you need this one, ask for it again later.',
}

/** Returns how many were tried. No transaction is open while one is fetched. */
export async function fetchPictures(
  logins: Logins,
  libraryNo: LibraryNo,
  { fetch, now, mostKeptBytes = MOST_KEPT_BYTES }: Fetching,
): Promise<number> {
  const lent = await inLibrary(logins, 'circulation', libraryNo, (scope) =>
    // Lent for a minute: whoever dies gives it back, and a second worker takes the next ones.
    rowsOf(
      scope,
      sql<Lent>`
      update mail.picture p set due_at = ${new Date(now.getTime() + LENT_MS)}, attempts = attempts + 1
      from (select picture_no from mail.picture where library_no = ${scope.library} and state = 'waiting' and due_at <= ${now}
            order by due_at limit ${AT_ONCE} for update skip locked) due
      where p.library_no = ${scope.library} and p.picture_no = due.picture_no
      returning p.picture_no as "pictureNo", text_no as "textNo", line_no as "lineNo", url, attempts`,
    ),
  )
  for (const one of lent) {
    const isFull = (await inLibrary(logins, 'circulation', libraryNo, keptBytes)) >= mostKeptBytes
    const picture = isFull ? FULL : await fetch(one)
    await inLibrary(logins, 'circulation', libraryNo, (scope) => keep(scope, one, picture, now))
  }
  await settle(logins, libraryNo)
  return lent.length
}

/** The size alone is read, which stands beside where the bytes are. */
async function keptBytes(scope: Scope<'circulation'>): Promise<number> {
  const row = await rowOf(
    scope,
    sql<{ kept: string }>`
    select coalesce(sum(octet_length(bytes)), 0)::text as kept from mail.picture where library_no = ${scope.library} and state = 'kept'`,
  )
  return Number(row!.kept)
}

/** Whoever was erased meanwhile has no row any more, and nothing comes back. */
async function keep(scope: Scope<'circulation'>, { pictureNo, textNo, attempts }: Lent, picture: Picture, now: Date) {
  const own = sql`library_no = ${scope.library} and picture_no = ${pictureNo}::bigint and state = 'waiting'`
  if (picture.kind === 'picture')
    await sql`update mail.picture set state = 'kept', url = null, due_at = null, why = null, type = ${picture.type}, bytes = ${picture.bytes}
              where ${own}`.execute(scope.tx)
  else if (picture.permanent || attempts >= MOST_TRIES)
    await sql`update mail.picture set state = 'not fetched', url = null, due_at = null, why = ${picture.why} where ${own}`.execute(
      scope.tx,
    )
  else {
    const again = new Date(now.getTime() + Math.min(10_000 * 4 ** (attempts - 1), 6 * 3_600_000))
    await sql`update mail.picture set due_at = ${again}, why = ${picture.why} where ${own}`.execute(scope.tx)
  }
  // So that the page shows it.
  await sql`
    update mail.conversation c set change_no = nextval('mail.change_no') from mail.text t
    where t.library_no = ${scope.library} and t.text_no = ${textNo}::bigint
      and c.library_no = t.library_no and c.conversation_no = t.conversation_no`.execute(scope.tx)
}

async function settle(logins: Logins, libraryNo: LibraryNo): Promise<void> {
  const row = sql`library_no = ${libraryNo} and sender = ${PICTURES.sender} and campaign_no = ${PICTURES.campaignNo}::bigint`
  await inLibrary(logins, 'circulation', libraryNo, async (scope) => {
    if ((await rowOf(scope, sql`select from house.due where ${row} for update`)) === null) return
    const next = await rowOf(
      scope,
      sql<{ due: Date | null }>`
      select min(due_at) as due from mail.picture where library_no = ${scope.library} and state = 'waiting'`,
    )
    if (next?.due == null) await sql`delete from house.due where ${row}`.execute(scope.tx)
    else await sql`update house.due set due_at = ${next.due} where ${row}`.execute(scope.tx)
  })
}

export interface PictureOfText {
  pictureNo: string
  textNo: string
  state: 'waiting' | 'kept' | 'not fetched'
  why: string | null
}

export const picturesOf = (scope: Scope<'circulation'>, textNos: readonly string[]): Promise<PictureOfText[]> =>
  rowsOf(
    scope,
    sql<PictureOfText>`
    select picture_no as "pictureNo", text_no as "textNo", state, why from mail.picture
    where library_no = ${scope.library} and text_no = any(${[...textNos]}::bigint[]) order by text_no, place`,
  )

/** Of this conversation's texts alone; null when it is not there, or not fetched. */
export const readPicture = (
  scope: Scope<'circulation'>,
  { conversationNo, pictureNo }: { conversationNo: string; pictureNo: string },
): Promise<{ type: string; bytes: Buffer } | null> =>
  rowOf(
    scope,
    sql<{ type: string; bytes: Buffer }>`
    select p.type, p.bytes from mail.picture p join mail.text t on t.library_no = p.library_no and t.text_no = p.text_no
    where p.library_no = ${scope.library} and p.picture_no = ${pictureNo}::bigint and p.state = 'kept'
      and t.conversation_no = ${conversationNo}::bigint`,
  )
