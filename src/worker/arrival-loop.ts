// The loop that hands mail on that came in. Any number of processes may run it beside each other, also where no mail door is.
import type { Logins } from '../db/scope.ts'
import type { Clock } from '../lib/clock.ts'
import { sayError } from '../lib/errors.ts'
import type { Capability } from '../messages/arrivals/capability.ts'
import { findArrivalsDue, handOnArrivals, settleArrivalsDue } from '../messages/arrivals/hand-on.ts'
import { libraryByNo } from '../patrons/library.ts'
import { startLoop } from './loop.ts'
import type { SendLoop } from './send-loop.ts'

export interface ArrivalLoopOptions {
  logins: Logins
  capabilities: readonly Capability[]
  clock: Clock
  say?: (line: string) => void
  pauseMs?: number
}

export function startArrivalLoop(options: ArrivalLoopOptions): SendLoop {
  const { logins, capabilities, clock, say = () => {}, pauseMs = 200 } = options
  let troubled = false
  const underWay = new Map<number, Promise<void>>()

  const serve = async (libraryNo: number) => {
    const library = await libraryByNo(logins, libraryNo)
    if (library === null) return
    while (!loop.stopping() && (await handOnArrivals(logins, library, { capabilities, now: clock.now() })) > 0);
    await settleArrivalsDue(logins, libraryNo)
  }
  const tell = (error: unknown) => {
    if (!troubled) say(`Mail that came in waits: ${sayError(error)}. Trying again.`)
    troubled = true
  }
  const round = async () => {
    for (const libraryNo of await findArrivalsDue(logins, clock.now())) {
      if (underWay.has(libraryNo)) continue
      const running = serve(libraryNo)
        .then(() => {
          troubled = false
        }, tell)
        .finally(() => underWay.delete(libraryNo))
      underWay.set(libraryNo, running)
    }
  }
  const loop = startLoop(async () => {
    await round().catch(tell)
    return pauseMs
  })
  return {
    async stop() {
      await loop.stop()
      await Promise.all(underWay.values())
    },
  }
}
