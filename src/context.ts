// What a command works with: the opened database and what hangs on it, built in one place and passed along by hand.
import type { Config } from './config.ts'
import type { Database } from './db/connect.ts'
import { type Journal, openJournal } from './db/journal.ts'
import { openInstallation } from './db/open.ts'
import type { Logins } from './db/scope.ts'
import { type Clock, systemClock } from './lib/clock.ts'
import { type LinkSigner, linkSigner } from './lib/signed-links.ts'

export interface Context {
  readonly config: Config
  readonly database: Database
  readonly logins: Logins
  readonly journal: Journal
  readonly links: LinkSigner
  readonly clock: Clock
  /** The migrations that ran while it was opened. */
  readonly migrated: readonly string[]
  /** Closes the pools and leaves the embedded database, which stops when nobody else is on it. */
  close(): Promise<void>
}

export async function openContext(
  config: Config,
  surroundings: { say?: (line: string) => void; clock?: Clock } = {},
): Promise<Context> {
  const installation = await openInstallation({
    dataDir: config.dataDir,
    databaseUrl: config.databaseUrl,
    say: surroundings.say,
  })
  const { database } = installation
  return {
    config,
    database,
    logins: database.logins,
    journal: openJournal(config.dataDir),
    links: linkSigner(database.keys.links, database.keys.earlierLinks),
    clock: surroundings.clock ?? systemClock,
    migrated: installation.migrated,
    close: () => installation.close(),
  }
}
