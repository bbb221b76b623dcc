// The opening of a connection: greeting, EHLO, encryption, sign-in. Whatever is refused here is between the library and
// its mail server, so it is always temporary: nobody's mail may fail for it.
import type { SmtpLine } from './smtp-line.ts'
import { type Refused, type Reply, refusalIn, refusedWith } from './smtp-replies.ts'

export interface SmtpServer {
  host: string
  port: number
  /** TLS from the first byte (port 465). */
  secure: boolean
  startTls: 'required' | 'when-offered' | 'never'
  login?: { name: string; password: string }
  /** What we call ourselves in EHLO. */
  localName: string
  /** False accepts any certificate: for a relay on the same machine, and said in the settings. */
  tlsVerify: boolean
  tlsAuthorities?: string
  timeouts: { connectMs: number; replyMs: number; afterDotMs: number }
}

/** What the server offers in the end, by keyword; or its refusal. */
export async function signOn(line: SmtpLine, server: SmtpServer): Promise<Map<string, string> | Refused> {
  const { replyMs } = server.timeouts
  const say = (command: string) => {
    line.send(`${command}\r\n`, 1)
    return line.hear(replyMs)
  }
  const greeting = await line.hear(replyMs)
  if (greeting.code !== 220) return refusalIn('sign-on', greeting)
  let hello = await say(`EHLO ${server.localName}`)
  if (hello.code !== 250) return refusalIn('sign-on', hello)

  if (!line.secure && server.startTls !== 'never') {
    if (offersOf(hello).has('STARTTLS')) {
      const ready = await say('STARTTLS')
      if (ready.code !== 220) return refusalIn('sign-on', ready)
      const encrypted = await line.encrypt(replyMs)
      if (encrypted.code === 0) return refusedWith('tls-failed', encrypted.said)
      // What was offered in the clear could have been anybody's words (RFC 3207 §4.2).
      hello = await say(`EHLO ${server.localName}`)
      if (hello.code !== 250) return refusalIn('sign-on', hello)
    } else if (server.startTls === 'required') {
      return refusedWith('tls-not-offered', 'The mail server does not offer encryption (STARTTLS), and it is required.')
    }
  }
  const offers = offersOf(hello)
  if (!server.login) return offers
  // Somebody in between can hide STARTTLS from us, and must not get the password for it.
  if (!line.secure && server.startTls !== 'never') {
    return refusedWith('tls-not-offered', 'The mail server does not offer encryption, so the password was not sent.')
  }
  const { name, password } = server.login
  const base64 = (text: string) => Buffer.from(text).toString('base64')
  const ways = (offers.get('AUTH') ?? '').toUpperCase().split(' ')
  let signedIn: Reply
  if (ways.includes('PLAIN')) signedIn = await say(`AUTH PLAIN ${base64(`\0${name}\0${password}`)}`)
  else if (ways.includes('LOGIN')) {
    signedIn = await say('AUTH LOGIN')
    if (signedIn.code === 334) signedIn = await say(base64(name))
    if (signedIn.code === 334) signedIn = await say(base64(password))
  } else
    return refusedWith('sign-in-not-offered', 'The mail server offers no way to sign in that we know (PLAIN, LOGIN).')
  return signedIn.code === 235 ? offers : refusalIn('sign-on', signedIn)
}

const offersOf = (hello: Reply): Map<string, string> =>
  new Map(
    hello.lines.slice(1).map((line) => {
      const [keyword = '', ...rest] = line.trim().split(/[ =]/)
      return [keyword.toUpperCase(), rest.join(' ')]
    }),
  )
