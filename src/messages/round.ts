// One round for one campaign, whatever carries it: take, hand over, record. No transaction is open while a provider is spoken
// to. The clock of the take is asked again at the last moment before each message, so that nothing decided more than half a
// second ago leaves.
import type { HandOver } from '../channels/channel.ts'
import type { Logins } from '../db/scope.ts'
import { monotonicMs } from '../lib/clock.ts'
import { sayError } from '../lib/errors.ts'
import type { Library } from '../patrons/library.ts'
import type { Taken } from './identify-taken.ts'
import type { Mailing } from './mailing.ts'
import { type Outcome, recordOutcomes } from './record-outcomes.ts'
import { FRESH_MS, takeDue } from './take.ts'
import type { TakeLogs } from './take-log.ts'
import type { TakeTerms } from './take-terms.ts'

export interface RoundWork {
  library: Library
  sender: string
  campaignNo: string
  most: number
}

export interface RoundHouse {
  logins: Logins
  takeLogs: TakeLogs
  now: () => Date
}

/** Both questions are asked at the last moment; either may say no. */
export type HandOne = (message: Taken, stillFresh: () => boolean, begin: () => Promise<boolean>) => Promise<HandOver>

/** How a campaign leaves: the terms of its take, and who carries it. */
export interface Way {
  terms: TakeTerms
  /** How many hand-overs may be under way at once. */
  width: number
  /** Once a round. Throws when the letter cannot be written: nobody's own fault, so the messages wait until it is mended. */
  prepare(mailing: Mailing, messages: readonly Taken[]): Promise<HandOne>
  /** The refusal means that the address itself does not exist. */
  isDead(result: HandOver): boolean
  /** After their outcomes were written down. */
  recorded?(outcomes: readonly Outcome[]): Promise<void>
}

export interface Round {
  taken: number
  withheld: number
  accepted: number
  /** How long taking and handing over lasted, for choosing the size of the next take. */
  ms: number
  notBefore: Date | null
  /** What was said when a message was refused for now; null when none was. */
  putOff: string | null
}

export async function runRound(house: RoundHouse, way: Way, work: RoundWork): Promise<Round> {
  const { logins, takeLogs, now } = house
  const take = await takeDue(logins, { ...work, terms: way.terms, now: now(), takeLogs })
  const { withheld, notBefore, log } = take
  const round: Round = { taken: take.messages.length, withheld, accepted: 0, ms: 0, notBefore, putOff: null }
  if (take.mailing !== null && log !== null) {
    const hand = await preparedOrWhyNot(way, take.mailing, take.messages)
    const stillFresh = () => monotonicMs() - take.takenAt < FRESH_MS
    let settled: Outcome[] = []
    let recording = Promise.resolve()
    const told = { ...work, libraryNo: work.library.libraryNo, takeNo: take.takeNo, line: way.terms.line }
    // Answers are written as they come, a batch at a time: one slow answer keeps nobody else's outcome in memory only.
    const record = () => {
      const batch = settled
      settled = []
      recording = recording.then(async () => {
        await recordOutcomes(logins, told, batch, now())
        await way.recorded?.(batch)
      })
      // Told below, once all are handed over; until then a lost database must not end the whole program.
      recording.catch(() => {})
    }
    const timer = setInterval(() => settled.length > 0 && record(), 200)
    try {
      await eachOf(take.messages, way.width, async (message) => {
        const result = stillFresh()
          ? await hand(message, stillFresh, () => log.begin(message.messageNo))
          : ({ kind: 'stale' } as const)
        if (result.kind !== 'unknown')
          log.end(message.messageNo, result.kind === 'accepted' ? 'accepted' : 'did not leave')
        if (result.kind === 'accepted') round.accepted++
        if (result.kind === 'refused' && !result.permanent) round.putOff = result.said
        const { messageNo, addressHash } = message
        settled.push({ messageNo, addressHash, result, deadAddress: way.isDead(result) })
      })
    } finally {
      clearInterval(timer)
      record()
      await recording.catch((error) => {
        log.leave() // what could not be written down is told by it later
        throw error
      })
    }
    log.close()
  }
  round.ms = monotonicMs() - take.takenAt
  return round
}

async function preparedOrWhyNot(way: Way, mailing: Mailing, messages: readonly Taken[]): Promise<HandOne> {
  try {
    return await way.prepare(mailing, messages)
  } catch (error) {
    return async () => ({ kind: 'refused', permanent: false, code: 'not-written', said: sayError(error) })
  }
}

/** Runs `act` over all, `width` at a time. */
async function eachOf<T>(all: T[], width: number, act: (one: T) => Promise<void>): Promise<void> {
  let next = 0
  const lane = async () => {
    while (next < all.length) await act(all[next++]!)
  }
  await Promise.all(Array.from({ length: Math.min(width, all.length) }, lane))
}
