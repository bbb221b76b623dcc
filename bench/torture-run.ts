// Nobody twice, nobody forgotten: a campaign is sent by two processes to a mail server that refuses, hangs up in the
// middle of a mail and after its end, while processes, server and database connections are killed at random moments.
// At the end the database is compared with the log of the server, the one witness that nothing here can talk to.
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { launchNow, makeAgreedLibrary } from './agreed-library.ts'
import type { Ground } from './bench-house.ts'
import { type Comparison, compareWithLog } from './compare-with-log.ts'
import { type Program, type Sink, startCountingSink, startSendWorker } from './processes.ts'
import { untilSent } from './send.ts'
import { readSinkLog } from './sink-log.ts'

export interface Torture {
  people: number
  /** Of sending processes; on top of them come a mail server and a database connection for every four. */
  kills: number
  say?: (line: string) => void
}

type Victim = 'worker' | 'mail server' | 'database connection'

export interface Tortured extends Comparison {
  killed: Record<Victim, number>
  seconds: number
}

const WIDTH = 20
const WORKERS = 2
const LEASE_MS = 2_000
/** A minute until the next try passes in a second. */
const HURRY = 60

export async function torture(ground: Ground, { people, kills, say = () => {} }: Torture): Promise<Tortured> {
  say(`${people} people come in and agree…`)
  const { library } = await makeAgreedLibrary(ground, 'torture', people)
  const { campaignNo } = await launchNow(ground, library, 'torture')
  const log = join(ground.folder, 'torture.log')
  const sinkArgs = ['--log', log, '--refuse-every', '97', '--drop-every', '331', '--drop-mid-every', '211']
  let sink: Sink = await startCountingSink(0, ...sinkArgs)
  const { port } = sink
  const orders = {
    ports: { [library.key]: port },
    width: WIDTH,
    leaseMs: LEASE_MS,
    hurry: { since: Date.now(), times: HURRY },
  }
  const startWorker = async (): Promise<Program> => {
    const worker = await startSendWorker(ground, orders)
    worker.tell('go')
    return worker
  }
  const started = performance.now()
  const workers = await Promise.all(Array.from({ length: WORKERS }, startWorker))
  const killed: Tortured['killed'] = { worker: 0, 'mail server': 0, 'database connection': 0 }
  const act: Record<Victim, () => Promise<void>> = {
    async worker() {
      const at = Math.floor(Math.random() * WORKERS)
      await workers[at]!.kill()
      workers[at] = await startWorker()
    },
    async 'mail server'() {
      await sink.program.kill()
      sink = await startCountingSink(port, ...sinkArgs)
    },
    async 'database connection'() {
      await ground.superuser.query(`
        select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and application_name = 'gentle outreach' and state <> 'idle'
        order by random() limit 1`)
    },
  }
  const victims = drawVictims<Victim>(
    'worker',
    kills,
    ['mail server', 'database connection'],
    Math.max(1, Math.floor(kills / 4)),
  )
  for (const [i, victim] of victims.entries()) {
    // Spread over the whole campaign, each at a moment of its own.
    await untilArrived(log, ((i + 0.3 + Math.random() * 0.4) * people * 0.9) / victims.length)
    await sleep(Math.random() * 50)
    await act[victim]()
    killed[victim]++
    say(`${i + 1} of ${victims.length}: killed a ${victim}, ${readSinkLog(log).mails} mails had arrived`)
  }
  await untilSent(ground, library, campaignNo, 300_000)
  await Promise.all(workers.map((worker) => worker.stop()))
  const { dropped } = await sink.program.stop<{ dropped: number }>()
  // Each kill of one end leaves at most one mail on each socket open; the server's own hang-ups add theirs. What it hung
  // up on before it was killed is not in its totals, so they are counted from what arrived.
  const hungUp = Math.max(dropped, Math.ceil(people / 331) + victims.length)
  const mostUnknown = (killed.worker + killed['mail server'] * WORKERS) * WIDTH + hungUp
  const compared = await compareWithLog(ground, { library, campaignNo, people, log, mostUnknown })
  return { ...compared, killed, seconds: (performance.now() - started) / 1000 }
}

/** One of them `kills` times and each of the others `times`, in an order drawn by lot. */
export function drawVictims<V extends string>(one: V, kills: number, others: readonly V[], times: number): V[] {
  const victims = [...Array<V>(kills).fill(one), ...others.flatMap((other) => Array<V>(times).fill(other))]
  for (let i = victims.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1))
    ;[victims[i], victims[j]] = [victims[j]!, victims[i]!]
  }
  return victims
}

async function untilArrived(log: string, mails: number): Promise<void> {
  const until = performance.now() + 60_000
  while (readSinkLog(log).mails < mails) {
    if (performance.now() > until) throw new Error(`no more than ${readSinkLog(log).mails} mails arrived in a minute`)
    await sleep(50)
  }
}
