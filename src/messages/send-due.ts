// One round for one campaign: take, render, hand over, record. No transaction is open while a provider is spoken to.
// The clock of the take is asked again at the last moment before each mail, so that nothing decided more than half a
// second ago leaves.
import type { EmailProvider, HandOver } from '../channels/channel.ts'
import { composeMail } from '../channels/email/compose.ts'
import { isDeadAddress } from '../channels/email/smtp-replies.ts'
import { PURPOSES } from '../consent/purposes.ts'
import type { Logins } from '../db/scope.ts'
import { monotonicMs } from '../lib/clock.ts'
import { sayError } from '../lib/errors.ts'
import type { LinkSigner } from '../lib/signed-links.ts'
import type { Library } from '../patrons/library.ts'
import type { Mailing } from './mailing.ts'
import { type Outcome, recordOutcomes } from './record-outcomes.ts'
import { prepareMail, type RenderedMail } from './render.ts'
import { FRESH_MS, type Taken, takeDue } from './take.ts'
import type { TakeLog, TakeLogs } from './take-log.ts'
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

export interface Round {
  taken: number
  withheld: number
  accepted: number
  /** How long taking and handing over lasted, for choosing the size of the next take. */
  ms: number
  notBefore: Date | null
  /** What was said when a message was refused for now; null when none was. */
  putOff: string | null
}

export async function sendRound(
  post: Post,
  provider: EmailProvider,
  work: { library: Library; sender: string; campaignNo: string; most: number },
): Promise<Round> {
  const take = await takeDue(post.logins, { ...work, now: post.now(), takeLogs: post.takeLogs })
  const round: Round = {
    taken: take.messages.length,
    withheld: take.withheld,
    accepted: 0,
    ms: 0,
    notBefore: take.notBefore,
    putOff: null,
  }
  const { log } = take
  if (take.mailing !== null && log !== null) {
    const write = writerOrWhyNot(post, work.library, take.mailing)
    const stillFresh = () => monotonicMs() - take.takenAt < FRESH_MS
    let settled: Outcome[] = []
    let recording = Promise.resolve()
    // Answers are written as they come, a batch at a time: one slow answer keeps nobody else's outcome in memory only.
    const record = () => {
      const batch = settled
      settled = []
      recording = recording.then(() =>
        recordOutcomes(
          post.logins,
          { ...work, libraryNo: work.library.libraryNo, takeNo: take.takeNo },
          batch,
          post.now(),
        ),
      )
      // Told below, once all are handed over; until then a lost database must not end the whole program.
      recording.catch(() => {})
    }
    const timer = setInterval(() => settled.length > 0 && record(), 200)
    try {
      await eachOf(take.messages, provider.width, async (message) => {
        const result = stillFresh()
          ? await handOver(provider, write, message, { stillFresh, log })
          : ({ kind: 'stale' } as const)
        if (result.kind !== 'unknown')
          log.end(message.messageNo, result.kind === 'accepted' ? 'accepted' : 'did not leave')
        if (result.kind === 'accepted') round.accepted++
        if (result.kind === 'refused' && !result.permanent) round.putOff = result.said
        settled.push({
          messageNo: message.messageNo,
          addressHash: message.addressHash,
          result,
          deadAddress: result.kind === 'refused' && result.permanent && isDeadAddress(result.code),
        })
      })
    } finally {
      clearInterval(timer)
      record()
      await recording.catch((error) => {
        log.leave() // what could not be written down is told by it later
        throw error
      })
    }
    log.close()
  }
  round.ms = monotonicMs() - take.takenAt
  return round
}

/** What is wrong with the letter or the library is nobody's own fault: the messages wait until it is mended. */
function writerOrWhyNot(post: Post, library: Library, mailing: Mailing): MailWriter | HandOver {
  try {
    return mailWriter(post, library, mailing)
  } catch (error) {
    return { kind: 'refused', permanent: false, code: 'not-written', said: sayError(error) }
  }
}

async function handOver(
  provider: EmailProvider,
  write: MailWriter | HandOver,
  message: Taken,
  { stillFresh, log }: { stillFresh: () => boolean; log: TakeLog },
): Promise<HandOver> {
  if (typeof write !== 'function') return write
  let mail: { messageId: string; envelopeFrom: string; to: string; raw: Buffer }
  try {
    mail = write(message)
  } catch (error) {
    return { kind: 'refused', permanent: true, code: 'not-written', said: sayError(error) }
  }
  return provider.handOver(mail, stillFresh, () => log.begin(message.messageNo))
}

type MailWriter = (message: Taken) => { messageId: string; envelopeFrom: string; to: string; raw: Buffer }

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

/** Runs `act` over all, `width` at a time. */
async function eachOf<T>(all: T[], width: number, act: (one: T) => Promise<void>): Promise<void> {
  let next = 0
  const lane = async () => {
    while (next < all.length) await act(all[next++]!)
  }
  await Promise.all(Array.from({ length: Math.min(width, all.length) }, lane))
}
