// Lines on their way into a library's table while the rest of their file is still being read. COPY may not write where
// row-level security watches: a block goes into a temporary table by COPY, and from there to its place in one statement.
import type { Session } from '../db/session.ts'

export interface Blocks {
  /** A line of COPY's text format, with its line end. */
  add(line: string): void
  /** Waits while PostgreSQL is behind. Call it every few thousand lines: what is added meanwhile stays in memory. */
  pause(): Promise<void>
  /** Everything added is in its place. Throws what went wrong with any block. */
  end(): Promise<void>
}

/** A few ten thousand lines: enough that a statement for each costs nothing, and little to keep beside what is being written. */
const ROOM = 1 << 22

/** `write` moves what stands in `table` to where it belongs, and empties it. */
export function blocksInto(
  session: Session,
  {
    table,
    columns,
    write,
  }: { table: () => Promise<string>; columns: readonly string[]; write: (from: string) => Promise<unknown> },
): Blocks {
  const spare: Buffer[] = []
  let filling: Buffer = Buffer.allocUnsafeSlow(ROOM)
  let used = 0
  let behind = 0
  let written = Promise.resolve()
  const leave = () => {
    const whole = filling
    const lines = whole.subarray(0, used)
    filling = spare.pop() ?? Buffer.allocUnsafeSlow(ROOM)
    used = 0
    behind++
    written = written.then(async () => {
      const to = await table()
      await session.copyBytes(to, columns, lines)
      await write(to)
      spare.push(whole)
      behind--
    })
    written.catch(() => {}) // heard by the next pause, or at the end
  }
  return {
    add(line) {
      if (used + line.length * 3 > filling.length) leave()
      used += filling.write(line, used)
    },
    pause: () => (behind > 1 ? written : Promise.resolve()),
    async end() {
      if (used > 0) leave()
      await written
    },
  }
}
