// Every half a minute: conversations that are over their due time or that a rule closes, and once an hour what each
// provider says came in.
import type { TextDesk } from '../conversations/desk.ts'
import { reconcileLine } from '../conversations/reconcile.ts'
import { tendConversations } from '../conversations/tend-conversations.ts'
import { readPause } from '../db/pause.ts'
import { inLibrary } from '../db/scope.ts'
import { sayError } from '../lib/errors.ts'
import { allLinesOf, listLines } from '../messages/lines.ts'
import { clearQuietAlarms } from '../messages/mailbox-alarm.ts'
import { listLibraries } from '../patrons/library.ts'
import type { SendLoop } from './send-loop.ts'
import type { TextCarriers } from './text-carriers.ts'

export function startTextKeeping(
  desk: TextDesk,
  {
    carriers,
    now,
    say,
    everyMs = 30_000,
  }: { carriers: TextCarriers; now: () => Date; say: (line: string) => void; everyMs?: number },
): SendLoop {
  const round = async () => {
    try {
      if ((await readPause(desk.logins)) !== null) return
      for (const library of await listLibraries(desk.logins)) {
        await inLibrary(desk.logins, 'circulation', library.libraryNo, (scope) =>
          clearQuietAlarms(scope, library, now()),
        )
        if ((await allLinesOf(desk.logins, library.libraryNo)).length > 0) await tendConversations(desk, library, now())
      }
      for (const line of await listLines(desk.logins)) {
        const provider = carriers.providerFor(line)
        const asked = provider && (await reconcileLine(desk, line, provider, now()))
        if (asked?.kind === 'failed') say(`${line.number}: the provider was not asked what came in: ${asked.why}`)
      }
    } catch (error) {
      say(`Conversations were not looked after: ${sayError(error)}. Trying again.`)
    }
  }
  let running = round()
  const timer = setInterval(() => {
    running = running.then(round)
  }, everyMs)
  return {
    async stop() {
      clearInterval(timer)
      await running
    },
  }
}
