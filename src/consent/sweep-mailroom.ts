// Mails of a library that have lain in the mailroom for too long. Where no mail server is set they hold names, addresses and
// working links, and nobody else takes them away.
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Returns how many went, or would. A file begins with the key of its library; a draft left by a crash is anybody's. */
export async function sweepMailroom(
  folder: string,
  libraryKey: string,
  { olderThan, dryRun, stopping }: { olderThan: Date; dryRun: boolean; stopping: () => boolean },
): Promise<number> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  let removed = 0
  for (const name of names) {
    if (stopping()) break
    if (!name.startsWith(`${libraryKey}.`) && !name.startsWith('.draft-')) continue
    const file = join(folder, name)
    const last = await stat(file).catch(() => null) // another process was quicker
    if (last === null || last.mtime >= olderThan) continue
    if (!dryRun) await rm(file, { force: true })
    removed++
  }
  return removed
}
