// Builders: a library and its patrons as a test needs them, saying only what matters to the story. Patrons come in the
// way they do in life, by a patron file and by recorded choices.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import type { Choice, Decision } from '../src/consent/ledger.ts'
import type { Channel, Purpose } from '../src/consent/purposes.ts'
import { recordChoices } from '../src/consent/record-choice.ts'
import { inLibrary, rowOf } from '../src/db/scope.ts'
import { linkSigner } from '../src/lib/signed-links.ts'
import type { Post } from '../src/messages/send-due.ts'
import { openTakeLogs } from '../src/messages/take-log.ts'
import { addLibrary, findLibrary, type Library, type NewLibrary } from '../src/patrons/library.ts'
import { type ImportOptions, type ImportResult, importRoster } from '../src/roster/import.ts'
import { COLUMNS } from '../src/roster/roster-line.ts'
import type { House } from './house.ts'

export const NOW = new Date('2026-11-22T15:00:00Z')

export const WORDING = 'Yes, write me a note now and then, about four times a year. I can stop at any time.'

/** When the people of a PatronStory made their choices. */
const SIGNED_UP = '2025-05-03T16:00:00Z'

export type Which = `${Purpose | 'all'}/${Channel | 'all'}`

/** `monthsAgo(4)`: an ISO date in the month four months before NOW. */
export const monthsAgo = (months: number): string =>
  new Date(Date.UTC(2026, 10 - months, 15)).toISOString().slice(0, 10)

export interface PatronStory {
  id: string
  given?: string
  family?: string
  preferred?: string
  email?: string
  phone?: string
  language?: string
  branch?: string
  category?: string
  born?: string
  expires?: string
  lastUse?: string
  status?: string
  /** 'reengagement/email' agreed to, at sign-up a year ago. */
  consents?: `${Purpose}/${Channel}`[]
  refused?: `${Purpose}/${Channel}`[]
}

let librariesMade = 0

export const make = {
  async library(house: House, given: Partial<NewLibrary> = {}): Promise<Library> {
    const key = given.key ?? `maple-${++librariesMade}`
    return addLibrary(house.database.logins, {
      key,
      name: 'Maple Falls Library',
      timezone: 'America/New_York',
      postalAddress: '12 Main Street, Maple Falls, OH 43991',
      phone: '614-555-0100',
      email: 'ask@library.example.org',
      url: 'https://library.example.org',
      signedBy: 'Ana',
      ...given,
    })
  },

  /** A patron file in the `gentle` format. */
  rosterFile(house: House, patrons: PatronStory[], name = 'patrons.csv'): string {
    const quote = (text: string) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
    const row = (p: PatronStory): Record<string, string | undefined> => ({
      patron_id: p.id,
      barcode: `2${p.id}`,
      given_name: p.given ?? 'Rosa',
      family_name: p.family ?? 'Delgado',
      preferred_name: p.preferred,
      email: p.email,
      phone: p.phone,
      language: p.language ?? 'en',
      branch: p.branch ?? 'main',
      category: p.category ?? 'adult',
      birth_date: p.born,
      expires_on: p.expires,
      last_used_on: p.lastUse,
      status: p.status,
    })
    const path = join(house.folder, name)
    writeFileSync(
      path,
      [COLUMNS.join(','), ...patrons.map((p) => COLUMNS.map((c) => quote(row(p)[c] ?? '')).join(','))]
        .map((l) => `${l}\n`)
        .join(''),
    )
    return path
  },

  async roster(
    house: House,
    library: Library,
    patrons: PatronStory[],
    options: Partial<ImportOptions> = {},
  ): Promise<ImportResult> {
    return importRoster(house.database, library, make.rosterFile(house, patrons, `${library.key}.csv`), {
      now: NOW,
      ...options,
    })
  },

  /** Patrons known by a roster, their choices recorded, and the roster read again so that those who agreed are known by name. */
  async patrons(house: House, library: Library, patrons: PatronStory[]): Promise<void> {
    await make.roster(house, library, patrons, { approvedBy: 'the test' })
    const choices: Choice[] = []
    for (const p of patrons) {
      const patron = await make.number(house, library, p.id)
      for (const which of p.consents ?? []) choices.push(make.choice(patron, which, 'grant', SIGNED_UP))
      for (const which of p.refused ?? []) choices.push(make.choice(patron, which, 'deny', SIGNED_UP))
    }
    for (let i = 0; i < choices.length; i += 1000)
      await recordChoices(house.database.logins, library.libraryNo, choices.slice(i, i + 1000), NOW)
    await make.roster(house, library, patrons, { approvedBy: 'the test' })
  },

  /** 'reengagement/email', 'all/email', …, as decided at `at`. */
  choice(patron: string, which: Which, decision: Decision, at: Date | string, more: Partial<Choice> = {}): Choice {
    const [purpose, channel] = which.split('/') as [Purpose | 'all', Channel | 'all']
    const wording = decision === 'grant' || decision === 'deny' ? WORDING : null
    const decidedAt = new Date(at)
    return {
      patron,
      purpose,
      channel,
      decision,
      method: 'sign-up form',
      wording,
      decidedAt,
      attestedBy: 'Ana',
      ...more,
    }
  },

  /** The choice of one person of the roster, recorded. */
  async says(
    house: House,
    library: Library,
    patronId: string,
    which: Which,
    decision: Decision,
    at: Date | string,
  ): Promise<void> {
    const patron = await make.number(house, library, patronId)
    await recordChoices(house.database.logins, library.libraryNo, [make.choice(patron, which, decision, at)], NOW)
  },

  /** The random number that stands for a patron of the file. */
  async number(house: House, library: Library, patronId: string): Promise<string> {
    const row = await inLibrary(house.database.logins, 'circulation', library.libraryNo, (scope) =>
      rowOf(
        scope,
        sql<{
          n: string
        }>`select patron_no as n from roster.patron where library_no = ${library.libraryNo} and patron_id = ${patronId}`,
      ),
    )
    if (!row) throw new Error(`no patron ${patronId} in ${library.key}`)
    return row.n
  },

  /** What sending needs, with its clock standing at `now`. */
  post(house: House, now: Date | (() => Date) = NOW, more: Partial<Post> = {}): Post {
    const { logins, keys } = house.database
    return {
      logins,
      takeLogs: openTakeLogs(house.folder),
      links: linkSigner(keys.links),
      publicUrl: 'http://localhost:8080',
      mailFrom: 'hello@library.example.org',
      now: typeof now === 'function' ? now : () => now,
      ...more,
    }
  },

  again: (house: House, library: Library): Promise<Library> => findLibrary(house.database.logins, library.key),
}
