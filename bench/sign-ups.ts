// Whether people can still choose while a campaign sends at full speed: sign-ups and preference changes at a steady
// pace, each a transaction of its own with its place in the chain of the ledger.
import { join } from 'node:path'
import type { Choice } from '../src/consent/ledger.ts'
import { recordChoices } from '../src/consent/record-choice.ts'
import { launchNow, makeAgreedLibrary, WORDING } from './agreed-library.ts'
import type { BenchHouse } from './bench-house.ts'
import { startCountingSink, startSendWorker } from './processes.ts'
import { readSinkLog } from './sink-log.ts'
import { type Figure, median, millis, quantile, round } from './table.ts'

const EACH_A_MINUTE = 3_000
/** How long after its turn the last choice may end for the pace to count as held. */
const LATE_MS = 500

export async function measureSignUps(house: BenchHouse): Promise<Figure[]> {
  const forSeconds = house.quick ? 5 : 20
  const each = (EACH_A_MINUTE * forSeconds) / 60
  const people = house.quick ? 30_000 : 120_000
  house.say(`${people.toLocaleString('en-US')} people come in and agree…`)
  const { library, patrons, asked } = await makeAgreedLibrary(house, 'sign-ups', people, each)
  const choice = (patron: string, more: Partial<Choice>): Choice => ({
    patron,
    purpose: 'reengagement',
    channel: 'email',
    decision: 'grant',
    method: 'preference page',
    wording: WORDING,
    decidedAt: new Date(),
    attestedBy: 'the patron',
    ...more,
  })
  const turns = Array.from({ length: 2 * each }, (_, i) =>
    i % 2 === 0
      ? () => choice(asked[i >> 1]!, {})
      : () => choice(patrons[(i * 7919) % people]!, { purpose: i % 4 === 1 ? 'events' : 'new-titles' }),
  )
  const log = join(house.folder, 'sign-ups.log')
  const sink = await startCountingSink(0, '--log', log)
  await launchNow(house, library, 'meanwhile')
  await house.settle()
  const worker = await startSendWorker(house, { ports: { [library.key]: sink.port }, width: 20 })
  worker.tell('go')
  await new Promise((resolve) => setTimeout(resolve, 1_000))
  house.say(`${turns.length} choices in ${forSeconds} s while it sends…`)
  const started = performance.now()
  const startedAt = Date.now()
  const took: number[] = []
  const failed: string[] = []
  let latest = 0
  await Promise.all(
    turns.map(async (make, i) => {
      const due = (i * forSeconds * 1000) / turns.length
      await new Promise((resolve) => setTimeout(resolve, due))
      try {
        await recordChoices(house.database.logins, library.libraryNo, [make()], new Date())
      } catch (error) {
        failed.push(String(error))
      }
      const ended = performance.now() - started
      took.push(ended - due)
      latest = Math.max(latest, ended)
    }),
  )
  const endedAt = Date.now()
  await worker.kill()
  await sink.program.stop()
  const meanwhile = [...readSinkLog(log).byAddress.values()].flat().filter((at) => at >= startedAt && at <= endedAt)
  const rate = (turns.length * 60_000) / Math.max(latest, forSeconds * 1000)
  return [
    {
      work: 'sign-ups and preference changes while a campaign sends',
      figure: `${Math.round(rate).toLocaleString('en-US')} a minute (p99 ${millis(quantile(took, 0.99))})`,
      yardstick: '–',
      ratio: null,
      bar: '3,000 + 3,000 a minute',
      met: failed.length === 0 && latest <= forSeconds * 1000 + LATE_MS,
      more: {
        choices: turns.length,
        seconds: forSeconds,
        medianMs: round(median(took)),
        p99Ms: round(quantile(took, 0.99)),
        worstMs: round(Math.max(...took)),
        failed: failed.slice(0, 5),
        sentMeanwhilePerSecond: round((meanwhile.length * 1000) / (endedAt - startedAt), 0),
      },
    },
  ]
}
