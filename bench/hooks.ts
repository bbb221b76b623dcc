// How fast texts come in by webhook, each stored before it is answered, beside a bare route with one INSERT: the same requests,
// the same sockets, the same number of connections to the database, one after the other. What was stored is read meanwhile,
// as in life, and one in a hundred is a STOP, which is obeyed before it is answered.
import type { BenchHouse } from './bench-house.ts'
import { type Loaded, loadWith } from './hook-load.ts'
import { startBareRoute, startTextProcess } from './processes.ts'
import { type Figure, median, millis, perSecond, quantile, round } from './table.ts'
import { makeTextLine } from './text-line.ts'
import { hookOfText } from './twilio-hooks.ts'

const WIDTH = 32
const BAR_SHARE = 0.5
const BAR_MS = 50
/** One text in so many says STOP. */
const STOP_EVERY = 100

export async function measureHooks(house: BenchHouse): Promise<Figure[]> {
  const texts = house.quick ? 5_000 : 20_000
  const { line } = await makeTextLine(house, 'by-text')
  const requests = (run: string) =>
    Array.from({ length: texts }, (_, i) =>
      hookOfText(line.lineNo, {
        ...{ id: `SM${run}${i}`, from: `+1614${String(5_550_100 + i * 7)}`, to: line.number },
        body: i % STOP_EVERY === 0 ? 'STOP' : `Are you open on Sunday? I would like to bring ${i} books back.`,
      }),
    )
  await house.superuser.query(`
    create table public.bare_hook (hook_no bigint generated always as identity primary key, line_no integer, body bytea, at timestamptz default now());
    grant insert on public.bare_hook to gentle_circulation`)
  const bare = await startBareRoute(house)
  house.say(`${texts.toLocaleString('en-US')} texts come in at a bare route…`)
  await loadWith(bare.port, requests('warm').slice(0, 1_000), WIDTH)
  await house.settle()
  const yardstick = await loadWith(bare.port, requests('bare'), WIDTH)
  await bare.program.stop()

  const door = await startTextProcess(house, { door: 0, talks: true })
  house.say('…and at ours…')
  await loadWith(door.port, requests('warm').slice(0, 1_000), WIDTH)
  await house.settle()
  const ours = await loadWith(door.port, requests('ours'), WIDTH)
  const read = await untilRead(house)
  await door.program.stop()

  const rate = (loaded: Loaded) => (loaded.took.length * 1000) / loaded.ms
  const share = rate(ours) / rate(yardstick)
  const p99 = quantile(ours.took, 0.99)
  return [
    {
      work: 'receive texts by webhook, each durable',
      figure: `${perSecond(rate(ours))} (p99 ${millis(p99)})`,
      yardstick: `${perSecond(rate(yardstick))}, a bare route with one INSERT (p99 ${millis(quantile(yardstick.took, 0.99))})`,
      ratio: round(share),
      bar: `≥ ${BAR_SHARE} ×, p99 < ${BAR_MS} ms`,
      met: ours.refused === 0 && share >= BAR_SHARE && p99 < BAR_MS,
      more: {
        texts,
        sockets: WIDTH,
        medianMs: round(median(ours.took)),
        worstMs: round(Math.max(...ours.took)),
        refused: ours.refused,
        stopMedianMs: round(median(ours.took.filter((_, i) => ours.asked[i]! % STOP_EVERY === 0))),
        bareMedianMs: round(median(yardstick.took)),
        readPerSecondAfterwards: round(read, 0),
      },
    },
  ]
}

/** How many stored hooks a second are read once the door is quiet. */
async function untilRead(house: BenchHouse): Promise<number> {
  const left = async () =>
    Number((await house.superuser.query<{ n: string }>('select count(*) as n from mail.brought')).rows[0]!.n)
  const began = performance.now()
  const before = await left()
  while ((await left()) > 0) await new Promise((resolve) => setTimeout(resolve, 100))
  return (before * 1000) / (performance.now() - began)
}
