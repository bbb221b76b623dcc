// Where the package lies, for the files that are read as they are (migrations, letters): the sources run from src/, the
// published package from dist/src/, and both look upwards for the one package.json.
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

function findRoot(from: string): string {
  if (existsSync(join(from, 'package.json'))) return from
  const up = dirname(from)
  if (up === from) throw new Error('package.json is missing: the installation is incomplete')
  return findRoot(up)
}

export const packageRoot: string = findRoot(import.meta.dirname)
