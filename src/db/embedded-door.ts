// The door of the embedded server: a socket that only its own account can open, in the data folder where the path is
// short enough for the system, else in a private folder whose name every process can work out; a port on Windows.
import { createHash } from 'node:crypto'
import { lstat, mkdir } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Problem } from '../lib/errors.ts'
import { accountNumber, giveTo, type Lodging } from './embedded-account.ts'
import { readPostmaster } from './embedded-postmaster.ts'

export interface Address {
  readonly host: string
  readonly port: number
}

const socketPort = 5432
// The system's limit is 104 bytes (macOS) or 108 (Linux), its closing zero included.
const longestSocketPath = 100

/** Where the server of the cluster listens, by what it wrote down itself, and by where we would have put it. */
export async function whereItListens(lodging: Lodging): Promise<Address[]> {
  const recorded = await readPostmaster(lodging.cluster)
  if (recorded === null) return []
  if (process.platform === 'win32') return [{ host: '127.0.0.1', port: recorded.port }]
  const computed = socketFolder(lodging.home)
  // They differ when TMPDIR does, or when the folder was moved under a running server.
  return [...new Set([computed, recorded.socketFolder])]
    .filter((host) => host !== '')
    .map((host) => ({ host, port: recorded.port }))
}

/** The settings of a server that is about to start, with its door prepared. */
export async function listening(lodging: Lodging): Promise<Record<string, string>> {
  if (process.platform === 'win32') return { listen_addresses: '127.0.0.1', port: String(await freePort()) }
  const folder = socketFolder(lodging.home)
  await prepareSocketFolder(lodging, folder)
  return {
    listen_addresses: '',
    port: String(socketPort),
    // A list: quoted, or a comma in the path would split it.
    unix_socket_directories: `"${folder.replaceAll('"', '""')}"`,
    unix_socket_permissions: '0700',
  }
}

/** The folder of the socket, worked out from where the cluster lives. */
export function socketFolder(home: string): string {
  const fits = (folder: string) => Buffer.byteLength(join(folder, `.s.PGSQL.${socketPort}`)) <= longestSocketPath
  const inside = join(home, 'postgres.socket')
  if (fits(inside)) return inside
  const name = `gentle-reader-${createHash('sha256').update(home).digest('hex').slice(0, 16)}`
  return fits(join(tmpdir(), name)) ? join(tmpdir(), name) : join('/tmp', name)
}

async function prepareSocketFolder(lodging: Lodging, folder: string): Promise<void> {
  const made = await mkdir(folder, { mode: 0o700 }).then(
    () => true,
    (error) => {
      if (error.code === 'EEXIST') return false
      throw error
    },
  )
  if (made) return giveTo(lodging, folder)
  const found = await lstat(folder)
  // In a folder that everybody may write to, somebody else could have made it first.
  if (!found.isDirectory() || found.uid !== accountNumber(lodging) || (found.mode & 0o077) !== 0) {
    throw new Problem(
      'unavailable',
      `The folder ${folder} is open to other accounts or was made by one, so the database does not trust it as its ` +
        'door. Remove it and start again.',
    )
  }
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => resolve(port))
    })
  })
