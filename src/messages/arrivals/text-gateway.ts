// E-mail to text: a library system writes to 6145550123@ our domain, as it did to a carrier's gateway, and it goes out as a
// notice. Who may write is the door's care; whether the phone may be texted is decided when the text leaves. What does not
// arrive returns to its sender.
import { phoneOfAddress, textAfterDelimiter } from '../../channels/email/gateway-address.ts'
import { isNoticeLike } from '../../channels/email/is-automatic.ts'
import type { WhyNotDelivered } from '../../channels/email/why-not-delivered.ts'
import { cutText } from '../../channels/sms/cut-text.ts'
import type { Scope } from '../../db/scope.ts'
import { isAbroad } from '../../lib/addresses.ts'
import { readAnswering } from '../../patrons/answering.ts'
import type { Library } from '../../patrons/library.ts'
import { knownLanguage } from '../../words/languages.ts'
import { type Line, linesOf } from '../lines.ts'
import { queueNotice } from '../queue-text.ts'
import { queueReports } from '../report-answers.ts'
import { keepOrigin } from '../return-failure.ts'
import type { HandedMail, Handled, StoringCapability } from './capability.ts'
import { lineOfDomain } from './mail-addresses.ts'

/** What stands before it is the library system's own greeting; what carriers' gateways and state services have long used. */
const DELIMITER = '||'

/** Longer notices are cut at a word: whoever writes to a gateway of telephones has agreed to that, as the carriers did to 160. */
const MOST_PARTS = 3

export const textGateway: StoringCapability = {
  capability: 'text gateway',
  at: { kind: 'phone' },
  senders: 'known',
  whyNot: (localPart) =>
    phoneOfAddress(localPart) === null
      ? `${localPart} is no telephone number. Correct it in the patron's record.`
      : null,
  async receive(scope, library, arrived, now) {
    const { arrivalNo, to, arrivedAt, mail } = arrived
    // Nobody is told of it either: a report about a report would go on for ever.
    if (mail.automatic !== null && !isNoticeLike(mail.automatic))
      return { kind: 'done', said: `${mail.automatic}: no text was made of it` }
    const sender = whoIsTold(arrived)
    const origin = { address: to, messageId: mail.messageId, subject: mail.subject, arrivedAt }
    const goesBack = async (why: WhyNotDelivered, said: string): Promise<Handled> => {
      if (sender === null) return { kind: 'kept', why: said }
      await queueReports(scope, library, [{ origin: { ...origin, sender }, why, providerCode: null }], now)
      return { kind: 'done', said: `${said}; its sender is told` }
    }
    const phone = phoneOfAddress(to.slice(0, to.lastIndexOf('@')))
    if (phone === null) return goesBack('not-a-number', 'its address names no telephone number')
    // An empty notice has its words in the subject, as some library systems write it.
    const body = textAfterDelimiter(mail.text, DELIMITER) || mail.subject.trim()
    if (body === '') return goesBack('nothing-to-say', 'it says nothing')
    const line = await lineOf(scope, library, domainOf(to))
    if ('kind' in line) return line
    if (isAbroad(phone, line.number)) return goesBack('abroad', 'its address names a number abroad')
    const answering = await readAnswering({ circulation: scope.tx }, library.libraryNo)
    const queued = await queueNotice(
      scope,
      library,
      { line, answering },
      {
        phone,
        body: cutText(body.replace(/\s+/g, ' '), MOST_PARTS),
        language: knownLanguage(library.language) ?? 'en',
        askedBy: 'the text gateway',
        once: `mail ${arrivalNo}`,
        now,
      },
    )
    if (queued === null) return { kind: 'done', said: 'had been sent already' }
    if (sender !== null) await keepOrigin(scope, queued.textNo, { ...origin, sender })
    return { kind: 'done', said: `sent as a text of ${queued.parts} parts` }
  },
}

/** The one that was named for the domain, or the only one: which of several is nobody's guess, as in the API. */
async function lineOf(scope: Scope<'circulation'>, library: Library, domain: string): Promise<Line | Handled> {
  const inside = { circulation: scope.tx }
  const lines = await linesOf(inside, library.libraryNo)
  const named = await lineOfDomain(inside, library.libraryNo, domain)
  const line = named === null && lines.length === 1 ? lines[0] : lines.find(({ lineNo }) => lineNo === named)
  if (line !== undefined) return line
  const numbers = lines.map(({ number }) => number).join(' or ')
  const why =
    lines.length === 0
      ? `${library.name} has no number to text from (gentle line add)`
      : `it does not say from which number: ${numbers}. Give each a domain of its own (gentle mail address --line)`
  return { kind: 'kept', why }
}

/**
 * To whom a failure returns. A program that signed in, or that sends from a host that is known, says it in the envelope. A
 * signature proves From alone, and a signed mail can be sent again by anybody under any return path.
 */
function whoIsTold({ from, verifiedAddress }: HandedMail): string | null {
  if (from === '') return null
  if (verifiedAddress === null) return from
  return domainOf(from) === domainOf(verifiedAddress) ? from : verifiedAddress
}

const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1).toLowerCase()
