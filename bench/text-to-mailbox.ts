// How long a text takes from its provider's hook to the library's own mail server, at a steady pace.
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { BenchHouse } from './bench-house.ts'
import { openSocket } from './hook-load.ts'
import { startCountingSink, startTextProcess } from './processes.ts'
import { readSinkLog } from './sink-log.ts'
import { type Figure, median, millis, quantile, round } from './table.ts'
import { makeTextLine, phoneAt } from './text-line.ts'
import { hookOfText } from './twilio-hooks.ts'

const A_SECOND = 50
const BAR_MS = 5_000

export async function measureTextToMailbox(house: BenchHouse): Promise<Figure[]> {
  const texts = A_SECOND * (house.quick ? 6 : 30)
  const { library, line } = await makeTextLine(house, 'mailbox')
  const log = join(house.folder, 'mailbox.log')
  const sink = await startCountingSink(0, '--log', log)
  const { program, port } = await startTextProcess(house, { door: 0, mails: sink.port })
  await house.settle()
  house.say(`${texts} texts go to a library's mailbox…`)
  const ask = await openSocket(port)
  const began = performance.now()
  const sentAt: number[] = []
  for (let n = 0; n < texts; n++) {
    await sleep(Math.max(0, (n * 1000) / A_SECOND - (performance.now() - began)))
    sentAt.push(Date.now())
    const hook = hookOfText(line.lineNo, { id: `MB${n}`, from: phoneAt(n), to: line.number, body: `Question ${n}` })
    if ((await ask(hook)) !== 200) throw new Error('a hook was not taken')
  }
  const lasted = performance.now() - began
  // Mails about texts of other measured runs may leave meanwhile, as in life.
  const ours = () => readSinkLog(log).all.filter(({ id }) => id.startsWith(`${library.key}.`))
  for (let tries = 0; ours().length < texts && tries < 300; tries++) await sleep(100)
  await program.stop()
  await sink.program.stop()
  // One line is read in the order in which its texts came, and each mail has the next number.
  const mails = ours().toSorted((a, b) => numberIn(a.id) - numberIn(b.id))
  const took = mails.map(({ at }, n) => at - (sentAt[n] ?? at))
  const worst = Math.max(...took)
  const pace = (texts * 1000) / lasted
  return [
    {
      work: `a text to the library’s mailbox, at ${Math.round(pace)} a second`,
      figure: `${millis(worst)} at worst (median ${millis(median(took))})`,
      yardstick: '–',
      ratio: null,
      bar: `< ${BAR_MS / 1000} s at ${A_SECOND}/s`,
      met: mails.length === texts && worst < BAR_MS && pace >= A_SECOND * 0.95,
      more: { texts, mails: mails.length, p99Ms: quantile(took, 0.99), perSecond: round(pace) },
    },
  ]
}

const numberIn = (messageId: string): number => Number(/(\d+)@/.exec(messageId)?.[1] ?? 0)
