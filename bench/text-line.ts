// A library with a line for a measured run, and texts that wait on it: put there at once, because how they are asked for is
// measured elsewhere.
import { addLine, type Line } from '../src/messages/lines.ts'
import type { Library } from '../src/patrons/library.ts'
import { makeOpenLibrary } from './agreed-library.ts'
import type { Ground } from './bench-house.ts'
import { ACCOUNT, TOKEN } from './twilio-hooks.ts'

let numbers = 5_550_100

export async function makeTextLine(ground: Ground, key: string): Promise<{ library: Library; line: Line }> {
  const library = await makeOpenLibrary(ground, key)
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

/** Of nobody: `+1740` and seven digits, counted from `from`. */
export const phoneAt = (n: number): string => `+1740${String(2_000_000 + n)}`

/** They leave at any hour, so that a run at night measures the same. */
export async function letTextsWait(
  ground: Ground,
  { library, line, phones }: { library: Library; line: Line; phones: readonly string[] },
): Promise<void> {
  const hash = ground.database.logins.seals.hashFor(library.key)
  await ground.superuser.query(
    `insert into mail.text (library_no, line_no, direction, kind, phone, phone_hash, body, language, parts, state, at, due_at, asked_by)
     select $1, $2, 'out', 'notice', phone, hash, 'Your hold is here.', 'en', 1, 'waiting', now(), now(), 'the benchmark'
     from unnest($3::text[], $4::bytea[]) t (phone, hash)`,
    [library.libraryNo, line.lineNo, phones, phones.map((phone) => hash('phone', phone))],
  )
  await ground.superuser.query(
    `insert into house.due (library_no, sender, campaign_no, due_at) values ($1, 'texts', $2, now())
     on conflict (library_no, sender, campaign_no) do update set due_at = now()`,
    [library.libraryNo, line.lineNo],
  )
}
