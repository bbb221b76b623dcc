// The files of the database: made once, whole or not at all, and opened only by the PostgreSQL that made them.
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Problem } from '../lib/errors.ts'
import { commandFor, giveTo, type Lodging, recordWhere } from './embedded-account.ts'
import { majorVersion } from './embedded-binaries.ts'
import { explainRefusal } from './embedded-problems.ts'

/** Makes the cluster if there is none. Call it under the lock of the data folder. */
export async function ensureCluster(
  lodging: Lodging,
  want: { dataDir: string; adminPassword: string; say: (line: string) => void },
): Promise<void> {
  const version = await readFile(join(lodging.cluster, 'PG_VERSION'), 'utf8').catch((error) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (version === null) return createCluster(lodging, want)
  if (version.trim() !== majorVersion) {
    throw new Problem(
      'unavailable',
      `The database in ${lodging.cluster} was made by PostgreSQL ${version.trim()}; this release brings PostgreSQL ` +
        `${majorVersion}, which cannot open it. Nothing is lost: run "gentle backup FILE" with the release of Gentle ` +
        'Reader that you used before, then "gentle restore FILE" with this one into a new data folder.',
    )
  }
}

async function createCluster(
  lodging: Lodging,
  want: { dataDir: string; adminPassword: string; say: (line: string) => void },
): Promise<void> {
  want.say('Preparing the database (only the first time)…')
  await clearHalfMade(lodging.home)
  // A folder of its own for each attempt and one rename at the end: what a kill leaves behind is never mistaken for a
  // cluster, and of two attempts that meet in spite of the lock the second cannot touch the first.
  const fresh = join(lodging.home, `postgres.new-${process.pid}-${randomBytes(4).toString('hex')}`)
  const passwordFile = `${fresh}.password`
  try {
    await writeFile(passwordFile, `${want.adminPassword}\n`, { mode: 0o600, flag: 'wx' })
    await giveTo(lodging, passwordFile)
    await runInitdb(lodging, fresh, passwordFile)
    await rename(fresh, lodging.cluster).catch((cause) => {
      if (cause.code !== 'ENOTEMPTY' && cause.code !== 'EEXIST') throw cause
      throw new Problem(
        'unavailable',
        `The folder ${lodging.cluster} holds something that is no database, so none can be made there. ` +
          'Move it away, or name another data folder with --data.',
        { cause },
      )
    })
    await syncFolder(lodging.home)
    await recordWhere(lodging, want.dataDir)
  } finally {
    await rm(passwordFile, { force: true })
    await rm(fresh, { recursive: true, force: true }).catch(() => undefined)
  }
}

async function runInitdb(lodging: Lodging, folder: string, passwordFile: string): Promise<void> {
  // The built-in C.UTF-8 provider sorts the same on every machine and needs no locale of the system.
  const { file, args, options } = commandFor(lodging, 'initdb', [
    `--pgdata=${folder}`,
    '--username=postgres',
    `--pwfile=${passwordFile}`,
    '--auth-host=scram-sha-256',
    '--auth-local=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-instructions',
  ])
  const child = spawn(file, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  child.stdout?.on('data', (bytes) => {
    said += bytes
  })
  child.stderr?.on('data', (bytes) => {
    said += bytes
  })
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code !== 0) throw explainRefusal(lodging.home, said)
}

// Left by a process that was killed while it prepared. Its initdb may still be writing for a moment: never mind.
async function clearHalfMade(home: string): Promise<void> {
  for (const name of await readdir(home)) {
    if (/^postgres\.new-/.test(name)) {
      await rm(join(home, name), { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined)
    }
  }
}

// The rename itself must outlive a power cut. Not every system lets a folder be opened; those order it themselves.
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => null)
  await folder?.sync().catch(() => undefined)
  await folder?.close()
}
