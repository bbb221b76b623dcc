// What a provider's request or list brings, given to the libraries it is for. On a line of one library that is plain; on a
// shared one it is the library whose text went last to that phone, or the one its person chose, and where neither can be
// told the person is asked. Whatever cannot be processed is kept and shown.
import { sql } from 'kysely'
import type { TextIn, TextReport } from '../channels/sms/text-provider.ts'
import { isPhoneErasedSince } from '../consent/erased-since.ts'
import { hasStopped, stopPhone } from '../consent/phone-stops.ts'
import { refreshStale } from '../consent/standing.ts'
import { readStopSentence } from '../consent/text-sentences.ts'
import { foldText, readKeyword } from '../consent/text-words.ts'
import { isOutOfReach } from '../db/out-of-reach.ts'
import { inLibrary } from '../db/scope.ts'
import { normalisePhone } from '../lib/addresses.ts'
import { sayError } from '../lib/errors.ts'
import { isShared, type Line } from '../messages/lines.ts'
import { recordMessageReport } from '../messages/message-reports.ts'
import { libraryOfReference, recordTextReport } from '../messages/text-outcomes.ts'
import { chooseRoute, keepRouted, type Route, routesOf } from '../messages/text-routes.ts'
import { libraryByNo } from '../patrons/library.ts'
import { placeOf, type TextDesk } from './desk.ts'
import { handOnWaiting } from './hand-on.ts'
import { receiveText, saysStop, wroteAt } from './receive-text.ts'

export interface Brought {
  brings: readonly (TextIn | TextReport)[]
  raw: Buffer
  now: Date
  /** We asked for it: then what is not ours is another program's of the same account, and no matter. */
  asked?: boolean
}

/** Resolves once everything is stored. Rejects only when the database does not answer: then the provider brings it again. */
export async function receiveFromProvider(
  desk: TextDesk,
  line: Line,
  { brings, raw, now, asked = false }: Brought,
): Promise<void> {
  for (const one of brings) {
    const why = await processOne(desk, line, one, now)
    if (why !== null && !(asked && why === NOT_OURS)) await keepHook(desk, line, { why, brought: one, raw, now })
  }
}

const NOT_OURS = 'a report about a text that is not known here'

/** Null when it is done; else why nothing came of it. Rejects when the database does not answer. */
export async function processOne(
  desk: TextDesk,
  line: Line,
  one: TextIn | TextReport,
  now: Date,
): Promise<string | null> {
  try {
    if (one.kind === 'report') return (await report(desk, line, one, now)) ? null : NOT_OURS
    await takeIn(desk, line, one, now)
    return null
  } catch (error) {
    if (isOutOfReach(error)) throw error
    return sayError(error)
  }
}

/**
 * Kept for a person to look at; in the host's scope, because nobody knows whose it is. Not of whoever the host has erased
 * since, unless it is a stop.
 */
export async function keepHook(
  desk: TextDesk,
  { lineNo, hostNo }: Pick<Line, 'lineNo' | 'hostNo'>,
  { why, brought, raw, now }: { why: string; brought: TextIn | TextReport | null; raw: Buffer; now: Date },
): Promise<void> {
  const host = (await libraryByNo(desk.logins, hostNo))!
  await inLibrary(desk.logins, 'circulation', hostNo, async (scope) => {
    if (brought?.kind === 'text' && !saysStop(brought)) {
      const phoneHash = scope.seals.hashFor(host.key)('phone', normalisePhone(brought.from) ?? brought.from)
      if (await isPhoneErasedSince(scope, phoneHash, wroteAt(brought, now))) return
    }
    await sql`
    insert into mail.hook (library_no, line_no, at, why, provider_id, body, brought)
    values (${scope.library}, ${lineNo}, ${now}, ${why.slice(0, 500)}, ${brought?.providerId ?? null}, ${raw},
            ${brought && JSON.stringify(brought)}::json)`.execute(scope.tx)
  })
}

