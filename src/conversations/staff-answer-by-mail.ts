// Staff's answers as the mail door hands them on: at which address they come in, whose they are, and the writer's own words.
import { reduceToText } from '../channels/email/reduce-to-text.ts'
import type { Logins } from '../db/scope.ts'
import type { StoringCapability } from '../messages/arrivals/capability.ts'
import { languages, wordsOf } from '../words/languages.ts'
import { REPLY_LOCAL } from './reply-address.ts'
import { libraryOfReply, receiveStaffAnswer } from './staff-answer.ts'

/** What stands first in our mails to staff, in whichever language a library's are. */
const ABOVE = languages.map((language) => wordsOf[language].texts.staff.above)

export const staffAnswersByMail = (logins: Logins, replyDomain: string): StoringCapability => ({
  capability: 'staff answer',
  at: { kind: 'tag', localPart: REPLY_LOCAL, domain: replyDomain },
  senders: 'noted',
  libraryOf: (tag) => libraryOfReply(logins, tag),
  receive: (scope, library, { arrivalNo, to, peer, verifiedAddress, mail }, now) =>
    receiveStaffAnswer(scope, library, {
      tag: /\+([^@]*)@/.exec(to)?.[1] ?? '',
      // Nobody signs mail on the machine on which the demo is tried out, and its library is nobody's.
      verifiedAddress: library.demo && peer === '127.0.0.1' ? (mail.from?.address ?? null) : verifiedAddress,
      automatic: mail.automatic !== null,
      text: reduceToText(mail.text, ABOVE),
      inReplyTo: mail.inReplyTo,
      arrivalNo,
      replyDomain,
      now,
    }),
})
