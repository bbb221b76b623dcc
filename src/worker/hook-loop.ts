// The loop that reads what providers brought, right behind the door that stored it. Lines are served in turn, so that a burst
// on one keeps no other waiting; any number of processes may run it beside each other.
import type { TextDesk } from '../conversations/desk.ts'
import { findHooksWaiting, type HooksWaiting, readBrought } from '../conversations/read-brought.ts'
import { sayError } from '../lib/errors.ts'
import { startLoop } from './loop.ts'
import type { SendLoop } from './send-loop.ts'

export interface HookLoopOptions {
  now: () => Date
  say?: (line: string) => void
  /** Lines read at once; each takes a connection. */
  lines?: number
  pauseMs?: number
}

export function startHookLoop(desk: TextDesk, options: HookLoopOptions): SendLoop {
  const { now, say = () => {}, lines = 3, pauseMs = 50 } = options
  const underWay = new Map<number, Promise<void>>()
  let troubled = false

  const tell = (error: unknown) => {
    if (!troubled) say(`What providers brought is stored and waits to be read: ${sayError(error)}. Trying again.`)
    troubled = true
  }
  const start = (waiting: HooksWaiting) => {
    const running = readBrought(desk, waiting, now())
      .then(
        () => {
          troubled = false
          loop.wake()
        },
        (error) => tell(error),
      )
      .finally(() => underWay.delete(waiting.lineNo))
    underWay.set(waiting.lineNo, running)
  }
  const loop = startLoop(async () => {
    try {
      for (const waiting of await findHooksWaiting(desk.logins, now()))
        if (underWay.size < lines && !underWay.has(waiting.lineNo)) start(waiting)
    } catch (error) {
      tell(error)
    }
    return pauseMs
  })
  return {
    async stop() {
      await loop.stop()
      await Promise.all(underWay.values())
    },
  }
}
