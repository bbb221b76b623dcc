// POST /api/v1/{library}/choices: what a person answered at the desk or on paper, told by a program of the library's own.
// The same body again is recorded once, so a program that got no answer simply asks again.
import type { FastifyInstance } from 'fastify'
import { type Capture, captureChoice, ratherNoPhone } from '../consent/capture.ts'
import { readDecidedAt } from '../consent/decided-at.ts'
import { type ChoiceAnswer, type ChoiceBody, shapeOfChoice } from '../contract/choices.ts'
import { Problem } from '../lib/errors.ts'
import type { Library } from '../patrons/library.ts'
import { openPremises } from './access.ts'
import type { Site } from './premises.ts'
import { programOf, readBody } from './program-door.ts'

export function addChoices(door: FastifyInstance, site: Site): void {
  door.post('/choices', { config: { access: 'key', may: 'capture' } }, async (request, reply) => {
    const { library, name } = programOf(request)
    const premises = openPremises(site)
    const now = premises.clock.now()
    const body = readBody(request, shapeOfChoice)
    const { recorded } = await captureChoice(premises, library, captureOf(body, { library, by: name, now }), now)
    const answer: ChoiceAnswer = { recorded, patron_id: body.patron_id }
    return reply.code(recorded ? 201 : 200).send(answer)
  })
}

function captureOf(body: ChoiceBody, { library, by, now }: { library: Library; by: string; now: Date }): Capture {
  const { language, place, form } = body
  const chosen = 'rather_no_phone' in body ? ratherNoPhone : body
  const decidedAt = readDecidedAt(body.decided_at, { decision: chosen.decision, timezone: library.timezone, now })
  if (decidedAt === 'future') throw new Problem('bad-input', 'decided_at lies in the future. Check the date.')
  if (decidedAt === 'unreadable')
    throw new Problem('bad-input', 'decided_at is no date such as 2025-05-03 or 2025-05-03T16:00:00Z.')
  const { purpose, channel, decision, method } = chosen
  return {
    patronId: body.patron_id,
    purpose,
    channel,
    decision,
    method,
    wording: body.wording,
    topics: 'topics' in body ? body.topics : undefined,
    decidedAt,
    attestedBy: body.attested_by,
    told: { language, place, form, by: `key “${by}”` },
    guardian: 'guardian' in body ? body.guardian : undefined,
  }
}
