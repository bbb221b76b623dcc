// The provider of the demo and of tests: its phones are in memory, nothing leaves the machine, and known numbers fail in
// known ways (sandbox-numbers.ts). Like a real one it calls our door with signed hooks, tries again when the door is
// closed, and can be asked what it told.
import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { HandOver } from '../channel.ts'
import { faultIn, NOT_A_NUMBER, refusedBy } from './faults.ts'
import { readEvent, readSandboxHook, type SandboxEvent, sandboxHook } from './sandbox-hook.ts'
import { sandboxFaults, wayOf } from './sandbox-numbers.ts'
import { SANDBOX_PICTURE_URL, sandboxPicture } from './sandbox-picture.ts'
import type { HookRequest, OutgoingText, TextIn, TextProvider } from './text-provider.ts'

export interface SandboxOptions {
  secret: string
  hookUrl: string
  /** Our door; true once everything in the hook is stored. */
  deliver(request: HookRequest): Promise<boolean>
  slowMs?: number
  /** Between the tries to reach a closed door; each is twice as long as the one before. */
  againMs?: number
}

/** `in` is what the phone wrote to the library. */
export interface PhoneText {
  way: 'in' | 'out'
  phone: string
  library: string
  body: string
  /** How many came along. */
  pictures: number
  reference: string | null
  at: Date
}

export interface Sandbox extends TextProvider {
  /** Everything on all phones, oldest first; the last ten thousand are kept. */
  texts(): readonly PhoneText[]
  write(text: { from: string; to: string; body: string; media?: TextIn['media'] }): void
}

const MOST = 10_000
const TRIES = 6

export function sandboxProvider(options: SandboxOptions): Sandbox {
  const { secret, hookUrl, deliver, slowMs = 5_000, againMs = 250 } = options
  const onPhones: PhoneText[] = []
  const events: SandboxEvent[] = []
  const stopped = new Set<string>()
  const underWay = new Set<Promise<unknown>>()
  const closing = new AbortController()

  const during = <T>(work: Promise<T>): Promise<T> => {
    underWay.add(work)
    return work.finally(() => underWay.delete(work))
  }
  const keep = <T>(list: T[], one: T) => {
    list.push(one)
    if (list.length > MOST) list.shift()
  }
  /** One hook after the other, as they are given. */
  async function tell(those: readonly SandboxEvent[], isLost: boolean): Promise<void> {
    for (const event of those) {
      keep(events, event)
      for (let tries = 0; !isLost && tries < TRIES; tries++) {
        const taken = await deliver(sandboxHook(event, { secret, hookUrl, now: new Date() })).catch(() => false)
        if (taken || closing.signal.aborted) break
        await wait(againMs * 2 ** tries, null, { signal: closing.signal, ref: false }).catch(() => {})
      }
    }
  }

  async function take(text: OutgoingText, ...[stillFresh, begin]: Asking): Promise<HandOver> {
    const way = wayOf(text.to)
    if (closing.signal.aborted) return refusedBy({}, 'closing', 'The sandbox is being closed.')
    if (!/^\+?\d{3,15}$/.test(text.to)) return refusedBy({}, NOT_A_NUMBER, 'That is not a telephone number.')
    if (!stillFresh()) return { kind: 'stale' }
    if (begin && !(await begin())) return { kind: 'stale' }
    if (!stillFresh()) return { kind: 'stale' }
    const refused = way.refused ?? (stopped.has(`${text.to} ${text.from}`) ? 'stopped-here' : null)
    if (refused !== null) return refusedBy(sandboxFaults, refused, `The sandbox says: ${refused}.`)
    const { to: phone, from: library, body, reference } = text
    const [id, at] = [`sandbox-${randomUUID()}`, new Date()]
    keep(onPhones, { way: 'out', phone, library, body, pictures: 0, reference, at })
    const told = (state: SandboxEvent['state'], code = ''): SandboxEvent => ({
      kind: 'report',
      id,
      at,
      reference,
      state,
      code,
    })
    const reports = [told('accepted'), way.failed ? told('failed', way.failed) : told('delivered')]
    if (way.outOfOrder) reports.reverse()
    if (way.slow) await wait(slowMs, null, { signal: closing.signal }).catch(() => {})
    // After our caller has heard the answer, as it would be over a line.
    setImmediate(() => void during(tell(way.twice ? reports.flatMap((one) => [one, one]) : reports, way.lost ?? false)))
    if (way.dies) return { kind: 'unknown', why: 'the line went dead after the request' }
    return { kind: 'accepted', providerId: id, said: 'kept in the sandbox' }
  }

  return {
    name: 'sandbox',
    width: 50,
    handOver: (...handing) => during(take(...handing).catch((error) => ({ kind: 'unknown', why: String(error) }))),
    faultOf: (code) => faultIn(sandboxFaults, code),
    pictureHere: (url) => (url === SANDBOX_PICTURE_URL ? sandboxPicture : null),
    readHook: (request) => readSandboxHook(secret, request),
    hookAnswer: { type: 'text/plain', body: '' },
    async fetchSince(since) {
      const found = events.filter(({ at }) => at >= since)
      return found.flatMap((event) => readEvent(JSON.parse(JSON.stringify(event))) ?? [])
    },
    texts: () => onPhones,
    write({ from, to, body, media = [] }) {
      const [way, at] = [wayOf(from), new Date()]
      keep(onPhones, { way: 'in', phone: from, library: to, body, pictures: media.length, reference: null, at })
      const answeredItself = way.answersItself ? keywordIn(body) : null
      if (answeredItself === 'stop') stopped.add(`${from} ${to}`)
      if (answeredItself === 'start') stopped.delete(`${from} ${to}`)
      const one = (): SandboxEvent => ({
        kind: 'text',
        id: `sandbox-${randomUUID()}`,
        at,
        from,
        to,
        body,
        media,
        answeredItself,
      })
      void during(tell(way.twice ? [one(), one()] : [one()], way.lost ?? false))
    },
    async close() {
      closing.abort()
      while (underWay.size > 0) await Promise.all(underWay)
    },
  }
}

type Asking = [stillFresh: () => boolean, begin?: (() => Promise<boolean>) | undefined]

function keywordIn(body: string): TextIn['answeredItself'] {
  const word = body.trim().toLowerCase()
  return word === 'stop' || word === 'help' || word === 'start' ? word : null
}
