// The mail door: a small SMTP server that takes mail for this installation and for nobody else. It says 250 only after
// `keep` has said that the mail is stored, and a number beginning with 4 whenever it could not be, so that the sending
// server tries again: nothing that was acknowledged is lost. Whose mail it is and who may send is decided by what is given.
import { SMTPServer, type SMTPServerAddress, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server'
import { sayError } from '../../lib/errors.ts'
import { countHosts, type HostLimits, usualLimits } from './host-limits.ts'
import { whyRefuse } from './refuse-mail.ts'

/** Who is at the door. `from` is the envelope's, "" for a null return path. */
export interface Caller {
  from: string
  peer: string
  /** What the peer calls itself. */
  greeting: string
  secure: boolean
  /** The name under which it signed in. */
  authenticatedAs: string | null
}

export interface ArrivingMail extends Caller {
  to: string[]
  /** With CRLF line ends; dots are unstuffed. */
  raw: Buffer
}

/** `known`: a host that may send more than a stranger. What `said` says goes to the sending server, and on to its people. */
export type Verdict = { kind: 'welcome'; known?: boolean } | { kind: 'refused'; permanent: boolean; said: string }

export interface Certificate {
  key: string
  cert: string
}

export interface MailDoorOptions {
  host: string
  port: number
  /** What the server calls itself. */
  name: string
  /** Null = nothing is encrypted here, and nobody can sign in. */
  certificate: Certificate | null
  sizeBytes?: number
  addressesOfOneMail?: number
  limits?: Partial<HostLimits>
  signIn(name: string, password: string): Promise<boolean>
  welcomes(address: string, caller: Caller): Promise<Verdict>
  /** Whatever it throws is a "try again later" for the sender. */
  keep(mail: ArrivingMail): Promise<Verdict>
  say?: (line: string) => void
}

export interface MailDoor {
  port: number
  useCertificate(certificate: Certificate): void
  /** Lets mails under way come to their end, a few seconds long. */
  stop(): Promise<void>
}

const SIZE = 5 * 1024 * 1024
/** What all connections together may hold in memory. */
const AT_ONCE = 64 * 1024 * 1024

class Refusal extends Error {
  readonly responseCode: number
  constructor(responseCode: number, message: string) {
    super(message)
    this.responseCode = responseCode
  }
}

/** Throws as `listen` does when the port is taken. */
export async function openMailDoor(options: MailDoorOptions): Promise<MailDoor> {
  const { certificate, say = () => {}, sizeBytes = SIZE } = options
  const limits = { ...usualLimits, ...options.limits }
  const hosts = countHosts(limits)
  const guests = new WeakMap<SMTPServerSession, { inside: boolean; guesses: number }>()
  let held = 0

  const server = new SMTPServer({
    name: options.name,
    banner: 'Gentle Reader',
    ...(certificate ?? {}),
    // Signing in without encryption would tell the password to everybody between.
    disabledCommands: certificate === null ? ['STARTTLS', 'AUTH'] : [],
    authMethods: ['PLAIN', 'LOGIN'],
    authOptional: true,
    size: sizeBytes,
    maxRecipients: options.addressesOfOneMail ?? 20,
    maxCommandLength: 2_048,
    socketTimeout: 60_000,
    closeTimeout: 5_000,
    disableReverseLookup: true,
    logger: false,
    // Not promised, because not kept. Without pipelining an answer to DATA is waited for by every server that is one.
    hidePIPELINING: true,
    hideSMTPUTF8: true,
    hideDSN: true,
    hideREQUIRETLS: true,
    onConnect: (session, done) => {
      const inside = hosts.enter(session.remoteAddress)
      guests.set(session, { inside, guesses: 0 })
      done(inside ? null : new Refusal(421, 'Too many connections from there. Try again in a moment.'))
    },
    onClose: (session) => {
      if (guests.get(session)?.inside) hosts.leave(session.remoteAddress)
    },
    onAuth: (auth, _session, done) => {
      options.signIn(auth.username ?? '', auth.password ?? '').then(
        (right) =>
          done(null, right ? { user: auth.username } : { message: 'This name and password are not known here.' }),
        () => done(new Refusal(454, 'Cannot look it up now. Try again later.')),
      )
    },
    onMailFrom: (_address, session, done) => done(isBabbling(session)),
    onRcptTo: (address, session, done) => {
      admit(address, session).then(
        () => done(),
        (error) => done(refusalOf(error, say)),
      )
    },
    onData: (stream, session, done) => {
      take(stream, session).then(
        () => done(null, 'It is stored.'),
        (error) => done(refusalOf(error, say)),
      )
    },
  })
  server.on('error', (error) => {
    if (!/^(ECONNRESET|EPIPE|ETIMEDOUT|ECONNECTION)$/.test((error as NodeJS.ErrnoException).code ?? ''))
      say(`The mail door: ${sayError(error)}`)
  })

  async function admit(address: SMTPServerAddress, session: SMTPServerSession): Promise<void> {
    const babble = isBabbling(session)
    if (babble !== null) throw babble
    const verdict = await options.welcomes(address.address, callerOf(session))
    if (verdict.kind === 'welcome') {
      if (session.envelope.rcptTo.length > 0 || hosts.draw(session.remoteAddress, verdict.known ?? false)) return
      throw new Refusal(450, 'Too many mails in a minute from there. Try again later.')
    }
    const guest = guests.get(session)
    if (guest !== undefined && ++guest.guesses >= limits.guesses)
      throw new Refusal(421, 'Too many addresses that nobody has here. Good-bye.')
    throw new Refusal(verdict.permanent ? 550 : 450, verdict.said)
  }

  async function take(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<void> {
    const pieces: Buffer[] = []
    let bytes = 0
    let kept = 0
    let full = false
    try {
      for await (const piece of stream as AsyncIterable<Buffer>) {
        bytes += piece.length
        // Read to its end even so: the server on the other side is not listening before it has said everything.
        if (full) continue
        full = bytes > sizeBytes || held + piece.length > AT_ONCE
        const more = full ? -kept : piece.length
        kept += more
        held += more
        if (full) pieces.length = 0
        else pieces.push(piece)
      }
      if (bytes > sizeBytes) throw new Refusal(552, `The mail is larger than ${sizeBytes} bytes.`)
      if (full) throw new Refusal(452, 'Too much is coming in at once. Try again later.')
      const raw = Buffer.concat(pieces)
      const why = whyRefuse(raw)
      if (why !== null) throw new Refusal(550, why)
      const to = session.envelope.rcptTo.map((one) => one.address)
      const verdict = await options.keep({ ...callerOf(session), to, raw })
      if (verdict.kind === 'refused') throw new Refusal(verdict.permanent ? 550 : 451, verdict.said)
    } finally {
      held -= kept
    }
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, options.host, () => {
      server.removeListener('error', reject)
      resolve()
    })
  })
  return {
    port: (server.server.address() as { port: number }).port,
    useCertificate: (renewed) => server.updateSecureContext(renewed),
    stop: () => new Promise((stopped) => server.close(() => stopped())),
  }
}

/**
 * Whose last words were no command, or one out of turn, goes on to speak the text of a mail whose DATA was refused, or is no
 * mail server at all. None of its lines may become a mail.
 */
const isBabbling = (session: SMTPServerSession): Refusal | null =>
  /^50[03]/.test(session.error ?? '') ? new Refusal(421, 'That was no SMTP. Good-bye.') : null

function callerOf(session: SMTPServerSession): Caller {
  const { mailFrom } = session.envelope
  return {
    from: mailFrom === false ? '' : mailFrom.address,
    peer: session.remoteAddress,
    greeting: session.hostNameAppearsAs || '',
    secure: session.secure,
    authenticatedAs: typeof session.user === 'string' ? session.user : null,
  }
}

function refusalOf(error: unknown, say: (line: string) => void): Refusal {
  if (error instanceof Refusal) return error
  say(`A mail was put off and will come again: ${sayError(error)}`)
  return new Refusal(451, 'It cannot be stored now. Try again later.')
}
