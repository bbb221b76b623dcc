// The built-in PostgreSQL of a data folder, from the outside: one server a folder, which whoever comes first starts,
// whoever comes later joins, and whoever leaves last stops. Killed programs leave it running; the next one joins it.
import { mkdir, realpath, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { monotonicMs } from '../lib/clock.ts'
import { Problem } from '../lib/errors.ts'
import { chooseLodging, type Lodging, type RootWay } from './embedded-account.ts'
import { findPrograms } from './embedded-binaries.ts'
import { ensureCluster } from './embedded-cluster.ts'
import { type Address, socketFolder, whereItListens } from './embedded-door.ts'
import { withLock } from './embedded-lock.ts'
import { clearAbandonedLocks } from './embedded-postmaster.ts'
import { asProblem, explainRefusal } from './embedded-problems.ts'
import { type StartedServer, startServer, stopServer } from './embedded-server.ts'

export interface Embedded {
  /** How the program that owns everything connects: `host` is the socket's folder (127.0.0.1 on Windows). */
  readonly admin: { host: string; port: number; user: string; password: string }
  /** False when the server was running already. */
  readonly startedHere: boolean
  /**
   * Leaves, and stops the server unless another process of ours is connected; `force` stops it all the same.
   * The caller closes its own pools first: they count as others.
   */
  leave(options?: { force?: boolean }): Promise<void>
}

const othersAreSlowMs = 60_000
const deathIsSureMs = 1_000
const recoveryIsSlowMs = 10 * 60_000

export async function openEmbedded(
  options: { dataDir: string; adminPassword: string; say?: (line: string) => void } & RootWay,
): Promise<Embedded> {
  const { adminPassword, say = () => undefined } = options
  const place = resolve(options.dataDir)
  try {
    await mkdir(place, { recursive: true, mode: 0o700 })
    const dataDir = await realpath(place)
    const programs = await findPrograms()
    const open = async () => {
      const lodging = await chooseLodging(dataDir, programs, options)
      await ensureCluster(lodging, { dataDir, adminPassword, say })
      return { lodging, ...(await joinOrStart(lodging, { dataDir, adminPassword, say })) }
    }
    let here = await withLock(dataDir, open, say)
    let left = false
    // A server that dies under a program that stays is started again. A command has failed and left by then.
    const watch = () => here.presence.once('end', () => void startAgain())
    const startAgain = async () => {
      while (!left) {
        await sleep(deathIsSureMs, undefined, { ref: false })
        const again = async () => {
          if (left || (await stat(dataDir).catch(() => null)) === null) return
          here = await open()
          watch()
        }
        if (
          await withLock(dataDir, again, say).then(
            () => true,
            () => false,
          )
        )
          return
      }
    }
    watch()
    const { at, startedHere } = here
    const admin = { ...at, user: 'postgres', password: adminPassword }
    const leave = async (how: { force?: boolean } = {}) => {
      left = true
      // A folder that was deleted under a running server: it notices within a minute, and stops by itself.
      if ((await stat(dataDir).catch(() => null)) === null) return here.presence.end().catch(() => undefined)
      const act = () => leaveOrStop(here.lodging, { presence: here.presence, password: adminPassword, ...how })
      await withLock(dataDir, act, say).catch((error) => {
        // On a full disk no lock can be written, and a server that cannot be stopped helps nobody.
        if (error.code === 'ENOSPC' || error.code === 'EDQUOT') return act()
        throw asProblem(dataDir, error)
      })
    }
    return { admin, startedHere, leave }
  } catch (error) {
    throw asProblem(place, error)
  }
}

interface Joined {
  at: Address
  /** A connection kept until we leave: it tells the others that somebody is still here. */
  presence: Client
  startedHere: boolean
}

async function joinOrStart(
  lodging: Lodging,
  want: { dataDir: string; adminPassword: string; say: (line: string) => void },
): Promise<Joined> {
  const since = monotonicMs()
  let server: StartedServer | null = null
  let answered = false
  let told = false
  for (;;) {
    const knocked = await knock(lodging, want.adminPassword)
    if (knocked.kind === 'open') return { ...knocked, startedHere: server !== null && !server.exited }
    answered ||= knocked.kind === 'busy'
    if (server?.exited) {
      const said = await server.said()
      // Another server has the cluster: it is starting, stopping, or the last of a killed one's processes are leaving.
      if (!/lock file .* already exists|pre-existing shared memory block/.test(said)) {
        throw explainRefusal(lodging.home, said)
      }
      await clearAbandonedLocks(lodging.cluster, [socketFolder(lodging.home)])
      server = null
      await sleep(250)
    } else if (server === null && knocked.kind === 'absent') {
      server = await startServer(lodging, want.dataDir)
    }
    const waited = monotonicMs() - since
    if (waited > 3_000 && !told) {
      told = true
      want.say('The database is still putting itself in order (it was not stopped properly last time, or is busy)…')
    }
    // A server that answers "not yet" is replaying its journal, which must not be hurried.
    if (waited > (answered ? recoveryIsSlowMs : othersAreSlowMs)) {
      throw explainRefusal(want.dataDir, (await server?.said()) ?? 'A server has this folder and does not answer.')
    }
    await sleep(20)
  }
}

type Knocked = { kind: 'open'; at: Address; presence: Client } | { kind: 'busy' } | { kind: 'absent' }

async function knock(lodging: Lodging, password: string): Promise<Knocked> {
  for (const at of await whereItListens(lodging)) {
    const presence = new Client({
      ...at,
      user: 'postgres',
      password,
      database: 'postgres',
      application_name: 'gentle presence',
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
    })
    // A server that goes away is noticed by those who ask it something; this connection only waits.
    presence.on('error', () => undefined)
    try {
      await presence.connect()
      if (process.platform === 'win32' && !(await servesCluster(presence, lodging))) {
        await presence.end()
        continue
      }
      letProgramEnd(presence)
      return { kind: 'open', at, presence }
    } catch (error) {
      await presence.end().catch(() => undefined)
      const { code } = error as { code?: string }
      if (code === '57P03' || code === '53300') return { kind: 'busy' }
      if (code === '28P01' || code === '28000') {
        throw new Problem(
          'unavailable',
          `The database in ${lodging.home} does not accept this data folder's password, so nothing can be read or ` +
            'written. The file with its secrets was replaced or lost: put the original back from a copy of the folder.',
          { cause: error },
        )
      }
    }
  }
  return { kind: 'absent' }
}

// A port, unlike a socket in our own folder, may by now be another server's.
async function servesCluster(client: Client, lodging: Lodging): Promise<boolean> {
  const { rows } = await client.query<{ data_directory: string }>('show data_directory')
  return resolve(rows[0]?.data_directory ?? '') === resolve(lodging.cluster)
}

// The presence must not keep a program alive that has finished. (pg has these two; its types do not say so.)
type Referable = { ref(): void; unref(): void }
const letProgramEnd = (client: Client) => (client as unknown as Referable).unref()
const holdProgram = (client: Client) => (client as unknown as Referable).ref()

async function leaveOrStop(
  lodging: Lodging,
  how: { presence: Client; password: string; force?: boolean },
): Promise<void> {
  holdProgram(how.presence)
  let others = await countOthers(how.presence)
  await how.presence.end().catch(() => undefined)
  if (others === null) {
    // Our connection broke, which says nothing about those of others: ask once more before anything is stopped.
    const knocked = await knock(lodging, how.password)
    if (knocked.kind === 'open') {
      others = await countOthers(knocked.presence)
      await knocked.presence.end().catch(() => undefined)
    }
  }
  if (others === 0 || how.force) await stopServer(lodging)
}

/** Other connections of ours; null when this one no longer works. */
async function countOthers(presence: Client): Promise<number | null> {
  const others = await countOnce(presence)
  if (!others) return others
  // The server needs a moment to notice that a program was killed or has just closed its pools: look twice.
  await sleep(150)
  return countOnce(presence)
}

async function countOnce(presence: Client): Promise<number | null> {
  const { rows } = await presence
    .query<{ others: number }>(
      `select count(*)::int as others from pg_stat_activity
       where backend_type = 'client backend' and pid <> pg_backend_pid() and application_name like 'gentle%'`,
    )
    .catch(() => ({ rows: [] }))
  return rows[0]?.others ?? null
}
