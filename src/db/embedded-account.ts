// Who the database runs as, and therefore where it lives. PostgreSQL refuses to run as root, so for root it runs
// either in a namespace of its own (the files stay root's and in the data folder, even below /root) or, where
// namespaces are forbidden, as "nobody", with programs and cluster below /var/lib where that account can reach them.
import { type SpawnOptions, spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { chmod, chown, cp, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Problem } from '../lib/errors.ts'
import { type Programs, programEnvironment, programPath } from './embedded-binaries.ts'

export type Account = 'own' | 'namespace' | 'nobody'
const nobody = 65534

export interface Lodging {
  readonly account: Account
  readonly programs: Programs
  /** The folder that PostgreSQL's own folder is in: the data folder, or one below /var/lib/gentle-reader. */
  readonly home: string
  /** PostgreSQL's own folder (PGDATA). */
  readonly cluster: string
}

export interface RootWay {
  /** For tests: how to run as root, instead of finding out. */
  asRoot?: 'namespace' | 'nobody'
  /** For tests: where the account "nobody" lives. */
  nobodyHome?: string
}

/** A data folder that has a cluster keeps the way in which it was made. */
export async function chooseLodging(dataDir: string, programs: Programs, way: RootWay): Promise<Lodging> {
  const cluster = join(dataDir, 'postgres')
  const own: Lodging = { account: 'own', programs, home: dataDir, cluster }
  if (process.getuid?.() !== 0) return checkOwner(own)
  const base = way.nobodyHome ?? '/var/lib/gentle-reader'
  const where = (await readFile(join(dataDir, 'postgres.where'), 'utf8').catch(() => '')).trim()
  if (where !== '') {
    if (!(await exists(where))) {
      throw new Problem(
        'unavailable',
        `The database of ${dataDir} is gone: postgres.where in it names ${where}, and nothing is there. ` +
          'Put that folder back, or restore a backup into a new data folder.',
      )
    }
    const copy = await copyPrograms(programs, base)
    return checkOwner({ account: 'nobody', programs: copy, home: dirname(where), cluster: where })
  }
  const made = await exists(join(cluster, 'PG_VERSION'))
  if (made) await checkOwner(own)
  if (way.asRoot !== 'nobody' && namespaceWorks(dataDir, programs)) {
    return checkOwner({ ...own, account: 'namespace' })
  }
  if (made || way.asRoot === 'namespace') {
    throw new Problem(
      'unavailable',
      `The database in ${dataDir} was made by root in a Linux namespace, and this system does not allow one now. ` +
        'Start Gentle Reader from an account other than root that owns the folder (chown -R), or allow namespaces.',
    )
  }
  return moveInAsNobody(dataDir, await copyPrograms(programs, base), base)
}

/** The command line that runs one of PostgreSQL's programs as the account. */
export function commandFor(
  lodging: Lodging,
  program: 'postgres' | 'initdb' | 'pg_ctl',
  args: readonly string[],
): { file: string; args: string[]; options: SpawnOptions } {
  const path = programPath(lodging.programs, program)
  const options: SpawnOptions = { env: programEnvironment(lodging.programs), cwd: lodging.home }
  if (lodging.account === 'namespace') return { file: 'unshare', args: [...inNamespace, path, ...args], options }
  if (lodging.account === 'nobody') Object.assign(options, { uid: nobody, gid: nobody })
  return { file: path, args: [...args], options }
}

/** The number of the account that the database's files belong to; undefined on Windows. */
export const accountNumber = (lodging: Lodging): number | undefined =>
  lodging.account === 'nobody' ? nobody : process.getuid?.()

/** Files that root makes for the database must be its account's to read. */
export async function giveTo(lodging: Lodging, path: string): Promise<void> {
  if (lodging.account === 'nobody') await chown(path, nobody, nobody)
}

/** The cluster is whole: from now on the data folder says where it is. */
export async function recordWhere(lodging: Lodging, dataDir: string): Promise<void> {
  if (lodging.account === 'nobody') await writeFile(join(dataDir, 'postgres.where'), `${lodging.cluster}\n`)
}

const inNamespace = ['-U', '--map-user=1000', '--']

// Asked of the real programs and the real folder: both may be closed to a root that has given up root's powers.
function namespaceWorks(dataDir: string, programs: Programs): boolean {
  const question = 'test -w "$1" && exec "$2" --version'
  const args = [...inNamespace, '/bin/sh', '-c', question, 'sh', dataDir, programPath(programs, 'postgres')]
  return spawnSync('unshare', args, { env: programEnvironment(programs), stdio: 'ignore' }).status === 0
}

async function moveInAsNobody(dataDir: string, programs: Programs, base: string): Promise<Lodging> {
  // The name is new each time: a data folder that was deleted must not find its old database again.
  const name = `${createHash('sha256').update(dataDir).digest('hex').slice(0, 16)}-${randomBytes(3).toString('hex')}`
  const home = join(base, name)
  await mkdir(home, { mode: 0o700 })
  await chown(home, nobody, nobody)
  return { account: 'nobody', programs, home, cluster: join(home, 'postgres') }
}

async function copyPrograms(programs: Programs, base: string): Promise<Programs> {
  const native = join(base, programs.version)
  if (!(await exists(native))) {
    await mkdir(base, { recursive: true, mode: 0o755 })
    const aside = `${native}.new-${process.pid}-${randomBytes(4).toString('hex')}`
    await cp(programs.native, aside, { recursive: true, verbatimSymlinks: true })
    await openToAll(aside)
    await rename(aside, native).catch(() => rm(aside, { recursive: true, force: true }))
  }
  return { ...programs, native }
}

// A checkout made under umask 077 is closed to others, and so would its copy be.
async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755)
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name)
    if (!entry.isSymbolicLink())
      await chmod(path, entry.isDirectory() || entry.parentPath.endsWith('bin') ? 0o755 : 0o644)
  }
}

async function checkOwner(lodging: Lodging): Promise<Lodging> {
  const owner = accountNumber(lodging)
  const found = await stat(lodging.cluster).catch(() => null)
  if (found === null || owner === undefined || found.uid === owner) return lodging
  throw new Problem(
    'unavailable',
    `The database in ${lodging.cluster} belongs to another account (number ${found.uid}; it has to be ${owner}), so ` +
      'PostgreSQL will not open it. Start Gentle Reader from the account that made it, or hand the folder over with ' +
      `chown -R ${owner} ${lodging.cluster}`,
  )
}

const exists = async (path: string): Promise<boolean> => (await stat(path).catch(() => null)) !== null
