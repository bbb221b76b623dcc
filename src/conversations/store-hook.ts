// A hook whose proof held is stored before its provider is answered. What brings a keyword is obeyed in the same breath, in
// the transaction that stores it; everything else is stored as it came, many hooks in one transaction, and read right
// behind by read-brought.ts.
import { sql } from 'kysely'
import type { TextIn, TextReport } from '../channels/sms/text-provider.ts'
import { readStopSentence } from '../consent/text-sentences.ts'
import { readKeyword } from '../consent/text-words.ts'
import { inLibrary } from '../db/scope.ts'
import { inGroups } from '../lib/in-groups.ts'
import type { Line } from '../messages/lines.ts'
import type { TextDesk } from './desk.ts'
import { receiveFromProvider } from './receive-from-provider.ts'

/** Of one transaction: more would make those who came first wait for those who came last. */
const MOST_AT_ONCE = 200

export interface Brought {
  brings: readonly (TextIn | TextReport)[]
  raw: Buffer
  now: Date
}

/** Resolves once it is committed. Rejects when it is not stored: then the provider brings it again. */
export type StoreHook = (desk: TextDesk, line: Line, brought: Brought) => Promise<void>

export function openHookStore(): StoreHook {
  // One for each line, because a transaction states one library.
  const groups = new Map<string, (brought: Brought) => Promise<void>>()
  return async (desk, line, brought) => {
    if (brought.brings.some(cannotWait)) return receiveFromProvider(desk, line, brought)
    const key = `${line.hostNo} ${line.lineNo}`
    const store = groups.get(key) ?? inGroups((group: Brought[]) => storeBrought(desk, line, group), MOST_AT_ONCE)
    groups.set(key, store)
    await store(brought)
  }
}

/** STOP above all; and the other keywords, so that a START said after it is obeyed after it. */
const cannotWait = (one: TextIn | TextReport): boolean =>
  one.kind === 'text' &&
  (one.answeredItself !== null || readKeyword(one.body) !== null || readStopSentence(one.body) !== null)

/** In the order in which they came. The row of the line is written last, because everybody who stores or reads waits for it. */
const storeBrought = (desk: TextDesk, { hostNo, lineNo }: Line, group: readonly Brought[]): Promise<void> =>
  inLibrary(desk.logins, 'circulation', hostNo, async (scope) => {
    await sql`
      with stored as (
        insert into mail.brought (library_no, line_no, at, brings, raw)
        select ${hostNo}, ${lineNo}, at, brings::json, raw
        from unnest(${group.map(({ now }) => now)}::timestamptz[], ${group.map(({ brings }) => JSON.stringify(brings))}::text[],
                    ${group.map(({ raw }) => raw)}::bytea[]) with ordinality g (at, brings, raw, n)
        order by n)
      insert into house.hooks_waiting as w (line_no, library_no, due_at) values (${lineNo}, ${hostNo}, ${group[0]!.now})
      on conflict (line_no) do update set due_at = least(w.due_at, excluded.due_at)`.execute(scope.tx)
  })
