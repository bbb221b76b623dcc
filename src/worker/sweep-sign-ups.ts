// Once an hour what was typed into join forms and not proven within two days is forgotten, in every library.
import type { Logins } from '../db/scope.ts'
import { sayError } from '../lib/errors.ts'
import { listLibraries } from '../patrons/library.ts'
import { sweepSignUps } from '../signups/begin.ts'
import type { SendLoop } from './send-loop.ts'

export function startSweeping(
  { logins, now }: { logins: Logins; now: () => Date },
  say: (line: string) => void,
  everyMs = 3_600_000,
): SendLoop {
  const sweep = async () => {
    try {
      for (const library of await listLibraries(logins)) await sweepSignUps(logins, library, now())
    } catch (error) {
      say(`Old sign-ups were not swept: ${sayError(error)}. Trying again in an hour.`)
    }
  }
  let running = sweep()
  const timer = setInterval(() => {
    running = running.then(sweep)
  }, everyMs)
  return {
    async stop() {
      clearInterval(timer)
      await running
    },
  }
}
