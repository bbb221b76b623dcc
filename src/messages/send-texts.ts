// One round of texts of one library on one line: take, hand over, record. No transaction is open while a provider is spoken
// to, and the clock of the take is asked at the last moment, so that nothing decided more than half a second ago leaves.
import type { TextProvider } from '../channels/sms/text-provider.ts'
import { inLibrary, type Logins } from '../db/scope.ts'
import { monotonicMs } from '../lib/clock.ts'
import { sayError } from '../lib/errors.ts'
import { readAnswering } from '../patrons/answering.ts'
import type { Library } from '../patrons/library.ts'
import type { Line } from './lines.ts'
import { FRESH_MS } from './take.ts'
import type { TakeLogs } from './take-log.ts'
import { type TakenText, takeTexts } from './take-texts.ts'
import { recordTextOutcomes, type TextHandOver, type TextOutcome, textReference } from './text-outcomes.ts'
import { recordRoutes } from './text-routes.ts'

export interface TextPost {
  logins: Logins
  takeLogs: TakeLogs
  now: () => Date
}

export interface TextRound {
  taken: number
  withheld: number
  accepted: number
  /** How long taking and handing over lasted, for choosing the size of the next take. */
  ms: number
  opens: Date
  notBefore: Date | null
  /** What was said when a text was refused for now; null when none was. */
  putOff: string | null
}

export async function sendTexts(
  post: TextPost,
  provider: TextProvider,
  { library, line, most }: { library: Library; line: Line; most: number },
): Promise<TextRound> {
  const answering = await readAnswering(post.logins, library.libraryNo)
  const take = await takeTexts(post.logins, {
    ...{ library, answering, line, most, now: post.now() },
    takeLogs: post.takeLogs,
  })
  const { withheld, opens, notBefore } = take
  const round: TextRound = { taken: take.texts.length, withheld, accepted: 0, ms: 0, opens, notBefore, putOff: null }
  const { log } = take
  if (log !== null) {
    // Before anything leaves: an answer may come back within the second.
    await recordRoutes(post.logins, line, library, { phones: take.texts.map((text) => text.phone), now: post.now() })
    const stillFresh = () => monotonicMs() - take.takenAt < FRESH_MS
    const record = (outcomes: TextOutcome[]) =>
      inLibrary(post.logins, 'circulation', library.libraryNo, (scope) =>
        recordTextOutcomes(scope, library, { line, takeNo: take.takeNo, outcomes, now: post.now() }),
      )
    const next = take.texts.values()
    const lane = async () => {
      for (const text of next) {
        const result = await handOver(provider, line, library, text, {
          stillFresh,
          begin: () => log.begin(text.textNo),
        })
        if (result.kind !== 'unknown') log.end(text.textNo, result.kind === 'accepted' ? 'accepted' : 'did not leave')
        if (result.kind === 'accepted') round.accepted++
        if (result.kind === 'refused' && !result.permanent) round.putOff = result.said
        // At once, one by one: a report about it may be on its way already, and a text costs more than this does.
        await record([{ textNo: text.textNo, phone: text.phone, phoneHash: text.phoneHash, result }])
      }
    }
    await Promise.all(Array.from({ length: Math.min(provider.width, take.texts.length) }, lane))
    log.close() // not in a `finally`: what could not be written down is told by it later
  }
  round.ms = monotonicMs() - take.takenAt
  return round
}

async function handOver(
  provider: TextProvider,
  line: Line,
  library: Library,
  text: TakenText,
  { stillFresh, begin }: { stillFresh: () => boolean; begin: () => Promise<boolean> },
): Promise<TextHandOver> {
  if (!stillFresh()) return { kind: 'stale' }
  const outgoing = {
    reference: textReference(library, text.textNo),
    from: line.number,
    to: text.phone,
    body: text.body,
  }
  try {
    const result: TextHandOver = await provider.handOver(outgoing, stillFresh, begin)
    if (result.kind === 'refused') result.fault = provider.faultOf?.(result.code) ?? null
    return result
  } catch (error) {
    return { kind: 'unknown', why: sayError(error) }
  }
}
