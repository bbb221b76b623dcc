// The server process of a cluster: its settings, how it is started and how it is stopped. It runs in a session of its
// own, so that Ctrl-C at the terminal reaches our program first, which then stops it in good order.
import { spawn } from 'node:child_process'
import { open, rename, stat } from 'node:fs/promises'
import { totalmem } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { monotonicMs } from '../lib/clock.ts'
import { Problem } from '../lib/errors.ts'
import { commandFor, type Lodging } from './embedded-account.ts'
import { listening } from './embedded-door.ts'
import { isAlive } from './embedded-lock.ts'
import { readPostmaster, worksIn } from './embedded-postmaster.ts'

const onWindows = process.platform === 'win32'
const MB = 2 ** 20
/** A sixteenth of the machine: a library of a million then stays in memory where there is room for it. */
function sharedBuffersMb(): number {
  return Math.round(Math.min(1024, Math.max(128, totalmem() / MB / 16)))
}
const settings: Readonly<Record<string, string>> = {
  shared_buffers: `${sharedBuffersMb()}MB`,
  work_mem: '32MB',
  maintenance_work_mem: '256MB',
  effective_cache_size: '2GB',
  max_wal_size: '4GB',
  wal_compression: 'off',
  synchronous_commit: 'on',
  max_connections: '100',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // The log is not for names and addresses: no statements, and no DETAIL, where PostgreSQL quotes the row.
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
}

export interface StartedServer {
  readonly pid: number | undefined
  /** What it has written to the log since it was started. */
  said(): Promise<string>
  exited: boolean
}

export async function startServer(lodging: Lodging, dataDir: string): Promise<StartedServer> {
  const log = await openLog(join(dataDir, 'postgres.log'))
  try {
    const from = (await log.stat()).size
    const { file, args, options } = commandFor(lodging, 'postgres', [
      '-D',
      lodging.cluster,
      ...Object.entries({ ...settings, ...(await listening(lodging)) }).flatMap(([name, value]) => [
        '-c',
        `${name}=${value}`,
      ]),
    ])
    const child = spawn(file, args, { ...options, detached: true, stdio: ['ignore', log.fd, log.fd] })
    const started = { pid: child.pid, exited: false, said: () => readFrom(join(dataDir, 'postgres.log'), from) }
    child.once('exit', () => {
      started.exited = true
    })
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve)
      child.once('error', reject)
    })
    child.unref()
    return started
  } finally {
    await log.close()
  }
}

/** Asks for a fast shutdown and waits until the server is gone. False when it is not ours to stop. */
export async function stopServer(lodging: Lodging): Promise<boolean> {
  const running = await readPostmaster(lodging.cluster)
  if (running === null) return true
  if (onWindows) {
    const { file, args, options } = commandFor(lodging, 'pg_ctl', ['stop', '-D', lodging.cluster, '-m', 'fast'])
    const code = await new Promise((resolve) =>
      spawn(file, args, options).once('close', resolve).once('error', resolve),
    )
    return code === 0
  }
  // The number may mean another program here: left by a crash, or written in another container.
  if (!isAlive(running.pid) || !(await worksIn(running.pid, lodging.cluster))) return false
  process.kill(running.pid, 'SIGINT')
  const since = monotonicMs()
  while ((await readPostmaster(lodging.cluster))?.pid === running.pid) {
    if (!isAlive(running.pid)) return true
    if (monotonicMs() - since > 60_000) {
      throw new Problem(
        'unavailable',
        `The database in ${lodging.cluster} was asked to stop and is still writing after a minute. ` +
          'Let it finish: it stops by itself, and nothing is lost.',
      )
    }
    await sleep(10)
  }
  // Its lock file is the last thing it gives up.
  for (let i = 0; i < 100 && isAlive(running.pid); i++) await sleep(10)
  return true
}

async function openLog(path: string) {
  const size = (await stat(path).catch(() => null))?.size ?? 0
  if (size > 10_000_000) await rename(path, `${path}.1`)
  return open(path, 'a', 0o600)
}

async function readFrom(path: string, position: number): Promise<string> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    const from = Math.max(position, size - 64_000)
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(64_000), position: from })
    return buffer.subarray(0, bytesRead).toString('utf8')
  } finally {
    await file.close()
  }
}
