// The end of a tortured campaign: what the database says about each person, held against the log of the mail server.

import { messageIdOf } from '../src/messages/send-due.ts'
import type { Library } from '../src/patrons/library.ts'
import type { Ground } from './bench-house.ts'
import { readSinkLog } from './sink-log.ts'

export interface Comparison {
  people: number
  states: Record<string, number>
  arrived: number
  /** Messages that nobody can tell about, and what the log knows of them. */
  unknown: { all: number; arrived: number; not: number; most: number }
  /** Sentences; empty when every promise held. */
  violations: string[]
}

export async function compareWithLog(
  ground: Ground,
  ran: { library: Library; campaignNo: string; people: number; log: string; mostUnknown: number },
): Promise<Comparison> {
  const { rows } = await ground.superuser.query<{ n: string; patron: string; state: string; told: number }>(
    `select m.message_no as n, m.patron_no as patron, m.state,
            (select count(*)::int from mail.event e where e.library_no = m.library_no and e.message_no = m.message_no and e.kind = m.state) as told
     from mail.message m where m.library_no = $1 and m.campaign_no = $2`,
    [ran.library.libraryNo, ran.campaignNo],
  )
  const log = readSinkLog(ran.log)
  const states: Record<string, number> = {}
  const violations: string[] = []
  const violate = (count: number, sentence: string) => {
    if (count > 0) violations.push(`${count} ${sentence}`)
  }
  const arrivedOf = (n: string) => log.byId.get(messageIdOf(ran.library, n, 'hello@letters.example.org')) ?? 0
  const unknown = { all: 0, arrived: 0, not: 0, most: ran.mostUnknown }
  let missing = 0
  let unsaid = 0
  let untold = 0
  for (const { n, state, told } of rows) {
    states[state] = (states[state] ?? 0) + 1
    const arrived = arrivedOf(n) > 0
    if (state === 'accepted' && !arrived) missing++
    if (state !== 'accepted' && state !== 'unknown' && arrived) unsaid++
    if (told !== 1) untold++
    if (state !== 'unknown') continue
    unknown.all++
    if (arrived) unknown.arrived++
    else unknown.not++
  }
  violate(Math.abs(ran.people - new Set(rows.map((r) => r.patron)).size), 'people were forgotten: they have no message')
  violate(rows.length - new Set(rows.map((r) => r.patron)).size, 'people have more than one message')
  violate((states.waiting ?? 0) + (states.handing ?? 0), 'people have no outcome yet')
  violate([...log.byId.values()].filter((times) => times > 1).length, 'mails arrived more than once')
  violate(
    [...log.byAddress.values()].filter((times) => times.length > 1).length,
    'people were written to more than once',
  )
  violate(missing, 'messages count as accepted and never arrived')
  violate(unsaid, 'messages arrived and count as something else')
  violate(untold, 'messages do not have exactly one entry for their outcome')
  violate(Math.max(0, unknown.all - unknown.most), `messages are unknown beyond the ${unknown.most} that may be`)
  return { people: ran.people, states, arrived: log.mails, unknown, violations }
}
