// What a server says about itself in its cluster's postmaster.pid, and whether that can be believed: after a crash, or
// seen from another container, the process number in it may mean something else.
import { readdir, readFile, readlink, rm } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * After a crash the number in its lock files may have been given to another program, and PostgreSQL refuses to start
 * for as long as that one runs. Where the system can tell (Linux), the lock files of a server that is not there go.
 */
export async function clearAbandonedLocks(cluster: string, socketFolders: readonly string[]): Promise<void> {
  if (process.platform !== 'linux') return
  for (const pid of await readdir('/proc')) {
    if (/^\d+$/.test(pid) && (await worksIn(Number(pid), cluster))) return
  }
  await rm(join(cluster, 'postmaster.pid'), { force: true })
  for (const folder of socketFolders) await rm(join(folder, '.s.PGSQL.5432.lock'), { force: true })
}

/** Whether the process is a server of this cluster: PostgreSQL works in its folder. Unknown counts as yes. */
export async function worksIn(pid: number, cluster: string): Promise<boolean> {
  if (process.platform !== 'linux') return true
  return (await readlink(`/proc/${pid}/cwd`).catch(() => '')) === cluster
}

export async function readPostmaster(
  cluster: string,
): Promise<{ pid: number; port: number; socketFolder: string } | null> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '')
  const [pid, , , port, socketFolder = ''] = text.split('\n')
  // The first line comes first: a server that has only just begun has no port yet.
  return Number(pid) > 0 ? { pid: Number(pid), port: Number(port) || 5432, socketFolder } : null
}
