// What a person is told when a command fails, and the exit code that goes with it: 1 for a request that cannot be
// served, 2 for a file that is refused as a whole, 70 when it is our own fault. Details of the last go to a file,
// because nobody can do anything with a stack on a screen.
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { ChoicesRefused } from '../consent/choices-refused.ts'
import { LOST_CONNECTION } from '../db/out-of-reach.ts'
import { Problem, sayError } from '../lib/errors.ts'
import { FileRefused } from '../roster/file-refused.ts'

export interface Failure {
  exitCode: number
  code: string
  /** One line. */
  message: string
}

const lost: [RegExp, string][] = [
  [
    /^(53100|ENOSPC|EDQUOT)$/,
    'The disk is full. What was finished is kept; free some space, then run the same command again.',
  ],
  [
    new RegExp(`^(08...|57P0[1-3]|ECONNRESET|ECONNREFUSED|EPIPE|ETIMEDOUT|ENOTFOUND)$|${LOST_CONNECTION.source}`),
    'The connection to the database was lost. What was finished is kept; run the same command again.',
  ],
  [
    /^(55P03|40P01|40001)$/,
    'Other work held the same data for too long. Nothing is lost; run the same command again in a minute.',
  ],
]

/** `command` is the command's name only: its arguments may name a person. */
export function explainFailure(error: unknown, where: { dataDir: string | null; command: string; now: Date }): Failure {
  if (error instanceof Problem) {
    const exitCode = error instanceof FileRefused || error instanceof ChoicesRefused ? 2 : 1
    return { exitCode, code: error.code, message: oneLine(error.message) }
  }
  const { code, path, syscall } = (error ?? {}) as NodeJS.ErrnoException
  if (typeof path === 'string' && /^(EACCES|EPERM|EROFS|ENOTDIR|EISDIR|EEXIST)$/.test(code ?? ''))
    return {
      exitCode: 1,
      code: 'unavailable',
      message: `${path} cannot be used as the data folder needs it (${code}). Make it a folder that this account may write to, or name another one with --data.`,
    }
  const signs = [syscall === 'connect' ? 'ECONNREFUSED' : code, sayError(error)].filter((s) => typeof s === 'string')
  const known = lost.find(([pattern]) => signs.some((sign) => pattern.test(sign)))
  if (known) return { exitCode: 1, code: 'unavailable', message: known[1] }
  const file = writeDetails(error, where)
  const told =
    file === null ? 'and the details could not be written to the data folder' : `and the details are in ${file}`
  return {
    exitCode: 70,
    code: 'our-fault',
    message: `"${`gentle ${where.command}`.trim()}" failed in a way that we did not foresee. It is our fault, ${told}; please send them to the project (${oneLine(sayError(error))}).`,
  }
}

const oneLine = (text: string): string => text.replace(/\s*\n\s*/g, ' ').trim()

// Only stacks: PostgreSQL's `detail` quotes rows, and those are people.
function writeDetails(error: unknown, where: { dataDir: string | null; command: string; now: Date }): string | null {
  if (where.dataDir === null) return null
  const file = join(where.dataDir, 'gentle-error.log')
  const stacks: string[] = []
  for (let e: unknown = error; e !== undefined && stacks.length < 5; e = (e as { cause?: unknown })?.cause)
    stacks.push(e instanceof Error ? (e.stack ?? e.message) : String(e))
  try {
    appendFileSync(
      file,
      `${where.now.toISOString()} gentle ${where.command} (Node ${process.version}, ${process.platform})\n${stacks.join('\nbecause of ')}\n\n`,
      { mode: 0o600 },
    )
    return file
  } catch {
    return null
  }
}
