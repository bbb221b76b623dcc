// The key file: the two secrets that lie outside the database. `hashing` makes the keyed hashes, `links` signs links
// and derives the database logins' passwords. Made at random on first start, so that there is no default to forget;
// lost, no stop could be matched again, so a backup of the database is only half without it.
import { createHash, hkdfSync, randomBytes } from 'node:crypto'
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Problem } from '../lib/errors.ts'

export interface Keys {
  readonly hashing: Buffer
  readonly links: Buffer
  /** Tells whether a database was made with these keys; says nothing about them. */
  readonly fingerprint: string
}

/** The password of a database login, different for each and for each installation. */
export const loginPassword = (keys: Keys, login: string): string =>
  Buffer.from(hkdfSync('sha256', keys.links, login, 'gentle database login', 24)).toString('base64url')

/** Reads `keys.json` in the data folder (mode 0600), or makes it. Two processes at once end with the same file. */
export function loadKeys(dataDir: string): Keys {
  const file = join(dataDir, 'keys.json')
  if (!existsSync(file)) makeKeys(dataDir, file)
  let read: { hashing?: string; links?: string }
  try {
    read = JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw new Problem(
      'unavailable',
      `The key file ${file} cannot be read. Bring it back from your backup; without it no address can be matched.`,
      { cause },
    )
  }
  const hashing = Buffer.from(read.hashing ?? '', 'base64')
  const links = Buffer.from(read.links ?? '', 'base64')
  if (hashing.length !== 32 || links.length !== 32)
    throw new Problem(
      'unavailable',
      `The key file ${file} is damaged. Bring it back from your backup; a new one would not match the addresses kept so far.`,
    )
  return {
    hashing,
    links,
    fingerprint: createHash('sha256').update('gentle keys').update(hashing).update(links).digest('hex').slice(0, 16),
  }
}

function makeKeys(dataDir: string, file: string): void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const keys = { hashing: randomBytes(32).toString('base64'), links: randomBytes(32).toString('base64') }
  // A link is made whole or not at all: of two processes at once one wins, and the other reads what the winner wrote.
  const draft = `${file}.${process.pid}.new`
  writeFileSync(draft, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600 })
  try {
    linkSync(draft, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    rmSync(draft)
  }
}
