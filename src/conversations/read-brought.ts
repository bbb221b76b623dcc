// Reads what store-hook.ts stored: each hook is given to the libraries it is for and then taken away. One process reads a
// line at a time and lends itself the line for that, and reads one hook after the other: what the provider waits for, the
// storing, goes before. Whoever dies in the middle leaves hooks that are read again, which changes nothing.
import { sql } from 'kysely'
import type { TextIn, TextReport } from '../channels/sms/text-provider.ts'
import { committingSoon, inLibrary, type LibraryNo, type Logins, rowsOf } from '../db/scope.ts'
import { walkInOrder } from '../db/walk-in-order.ts'
import { type Line, lineByNo } from '../messages/lines.ts'
import { rememberingPlaces, type TextDesk } from './desk.ts'
import { keepHook, receiveFromProvider } from './receive-from-provider.ts'

/** Read before the line goes to the end of its queue. */
const AT_ONCE = 50
/** A little longer than reading that many takes on a bad day. */
const LENT_MS = 10_000

export interface HooksWaiting {
  lineNo: number
  hostNo: LibraryNo
}

/** The longest waiting first; also while the installation is paused, because nothing leaves by it. */
export async function findHooksWaiting(logins: Logins, now: Date): Promise<HooksWaiting[]> {
  const { rows } = await sql<HooksWaiting>`
    select line_no as "lineNo", library_no as "hostNo" from house.hooks_waiting
    where due_at <= ${now} and (lent_until is null or lent_until <= ${now}) order by due_at limit 100`.execute(
    logins.circulation,
  )
  return rows
}

interface Kept {
  broughtNo: string
  at: Date
  brings: (TextIn | TextReport)[]
  raw: Buffer
}

/** Returns how many hooks were read; 0 when another process reads this line. */
export async function readBrought(desk: TextDesk, waiting: HooksWaiting, now: Date): Promise<number> {
  const { logins } = desk
  if (!(await lend(logins, waiting, now))) return 0
  const { lineNo, hostNo } = waiting
  // A hook stays where it is until `giveBack` has committed, which carries to the disk what was made of it.
  const reading = rememberingPlaces({ ...desk, logins: committingSoon(logins) })
  const line = await lineByNo(logins, lineNo)
  const hooks = await inLibrary(logins, 'circulation', hostNo, async (scope) => {
    await sql`select ${walkInOrder}`.execute(scope.tx)
    return rowsOf(
      scope,
      sql<Kept>`
      select brought_no as "broughtNo", at, brings, raw from mail.brought
      where library_no = ${scope.library} and line_no = ${lineNo} order by brought_no limit ${AT_ONCE}`,
    )
  })
  const read: string[] = []
  try {
    for (const hook of hooks) {
      await readOne(reading, line, waiting, hook)
      read.push(hook.broughtNo)
    }
  } finally {
    await giveBack(logins, waiting, { read, now })
  }
  return hooks.length
}

/** A line that has ended since has no library to give it to. */
const readOne = (desk: TextDesk, line: Line | null, { lineNo, hostNo }: HooksWaiting, hook: Kept): Promise<unknown> => {
  const brought = { brings: hook.brings.map(withDates), raw: hook.raw, now: hook.at }
  return line
    ? receiveFromProvider(desk, line, brought)
    : keepHook(desk, { lineNo, hostNo }, { ...brought, why: 'the line has ended', brought: hook.brings[0] ?? null })
}

/** JSON has no dates. */
function withDates(one: TextIn | TextReport): TextIn | TextReport {
  if (one.kind === 'text') return { ...one, sentAt: one.sentAt && new Date(one.sentAt) }
  return { ...one, at: one.at && new Date(one.at) }
}

async function lend(logins: Logins, { lineNo }: HooksWaiting, now: Date): Promise<boolean> {
  const { rows } = await sql`
    update house.hooks_waiting set lent_until = ${new Date(now.getTime() + LENT_MS)}
    where line_no = ${lineNo} and (lent_until is null or lent_until <= ${now}) returning line_no`.execute(
    logins.circulation,
  )
  return rows.length > 0
}

/** What was read goes; the row of the line is locked before looking, so that nothing stored meanwhile is overlooked. */
const giveBack = (
  logins: Logins,
  { lineNo, hostNo }: HooksWaiting,
  { read, now }: { read: readonly string[]; now: Date },
): Promise<void> =>
  inLibrary(logins, 'circulation', hostNo, async (scope) => {
    const ofLine = sql`library_no = ${scope.library} and line_no = ${lineNo}`
    await sql`delete from mail.brought where ${ofLine} and brought_no = any(${read}::bigint[])`.execute(scope.tx)
    await sql`select from house.hooks_waiting where line_no = ${lineNo} for update`.execute(scope.tx)
    const left = await rowsOf(scope, sql`select from mail.brought where ${ofLine} limit 1`)
    if (left.length === 0) await sql`delete from house.hooks_waiting where line_no = ${lineNo}`.execute(scope.tx)
    else
      await sql`update house.hooks_waiting set due_at = ${now}, lent_until = null where line_no = ${lineNo}`.execute(
        scope.tx,
      )
  })
