// The line to a mail server: bytes out, whole replies in, and the moment at which it is dead. It knows sockets and
// time limits and nothing of mail; a reply that nobody asked for, or that is not SMTP, ends the line.
import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { sayError } from '../../lib/errors.ts'
import { type Reply, replyReader } from './smtp-replies.ts'

export interface SmtpLine {
  /** Under TLS from here on. */
  readonly secure: boolean
  readonly alive: boolean
  /** The server kept silent for longer than we wait (as against: closed the line). */
  readonly wentSilent: boolean
  /** `replies`: how many this makes the server owe. `onGone` is called when the last byte has left this process. */
  send(bytes: string | Buffer, replies: number, onGone?: () => void): void
  /** The next reply; code 0 when the line is dead or the time is up. Never rejects. */
  hear(withinMs: number): Promise<Reply>
  /** After STARTTLS was answered; code 220, or 0 with the reason. */
  encrypt(withinMs: number): Promise<Reply>
  drop(): void
}

export interface LineTo {
  host: string
  port: number
  secure: boolean
  tlsVerify: boolean
  /** PEM certificates to trust in place of the system's. */
  tlsAuthorities?: string
  connectMs: number
}

const replyOf = (code: number, said: string): Reply => ({ code, enhanced: '', said, lines: [] })

/** Opens the line; its first `hear` is the server's greeting. */
export async function openLine(to: LineTo): Promise<SmtpLine | Reply> {
  const tls = {
    host: to.host,
    port: to.port,
    servername: isIP(to.host) ? undefined : to.host,
    rejectUnauthorized: to.tlsVerify,
    ca: to.tlsAuthorities,
    minVersion: 'TLSv1.2' as const,
  }
  const first = to.secure ? connectTls(tls) : connectTcp({ host: to.host, port: to.port })
  const failure = await settled(first, to.secure ? 'secureConnect' : 'connect', to.connectMs)
  if (failure !== null) return replyOf(0, `${to.host}:${to.port}: ${failure}`)

  let socket: Socket = first
  let secure = to.secure
  let wentSilent = false
  let owed = 1
  let dead: Reply | null = null
  const heard: Reply[] = []
  let listener: ((reply: Reply) => void) | null = null
  let timer: NodeJS.Timeout | undefined

  const die = (why: string) => {
    if (dead) return
    dead = replyOf(0, why)
    socket.destroy()
    give(dead)
  }
  const give = (reply: Reply) => {
    if (!listener) return void (reply.code !== 0 && heard.push(reply))
    clearTimeout(timer)
    const answer = listener
    listener = null
    answer(reply)
  }
  const onError = (error: Error) => die(sayError(error))
  const onEnd = () => die('the mail server closed the connection')
  const listen = () => {
    const read = replyReader()
    socket.setNoDelay(true)
    socket.on('error', onError)
    socket.on('end', onEnd)
    socket.on('close', onEnd)
    socket.on('data', (chunk: Buffer) => {
      const replies = read(chunk)
      for (const reply of replies ?? []) {
        // Unasked, it is "421 closing" on an idle line, or something slipped in before TLS: the end in either case.
        if (--owed < 0) return die(reply.said)
        give(reply)
      }
      if (replies === null) die('the mail server sent something that is not SMTP')
    })
  }
  listen()

  return {
    get secure() {
      return secure
    },
    get alive() {
      return dead === null
    },
    get wentSilent() {
      return wentSilent
    },
    send(bytes, replies, onGone) {
      if (dead) return
      owed += replies
      socket.write(bytes, onGone && ((error) => !error && onGone()))
    },
    hear(withinMs) {
      const next = heard.shift() ?? dead
      if (next) return Promise.resolve(next)
      return new Promise((resolve) => {
        listener = resolve
        timer = setTimeout(() => {
          wentSilent = true
          die(`the mail server did not answer within ${withinMs / 1000} s`)
        }, withinMs)
      })
    },
    async encrypt(withinMs) {
      if (dead) return dead
      const open = socket
      open.removeAllListeners('data')
      open.off('end', onEnd).off('close', onEnd)
      const secured = connectTls({ ...tls, socket: open })
      const failed = await settled(secured, 'secureConnect', withinMs)
      if (failed !== null) {
        die(failed)
        return replyOf(0, failed)
      }
      socket = secured
      secure = true
      listen()
      return replyOf(220, 'encrypted')
    },
    drop: () => die('we closed the connection'),
  }
}

/** Null once `event` has come; otherwise why it will not, and the socket is gone. */
function settled(socket: Socket, event: 'connect' | 'secureConnect', withinMs: number): Promise<string | null> {
  return new Promise((resolve) => {
    const end = (why: string | null) => {
      clearTimeout(timer)
      socket.removeAllListeners(event)
      socket.off('close', onClose)
      if (why !== null) socket.destroy()
      resolve(why)
    }
    const timer = setTimeout(() => end(`no connection within ${withinMs / 1000} s`), withinMs)
    const onClose = () => end('the connection was closed')
    socket.once(event, () => end(null))
    socket.once('close', onClose)
    // Several addresses tried in vain (localhost is two) come as one error without words of its own.
    socket.on('error', (error) =>
      end(error instanceof AggregateError ? error.errors.map(sayError).join('; ') : sayError(error)),
    )
  })
}
