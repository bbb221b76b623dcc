// Sending a campaign, each mail personal and each outcome durable, by one and by two sending processes; to the counting
// sink, whose log proves that everybody was written to exactly once, and to Postfix's smtp-sink where it is installed,
// beside Postfix's own smtp-source, which sends one mail over and over and records nothing.
import { join } from 'node:path'
import type { Library } from '../src/patrons/library.ts'
import { launchNow, makeAgreedLibrary } from './agreed-library.ts'
import type { BenchHouse } from './bench-house.ts'
import { hasPostfixPair, measureSmtpSource, startCountingSink, startSendWorker, startSmtpSink } from './processes.ts'
import { readSinkLog } from './sink-log.ts'
import { type Figure, perSecond, round } from './table.ts'

const BAR = 5_000
const WIDTH = 20
/** Roughly one of ours. */
const MAIL_BYTES = 5_000

interface Sent {
  to: string
  workers: number
  perSecond: number
  wrong: string[]
  worker: unknown
}

export async function measureSend(house: BenchHouse): Promise<Figure[]> {
  const people = house.quick ? 10_000 : 100_000
  house.say(`${people.toLocaleString('en-US')} people come in and agree…`)
  const { library } = await makeAgreedLibrary(house, 'send', people)
  const runs: Sent[] = []
  for (const workers of [1, 2]) runs.push(await sendCounted(house, library, people, workers))
  const postfix = hasPostfixPair()
  let source = 0
  if (postfix) {
    const workers = runs[1]!.perSecond > runs[0]!.perSecond ? 2 : 1
    const sink = await startSmtpSink()
    runs.push(await sendOnce(house, library, people, workers, sink.port, 'smtp-sink'))
    source = await measureSmtpSource(sink.port, people, WIDTH, MAIL_BYTES)
    await sink.stop()
  }
  const best = runs.reduce((a, b) => (b.perSecond > a.perSecond ? b : a))
  const told = postfix ? runs.at(-1)! : best
  return [
    {
      work: `send ${people.toLocaleString('en-US')} personal e-mails, ${told.workers} process${told.workers > 1 ? 'es' : ''}, to ${told.to}`,
      figure: perSecond(told.perSecond),
      yardstick: postfix ? `smtp-source ${perSecond(source)}` : '–',
      ratio: postfix ? round(told.perSecond / source) : null,
      bar: `≥ ${perSecond(BAR)}`,
      met: told.perSecond >= BAR && runs.every((run) => run.wrong.length === 0),
      more: { runs, smtpSourcePerSecond: round(source, 0) },
    },
  ]
}

/** To the sink that keeps a log: everybody once, in the database and in the log. */
async function sendCounted(house: BenchHouse, library: Library, people: number, workers: number): Promise<Sent> {
  const log = join(house.folder, `sent-${workers}.log`)
  const sink = await startCountingSink(0, '--log', log)
  const sent = await sendOnce(house, library, people, workers, sink.port, 'the counting sink')
  await sink.program.stop()
  const { mails, byId } = readSinkLog(log)
  if (mails !== people || byId.size !== people) sent.wrong.push(`the sink took ${mails} mails, ${byId.size} different`)
  return sent
}

async function sendOnce(
  house: BenchHouse,
  library: Library,
  people: number,
  workers: number,
  port: number,
  to: string,
): Promise<Sent> {
  await forgetSending(house, library)
  const { campaignNo } = await launchNow(house, library, `${to.replace(/ /g, '-')}-${workers}`)
  await house.settle()
  house.say(`sending with ${workers} process${workers > 1 ? 'es' : ''} to ${to}…`)
  const orders = { ports: { [library.key]: port }, width: WIDTH }
  const programs = await Promise.all(Array.from({ length: workers }, () => startSendWorker(house, orders)))
  const started = Date.now()
  for (const program of programs) program.tell('go')
  await untilSent(house, library, campaignNo, 600_000)
  const { rows } = await house.superuser.query<{ last: Date; accepted: number; events: number }>(
    `select max(e.at) as last, count(distinct m.message_no)::int as accepted, count(*)::int as events
     from mail.message m join mail.event e on e.library_no = m.library_no and e.message_no = m.message_no and e.kind = 'accepted'
     where m.library_no = $1 and m.campaign_no = $2 and m.state = 'accepted'`,
    [library.libraryNo, campaignNo],
  )
  const { last, accepted, events } = rows[0]!
  const worker = await Promise.all(programs.map((program) => program.stop()))
  const wrong =
    accepted === people && events === people ? [] : [`${accepted} accepted with ${events} entries, not ${people}`]
  return { to, workers, perSecond: (people * 1000) / (last.getTime() - started), wrong, worker }
}

/** Waits until nothing of the campaign is waiting or under way. */
export async function untilSent(
  house: Pick<BenchHouse, 'superuser'>,
  library: Library,
  campaignNo: string,
  mostMs: number,
): Promise<void> {
  const until = performance.now() + mostMs
  for (;;) {
    const { rows } = await house.superuser.query<{ open: boolean }>(
      `select exists (select from mail.message where library_no = $1 and campaign_no = $2 and state = 'waiting')
           or exists (select from mail.message where library_no = $1 and campaign_no = $2 and state = 'handing') as open`,
      [library.libraryNo, campaignNo],
    )
    if (!rows[0]!.open) return
    if (performance.now() > until) throw new Error(`the campaign was not sent within ${mostMs / 1000} s`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

/** The same people can be written to again: the benchmark's own liberty, to measure several ways with one library. */
async function forgetSending(house: BenchHouse, library: Library): Promise<void> {
  await house.superuser.query(
    `update outreach.standing set prompted_at = null, prompts_unanswered = 0, unasked_at = null, unasked_before_at = null, touched_by = null
     where library_no = $1 and touched_by is not null`,
    [library.libraryNo],
  )
  await house.superuser.query('vacuum analyze outreach.standing')
}
