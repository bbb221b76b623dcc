// How a campaign leaves as texts: by the library's line for outreach, which no notice uses, in the words of render-text.ts. A
// number that cannot be texted goes onto the list for the library system, as with every text.
import type { HandOver } from '../channels/channel.ts'
import type { TextFault, TextProvider } from '../channels/sms/text-provider.ts'
import { suppressDeadPhone } from '../consent/phone-stops.ts'
import { inLibrary } from '../db/scope.ts'
import { sayError } from '../lib/errors.ts'
import { readAnswering } from '../patrons/answering.ts'
import type { Library } from '../patrons/library.ts'
import { openFixUp } from './fix-ups.ts'
import type { Taken } from './identify-taken.ts'
import type { Line } from './lines.ts'
import type { Outcome } from './record-outcomes.ts'
import { prepareText } from './render-text.ts'
import { type Round, type RoundHouse, type RoundWork, runRound, type Way } from './round.ts'
import { textTerms } from './take-terms.ts'
import { DEAD, messageReference } from './text-outcomes.ts'
import { recordRoutes } from './text-routes.ts'

export async function sendCampaignTexts(
  house: RoundHouse,
  { line, provider }: { line: Line; provider: TextProvider },
  work: RoundWork,
): Promise<Round> {
  const { library } = work
  const answering = await readAnswering(house.logins, library.libraryNo)
  const people = new Map<string, Taken>()
  const faultOf = (result: HandOver): TextFault | null =>
    result.kind === 'refused' ? (provider.faultOf?.(result.code) ?? null) : null
  const way: Way = {
    terms: textTerms(library, { line, answering }),
    width: provider.width,
    async prepare(mailing, messages) {
      const write = prepareText(mailing.letter, library, answering, mailing)
      for (const message of messages) people.set(message.messageNo, message)
      // Before anything leaves: an answer may come back within the second.
      await recordRoutes(house.logins, line, library, { phones: messages.map(({ phone }) => phone), now: house.now() })
      const hash = house.logins.seals.hashFor(library.key)
      return async (message, stillFresh, begin) => {
        // The gate has asked about the phone of the hash, and about no other.
        if (!hash('phone', message.phone).equals(message.addressHash)) return NOT_THAT_PHONE
        const text = {
          reference: messageReference(library, message.messageNo),
          from: line.number,
          to: message.phone,
          body: write(message).body,
        }
        try {
          const result = await provider.handOver(text, stillFresh, begin)
          // Ours to mend, so no text fails for it: a code of words does not count as a try.
          return result.kind === 'refused' && faultOf(result) === 'unregistered'
            ? { ...result, permanent: false, code: 'unregistered' }
            : result
        } catch (error) {
          return { kind: 'unknown', why: sayError(error) }
        }
      }
    },
    isDead: (result) => deadKind(faultOf(result)) !== undefined,
    recorded: (outcomes) => listDeadNumbers(house, library, { outcomes, people, faultOf }),
  }
  return runRound(house, way, work)
}

const NOT_THAT_PHONE: HandOver = {
  kind: 'refused',
  permanent: true,
  code: 'another-phone',
  said: 'The number beside the name is not the one that was asked about, so no text left. The next patron file puts it right.',
}

const deadKind = (fault: TextFault | null) => (fault === null ? undefined : DEAD[fault])

async function listDeadNumbers(
  { logins, now }: RoundHouse,
  library: Library,
  told: {
    outcomes: readonly Outcome[]
    people: ReadonlyMap<string, Taken>
    faultOf: (result: HandOver) => TextFault | null
  },
): Promise<void> {
  for (const { messageNo, addressHash: phoneHash, result } of told.outcomes) {
    const kind = deadKind(told.faultOf(result))
    const person = told.people.get(messageNo)
    if (kind === undefined || person === undefined) continue
    const { phone, patronNo } = person
    await inLibrary(logins, 'circulation', library.libraryNo, async (scope) => {
      await suppressDeadPhone(scope, { phoneHash, now: now() })
      await openFixUp(scope, library, { kind, phone, phoneHash, patronNo, textNo: null, said: null, now: now() })
    })
  }
}
