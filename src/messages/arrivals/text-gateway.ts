// E-mail to text: a library system writes to 6145550123@ our domain, as it did to a carrier's gateway, and it goes out as a
// notice. Who may write is the door's care; whether the phone may be texted is decided when the text leaves.
import { phoneOfAddress, textAfterDelimiter } from '../../channels/email/gateway-address.ts'
import { isNoticeLike } from '../../channels/email/is-automatic.ts'
import { cutText } from '../../channels/sms/cut-text.ts'
import { readAnswering } from '../../patrons/answering.ts'
import { knownLanguage } from '../../words/languages.ts'
import { linesOf } from '../lines.ts'
import { queueNotice } from '../queue-text.ts'
import type { StoringCapability } from './capability.ts'

/** What stands before it is the library system's own greeting; what carriers' gateways and state services have long used. */
const DELIMITER = '||'

/** Longer notices are cut at a word: whoever writes to a gateway of telephones has agreed to that, as the carriers did to 160. */
const MOST_PARTS = 3

export const textGateway: StoringCapability = {
  capability: 'text gateway',
  at: { kind: 'phone' },
  senders: 'known',
  async receive(scope, library, { arrivalNo, to, mail }, now) {
    if (mail.automatic !== null && !isNoticeLike(mail.automatic))
      return { kind: 'done', said: `${mail.automatic}: no text was made of it` }
    const phone = phoneOfAddress(to.slice(0, to.lastIndexOf('@')))
    if (phone === null) return { kind: 'kept', why: `${to} names no telephone number` }
    // An empty notice has its words in the subject, as some library systems write it.
    const body = textAfterDelimiter(mail.text, DELIMITER) || mail.subject.trim()
    if (body === '') return { kind: 'kept', why: 'it says nothing' }
    const [line] = await linesOf({ circulation: scope.tx }, library.libraryNo)
    if (line === undefined) return { kind: 'kept', why: `${library.name} has no number to text from (gentle line add)` }
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
    return { kind: 'done', said: queued === null ? 'had been sent already' : `sent as a text of ${queued.parts} parts` }
  },
}
