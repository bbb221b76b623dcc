// Stop means now, by text: two workers hand texts over at full speed, and people text STOP, some while their text waits at the
// front of the line, some while it is already taken. The provider's log tells when the last text that is not the
// confirmation reached each of them.
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { BenchHouse } from './bench-house.ts'
import { openSocket } from './hook-load.ts'
import { startCountingPhones, startTextProcess } from './processes.ts'
import { readSinkLog } from './sink-log.ts'
import { type Figure, median, millis, round } from './table.ts'
import { letTextsWait, makeTextLine, phoneAt } from './text-line.ts'
import { hookOfText } from './twilio-hooks.ts'

const BAR_MS = 500
const AIMS = [
  `state = 'waiting' order by due_at, text_no offset 100`,
  `state = 'waiting' order by due_at, text_no offset 10`,
  `state = 'handing' order by taken_at desc, text_no desc`,
]

export async function measureTextStop(house: BenchHouse): Promise<Figure[]> {
  const stops = house.quick ? 20 : 100
  const texts = house.quick ? 12_000 : 60_000
  const { library, line } = await makeTextLine(house, 'text-stops')
  await letTextsWait(house, { library, line, phones: Array.from({ length: texts }, (_, n) => phoneAt(n)) })
  const log = join(house.folder, 'text-stops.log')
  const phones = await startCountingPhones(0, '--log', log)
  const door = await startTextProcess(house, { door: 0 })
  await house.settle()
  const workers = await Promise.all([1, 2].map(() => startTextProcess(house, { phones: phones.port })))
  await sleep(1_000)
  house.say(`${stops} people text STOP while texts leave…`)
  const said: { phone: string; at: number; tookMs: number }[] = []
  const ask = await openSocket(door.port)
  const startedAt = Date.now()
  // Sometimes nothing is in that state at the moment: then with the next one.
  for (let i = 0; said.length < stops && i < stops * 2; i++) {
    const { rows } = await house.superuser.query<{ phone: string }>(
      `select phone from mail.text where library_no = $1 and line_no = $2 and kind = 'notice' and ${AIMS[i % AIMS.length]} limit 1`,
      [library.libraryNo, line.lineNo],
    )
    const phone = rows[0]?.phone
    if (phone === undefined) continue
    const hook = hookOfText(line.lineNo, { id: `STOP${i}`, from: phone, to: line.number, body: 'STOP' })
    const [at, from] = [Date.now(), performance.now()]
    if ((await ask(hook)) !== 200) continue
    said.push({ phone, at, tookMs: performance.now() - from })
    await sleep(50 + Math.random() * 50)
  }
  const endedAt = Date.now()
  await sleep(3_000) // whatever is coming has come by then
  for (const { program } of [...workers, door]) await program.kill()
  await phones.program.stop()

  const confirmations = new Set(
    (
      await house.superuser.query<{ reference: string }>(
        `select library_no || '-' || text_no as reference from mail.text where library_no = $1 and kind = 'confirmation'`,
        [library.libraryNo],
      )
    ).rows.map(({ reference }) => reference),
  )
  const arrived = readSinkLog(log).all
  const after = said.map(({ phone, at }) =>
    Math.max(0, ...arrived.filter((a) => a.address === phone && !confirmations.has(a.id)).map((a) => a.at - at)),
  )
  const confirmed = arrived.filter(({ id }) => confirmations.has(id)).length
  const speed = arrived.filter(({ at }) => at >= startedAt && at < endedAt).length / ((endedAt - startedAt) / 1000)
  const worst = Math.max(...after)
  return [
    {
      work: `STOP by text to silence, worst of ${said.length}, while ${Math.round(speed)}/s leave`,
      figure: `${millis(worst)} (the hook itself ${millis(Math.max(...said.map((one) => one.tookMs)))})`,
      yardstick: '–',
      ratio: null,
      bar: `< ${BAR_MS} ms`,
      met: worst < BAR_MS && said.length === stops && confirmed === said.length,
      more: {
        stops: said.length,
        confirmed,
        arrivedAfterStopBegan: after.filter((ms) => ms > 0).length,
        worstMs: worst,
        hookMedianMs: round(median(said.map((one) => one.tookMs))),
        sentMeanwhilePerSecond: round(speed, 0),
      },
    },
  ]
}
