// What a bundle says of a library, read in one snapshot: what it offers, every wording that anybody ever saw, how many
// answered what and how, and the proof of the ledger. Numbers only: it names nobody, and it leaves the house, so a count
// below ten is not told exactly.
import { sql } from 'kysely'
import { daysKept } from '../consent/change-policy.ts'
import { type Channel, PURPOSES, type Purpose, purposeNames } from '../consent/purposes.ts'
import { scheduledKinds } from '../consent/retention.ts'
import { type LedgerProof, verifyLedger } from '../consent/verify-ledger.ts'
import { rowOf, rowsOf, type Scope } from '../db/scope.ts'
import { type Answering, readAnswering } from '../patrons/answering.ts'
import type { Library } from '../patrons/library.ts'
import { type JoinPage, readJoinPage } from '../signups/offer.ts'

export interface SeenWording {
  id: string
  said: string
  firstSeen: Date
  /** 'reengagement by email', …: what was asked with it. */
  askedFor: string[]
  answers: number
}

export interface MethodCount {
  purpose: Purpose | 'all'
  channel: Channel | 'all'
  decision: 'grant' | 'deny' | 'stop' | 'pause'
  method: string
  people: number
}

export interface AgreedCount {
  purpose: Purpose
  channel: Channel
  people: number
}

export interface BundleFacts {
  page: JoinPage
  wordings: SeenWording[]
  byMethod: MethodCount[]
  agreed: AgreedCount[]
  proof: LedgerProof
  publicKey: string
  /** Of classes with a schedule: for how many days they are kept here. */
  daysKept: Record<string, number>
  /** Who answers texts, how many there are in a month, and between which hours. */
  answering: Answering
}

/** Call it in a snapshot. Walks the whole ledger. */
export async function readBundleFacts(scope: Scope<'circulation'>, library: Library): Promise<BundleFacts> {
  return {
    page: await readJoinPage(scope, library),
    wordings: await readWordings(scope),
    byMethod: await rowsOf(
      scope,
      sql<MethodCount>`
      select purpose, channel, decision, method, count(distinct patron_no)::int as people from outreach.ledger
      where library_no = ${scope.library} group by purpose, channel, decision, method
      order by purpose, channel, decision, people desc, method`,
    ),
    agreed: await countAgreed(scope),
    proof: await verifyLedger(scope),
    publicKey: scope.seals.publicKey,
    daysKept: await readDaysKept(scope),
    answering: await readAnswering({ circulation: scope.tx }, scope.library),
  }
}

async function readDaysKept(scope: Scope<'circulation'>): Promise<Record<string, number>> {
  const days: Record<string, number> = {}
  for (const kind of scheduledKinds) days[kind] = await daysKept(scope, kind)
  return days
}

const readWordings = (scope: Scope<'circulation'>) =>
  rowsOf(
    scope,
    sql<SeenWording>`
    select w.wording_id as id, w.said, w.first_seen as "firstSeen", l.asked_for as "askedFor", l.answers
    from outreach.wording w
    join lateral (
      select array_agg(distinct purpose || ' by ' || channel) as asked_for, count(*)::int as answers
      from outreach.ledger l where l.library_no = w.library_no and l.wording_id = w.wording_id
    ) l on true
    where w.library_no = ${scope.library} and l.answers > 0 order by w.first_seen, w.wording_id`,
  )

/** Who may be written to as far as their own yes goes; the other rules of the gate come on top. */
async function countAgreed(scope: Scope<'circulation'>): Promise<AgreedCount[]> {
  const asked = purposeNames.filter((name) => PURPOSES[name].basis === 'consent')
  const counts = asked.flatMap((purpose) =>
    (['email', 'sms', 'post'] as const).map((channel) => ({ purpose, channel, bit: PURPOSES[purpose].bit })),
  )
  const row = await rowOf(
    scope,
    sql<Record<string, number>>`
    select ${sql.join(
      counts.map(
        ({ channel, bit }, i) =>
          sql`count(*) filter (where (${sql.ref(`agreed_${channel}`)} >> ${bit}::int) & 1 = 1)::int as ${sql.ref(`n${i}`)}`,
      ),
    )} from outreach.standing where library_no = ${scope.library}`,
  )
  return counts.map(({ purpose, channel }, i) => ({ purpose, channel, people: row?.[`n${i}`] ?? 0 }))
}

/** As it may be told outside the library. */
export const tellCount = (people: number): number | 'fewer than 10' =>
  people === 0 || people >= 10 ? people : 'fewer than 10'
