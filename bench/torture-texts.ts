// Texts in both directions while everything is killed: two doors take hooks in, two workers hand texts and mails over, the
// provider hangs up and goes away, and people write at the same time. Their hooks come again until they are taken, many come
// twice, and reports come late. At the end the database is held against the provider's log, the one witness.
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Ground } from './bench-house.ts'
import { type ComparedTexts, compareTexts } from './compare-texts.ts'
import { openSocket } from './hook-load.ts'
import { type Door, type Sink, startCountingPhones, startCountingSink, startTextProcess } from './processes.ts'
import { countArrived, readSinkLog } from './sink-log.ts'
import { letTextsWait, makeTextLine, phoneAt } from './text-line.ts'
import { drawVictims } from './torture-run.ts'
import { hookOfReport, hookOfText } from './twilio-hooks.ts'

export interface TextTorture {
  out: number
  in: number
  /** Of workers; doors, providers, mail servers and database connections come on top, one for every three. */
  kills: number
  say?: (line: string) => void
}

export interface TorturedTexts extends ComparedTexts {
  killed: Record<Victim, number>
  seconds: number
}

const OTHERS = ['door', 'provider', 'mail server', 'database connection'] as const
type Victim = 'worker' | (typeof OTHERS)[number]

const WORKERS = 2
const DOORS = 2
const SENDERS = 6
/** Hand-overs at once to the provider, in each worker. */
const WIDTH = 20
const DROP_EVERY = 331

export const bodyOf = (n: number): string => ['STOP', 'HELP', 'Are you open?', 'Is it there?'][n % 4]!

export async function tortureTexts(ground: Ground, torture: TextTorture): Promise<TorturedTexts> {
  const { out, kills, say = () => {} } = torture
  const { library, line } = await makeTextLine(ground, 'texted')
  say(`${out} texts wait, and ${torture.in} come in…`)
  await letTextsWait(ground, { library, line, urgent: true, phones: Array.from({ length: out }, (_, n) => phoneAt(n)) })
  const log = join(ground.folder, 'phones.log')
  const arrived = countArrived(log)
  const phoneArgs = [
    '--log',
    log,
    '--refuse-every',
    '97',
    '--drop-every',
    String(DROP_EVERY),
    '--drop-mid-every',
    '211',
  ]
  let phones: Sink = await startCountingPhones(0, ...phoneArgs)
  let mails: Sink = await startCountingSink(0, '--drop-mid-every', '211')
  const hurry = { since: Date.now(), times: 60 }
  const work = { phones: phones.port, mails: mails.port, leaseMs: 2_000, hurry }
  const startWorker = () => startTextProcess(ground, work)
  const workers = await Promise.all(Array.from({ length: WORKERS }, startWorker))
  const doors: Door[] = await Promise.all(
    Array.from({ length: DOORS }, () => startTextProcess(ground, { door: 0, hurry })),
  )
  const started = performance.now()
  const killed = Object.fromEntries(['worker', ...OTHERS].map((victim) => [victim, 0])) as Record<Victim, number>
  const act: Record<Victim, () => Promise<void>> = {
    async worker() {
      const at = Math.floor(Math.random() * WORKERS)
      await workers[at]!.program.kill()
      workers[at] = await startWorker()
    },
    async door() {
      const at = Math.floor(Math.random() * DOORS)
      await doors[at]!.program.kill()
      doors[at] = await startTextProcess(ground, { door: doors[at]!.port, hurry })
    },
    async provider() {
      await phones.program.kill()
      await sleep(300)
      phones = await startCountingPhones(phones.port, ...phoneArgs)
    },
    async 'mail server'() {
      await mails.program.kill()
      mails = await startCountingSink(mails.port, '--drop-mid-every', '211')
    },
    async 'database connection'() {
      await ground.superuser.query(`
        select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and application_name = 'gentle circulation' and state <> 'idle'
        order by random() limit 1`)
    },
  }
  const victims = drawVictims<Victim>('worker', kills, OTHERS, Math.max(1, Math.floor(kills / 3)))
  // Slow enough that people write during all of the killing.
  let handed = 0
  const hooks = Array.from({ length: torture.in }, (_, n) =>
    hookOfText(line.lineNo, { id: `MM${n}`, from: phoneAt(out + n), to: line.number, body: bodyOf(n) }),
  )
  const people = Promise.all(
    Array.from({ length: SENDERS }, async (_, of) => {
      for (let n = of; n < hooks.length; n += SENDERS) {
        await bringUntilTaken(doors, n, hooks[n]!)
        if (n % 10 === 0) await bringUntilTaken(doors, n + 1, hooks[n]!) // twice, at the other door
        if (n % 25 === 0 && n >= 500) await bringUntilTaken(doors, n, hooks[n - 500]!) // late, and again
        handed++
      }
    }),
  )
  for (const [i, victim] of victims.entries()) {
    await until(() => handed + arrived(), ((i + 0.5) * (out + torture.in) * 0.9) / victims.length)
    await sleep(Math.random() * 50)
    await act[victim]()
    killed[victim]++
    say(`${i + 1} of ${victims.length}: killed a ${victim}; ${arrived()} texts had arrived`)
  }
  await people
  await untilQuiet(ground)
  const most = (killed.worker + (killed.provider + killed['database connection']) * WORKERS) * WIDTH
  const mostUnknown = most + Math.ceil((out + torture.in) / DROP_EVERY) + victims.length
  // The provider's reports, late and twice: they settle what nobody could tell.
  const late = [...readSinkLog(log).byId.keys()].filter((_, n) => n % 10 === 0)
  for (const reference of late)
    for (const door of [0, 1])
      await bringUntilTaken(
        doors,
        door,
        hookOfReport(line.lineNo, { id: `SM${reference}`, reference, status: 'delivered' }),
      )
  await untilQuiet(ground)
  await Promise.all([...workers, ...doors].map(({ program }) => program.stop()))
  await Promise.all([phones.program.stop(), mails.program.stop()])
  const ran = { library, out, in: torture.in, log, mostUnknown, reported: late.length }
  return { ...(await compareTexts(ground, ran)), killed, seconds: (performance.now() - started) / 1000 }
}

/** As a provider does it: again and again, until somebody says 200. */
async function bringUntilTaken(doors: readonly Door[], at: number, hook: Buffer): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    try {
      const ask = await openSocket(doors[(at + tries) % doors.length]!.port)
      try {
        if ((await ask(hook)) === 200) return
      } finally {
        ask.close()
      }
    } catch {
      // The door is closed, or was closed before it answered.
    }
    await sleep(100)
  }
  throw new Error('a hook was not taken in a minute')
}

async function until(count: () => number, goal: number): Promise<void> {
  let [most, since] = [-1, 0]
  for (;;) {
    const reached = count()
    if (reached >= goal) return
    if (reached > most) [most, since] = [reached, performance.now()]
    if (performance.now() > since + 120_000) throw new Error('nothing more came for two minutes')
    await sleep(200)
  }
}

/** Until nothing waits any more: no hook, no text, no mail to the library. */
async function untilQuiet({ superuser }: Ground): Promise<void> {
  const end = performance.now() + 1_800_000
  for (;;) {
    const { rows } = await superuser.query<{ left: string }>(`
      select (select count(*) from mail.brought) + (select count(*) from mail.text where state in ('waiting', 'handing'))
             + (select count(*) from mail.answer where state in ('waiting', 'handing')) as left`)
    if (rows[0]!.left === '0') return
    if (performance.now() > end) throw new Error(`${rows[0]!.left} still wait`)
    await sleep(200)
  }
}
