// One connection to a mail server, from greeting to QUIT, and the hand-over of one mail after the other on it. Its care
// is the instant at which a mail counts as handed over: the server owns it once the dot after it was written, so before
// that everything is refused or stale, and after that only the server's answer says what happened.
import type { HandOver, OutgoingMail } from '../channel.ts'
import { asContent, whyUnfit } from './smtp-content.ts'
import { openLine, type SmtpLine } from './smtp-line.ts'
import { type Refused, refusalIn, refusedWith, type Stage } from './smtp-replies.ts'
import { type SmtpServer, signOn } from './smtp-sign-on.ts'

/** `never-began`: the server had closed this connection before it answered anything; another may be tried at once. */
export type OnConnection = HandOver | { kind: 'never-began'; why: string }

export interface SmtpConnection {
  readonly alive: boolean
  /** Hand-overs begun here. */
  readonly begun: number
  handOver(mail: OutgoingMail, stillFresh: () => boolean, begin?: () => Promise<boolean>): Promise<OnConnection>
  quit(): Promise<void>
}

/** Greets, encrypts and signs in as the settings ask. */
export async function openConnection(server: SmtpServer): Promise<SmtpConnection | Refused> {
  const line = await openLine({ ...server, connectMs: server.timeouts.connectMs })
  if ('code' in line) return refusalIn('sign-on', line)
  const offers = await signOn(line, server)
  if ('kind' in offers) {
    line.drop()
    return offers
  }
  return connectionOver(line, offers.has('PIPELINING'), server.timeouts)
}

function connectionOver(line: SmtpLine, pipelining: boolean, timeouts: SmtpServer['timeouts']): SmtpConnection {
  let begun = 0
  let open = false // a mail was begun here and not finished: the next one says RSET first

  /** Null when the server waits for the mail itself; otherwise what became of it. */
  async function announce(mail: OutgoingMail): Promise<OnConnection | null> {
    const steps: [command: string, stage: Stage, yes: number][] = [
      [`MAIL FROM:<${mail.envelopeFrom}>`, 'sender', 250],
      [`RCPT TO:<${mail.to}>`, 'address', 250],
      ['DATA', 'data', 354],
    ]
    if (open) steps.unshift(['RSET', 'sign-on', 250])
    open = true
    // RFC 2920: all of it in one write; each answer is still read and judged by itself.
    if (pipelining) line.send(`${steps.map(([command]) => command).join('\r\n')}\r\n`, steps.length)
    let refusal: Refused | null = null
    let answers = 0
    for (const [command, stage, yes] of steps) {
      if (!pipelining) {
        if (refusal) return refusal
        line.send(`${command}\r\n`, 1)
      }
      const reply = await line.hear(timeouts.replyMs)
      if (reply.code === 0 && answers === 0 && !line.wentSilent) return { kind: 'never-began', why: reply.said }
      if (reply.code === 0) return refusal ?? refusalIn(stage, reply)
      answers++
      if (reply.code === 421) {
        line.drop()
        return refusal ?? refusalIn(stage, reply)
      }
      if (reply.code === yes || (stage === 'address' && reply.code >= 250 && reply.code <= 252)) {
        if (stage !== 'data' || !refusal) continue
        // It waits for a mail that has nobody to go to: a lone dot ends that (RFC 2920 §3.1).
        line.send('.\r\n', 1)
        await line.hear(timeouts.afterDotMs)
        return refusal
      }
      if (reply.code < 400 || stage === 'sign-on') {
        line.drop()
        return refusal ?? refusedWith('connection', `The mail server answered out of turn: ${reply.said}`)
      }
      refusal ??= refusalIn(stage, reply)
    }
    return refusal
  }

  async function handOver(
    mail: OutgoingMail,
    stillFresh: () => boolean,
    begin: () => Promise<boolean> = async () => true,
  ): Promise<OnConnection> {
    const unfit = whyUnfit(mail)
    if (unfit) return unfit
    if (!stillFresh()) return { kind: 'stale' } // the cheap moment: nothing was said yet
    begun++
    const ended = await announce(mail)
    if (ended) return ended
    if (!(await begin()) || !stillFresh()) {
      // After 354 the server takes whatever comes for the mail, and there is no command to call it off. Closing is the
      // one clean way: not a byte of it was written, and without its dot it must not be delivered (RFC 5321 §4.1.1.4).
      line.drop()
      return { kind: 'stale' }
    }
    let dotGone = line.secure && line.alive // under TLS nobody can say when the last byte really left
    line.send(asContent(mail.raw), 1, () => {
      dotGone = true
    })
    const reply = await line.hear(timeouts.afterDotMs)
    if (reply.code === 0) return dotGone ? { kind: 'unknown', why: reply.said } : refusalIn('content', reply)
    // Answered before it had everything, on its way out, or out of turn: nothing more is said on this line.
    if (!dotGone || reply.code === 421 || (reply.code >= 300 && reply.code < 400)) line.drop()
    if (reply.code >= 400) return refusalIn('content', reply)
    if (!dotGone || reply.code >= 300) return { kind: 'unknown', why: `the mail server answered ${reply.said}` }
    open = false
    return {
      kind: 'accepted',
      providerId: /queued as (\S+)/i.exec(reply.said)?.[1] ?? mail.messageId,
      said: reply.said,
    }
  }

  return {
    get alive() {
      return line.alive
    },
    get begun() {
      return begun
    },
    handOver,
    async quit() {
      line.send('QUIT\r\n', 1)
      await line.hear(1_000)
      line.drop()
    },
  }
}
