// The log of a take: a small file beside the data that says which of its messages have begun to leave and how each
// ended, written by the process that hands them over and gone once the database knows. It outlives a kill of that
// process, so that only what was on the wire at that moment stays uncertain. It does not outlive the machine, and it
// does not have to: without it everything that was taken counts as uncertain.
import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { uptime } from 'node:os'
import { join } from 'node:path'

/** How far one message had come, as far as its process could still say. One that is not named had not begun. */
export type Progress = 'begun' | 'accepted' | 'did not leave'

export interface TakeLog {
  /**
   * Call before the first byte of a mail leaves. Resolves once the operating system has it: true = it may leave. False
   * when it could neither be noted nor the log be given up.
   */
  begin(messageNo: string): Promise<boolean>
  end(messageNo: string, how: 'accepted' | 'did not leave'): void
  /** Everything of this take is in the database. */
  close(): void
  /** Not everything is: what is known so far stays for whoever settles it. */
  leave(): void
}

export interface TakeLogs {
  open(takeNo: string): TakeLog
  /** Null = no log of it was kept here, or the machine has been started since: then nothing is known. */
  read(takeNo: string): ReadonlyMap<string, Progress> | null
  clear(takeNo: string): void
  /** Left by processes that died when all of theirs was in the database already. */
  clearOld(): void
}

const LETTERS: Record<string, Progress> = { b: 'begun', a: 'accepted', n: 'did not leave' }
const DAY_MS = 86_400_000

export function openTakeLogs(dataDir: string): TakeLogs {
  const folder = join(dataDir, 'takes')
  const boot = bootOfMachine()
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  clearOld(folder)
  const fileOf = (takeNo: string) => join(folder, `${takeNo}.log`)
  return {
    open: (takeNo) => openLog(fileOf(takeNo), boot),
    read(takeNo) {
      let lines: string[]
      try {
        lines = readFileSync(fileOf(takeNo), 'latin1').split('\n')
      } catch {
        return null
      }
      if (lines[0] !== boot) return null
      const progress = new Map<string, Progress>()
      // A last line torn by the kill was never answered with "it may leave": it has no line end, and is left out.
      for (const line of lines.slice(1, -1)) progress.set(line.slice(2), LETTERS[line[0]!]!)
      return progress
    },
    clear: (takeNo) => rmSync(fileOf(takeNo), { force: true }),
    clearOld: () => clearOld(folder),
  }
}

function openLog(file: string, boot: string): TakeLog {
  let handle: number | null = null
  try {
    handle = openSync(file, 'w', 0o600)
    writeSync(handle, `${boot}\n`)
  } catch {
    handle = giveUp(handle) ? null : handle
  }
  let lines = ''
  let waiting: ((mayLeave: boolean) => void)[] = []
  let isDue = false
  let over = false
  // The lines of one turn of the event loop go out in one write: a system call for each mail would cost as much as the mail.
  const flush = () => {
    isDue = false
    let mayLeave = !over // what cannot be noted any more must not leave: the file still says that it had not begun
    if (handle !== null && lines !== '')
      try {
        if (writeSync(handle, lines) !== lines.length) throw new Error('the disk is full')
      } catch {
        mayLeave = giveUp(handle)
        if (mayLeave) handle = null
      }
    lines = ''
    const begun = waiting
    waiting = []
    for (const go of begun) go(mayLeave)
  }
  const note = (line: string) => {
    lines += line
    if (!isDue) setImmediate(flush)
    isDue = true
  }
  const leave = () => {
    flush() // how the last ones ended may not have been written yet
    over = true
    if (handle !== null) closeSync(handle)
    handle = null
  }
  return {
    begin: (messageNo) =>
      new Promise((resolve) => {
        waiting.push(resolve)
        note(`b ${messageNo}\n`)
      }),
    end: (messageNo, how) => note(`${how === 'accepted' ? 'a' : 'n'} ${messageNo}\n`),
    close() {
      leave()
      rmSync(file, { force: true })
    },
    leave,
  }
}

/** A log with a hole would let somebody be written to twice. Emptied, it says nothing, as if it had never been. */
function giveUp(handle: number | null): boolean {
  if (handle === null) return true
  try {
    ftruncateSync(handle, 0)
    closeSync(handle)
    return true
  } catch {
    return false
  }
}

/** What was written and not yet on the disk is gone when the machine went down: then no log of before may be believed. */
function bootOfMachine(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()
  } catch {
    return `since ${Math.round((Date.now() / 1000 - uptime()) / 10)}`
  }
}

function clearOld(folder: string): void {
  for (const name of readdirSync(folder)) {
    const file = join(folder, name)
    try {
      if (statSync(file).mtimeMs < Date.now() - DAY_MS) rmSync(file, { force: true })
    } catch {
      // Another process was quicker.
    }
  }
}
