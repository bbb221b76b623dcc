// A noisy library delays no other: many libraries share one installation and one line, one of them has a night's notices waiting,
// and every other one asks for a single text while they leave. The provider's log tells how long each of those took.
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { shareLine } from '../src/messages/lines.ts'
import { makeOpenLibrary } from './agreed-library.ts'
import type { BenchHouse } from './bench-house.ts'
import { startCountingPhones, startTextProcess } from './processes.ts'
import { readSinkLog } from './sink-log.ts'
import { type Figure, median, millis, quantile } from './table.ts'
import { letTextsWait, makeTextLine, phoneAt } from './text-line.ts'

const BAR_MS = 2_000
/** Texts of the quiet libraries, a second. */
const A_SECOND = 20

export async function measureNoisyLibrary(house: BenchHouse): Promise<Figure[]> {
  const libraries = house.quick ? 60 : 250
  const texts = house.quick ? 6_000 : 20_000
  house.say(`${libraries} libraries share a line…`)
  const { library: noisy, line } = await makeTextLine(house, 'noisy')
  const others = []
  for (let n = 1; n < libraries; n++) {
    const library = await makeOpenLibrary(house, `quiet-${n}`)
    await shareLine(house.database.logins, line, { libraryNo: library.libraryNo, word: `Q${n}` })
    others.push(library)
  }
  const log = join(house.folder, 'noisy.log')
  const phones = await startCountingPhones(0, '--log', log)
  await letTextsWait(house, {
    ...{ library: noisy, line, urgent: true },
    phones: Array.from({ length: texts }, (_, n) => phoneAt(n)),
  })
  await house.settle()
  const { program } = await startTextProcess(house, { phones: phones.port })
  await sleep(1_000)
  house.say(`${others.length} libraries ask for one text each, while ${texts} of another leave…`)
  const askedAt = new Map<string, number>()
  const began = performance.now()
  for (const [n, library] of others.entries()) {
    await sleep(Math.max(0, (n * 1000) / A_SECOND - (performance.now() - began)))
    const phone = phoneAt(texts + n)
    askedAt.set(phone, Date.now())
    await letTextsWait(house, { library, line, urgent: true, phones: [phone] })
  }
  const arrived = () => readSinkLog(log).all.filter(({ address }) => askedAt.has(address))
  for (let tries = 0; arrived().length < others.length && tries < 100; tries++) await sleep(100)
  const took = arrived().map(({ address, at }) => at - askedAt.get(address)!)
  const { rows } = await house.superuser.query<{ n: number }>(
    `select count(*)::int as n from mail.text where library_no = $1 and state = 'waiting'`,
    [noisy.libraryNo],
  )
  await program.kill()
  await phones.program.stop()
  const worst = Math.max(...took)
  return [
    {
      work: `a notice of a quiet library, worst of ${others.length}, beside ${texts.toLocaleString('en-US')} of a noisy one`,
      figure: `${millis(worst)} (median ${millis(median(took))})`,
      yardstick: '–',
      ratio: null,
      bar: `< ${BAR_MS / 1000} s`,
      met: took.length === others.length && worst < BAR_MS,
      more: { libraries, arrived: took.length, p99Ms: quantile(took, 0.99), noisyStillWaiting: rows[0]!.n },
    },
  ]
}
