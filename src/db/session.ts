// A connection of its own for bulk work of one library: temporary tables and COPY live as long as the connection, and
// the library is stated once for all its short transactions. Ending it drops everything staged.

import type { Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import type { Server } from './connect.ts'
import { loginConfig } from './connect.ts'
import { copyLines, ROOM } from './copy-lines.ts'
import { copyOut, type TakeRow } from './copy-out.ts'
import type { Keys } from './keys.ts'
import type { LibraryNo } from './scope.ts'

export interface Session {
  readonly client: pg.Client
  /** Lets `fill` add lines (see copyLine) to `table (columns)`; when it throws, none of them stays. */
  copyIn(table: string, columns: readonly string[], fill: (into: CopyIn) => Promise<void>): Promise<void>
  /** Takes every row of a statement without parameters, as bytes. */
  copyOut(select: string, take: TakeRow): Promise<void>
  /** Runs `work` in a transaction. */
  transact<R>(work: () => Promise<R>): Promise<R>
  end(): Promise<void>
}

export interface CopyIn {
  add(line: string): void
  /** Lines that are bytes already; never together with `add`. */
  send(lines: Uint8Array): void
  /** Waits while PostgreSQL is behind. Call it every few thousand lines: what is added meanwhile stays in memory. */
  pause(): Promise<void>
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
    async copyIn(table, columns, fill) {
      const stream = client.query(copyFrom(`copy ${table} (${columns.join(', ')}) from stdin`))
      const ended = finished(stream)
      ended.catch(() => {}) // heard below, or by the next pause
      try {
        const into = copyInto(stream, ended)
        await fill(into)
        into.end()
        stream.end()
      } catch (error) {
        stream.destroy(error as Error)
        await ended.catch(() => {}) // until PostgreSQL has let go of it
        throw error
      }
      await ended
    },
    copyOut: (select, take) => copyOut(client, select, take),
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

function copyInto(stream: Writable, ended: Promise<void>): CopyIn & { end(): void } {
  const lines = copyLines()
  let left: Promise<unknown> = Promise.resolve()
  const send = (bytes: Uint8Array) => {
    left = new Promise((gone) => stream.write(bytes, gone))
  }
  return {
    add(line) {
      lines.add(line)
      if (lines.size() > ROOM) send(lines.take())
    },
    send,
    pause: () => Promise.race([left, ended]).then(() => {}),
    end: () => send(lines.take()),
  }
}

/** One line of COPY's text format. Null is \N; { hex } is a bytea in hexadecimal digits. */
export function copyLine(values: readonly (string | number | boolean | { hex: string } | null)[]): string {
  let line = ''
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (i > 0) line += '\t'
    if (value === null) line += '\\N'
    else if (typeof value === 'string') line += copyText(value)
    else if (typeof value === 'object') line += `\\\\x${value.hex}`
    else line += value === true ? 't' : value === false ? 'f' : value
  }
  return `${line}\n`
}

/** One text of such a line. */
export const copyText = (text: string): string =>
  NEEDS_ESCAPE.test(text) ? text.replace(EVERY_ESCAPE, (c) => ESCAPES[c]!) : text

const NEEDS_ESCAPE = /[\\\t\n\r]/
const EVERY_ESCAPE = /[\\\t\n\r]/g
const ESCAPES: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }
