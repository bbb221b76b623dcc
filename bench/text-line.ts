// A library with a line for a measured run, and texts that wait on it: put there at once, because how they are asked for is
// measured elsewhere.
import { addLine, type Line } from '../src/messages/lines.ts'
import { findLibrary, type Library } from '../src/patrons/library.ts'
import { makeOpenLibrary } from './agreed-library.ts'
import type { Ground } from './bench-house.ts'
import { ACCOUNT, TOKEN } from './twilio-hooks.ts'

let numbers = 5_550_100

export async function makeTextLine(ground: Ground, key: string): Promise<{ library: Library; line: Line }> {
  const made = await makeOpenLibrary(ground, key)
  await ground.superuser.query('update house.library set timezone = $1 where library_no = $2', [
    afternoonZone(),
    made.libraryNo,
  ])
  const library = (await findLibrary(ground.database.logins, key))!
  const line = await addLine(ground.database.logins, {
    ...{
      host: library.libraryNo,
      word: 'MAPLE',
      number: `+1614${++numbers}`,
      provider: 'twilio',
      answersItself: false,
    },
    ...{ settings: { account: ACCOUNT }, secrets: { token: TOKEN }, partsPerSecond: 100_000, partsPerDay: null },
  })
  return { library, line }
}

/** Where it is about two in the afternoon: people are awake, and a weekday's desk is open, whenever this runs. */
const afternoonZone = (): string => {
  const ahead = 14 - new Date().getUTCHours()
  return `Etc/GMT${ahead > 0 ? `-${ahead}` : `+${-ahead}`}`
}

/** Of nobody: `+1740` and seven digits, counted from `from`. */
export const phoneAt = (n: number): string => `+1740${String(2_000_000 + n)}`

/** Notices, which wait for people to be awake; `urgent` ones leave at any hour. */
export async function letTextsWait(
  ground: Ground,
  waiting: { library: Library; line: Line; phones: readonly string[]; urgent?: boolean },
): Promise<void> {
  const { library, line, phones, urgent = false } = waiting
  const hash = ground.database.logins.seals.hashFor(library.key)
  await ground.superuser.query(
    `insert into mail.text (library_no, line_no, direction, kind, phone, phone_hash, body, language, parts, state, at, due_at, quiet, asked_by)
     select $1, $2, 'out', 'notice', phone, hash, 'Your hold is here.', 'en', 1, 'waiting', now(), now(), $5, 'the benchmark'
     from unnest($3::text[], $4::bytea[]) t (phone, hash)`,
    [library.libraryNo, line.lineNo, phones, phones.map((phone) => hash('phone', phone)), !urgent],
  )
  await ground.superuser.query(
    `insert into house.due (library_no, sender, campaign_no, due_at) values ($1, 'texts', $2, now())
     on conflict (library_no, sender, campaign_no) do update set due_at = now()`,
    [library.libraryNo, line.lineNo],
  )
}
