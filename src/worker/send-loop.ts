// The sending loop: finds due work fairly between libraries and campaigns and keeps a few rounds under way for each
// provider, so that a stalled one holds up nobody else. Any number of processes may run it beside each other.
import type { EmailProvider } from '../channels/channel.ts'
import type { TextProvider } from '../channels/sms/text-provider.ts'
import { refreshStale } from '../consent/standing.ts'
import { monotonicMs } from '../lib/clock.ts'
import { sayError } from '../lib/errors.ts'
import { type DueWork, findDue, OUTREACH_TEXTS, settleDue } from '../messages/due.ts'
import type { Line } from '../messages/lines.ts'
import type { Round, RoundWork } from '../messages/round.ts'
import { sendCampaignTexts } from '../messages/send-campaign-texts.ts'
import { type Post, sendRound } from '../messages/send-due.ts'
import { settleAbandoned } from '../messages/settle-abandoned.ts'
import { type Library, listLibraries } from '../patrons/library.ts'
import { startLoop } from './loop.ts'

export interface SendLoop {
  /** Takes nothing more, waits for what is under way, and ends. */
  stop(): Promise<void>
}

export interface SendLoopOptions {
  post: Post
  /** The provider that carries a library's outreach e-mail, or null when none is set up for it. */
  providerFor: (library: Library) => EmailProvider | null
  /** The line for campaigns of a library and who carries it, or null when none is set up for it. */
  textsFor?: (library: Library) => Promise<{ line: Line; provider: TextProvider } | null>
  say?: (line: string) => void
  /** Rounds at once for one provider: while one waits for the database, another hands over. */
  rounds?: number
  pauseMs?: number
  /** A message handed over for longer than this belonged to a process that died. */
  leaseMs?: number
}

/** `door`: what two rounds at once share. */
interface Carrier {
  door: object
  what: string
  send(work: RoundWork): Promise<Round>
}

const TAKE_MS = 250
const LARGEST_TAKE = 200

export function startSendLoop(options: SendLoopOptions): SendLoop {
  const {
    post,
    providerFor,
    textsFor = async () => null,
    say = () => {},
    rounds = 3,
    pauseMs = 200,
    leaseMs = 5 * 60_000,
  } = options
  const underWay = new Map<object, number>()
  const sizes = new Map<object, number>()
  const lanes = new Set<Promise<void>>()
  let sweptAt = Number.NEGATIVE_INFINITY
  let sweeping: Promise<void> | null = null

  // A trouble is told when it begins and when it ends, not at every try between.
  const troubles = new Set<string>()
  const tell = (about: string, trouble: string | null, over: string) => {
    if (trouble !== null && !troubles.has(about)) say(trouble)
    if (trouble === null && troubles.has(about)) say(over)
    if (trouble === null) troubles.delete(about)
    else troubles.add(about)
  }

  const carrierFor = async (work: DueWork, library: Library): Promise<Carrier | null> => {
    if (work.sender === OUTREACH_TEXTS) {
      const by = await textsFor(library)
      return by && { door: by.provider, what: 'texts', send: (round) => sendCampaignTexts(post, by, round) }
    }
    const provider = providerFor(library)
    return provider && { door: provider, what: 'mail', send: (round) => sendRound(post, provider, round) }
  }

  const lane = async (work: DueWork, library: Library, { door, what, send }: Carrier) => {
    try {
      const most = sizes.get(door) ?? 20
      const round = await send({ library, sender: work.sender, campaignNo: work.campaignNo, most })
      // A take should last a quarter of a second: small where a provider is slow, so that little waits to go back.
      if (round.taken > 0)
        sizes.set(
          door,
          Math.max(1, Math.min(LARGEST_TAKE, Math.round(most * Math.min(2, Math.max(0.25, TAKE_MS / round.ms))))),
        )
      if (round.accepted > 0)
        tell(
          `${what} ${library.key}`,
          null,
          `${library.name}: the ${what} ${what === 'mail' ? 'is' : 'are'} taken again.`,
        )
      else if (round.putOff !== null)
        tell(
          `${what} ${library.key}`,
          what === 'mail'
            ? `${library.name}: the mail is not taken now (${round.putOff}). It waits and is tried again.`
            : `${library.name}: the texts of a mailing are not taken now (${round.putOff}). They wait and are tried again.`,
          '',
        )
      await settleDue(post.logins, work, post.now(), round.notBefore)
    } catch (error) {
      // A lock not had in time, a database gone: nothing is lost, the messages wait. The next try is a moment later.
      say(`Sending for ${library.name} was put off: ${sayError(error)}`)
      await new Promise((resolve) => setTimeout(resolve, 500))
    } finally {
      underWay.set(door, underWay.get(door)! - 1)
      loop.wake()
    }
  }

  /** Beside the look for work and not before it: it opens every library's scope, and there may be hundreds. */
  const sweep = async (libraries: Library[]) => {
    for (const library of libraries) {
      if (loop.stopping()) return
      await refreshStale(post.logins, library.libraryNo)
      const { unknown } = await settleAbandoned(post.logins, library.libraryNo, post.takeLogs, {
        takenBefore: new Date(Date.now() - leaseMs),
        now: post.now(),
      })
      if (unknown > 0) say(`${library.name}: we can't tell whether ${unknown} messages left; they won't be sent again.`)
    }
    tell('leases', null, 'What dead processes leave is settled again.')
  }
  const sweepNowAndThen = (libraries: Library[]) => {
    if (sweeping !== null || monotonicMs() - sweptAt < Math.min(1_000, leaseMs)) return
    sweeping = sweep(libraries)
      .catch((error) =>
        tell('leases', `What a dead process left was not settled: ${sayError(error)}. Trying again.`, ''),
      )
      .finally(() => {
        sweptAt = monotonicMs()
        sweeping = null
      })
  }

  const loop = startLoop(async () => {
    let found = 0
    try {
      const libraries = await listLibraries(post.logins)
      tell('database', null, 'The database answers again.')
      sweepNowAndThen(libraries)
      const byNo = new Map(libraries.map((library) => [library.libraryNo, library]))
      for (const work of await findDue(post.logins, post.now(), 100)) {
        const library = byNo.get(work.libraryNo)
        const carrier = library ? await carrierFor(work, library) : null
        if (library && carrier === null)
          await settleDue(post.logins, work, post.now(), new Date(post.now().getTime() + 60_000))
        if (!library || carrier === null || loop.stopping()) continue
        const atOnce = underWay.get(carrier.door) ?? 0
        if (atOnce >= rounds) continue
        found++
        underWay.set(carrier.door, atOnce + 1)
        const running = lane(work, library, carrier)
        lanes.add(running)
        void running.finally(() => lanes.delete(running))
      }
    } catch (error) {
      tell('database', `The database did not answer: ${sayError(error)}. Trying again.`, '')
    }
    return found > 0 ? 5 : pauseMs
  })
  return {
    async stop() {
      await loop.stop()
      await Promise.all([sweeping, ...lanes])
    },
  }
}
