// Hands e-mail to any SMTP server: a few connections, opened when there is something to send, used again for up to a
// thousand mails, and replaced without losing a mail when the server closed them in the meantime.
import { sayError } from '../../lib/errors.ts'
import type { EmailProvider, HandOver } from '../channel.ts'
import { openConnection, type SmtpConnection } from './smtp-connection.ts'
import { refusedWith } from './smtp-replies.ts'
import type { SmtpServer } from './smtp-sign-on.ts'
import { checkSmtpOptions } from './smtp-url.ts'

export interface SmtpOptions extends Omit<SmtpServer, 'timeouts' | 'tlsVerify'> {
  /** Connections at once. */
  width: number
  /** Default true. */
  tlsVerify?: boolean
  timeouts?: Partial<SmtpServer['timeouts'] & { idleMs: number }>
}

const mailsPerConnection = 1_000

export function smtpProvider(options: SmtpOptions): EmailProvider {
  checkSmtpOptions(options)
  const { idleMs, ...timeouts } = {
    connectMs: 10_000,
    replyMs: 30_000,
    afterDotMs: 60_000,
    idleMs: 30_000,
    ...options.timeouts,
  }
  const server: SmtpServer = { ...options, tlsVerify: options.tlsVerify ?? true, timeouts }
  const idle: { connection: SmtpConnection; since: number }[] = []
  const waiting: (() => void)[] = []
  let underWay = 0
  let closing = false
  let onQuiet: (() => void) | null = null

  /** A place is free again: for whoever waits, unless a connection that is being closed still counts. */
  const leave = () => {
    if (underWay > options.width) return void underWay--
    const next = waiting.shift()
    if (next) next()
    else if (--underWay === 0) onQuiet?.()
  }
  /** Keeps its place until it is closed: servers count connections, and refuse the one too many. */
  const retire = (connection: SmtpConnection) => {
    underWay++
    void connection.quit().finally(leave)
  }
  // One sweep for all of them: a timer each would cost more than what it watches.
  const sweep = setInterval(() => {
    const tooOld = performance.now() - idleMs
    while (idle[0] && idle[0].since <= tooOld) retire(idle.shift()!.connection)
  }, idleMs / 6)
  sweep.unref()

  /** The one used last, so that those not needed grow old; dead ones are dropped on the way. */
  const takeIdle = (): SmtpConnection | null => {
    for (let last = idle.pop(); last; last = idle.pop()) if (last.connection.alive) return last.connection
    return null
  }
  const giveBack = (connection: SmtpConnection) => {
    if (!connection.alive) return
    if (closing || connection.begun >= mailsPerConnection) retire(connection)
    else idle.push({ connection, since: performance.now() })
  }

  async function overSomeConnection(...handing: Parameters<EmailProvider['handOver']>): Promise<HandOver> {
    const used = takeIdle()
    if (used) {
      const outcome = await used.handOver(...handing)
      giveBack(used)
      if (outcome.kind !== 'never-began') return outcome
    }
    const fresh = await openConnection(server)
    if ('kind' in fresh) return fresh
    const outcome = await fresh.handOver(...handing)
    giveBack(fresh)
    return outcome.kind === 'never-began' ? refusedWith('connection', outcome.why) : outcome
  }

  return {
    name: `smtp ${options.host}:${options.port}`,
    width: options.width,
    async handOver(...handing) {
      if (underWay >= options.width) await new Promise<void>((turn) => waiting.push(turn))
      else underWay++
      try {
        if (closing) return refusedWith('connection', 'The connection to the mail server is being closed.')
        return await overSomeConnection(...handing)
      } catch (error) {
        // Nothing above should throw; if it does, how far the mail had got is not known.
        return { kind: 'unknown', why: sayError(error) }
      } finally {
        leave()
      }
    },
    /** Waits for the hand-overs under way; those still waiting for their turn are refused for now. */
    async close() {
      closing = true
      clearInterval(sweep)
      for (const { connection } of idle.splice(0)) retire(connection)
      if (underWay === 0) return
      await new Promise<void>((quiet) => {
        onQuiet = quiet
      })
    },
  }
}