async function takeIn(desk: TextDesk, line: Line, text: TextIn, now: Date): Promise<void> {
  const from = normalisePhone(text.from) ?? text.from
  const told = { ...text, from }
  const destination = await destinationOf(desk, line, told, now)
  const libraryNo = await keepRouted(desk.logins, line, {
    providerId: text.providerId,
    libraryNo: destination.libraryNo,
    now,
  })
  if (isShared(line) && saysStop(told)) await stopElsewhere(desk, line, { phone: from, except: libraryNo, now })
  const place = await placeOf(desk, line, libraryNo)
  const { meaning } = destination
  if (meaning === 'choice') {
    await chooseRoute(desk.logins, line, { phone: from, libraryNo, now })
    const handedOn = await handOnWaiting(desk, place, from, now)
    await receiveText(desk, place, { text: told, now, ...(handedOn > 0 && { meaning }) })
  } else await receiveText(desk, place, { text: told, now, ...(meaning && { meaning }) })
}

interface Destination {
  libraryNo: number
  meaning?: 'which library' | 'choice'
}

const CLEAR_MS = 24 * 3_600_000

async function destinationOf(desk: TextDesk, line: Line, text: TextIn, now: Date): Promise<Destination> {
  if (!isShared(line)) return { libraryNo: line.libraries[0]!.libraryNo }
  const routes = await routesOf(desk.logins, line, text.from)
  const [latest] = routes
  // A keyword needs no library to be obeyed; whoever wrote last says whose name stands under the answer.
  if (readKeyword(text.body) !== null || text.answeredItself !== null || readStopSentence(text.body) !== null)
    return { libraryNo: latest?.libraryNo ?? line.hostNo }
  const word = foldText(text.body)
  const chosen = line.libraries.find((one) => one.word === word)
  if (chosen) return { libraryNo: chosen.libraryNo, meaning: 'choice' }
  if (latest === undefined) return { libraryNo: line.hostNo, meaning: 'which library' }
  return isClear(latest, routes.slice(1), now)
    ? { libraryNo: latest.libraryNo }
    : { libraryNo: line.hostNo, meaning: 'which library' }
}

/** Clear: chosen by the person, or no other library wrote to them around the same time. */
function isClear(latest: Route, others: readonly Route[], now: Date): boolean {
  const wrote = latest.textedAt?.getTime() ?? 0
  if ((latest.chosenAt?.getTime() ?? 0) >= wrote && latest.chosenAt !== null) return true
  return !others.some(
    ({ textedAt }) =>
      textedAt !== null && wrote - textedAt.getTime() < CLEAR_MS && now.getTime() - textedAt.getTime() < CLEAR_MS,
  )
}

/**
 * STOP on a shared number ends the texts of every library that has texted this phone by it: to whoever holds the phone it is
 * one number. The confirmation comes from the last of them; these here are silent. Before the text is stored, so that a
 * crash between leaves the provider to bring it again.
 */
async function stopElsewhere(
  desk: TextDesk,
  line: Line,
  { phone, except, now }: { phone: string; except: number; now: Date },
): Promise<void> {
  for (const { libraryNo } of await routesOf(desk.logins, line, phone)) {
    if (libraryNo === except) continue
    const library = (await libraryByNo(desk.logins, libraryNo))!
    const patrons = await inLibrary(desk.logins, 'circulation', libraryNo, async (scope) => {
      const phoneHash = scope.seals.hashFor(library.key)('phone', phone)
      if (await hasStopped(scope, phoneHash)) return []
      return stopPhone(scope, desk.journal, library, { phoneHash, now, method: 'text message to a shared number' })
    })
    if (patrons.length > 0) await refreshStale(desk.logins, libraryNo, patrons)
  }
}

/** False when no library of this line has such a text. */
async function report(desk: TextDesk, line: Line, told: TextReport, now: Date): Promise<boolean> {
  const named = libraryOfReference(told.reference)
  const asked = named === null ? line.libraries : line.libraries.filter(({ libraryNo }) => libraryNo === named)
  for (const { libraryNo } of asked) {
    const library = (await libraryByNo(desk.logins, libraryNo))!
    const known = await inLibrary(desk.logins, 'circulation', libraryNo, (scope) =>
      recordTextReport(scope, library, { line, report: told, now }),
    )
    if (known || (await recordMessageReport(desk.logins, library, { line, report: told, now }))) return true
  }
  return false
}
