// Looking a backup through before anything is changed for it: that it is whole, that it was made with these keys, and
// that this release knows the way from its tables to today's.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Problem } from '../lib/errors.ts'
import { type Manifest, readBackup } from './backup-file.ts'
import type { Keys } from './keys.ts'
import { MIGRATIONS } from './open.ts'

export interface Migration {
  name: string
  hash: string
  text: string
}

/** A backup that can be restored here. */
export interface Examined {
  file: string
  manifest: Manifest
  /** The migrations that the backup has behind it. */
  known: Migration[]
  /** Those that came after it. */
  newer: Migration[]
}

/** Reads the whole file. Throws a Problem that says what is wrong and what to do. */
export async function examineBackup(
  file: string,
  keys: Keys,
  options: { migrations?: string; onProgress?: (bytes: number) => void } = {},
): Promise<Examined> {
  let manifest: Manifest | null = null
  let ways: Pick<Examined, 'known' | 'newer'> | null = null
  for await (const part of readBackup(file, options.onProgress)) {
    if (part.kind !== 'manifest') continue
    manifest = part.manifest
    refuseOtherKeys(file, manifest, keys)
    ways = fitMigrations(file, manifest, readMigrations(options.migrations ?? MIGRATIONS))
  }
  return { file, manifest: manifest!, ...ways! }
}

function refuseOtherKeys(file: string, manifest: Manifest, keys: Keys): void {
  if (manifest.keysFingerprint === keys.fingerprint) return
  throw new Problem(
    'conflict',
    `${file} was made with other keys than those in this data folder: no address in it could be matched and no link would work. Put the keys.json that belongs to the backup into an empty folder and restore there (--data FOLDER). Nothing was changed.`,
  )
}

const readMigrations = (folder: string): Migration[] =>
  readdirSync(folder)
    .filter((name) => /^\d{4}-[a-z0-9-]+\.sql$/.test(name))
    .sort()
    .map((name) => {
      const text = readFileSync(join(folder, name), 'utf8')
      return { name, text, hash: createHash('sha256').update(text).digest('hex') }
    })

/** The backup's migrations must be the first ones of this release's, unchanged. */
function fitMigrations(file: string, manifest: Manifest, ours: Migration[]): Pick<Examined, 'known' | 'newer'> {
  const unknown = manifest.migrations.find((theirs) => !ours.some((m) => m.name === theirs.name))
  if (unknown)
    throw new Problem(
      'conflict',
      `${file} was made by a newer release of Gentle Reader (${manifest.release}): this one does not know its migration ${unknown.name}. Restore it with that release. Nothing was changed.`,
    )
  const other = manifest.migrations.find((theirs, i) => ours[i]?.name !== theirs.name || ours[i]?.hash !== theirs.hash)
  if (other)
    throw new Problem(
      'conflict',
      `${file} was made by a release (${manifest.release}) whose migration ${other.name} was not the one of this release. Restore it with that release. Nothing was changed.`,
    )
  const n = manifest.migrations.length
  return { known: ours.slice(0, n), newer: ours.slice(n) }
}
