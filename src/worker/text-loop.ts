// The loop that sends texts, apart from the campaigns' loop: a confirmation of STOP and a person's answer must not stand
// behind half a million e-mails. It serves libraries in turn, with a few rounds under way for each line.
import { sayError } from '../lib/errors.ts'
import { findTextsDue, settleTextsDue, type TextWork } from '../messages/due-texts.ts'
import { callOffTexts } from '../messages/end-line.ts'
import { lineByNo } from '../messages/lines.ts'
import { sendTexts, type TextPost } from '../messages/send-texts.ts'
import { settleAbandonedTexts } from '../messages/settle-abandoned-texts.ts'
import { libraryByNo, listLibraries } from '../patrons/library.ts'
import { startLoop } from './loop.ts'
import type { SendLoop } from './send-loop.ts'
import type { TextCarriers } from './text-carriers.ts'

export interface TextLoopOptions {
  post: TextPost
  carriers: TextCarriers
  say?: (line: string) => void
  /** Libraries served at once on one line. */
  rounds?: number
  pauseMs?: number
  /** A text handed over for longer than this belonged to a process that died. */
  leaseMs?: number
}

const TAKE_MS = 250
const LARGEST_TAKE = 100

export function startTextLoop(options: TextLoopOptions): SendLoop {
  const { post, carriers, say = () => {}, rounds = 4, pauseMs = 100, leaseMs = 5 * 60_000 } = options
  const { logins } = post
  const underWay = new Map<number, number>()
  const busy = new Set<string>()
  const lanes = new Set<Promise<void>>()
  const sizes = new Map<number, number>()
  const troubles = new Set<string>()
  let sweptAt = Number.NEGATIVE_INFINITY
  let sweeping: Promise<void> | null = null

  const tell = (about: string, trouble: string | null) => {
    if (trouble === null) return troubles.delete(about)
    if (!troubles.has(about)) say(trouble)
    return troubles.add(about)
  }

  const lane = async (work: TextWork) => {
    const [library, line] = await Promise.all([libraryByNo(logins, work.libraryNo), lineByNo(logins, work.lineNo)])
    const provider = line && carriers.providerFor(line)
    const now = post.now()
    if (library && !line) await callOffTexts(logins, work.libraryNo, work.lineNo, now)
    if (!library || !line || !provider) {
      // Nobody carries it for now: looked at again in a minute.
      await settleTextsDue(logins, work, { now, opens: now, notBefore: new Date(now.getTime() + 60_000) })
      return
    }
    const most = sizes.get(line.lineNo) ?? 10
    const round = await sendTexts(post, provider, { library, line, most })
    if (round.taken > 0) {
      const fitting = Math.round(most * Math.min(2, Math.max(0.25, TAKE_MS / round.ms)))
      sizes.set(line.lineNo, Math.max(1, Math.min(LARGEST_TAKE, fitting)))
    }
    const about = `texts ${line.number}`
    if (round.accepted > 0) tell(about, null)
    else if (round.putOff !== null)
      tell(about, `${line.number}: texts are not taken now (${round.putOff}). They wait and are tried again.`)
    await settleTextsDue(logins, work, { now: post.now(), opens: round.opens, notBefore: round.notBefore })
  }

  const start = (work: TextWork) => {
    const key = `${work.libraryNo} ${work.lineNo}`
    if (busy.has(key) || (underWay.get(work.lineNo) ?? 0) >= rounds) return false
    busy.add(key)
    underWay.set(work.lineNo, (underWay.get(work.lineNo) ?? 0) + 1)
    const running = lane(work)
      .catch(async (error) => {
        tell('database', `Texts were put off: ${sayError(error)}. Trying again.`)
        await new Promise((resolve) => setTimeout(resolve, 300))
      })
      .finally(() => {
        busy.delete(key)
        underWay.set(work.lineNo, underWay.get(work.lineNo)! - 1)
        lanes.delete(running)
        loop.wake()
      })
    lanes.add(running)
    return true
  }

  /** Beside the look for work and not before it: it opens every library's scope, and there may be hundreds. */
  const sweep = async () => {
    for (const library of await listLibraries(logins)) {
      if (loop.stopping()) return
      const lease = { takenBefore: new Date(Date.now() - leaseMs), now: post.now() }
      const { unknown } = await settleAbandonedTexts(logins, library.libraryNo, post.takeLogs, lease)
      if (unknown > 0) say(`${library.name}: we can't tell whether ${unknown} texts left; they won't be sent again.`)
    }
    tell('leases', null)
  }
  const sweepNowAndThen = () => {
    if (sweeping !== null || performance.now() - sweptAt < Math.min(5_000, leaseMs)) return
    sweeping = sweep()
      .catch(
        (error) => void tell('leases', `What a dead process left was not settled: ${sayError(error)}. Trying again.`),
      )
      .finally(() => {
        sweptAt = performance.now()
        sweeping = null
      })
  }

  const loop = startLoop(async () => {
    let started = 0
    try {
      sweepNowAndThen()
      for (const work of await findTextsDue(logins, post.now(), 100)) if (!loop.stopping() && start(work)) started++
      tell('database', null)
    } catch (error) {
      tell('database', `Texts wait: ${sayError(error)}. Trying again.`)
    }
    return started > 0 ? 5 : pauseMs
  })
  return {
    async stop() {
      await loop.stop()
      await Promise.all([sweeping, ...lanes])
    },
  }
}
