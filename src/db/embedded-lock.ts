// One process at a time prepares, starts, joins or leaves the database of a data folder. It saves double work and
// keeps "nobody is left, so stop" and "it runs, so join" apart; that two servers never share a cluster is
// PostgreSQL's own lock, and that two clusters are never mixed is the atomic rename in embedded-cluster.ts.
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { monotonicMs } from '../lib/clock.ts'
import { Problem } from '../lib/errors.ts'

const patienceMs = 10 * 60_000
const heldHere = new Set<string>()

export async function withLock<T>(
  dataDir: string,
  act: () => Promise<T>,
  say: (line: string) => void = () => undefined,
): Promise<T> {
  const path = join(dataDir, 'postgres.lock')
  const since = monotonicMs()
  let said = false
  while (!(await takeLock(path))) {
    const waited = monotonicMs() - since
    if (waited > patienceMs) {
      throw new Problem(
        'unavailable',
        `Another Gentle Reader has been starting or stopping the database in ${dataDir} for ten minutes. ` +
          `If none is running, delete ${path} and start again.`,
      )
    }
    if (waited > 1_000 && !said) {
      said = true
      say('Waiting for another Gentle Reader that is starting or stopping the database of this folder…')
    }
    await sleep(20)
  }
  try {
    return await act()
  } finally {
    await rm(path, { force: true })
    heldHere.delete(path)
  }
}

async function takeLock(path: string): Promise<boolean> {
  if (heldHere.has(path)) return false
  heldHere.add(path)
  let taken = false
  try {
    // Written aside and linked, so that the lock is never seen without its owner's name in it.
    const aside = `${path}.${process.pid}-${randomBytes(4).toString('hex')}`
    await writeFile(aside, describeProcess(process.pid), { mode: 0o600 })
    try {
      await link(aside, path)
      taken = true
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      await clearAbandoned(path)
    } finally {
      await rm(aside, { force: true })
    }
  } finally {
    if (!taken) heldHere.delete(path)
  }
  return taken
}

async function clearAbandoned(path: string): Promise<void> {
  const owner = await readFile(path, 'utf8').catch(() => null)
  if (owner === null) return
  const [pid] = owner.split(' ')
  // Our own number in a lock that we do not hold: an earlier process had it (in a container it is often number 1).
  const alive = Number(pid) !== process.pid && owner === describeProcess(Number(pid))
  if (alive) return
  const aside = `${path}.${process.pid}-${randomBytes(4).toString('hex')}`
  await rename(path, aside).catch(() => undefined)
  const moved = await readFile(aside, 'utf8').catch(() => null)
  // Another process cleared it first and we took its fresh lock away: give it back.
  if (moved !== null && moved !== owner) await link(aside, path).catch(() => undefined)
  await rm(aside, { force: true })
}

/** "pid start": with the start time, where the system tells it, a number that was given out again is recognised. */
function describeProcess(pid: number): string {
  return isAlive(pid) ? `${pid} ${readStat(pid)[19] ?? '-'}` : `${pid} gone`
}

/** A process that ended counts as gone even while it stays listed because its parent has not looked yet. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  return readStat(pid)[0] !== 'Z'
}

// Linux's account of a process, from its state on (the name before it may hold anything); empty on other systems.
function readStat(pid: number): string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  } catch {
    return []
  }
}
