// A connection of its own for bulk work of one library: temporary tables and COPY live as long as the connection, and
// the library is stated once for all its short transactions. Ending it drops everything staged.

import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import type { Server } from './connect.ts'
import { loginConfig } from './connect.ts'
import type { Keys } from './keys.ts'
import type { LibraryNo } from './scope.ts'

export interface Session {
  readonly client: pg.Client
  /** Streams tab-separated lines (see copyLine) into `table (columns)`. */
  copyIn(table: string, columns: readonly string[], lines: AsyncIterable<string>): Promise<void>
  /** Runs `work` in a transaction. */
  transact<R>(work: () => Promise<R>): Promise<R>
  end(): Promise<void>
}

/** Opens a session of circulation duties for the library. */
export async function openSession(server: Server, keys: Keys, library: LibraryNo): Promise<Session> {
  const client = new pg.Client(loginConfig(server, keys, 'circulation'))
  client.on('error', () => {}) // the statement under way fails with the same words
  await client.connect()
  await client.query(
    `select set_config('gentle.library', $1, false), set_config('temp_buffers', '64MB', false), set_config('work_mem', '64MB', false)`,
    [String(library)],
  )
  return {
    client,
    async copyIn(table, columns, lines) {
      const into = client.query(copyFrom(`copy ${table} (${columns.join(', ')}) from stdin`))
      await pipeline(Readable.from(lines, { objectMode: false, highWaterMark: 1 << 18 }), into)
    },
    async transact(work) {
      await client.query('begin')
      try {
        const result = await work()
        await client.query('commit')
        return result
      } catch (error) {
        await client.query('rollback').catch(() => {}) // the connection may be what failed
        throw error
      }
    },
    end: () => client.end(),
  }
}

/** One line of COPY's text format. Null is \N; { hex } is a bytea in hexadecimal digits. */
export function copyLine(values: readonly (string | number | boolean | { hex: string } | null)[]): string {
  let line = ''
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (i > 0) line += '\t'
    if (value === null) line += '\\N'
    else if (typeof value === 'string')
      line += NEEDS_ESCAPE.test(value) ? value.replace(EVERY_ESCAPE, (c) => ESCAPES[c]!) : value
    else if (typeof value === 'object') line += `\\\\x${value.hex}`
    else line += value === true ? 't' : value === false ? 'f' : value
  }
  return `${line}\n`
}

const NEEDS_ESCAPE = /[\\\t\n\r]/
const EVERY_ESCAPE = /[\\\t\n\r]/g
const ESCAPES: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }
