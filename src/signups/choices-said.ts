// The entries of the ledger that a proven form amounts to: only what was ticked, because a box left empty is no answer and
// no no. Topics add to those that the last yes named, unless none is ticked.
import type { Choice } from '../consent/ledger.ts'
import type { Scope } from '../db/scope.ts'
import { topicBitsOf } from './offer.ts'
import type { Typed } from './typed.ts'

/** How the person proved who they are, in the words of the evidence. */
export type Confirmation = 'link in a mail' | 'code from a mail' | 'code in a text'

export async function choicesSaid(
  scope: Scope<'circulation'>,
  person: { patron: string; topics: string },
  typed: Typed,
  { confirmation, now }: { confirmation: Confirmation; now: Date },
): Promise<Choice[]> {
  const bits = await topicBitsOf(
    scope,
    typed.yeses.map((yes) => yes.purpose),
  )
  const { email, name, phone, pageLanguage, page } = typed
  return typed.yeses.map(({ purpose, channel, said, topics }) => {
    const before = BigInt(person.topics) & (bits.get(purpose) ?? 0n)
    // None ticked means all: so say the words that they saw.
    const all = topics === null ? 0n : before | BigInt(topics)
    return {
      patron: person.patron,
      purpose,
      channel,
      decision: 'grant',
      method: methodOf(typed),
      wording: said,
      topics: all === 0n ? null : all.toString(),
      decidedAt: now,
      attestedBy: 'the patron',
      evidence: {
        email,
        ...(name === '' ? {} : { name }),
        ...(phone === null ? {} : { phone }),
        'page language': pageLanguage,
        page,
        confirmation,
      },
    }
  })
}

const methodOf = ({ known, invited }: Typed): string =>
  known !== null ? 'own page' : invited === null ? 'web form' : 'invitation in a notice'
