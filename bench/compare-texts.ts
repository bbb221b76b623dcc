// The end of tortured texts: what the database says about each text, held against the provider's log and against what people
// wrote.
import { findUnanswered } from '../src/conversations/unanswered.ts'
import { inLibrary } from '../src/db/scope.ts'
import type { Library } from '../src/patrons/library.ts'
import type { Ground } from './bench-house.ts'
import { readSinkLog } from './sink-log.ts'

export interface ComparedTexts {
  states: Record<string, number>
  fates: Record<string, number>
  arrived: number
  unknown: { all: number; arrived: number; not: number; most: number }
  /** Sentences; empty when every promise held. */
  violations: string[]
}

interface Kept {
  n: string
  direction: 'in' | 'out'
  kind: string
  state: string
  answers: string | null
  provider: string | null
}

export async function compareTexts(
  ground: Ground,
  ran: { library: Library; out: number; in: number; log: string; mostUnknown: number; reported: number },
): Promise<ComparedTexts> {
  const { rows } = await ground.superuser.query<Kept>(
    `select text_no as n, direction, kind, state, answers_no as answers, provider_id as provider from mail.text where library_no = $1`,
    [ran.library.libraryNo],
  )
  const log = readSinkLog(ran.log)
  const violations: string[] = []
  const violate = (count: number, sentence: string) => {
    if (count > 0) violations.push(`${count} ${sentence}`)
  }
  const states: Record<string, number> = {}
  const unknown = { all: 0, arrived: 0, not: 0, most: ran.mostUnknown }
  let [missing, unsaid] = [0, 0]
  const out = rows.filter(({ direction }) => direction === 'out')
  for (const { n, state } of out) {
    states[state] = (states[state] ?? 0) + 1
    const arrived = log.byId.has(`${ran.library.libraryNo}-${n}`)
    const left = state === 'accepted' || state === 'delivered'
    if (left && !arrived) missing++
    if (!left && state !== 'unknown' && arrived) unsaid++
    if (state !== 'unknown') continue
    unknown.all++
    if (arrived) unknown.arrived++
    else unknown.not++
  }
  const came = rows.filter(({ direction }) => direction === 'in')
  const confirmed = out.filter(({ kind }) => kind === 'confirmation')
  const proof = await inLibrary(ground.database.logins, 'circulation', ran.library.libraryNo, (scope) =>
    findUnanswered(scope, new Date(0)),
  )
  violate(Math.abs(ran.out - out.filter(({ kind }) => kind === 'notice').length), 'texts to send are gone')
  violate((states.waiting ?? 0) + (states.handing ?? 0), 'texts have no outcome yet')
  violate([...log.byId.values()].filter((times) => times > 1).length, 'texts arrived more than once')
  violate(missing, 'texts count as sent and never arrived')
  violate(unsaid, 'texts arrived and count as something else')
  violate(Math.max(0, unknown.all - unknown.most), `texts are unknown beyond the ${unknown.most} that may be`)
  violate(ran.in - new Set(came.map(({ provider }) => provider)).size, 'texts that people wrote are lost')
  violate(came.length - new Set(came.map(({ provider }) => provider)).size, 'texts that people wrote are there twice')
  // Half of what people write is a keyword, each by another phone, and each has one confirmation.
  violate(
    Math.abs(confirmed.length - Math.ceil(ran.in / 4) - Math.ceil((ran.in - 1) / 4)),
    'confirmations too many or few',
  )
  violate(confirmed.length - new Set(confirmed.map(({ answers }) => answers)).size, 'keywords were confirmed twice')
  violate(proof.counts.LOST, 'texts that people wrote are accounted for by nothing')
  violate(proof.unread, 'hooks were kept for a person, and none of them should have been')
  violate(proof.mailsFailed, 'mails never reached the library')
  return { states, fates: proof.counts, arrived: log.mails, unknown, violations }
}
