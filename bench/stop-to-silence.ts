// Stop means now: a campaign at full speed from two processes, an import of the same library's file over and over,
// another library's mail server stalled; and people say stop, some while their message waits, some at the front of the
// line, some while it is already taken. The sink's log tells when the last mail to each of them arrived.
import { join } from 'node:path'
import { stop } from '../src/consent/stop.ts'
import type { Library } from '../src/patrons/library.ts'
import { launchNow, makeAgreedLibrary, writePeople } from './agreed-library.ts'
import type { BenchHouse } from './bench-house.ts'
import { type Program, startCountingSink, startImport, startSendWorker } from './processes.ts'
import { readSinkLog } from './sink-log.ts'
import { type Figure, median, millis, round } from './table.ts'

const BAR_MS = 500

interface Said {
  aimedAt: keyof typeof AIMS
  email: string
  at: number
  tookMs: number
}

/** Whose message to stop: which of them is drawn by the moment. */
const AIMS = {
  waiting: `m.state = 'waiting' and m.message_no > (select min(w.message_no) + 3000 + (random() * 15000)::int from mail.message w
              where w.library_no = $1 and w.campaign_no = $2 and w.state = 'waiting') order by m.message_no`,
  next: `m.state = 'waiting' order by m.due_at, m.message_no offset 150`,
  taken: `m.state = 'handing' order by m.taken_at desc, m.message_no desc`,
}
const aims = Object.keys(AIMS) as (keyof typeof AIMS)[]

export async function measureStopToSilence(house: BenchHouse): Promise<Figure[]> {
  const stops = house.quick ? 20 : 100
  const people = house.quick ? 40_000 : 150_000
  house.say(`${people.toLocaleString('en-US')} people come in and agree…`)
  const { library, file } = await makeAgreedLibrary(house, 'stops', people)
  const stalledLibrary = await makeAgreedLibrary(house, 'stalled', 2_000)
  const later = join(house.folder, 'stops-later.csv')
  await writePeople(later, library.key, people, 1)
  const log = join(house.folder, 'stops.log')
  const sink = await startCountingSink(0, '--log', log)
  const stalled = await startCountingSink(0, '--stall')
  const { campaignNo } = await launchNow(house, library, 'to-all')
  await launchNow(house, stalledLibrary.library, 'to-all')
  await house.settle()
  const orders = { ports: { [library.key]: sink.port, stalled: stalled.port }, width: 20 }
  const workers = await Promise.all([startSendWorker(house, orders), startSendWorker(house, orders)])
  const importing = startImport(house, library.key, [later, file], true)
  let imports = 0
  void countLines(importing, () => imports++)
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  for (const worker of workers) worker.tell('go')
  await new Promise((resolve) => setTimeout(resolve, 1_000))
  house.say(`${stops} people say stop…`)
  const said: Said[] = []
  const startedAt = Date.now()
  for (let i = 0; i < stops; i++) {
    const one = await sayStop(house, library, campaignNo, aims[i % aims.length]!)
    if (one) said.push(one)
    await new Promise((resolve) => setTimeout(resolve, 50 + Math.random() * 100))
  }
  const endedAt = Date.now()
  await new Promise((resolve) => setTimeout(resolve, 3_000)) // whatever is coming has come by then
  for (const program of [...workers, importing]) await program.kill()
  await sink.program.stop()
  await stalled.program.kill()

  const { byAddress } = readSinkLog(log)
  const speed =
    ([...byAddress.values()].flat().filter((at) => at >= startedAt && at < endedAt).length * 1000) /
    (endedAt - startedAt)
  const after = said.map((s) =>
    Math.max(0, ...(byAddress.get(s.email) ?? []).filter((at) => at >= s.at).map((at) => at - s.at)),
  )
  const worst = Math.max(...after)
  const took = said.map((s) => s.tookMs)
  const worstCall = Math.max(...took)
  return [
    {
      work: `stop to silence, worst of ${said.length}, while ${Math.round(speed).toLocaleString('en-US')}/s are sent`,
      figure: `${millis(worst)} (the call itself ${millis(worstCall)})`,
      yardstick: '–',
      ratio: null,
      bar: `< ${BAR_MS} ms`,
      met: worst < BAR_MS && said.length >= stops * 0.9,
      more: {
        stops: said.length,
        arrivedAfterStopBegan: after.filter((ms) => ms > 0).length,
        worstMs: worst,
        worstByAim: Object.fromEntries(
          aims.map((aim) => [aim, Math.max(0, ...after.filter((_, i) => said[i]!.aimedAt === aim))]),
        ),
        callMedianMs: round(median(took)),
        callWorstMs: round(worstCall),
        sentMeanwhilePerSecond: round(speed, 0),
        importsMeanwhile: imports,
      },
    },
  ]
}

async function sayStop(
  house: BenchHouse,
  library: Library,
  campaignNo: string,
  aimedAt: keyof typeof AIMS,
): Promise<Said | null> {
  const { rows } = await house.superuser.query<{ patron: string; email: string; hash: Buffer }>(
    `select m.patron_no as patron, i.email, s.email_hash as hash
     from (select m.library_no, m.patron_no from mail.message m where m.library_no = $1 and m.campaign_no = $2 and ${AIMS[aimedAt]} limit 1) m
     join roster.identity i using (library_no, patron_no) join outreach.standing s using (library_no, patron_no)`,
    [library.libraryNo, campaignNo],
  )
  const person = rows[0]
  if (!person) return null
  const said = {
    patron: person.patron,
    addressHash: person.hash,
    channel: 'email',
    purpose: 'all',
    method: 'one-click unsubscribe',
    attestedBy: 'the patron',
  } as const
  const at = Date.now()
  const from = performance.now()
  await stop(house.database.logins, house.journal, library, said, new Date())
  return { aimedAt, email: person.email, at, tookMs: performance.now() - from }
}

async function countLines(program: Program, count: () => void): Promise<void> {
  for (;;) {
    const heard = await program.hear().catch(() => null)
    if (heard === null) return
    count()
  }
}
