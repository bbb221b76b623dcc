// The key file: the secrets that lie outside the database. `hashing` makes the keyed hashes and all that has to last as
// long as the data; it is never changed. `links` signs the links in messages and can be changed: what was signed before
// stays readable by the secrets in `previous`. Made at random on first start, so that there is no default to forget;
// lost, no stop could be matched again, so a backup of the database is only half without it.
import { createHash, hkdfSync, randomBytes } from 'node:crypto'
import {
  chownSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { Problem } from '../lib/errors.ts'

export interface Keys {
  readonly hashing: Buffer
  readonly links: Buffer
  /** Links signed with these are still read: a reader's link works for years. Newest first. */
  readonly earlierLinks: readonly Buffer[]
  /** The first links secret: the passwords of the database logins come from it and outlast a change of links. */
  readonly founding: Buffer
  /** Tells whether a database was made with these keys; says nothing about them. */
  readonly fingerprint: string
}

/** The password of a database login, different for each and for each installation. */
export const loginPassword = (keys: Keys, login: string): string =>
  Buffer.from(hkdfSync('sha256', keys.founding, login, 'gentle database login', 24)).toString('base64url')

/** Reads `keys.json` in the data folder (mode 0600), or makes it. Two processes at once end with the same file. */
export function loadKeys(dataDir: string): Keys {
  const file = join(dataDir, 'keys.json')
  if (!existsSync(file)) makeKeys(dataDir, file)
  let read: KeyFile
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
  const earlierLinks = (read.previous ?? []).map((secret) => Buffer.from(secret, 'base64'))
  if ([hashing, links, ...earlierLinks].some((secret) => secret.length !== 32))
    throw new Problem(
      'unavailable',
      `The key file ${file} is damaged. Bring it back from your backup; a new one would not match the addresses kept so far.`,
    )
  const founding = earlierLinks.at(-1) ?? links
  return {
    hashing,
    links,
    earlierLinks,
    founding,
    fingerprint: createHash('sha256').update('gentle keys').update(hashing).update(founding).digest('hex').slice(0, 16),
  }
}

/**
 * A new secret for links; those signed so far stay readable. Processes that are running go on with the old one, and do
 * not read what is signed with the new: start them again. The file is the old one or the new one, never half.
 */
export function rotateLinks(dataDir: string): Keys {
  const before = loadKeys(dataDir)
  const file = join(dataDir, 'keys.json')
  const secret = (bytes: Buffer) => bytes.toString('base64')
  const keys: KeyFile = {
    hashing: secret(before.hashing),
    links: secret(randomBytes(32)),
    previous: [before.links, ...before.earlierLinks].map(secret),
  }
  const draft = writeDraft(file, keys)
  // Changed by root, it still belongs to the account that the program runs under.
  const { uid, gid } = statSync(file)
  chownSync(draft, uid, gid)
  renameSync(draft, file)
  return loadKeys(dataDir)
}

interface KeyFile {
  hashing?: string
  links?: string
  /** Earlier values of `links`, newest first; absent until the first change. */
  previous?: string[]
}

/** On the disk before it takes the place of anything: a key file lost to a power cut is lost for good. */
function writeDraft(file: string, keys: KeyFile): string {
  const draft = `${file}.${process.pid}.new`
  writeFileSync(draft, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600, flush: true })
  return draft
}

function makeKeys(dataDir: string, file: string): void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const keys = { hashing: randomBytes(32).toString('base64'), links: randomBytes(32).toString('base64') }
  // A link is made whole or not at all: of two processes at once one wins, and the other reads what the winner wrote.
  const draft = writeDraft(file, keys)
  try {
    linkSync(draft, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    rmSync(draft)
  }
}
