// Our own mails to staff that come back: at which address they do, and that the mailbox they were for takes no mail. Anybody
// may bring one: its address can only be had from a mail of ours.
import { sql } from 'kysely'
import { type Logins, rowOf } from '../../db/scope.ts'
import { libraryByNo } from '../../patrons/library.ts'
import { mailboxByHash, raiseAlarm } from '../mailbox-alarm.ts'
import { answerOfReturn, libraryOfReturn, RETURN_LOCAL } from '../return-address.ts'
import type { StoringCapability } from './capability.ts'

export const returnedMail = (
  logins: Logins,
  replyDomain: string,
  say: (line: string) => void = () => {},
): StoringCapability => ({
  capability: 'returned mail',
  at: { kind: 'tag', localPart: RETURN_LOCAL, domain: replyDomain },
  senders: 'anybody',
  async libraryOf(tag) {
    const libraryNo = libraryOfReturn(tag)
    const library = libraryNo === null ? null : await libraryByNo(logins, libraryNo)
    return library === null || answerOfReturn(logins.seals, library, tag) === null ? null : libraryNo
  },
  async receive(scope, library, { to, from, mail }, now) {
    const answerNo = answerOfReturn(scope.seals, library, /\+([^@]*)@/.exec(to)?.[1] ?? '')
    if (answerNo === null) return { kind: 'done', said: 'its address is none that this program made' }
    const { deliveryStatus } = mail
    if (deliveryStatus === null)
      return from === '' && mail.automatic !== 'automatic reply'
        ? { kind: 'kept', why: 'a mail of ours has come back, and why cannot be read' }
        : { kind: 'done', said: 'an answer to no purpose: nobody reads this address' }
    if (deliveryStatus.action !== 'failed') return { kind: 'done', said: `still under way: ${deliveryStatus.said}` }
    const lost = await rowOf(
      scope,
      sql<{ addressHash: Buffer }>`
      update mail.answer set state = 'failed', said = ${deliveryStatus.said}
      where library_no = ${scope.library} and answer_no = ${answerNo}::bigint and to_staff and state = 'accepted'
      returning address_hash as "addressHash"`,
    )
    if (lost === null) return { kind: 'done', said: 'known already' }
    const mailbox = await mailboxByHash(scope, library, lost.addressHash)
    if (mailbox === null) return { kind: 'done', said: 'not to a mailbox of the library' }
    const told = await raiseAlarm(scope, library, { mailbox, how: 'came back', said: deliveryStatus.said, now })
    if (told !== null) say(told)
    return { kind: 'done', said: 'a mail to the library has come back: the alarm is raised' }
  },
})
