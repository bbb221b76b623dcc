// Texts for tests: a line, a provider that remembers what it was given and fails where a test says so, and somebody who
// texts the library.
import { sql } from 'kysely'
import type { HandOver } from '../src/channels/channel.ts'
import type { OutgoingText, TextIn, TextProvider, TextReport } from '../src/channels/sms/text-provider.ts'
import type { TextDesk } from '../src/conversations/desk.ts'
import { findHooksWaiting, readBrought } from '../src/conversations/read-brought.ts'
import { receiveFromProvider } from '../src/conversations/receive-from-provider.ts'
import { inLibrary, rowsOf } from '../src/db/scope.ts'
import { findTextsDue, settleTextsDue } from '../src/messages/due-texts.ts'
import { addLine, type Line, lineByNo, type NewLine, shareLine } from '../src/messages/lines.ts'
import { sendTexts, type TextPost } from '../src/messages/send-texts.ts'
import { openTakeLogs } from '../src/messages/take-log.ts'
import { type Library, libraryByNo } from '../src/patrons/library.ts'
import type { House } from './house.ts'

let numbers = 159

/** A line of the first library, shared with the others. */
export async function makeLine(
  house: House,
  libraries: readonly [Library, ...Library[]],
  given: Partial<NewLine> = {},
): Promise<Line> {
  const [host, ...others] = libraries
  const { logins } = house.database
  const line = await addLine(logins, {
    host: host.libraryNo,
    word: wordOf(host),
    number: `+1614555${String(++numbers).padStart(4, '0')}`,
    provider: 'double',
    settings: {},
    secrets: {},
    answersItself: false,
    partsPerSecond: 1_000,
    partsPerDay: null,
    ...given,
  })
  for (const other of others) await shareLine(logins, line, { libraryNo: other.libraryNo, word: wordOf(other) })
  return (await lineByNo(logins, line.lineNo))!
}

const wordOf = (library: Library): string => library.key.toUpperCase().replace(/[^A-Z0-9]/g, '')

export interface TextDouble extends TextProvider {
  sent: OutgoingText[]
}

/** Takes everything, unless `answer` says otherwise. */
export function textDouble(answer: (text: OutgoingText) => HandOver | null = () => null): TextDouble {
  const sent: OutgoingText[] = []
  return {
    name: 'double',
    width: 4,
    sent,
    async handOver(text, stillFresh, begin) {
      if (!stillFresh() || (begin && !(await begin()))) return { kind: 'stale' }
      const said = answer(text)
      if (said !== null) return said
      sent.push(text)
      return { kind: 'accepted', providerId: `SM${text.reference}`, said: 'queued' }
    },
    faultOf: (code) =>
      (({ '21211': 'wrong number', '30006': 'landline', '30034': 'unregistered' }) as const)[code] ?? 'unknown',
    readHook: (request) => {
      const { signature, brings } = JSON.parse(request.body.toString() || '{}')
      if (signature !== 'ours') return { kind: 'forged', why: 'no signature' }
      return brings === undefined ? { kind: 'unreadable', why: 'it brings nothing' } : { kind: 'read', brings }
    },
    hookAnswer: { type: 'text/xml', body: '<Response/>' },
    fetchSince: null,
    async close() {},
  }
}

export const deskOf = (house: House, more: Partial<TextDesk> = {}): TextDesk => ({
  logins: house.database.logins,
  journal: house.journal,
  replyDomain: 'sms.library.example.org',
  ...more,
})

let ids = 0

export const textIn = (line: Line, from: string, body: string, more: Partial<TextIn> = {}): TextIn => ({
  kind: 'text',
  providerId: `MM${++ids}`,
  from,
  to: line.number,
  body,
  media: [],
  answeredItself: null,
  sentAt: null,
  ...more,
})

export const textReport = (providerId: string, more: Partial<TextReport> = {}): TextReport => ({
  kind: 'report',
  providerId,
  reference: null,
  state: 'delivered',
  fault: null,
  permanent: false,
  code: '',
  said: '',
  at: null,
  ...more,
})

/** Somebody texts the library. */
export async function texts(
  house: House,
  line: Line,
  from: string,
  body: string,
  { now, ...more }: Partial<TextIn> & { now: Date },
): Promise<TextIn> {
  const text = textIn(line, from, body, more)
  await brings(house, line, [text], now)
  return text
}

export const brings = (house: House, line: Line, all: readonly (TextIn | TextReport)[], now: Date): Promise<void> =>
  receiveFromProvider(deskOf(house), line, { brings: all, raw: Buffer.from('{}'), now })

/** Reads whatever hooks have stored, on every line. */
export async function readAllBrought(house: House, now = new Date()): Promise<void> {
  for (const waiting of await findHooksWaiting(house.database.logins, now))
    while ((await readBrought(deskOf(house), waiting, now)) > 0);
}

/** Hands over all that is due on this line at `now`. */
export async function sendAllTexts(house: House, provider: TextProvider, line: Line, now: Date): Promise<void> {
  const { logins } = house.database
  const post: TextPost = { logins, takeLogs: openTakeLogs(house.folder), now: () => now }
  for (let round = 0; round < 50; round++) {
    const due = (await findTextsDue(logins, now, 100)).filter(({ lineNo }) => lineNo === line.lineNo)
    if (due.length === 0) return
    for (const work of due) {
      const library = (await libraryByNo(logins, work.libraryNo))!
      const { opens, notBefore } = await sendTexts(post, provider, { library, line, most: 50 })
      await settleTextsDue(logins, work, { now, opens, notBefore })
    }
  }
}

export interface KeptText {
  textNo: string
  direction: 'in' | 'out'
  kind: string
  state: string
  body: string | null
  meaning: string | null
  reasons: string[] | null
  repeatOf: string | null
}

export const textsOf = (house: House, library: Library, phone?: string): Promise<KeptText[]> =>
  inLibrary(house.database.logins, 'circulation', library.libraryNo, (scope) =>
    rowsOf(
      scope,
      sql<KeptText>`
      select text_no as "textNo", direction, kind, state, body, meaning, reasons, repeat_of as "repeatOf" from mail.text
      where library_no = ${scope.library} and (${phone ?? null}::text is null or phone = ${phone ?? null}) order by text_no`,
    ),
  )
