// What may not wait for the night: once an hour what was typed into join forms and not proven within two days is forgotten,
// in every library, and so are the logs of takes, and the notices of half-read files, that processes left behind when they died.
import type { Logins } from '../db/scope.ts'
import { sayError } from '../lib/errors.ts'
import type { TakeLogs } from '../messages/take-log.ts'
import { forgetLateNotices } from '../notices/queue-notices.ts'
import { listLibraries } from '../patrons/library.ts'
import { sweepSignUps } from '../signups/begin.ts'
import type { SendLoop } from './send-loop.ts'

export function startSweeping(
  { logins, takeLogs, now }: { logins: Logins; takeLogs: TakeLogs; now: () => Date },
  say: (line: string) => void,
  everyMs = 3_600_000,
): SendLoop {
  const sweep = async () => {
    try {
      takeLogs.clearOld()
      for (const library of await listLibraries(logins)) {
        await sweepSignUps(logins, library, now())
        await forgetLateNotices(logins, library.libraryNo, now())
      }
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
