// The site as a browser meets it, for tests: built on a test file's own database, with a clock that tests set, and the
// links of messages as a mail would carry them.
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { sql } from 'kysely'
import PostalMime, { type Email } from 'postal-mime'
import { createDemoMailing } from '../src/campaigns/demo-mailing.ts'
import { mailroomProvider, readFromMailroom } from '../src/channels/email/mailroom.ts'
import { PURPOSES, type Purpose } from '../src/consent/purposes.ts'
import { inLibrary, rowOf, rowsOf } from '../src/db/scope.ts'
import type { Premises } from '../src/http/premises.ts'
import { buildServer, type ServerOptions } from '../src/http/server.ts'
import { fixedClock } from '../src/lib/clock.ts'
import { formSeal } from '../src/lib/form-seal.ts'
import { keyedHashFor } from '../src/lib/keyed-hash.ts'
import { linkSigner } from '../src/lib/signed-links.ts'
import { findDue } from '../src/messages/due.ts'
import { sendAnswers } from '../src/messages/send-answers.ts'
import { sendRound } from '../src/messages/send-due.ts'
import type { Library } from '../src/patrons/library.ts'
import { openTextCarriers } from '../src/worker/text-carriers.ts'
import type { House } from './house.ts'
import { make, NOW } from './make.ts'

export const ORIGIN = 'http://localhost:8080'

export function premisesOf(house: House, now = NOW): Premises {
  const mailroom = join(house.folder, 'mailroom')
  mkdirSync(mailroom, { recursive: true })
  const { logins, keys } = house.database
  return {
    logins,
    keys,
    journal: house.journal,
    links: linkSigner(keys.links),
    forms: formSeal(keys.links),
    clock: fixedClock(now),
    mailroom,
    textCarriers: openTextCarriers(logins, () => null),
    replyDomain: null,
  }
}

export const openSite = (
  house: House,
  given: Partial<ServerOptions> & { now?: Date } = {},
): Promise<FastifyInstance> => {
  const { now, ...options } = given
  const premises = premisesOf(house, now)
  return buildServer({
    readiness: () => ({ kind: 'open', premises, doing: null }),
    mode: 'development',
    publicUrl: ORIGIN,
    host: '127.0.0.1',
    ...options,
  })
}

/** The token of a message to a person of the roster. */
export async function tokenFor(
  house: House,
  library: Library,
  to: { id: string; email: string; purpose?: Purpose; message?: string },
): Promise<string> {
  const hash = keyedHashFor(house.database.keys.hashing, library.key)
  return linkSigner(house.database.keys.links).sign({
    library: library.libraryNo,
    message: to.message ?? '1',
    patron: await make.number(house, library, to.id),
    purpose: PURPOSES[to.purpose ?? 'reengagement'].bit,
    addressHash: hash('email', to.email),
  })
}

/** A library of invented people whose mailing waits for a button. */
export async function demoLibrary(house: House, given: Parameters<typeof make.library>[1] = {}): Promise<Library> {
  const library = await make.library(house, { demo: true, ...given })
  await sql`update house.library set quiet_until_hour = 0, quiet_from_hour = 24 where library_no = ${library.libraryNo}`.execute(
    house.database.logins.circulation,
  )
  await createDemoMailing(house.database.logins, library, NOW)
  return make.again(house, library)
}

/** Sends all that is due at `now` into the mailroom. */
export async function sendAll(house: House, library: Library, now = NOW): Promise<void> {
  const post = make.post(house, now, { publicUrl: ORIGIN, mailFrom: 'hello@example.org' })
  const provider = mailroomProvider(premisesOf(house).mailroom)
  for (const work of await findDue(house.database.logins, now, 10))
    if (work.libraryNo === library.libraryNo) await sendRound(post, provider, { ...work, library, most: 100 })
}

/** Sends the answers that wait into the mailroom; returns them as they arrived, in their order. */
export async function answersOf(house: House, library: Library, now = NOW): Promise<Email[]> {
  const { mailroom } = premisesOf(house)
  const before = new Set(readdirSync(mailroom))
  const post = { logins: house.database.logins, mailFrom: 'hello@example.org', now: () => now }
  while ((await sendAnswers(post, mailroomProvider(mailroom), library)) > 0);
  const names = readdirSync(mailroom).filter((name) => name.startsWith(`${library.key}.answer-`) && !before.has(name))
  const numbered = names.map((name) => [Number(/answer-(\d+)/.exec(name)![1]), name.replace('.eml', '')] as const)
  const inOrder = numbered.sort(([a], [b]) => a - b).map(([, name]) => name)
  return Promise.all(inOrder.map(async (name) => PostalMime.parse((await readFromMailroom(mailroom, name))!)))
}

/** What the ledger and the suppressions say of somebody; the figures that no GET may change. */
export const traces = async (house: House, library: Library) =>
  inLibrary(house.database.logins, 'circulation', library.libraryNo, (scope) =>
    rowOf(
      scope,
      sql<{ entries: number; stops: number }>`
      select (select count(*)::int from outreach.ledger where library_no = ${library.libraryNo}) as entries,
             (select count(*)::int from outreach.suppression where library_no = ${library.libraryNo} and lifted_at is null) as stops`,
    ),
  )

export interface WaitingAnswer {
  kind: string
  address: string
  language: string
  subject: string
  text: string
}

/** The answers that wait to be sent, oldest first; what a mail program would show in a moment. */
export const answersTo = (house: House, library: Library, address: string): Promise<WaitingAnswer[]> =>
  inLibrary(house.database.logins, 'circulation', library.libraryNo, (scope) =>
    rowsOf(
      scope,
      sql<WaitingAnswer>`select kind, address, language, subject, body_text as text from mail.answer
        where library_no = ${library.libraryNo} and address = ${address} order by answer_no`,
    ),
  )

/** The six digits of the newest code that went to this address. */
export async function codeTo(house: House, library: Library, address: string): Promise<string> {
  const codes = (await answersTo(house, library, address)).filter((answer) => answer.kind === 'fresh-code')
  const digits = /^ {4}(\d{3}) (\d{3})$/m.exec(codes.at(-1)?.text ?? '')
  if (digits === null) throw new Error(`no code went to ${address}`)
  return `${digits[1]}${digits[2]}`
}
