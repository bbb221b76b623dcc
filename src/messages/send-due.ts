// How a campaign leaves as e-mail: each reader's mail composed with their own links, and handed to a mail server in a round
// (round.ts).
import type { EmailProvider } from '../channels/channel.ts'
import { composeMail } from '../channels/email/compose.ts'
import { isDeadAddress } from '../channels/email/smtp-replies.ts'
import { PURPOSES } from '../consent/purposes.ts'
import type { Logins } from '../db/scope.ts'
import { sayError } from '../lib/errors.ts'
import type { LinkSigner } from '../lib/signed-links.ts'
import type { Library } from '../patrons/library.ts'
import type { Taken } from './identify-taken.ts'
import type { Mailing } from './mailing.ts'
import { prepareMail, type RenderedMail } from './render.ts'
import { type Round, type RoundWork, runRound } from './round.ts'
import type { TakeLogs } from './take-log.ts'
import { mailTerms } from './take-terms.ts'
import { unsubscribeMailto } from './unsubscribe-mail.ts'

export interface Post {
  logins: Logins
  takeLogs: TakeLogs
  links: LinkSigner
  /** Where patrons' links go, without a slash at the end. */
  publicUrl: string
  /** The address outreach is from; its domain makes the Message-IDs. */
  mailFrom: string
  /** Where mail programs may write to instead of pressing the stop button. */
  unsubscribeAddress?: string | null
  now: () => Date
}

export const sendRound = (post: Post, provider: EmailProvider, work: RoundWork): Promise<Round> =>
  runRound(
    post,
    {
      terms: mailTerms(work.library, work.sender),
      width: provider.width,
      async prepare(mailing) {
        const write = mailWriter(post, work.library, mailing)
        return async (message, stillFresh, begin) => {
          let mail: WrittenMail
          try {
            mail = write(message)
          } catch (error) {
            return { kind: 'refused', permanent: true, code: 'not-written', said: sayError(error) }
          }
          return provider.handOver(mail, stillFresh, begin)
        }
      },
      isDead: (result) => result.kind === 'refused' && result.permanent && isDeadAddress(result.code),
    },
    work,
  )

interface WrittenMail {
  messageId: string
  envelopeFrom: string
  to: string
  raw: Buffer
}

type MailWriter = (message: Taken) => WrittenMail

export const messageIdOf = (library: Library, messageNo: string, mailFrom: string): string =>
  `${library.key}.${messageNo}@${mailFrom.slice(mailFrom.indexOf('@') + 1)}`

/** What does not depend on the person is made once for the mailing. */
export function mailWriter(
  post: Pick<Post, 'links' | 'publicUrl' | 'mailFrom' | 'unsubscribeAddress' | 'now'>,
  library: Library,
  mailing: Mailing,
): MailWriter {
  const render = prepareMail(mailing.letter, library, library.language)
  const bit = PURPOSES[mailing.purpose].bit
  return (message) => {
    const token = post.links.sign({
      library: library.libraryNo,
      message: message.messageNo,
      patron: message.patronNo,
      purpose: bit,
      addressHash: message.addressHash,
    })
    const unsubscribe = `${post.publicUrl}/u/${token}`
    const rendered: RenderedMail = render({
      ...message,
      links: {
        unsubscribe,
        less: `${post.publicUrl}/less/${token}`,
        why: `${post.publicUrl}/why/${token}`,
        keep: `${post.publicUrl}/keep/${token}`,
      },
    })
    const messageId = messageIdOf(library, message.messageNo, post.mailFrom)
    return {
      messageId,
      envelopeFrom: post.mailFrom,
      to: message.email,
      raw: composeMail({
        from: { name: library.name, address: post.mailFrom },
        to: { address: message.email },
        replyTo: { name: library.name, address: library.email },
        subject: rendered.subject,
        text: rendered.text,
        html: rendered.html,
        messageId,
        date: post.now(),
        language: rendered.language,
        listUnsubscribe: {
          url: unsubscribe,
          ...(post.unsubscribeAddress && { mailto: unsubscribeMailto(post.unsubscribeAddress, token) }),
        },
      }),
    }
  }
}
