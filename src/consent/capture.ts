// What somebody on the staff heard at the desk or read on a paper form, with all that makes it an answer: the words, the
// way, the day, the place, and who stands for it. Brought again, word for word, it is recorded once.
import { sql } from 'kysely'
import type { Journal } from '../db/journal.ts'
import { inLibrary, type Logins, type Scope } from '../db/scope.ts'
import { Problem } from '../lib/errors.ts'
import { findPatron } from '../patrons/find-patron.ts'
import type { Library } from '../patrons/library.ts'
import type { DecidedAt } from './decided-at.ts'
import { guardiansMethod } from './guardian.ts'
import { readKnownChoices } from './known-choices.ts'
import type { Choice, Evidence, PatronNo } from './ledger.ts'
import { minorsAmong } from './minors.ts'
import type { Channel, Purpose } from './purposes.ts'
import { journalNoes, recordInScope, refuseImpossible } from './record-choice.ts'
import { refreshStale } from './standing.ts'
import { topicMask } from './topic-keys.ts'

export interface Capture {
  patronId: string
  purpose: Purpose | 'all'
  channel: Channel | 'all'
  decision: 'grant' | 'deny'
  method: string
  /** A yes needs the words; a no may come without. */
  wording: string | null
  /** Of a yes to some topics only: their keys. */
  topics?: string[]
  decidedAt: DecidedAt
  attestedBy: string
  /** Where and on what: kept as evidence, and only what was told. */
  told: { language?: string; place?: string; form?: string; by?: string }
  guardian?: { name: string; relation: string }
}

/** "I would rather not give a phone": a no to all texts, found again by its method, so that nobody asks twice. */
const RATHER_NO_PHONE = 'rather not give a phone'

export const ratherNoPhone = { purpose: 'all', channel: 'sms', decision: 'deny', method: RATHER_NO_PHONE } as const

export const isRatherNoPhone = ({ method, decision }: Pick<Choice, 'method' | 'decision'>): boolean =>
  decision === 'deny' && method === RATHER_NO_PHONE

/** Throws Problem 'not-found' (no such patron) or 'bad-input' (a choice nobody can make). */
export async function captureChoice(
  { logins, journal }: { logins: Logins; journal: Journal },
  library: Library,
  said: Capture,
  now: Date,
): Promise<{ recorded: boolean }> {
  const captured = await inLibrary(logins, 'circulation', library.libraryNo, async (scope) => {
    const patron = await findPatron(scope, library, said.patronId)
    // The same request twice at once would find the choice unknown twice.
    await sql`select pg_advisory_xact_lock(hashtext('gentle capture'), hashtext(${`${library.key} ${patron}`}))`.execute(
      scope.tx,
    )
    const method = said.guardian ? guardiansMethod(said.method) : said.method
    const known = await readKnownChoices(scope, library.timezone, [patron])
    const topics = await topicMask(scope, said, said.topics ?? [])
    if (known.has({ ...said, method, topics }, patron)) return { patron, recorded: false }
    await refuseForMinors(scope, library, said, patron, now)
    const { purpose, channel, decision, wording, attestedBy } = said
    const choice: Choice = {
      patron,
      purpose,
      channel,
      decision,
      method,
      wording,
      topics,
      decidedAt: said.decidedAt.at,
      attestedBy,
      evidence: evidenceOf(said),
    }
    refuseImpossible(choice, now)
    journalNoes({ journal, libraryKey: library.key }, [choice], now)
    await recordInScope(scope, [choice], now)
    return { patron, recorded: true }
  })
  if (captured.recorded) await refreshStale(logins, library.libraryNo, [captured.patron])
  return { recorded: captured.recorded }
}

function evidenceOf({ told, guardian }: Capture): Evidence | null {
  const all = { ...told, guardian: guardian?.name, relation: guardian?.relation }
  const evidence = Object.fromEntries(Object.entries(all).filter((pair): pair is [string, string] => pair[1] != null))
  return Object.keys(evidence).length === 0 ? null : evidence
}

/** A child is not asked for a yes, and nobody speaks for an adult. A child's own no counts like anybody's. */
async function refuseForMinors(
  scope: Scope<'circulation'>,
  library: Library,
  { decision, guardian, decidedAt }: Capture,
  patron: PatronNo,
  now: Date,
): Promise<void> {
  const wasMinor = await minorsAmong(scope, library, [patron])
  if (decision === 'grant' && guardian === undefined && wasMinor(patron, decidedAt.at))
    throw new Problem(
      'bad-input',
      'The patron file says that this is a minor, and a child is not asked for a yes. What a guardian said is recorded with the guardian’s name and relation; outreach stays silent to the child all the same.',
    )
  if (guardian !== undefined && !wasMinor(patron, now))
    throw new Problem(
      'bad-input',
      'A guardian can only speak for a minor, and the patron file does not say that this is one. Ask the person.',
    )
}
