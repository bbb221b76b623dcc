// The settings of this installation, read from the environment here and nowhere else, and checked before anything
// starts: a wrong setting ends in a sentence, not in a mail that goes out with a dead link.
import { resolve } from 'node:path'
import { parseSmtpUrl } from './channels/email/smtp-url.ts'
import { normaliseEmail } from './lib/addresses.ts'
import { Problem, sayError } from './lib/errors.ts'

export interface Config {
  /** The data folder, absolute. */
  readonly dataDir: string
  /** Your own PostgreSQL; null = the embedded one on the data folder. */
  readonly databaseUrl: string | null
  /** Null = mail stays in the mailroom. */
  readonly smtpUrl: string | null
  /** From whom outreach comes; always there when smtpUrl is. */
  readonly mailFrom: string | null
  /** Where a mail program may write to instead of pressing the stop button; null = it has the button alone. */
  readonly unsubscribeAddress: string | null
  /** The domain whose mail comes to our own door, for answers to texts; null = they cannot be answered by mail. */
  readonly replyDomain: string | null
  /** Where links in messages go, without a slash at the end. */
  readonly publicUrl: string
  readonly host: string
  readonly port: number
  /** Null = no mail is received here. */
  readonly mailDoor: MailDoorSettings | null
  /** Development has the mailroom and the one-click demo. Production has neither, and its links are https. */
  readonly mode: 'production' | 'development'
}

export interface MailDoorSettings {
  readonly host: string
  readonly port: number
  /** Whose addresses are ours, and what the mail server calls itself. */
  readonly domain: string
  /** Files in PEM; null = nothing is encrypted, and nobody can sign in. */
  readonly certificate: { readonly certFile: string; readonly keyFile: string } | null
}

/** What a command line says itself; it wins over the environment. */
export interface GivenSettings {
  dataDir?: string
  host?: string
  port?: number
}

/** The mail door of a machine on which things are tried out: nobody's domain, and never one in mail that leaves the machine. */
export const DEMO_DOMAIN = 'sms.demo.test'

type Environment = Record<string, string | undefined>

/** Throws Problem 'bad-input' that names the setting, what is wrong with it and what would be right. */
export function readConfig(given: GivenSettings = {}, environment: Environment = process.env): Config {
  const setting = (name: string): string | null => environment[name]?.trim() || null
  const host = given.host ?? setting('GENTLE_HOST') ?? '127.0.0.1'
  const port = given.port ?? readPort(setting)
  const publicUrl = readPublicUrl(setting('GENTLE_PUBLIC_URL') ?? `http://localhost:${port}`)
  const smtpUrl = readMailServer(setting('GENTLE_SMTP_URL'))
  const mailDoor = readMailDoor(setting)
  const mode = readMode(setting('GENTLE_MODE'), {
    ...{ host, publicUrl, publicUrlGiven: setting('GENTLE_PUBLIC_URL') !== null },
  })
  return {
    dataDir: resolve(given.dataDir ?? setting('GENTLE_DATA') ?? 'data'),
    databaseUrl: readDatabaseUrl(setting('DATABASE_URL')),
    smtpUrl,
    mailFrom: readMailFrom(setting('GENTLE_MAIL_FROM'), smtpUrl),
    unsubscribeAddress: readUnsubscribeAddress(setting('GENTLE_UNSUBSCRIBE_ADDRESS')),
    replyDomain:
      readReplyDomain(setting('GENTLE_REPLY_DOMAIN')) ??
      mailDoor?.domain ??
      (mode === 'development' && smtpUrl === null ? DEMO_DOMAIN : null),
    publicUrl,
    host,
    port,
    mailDoor,
    mode,
  }
}

const wrong = (sentence: string, cause?: unknown): Problem => new Problem('bad-input', sentence, { cause })

function readPort(setting: (name: string) => string | null): number {
  const name = setting('GENTLE_PORT') === null ? 'PORT' : 'GENTLE_PORT'
  const text = setting(name) ?? '8080'
  const port = Number(text)
  if (!/^\d+$/.test(text) || port < 1 || port > 65_535)
    throw wrong(`${name} is "${text}"; a port is a number from 1 to 65535, such as 8080.`)
  return port
}

/** `name` is what the text was given as, for the sentence that says what is wrong with it. */
function readPublicUrl(text: string, name = 'GENTLE_PUBLIC_URL'): string {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '' || url.username !== '')
    throw wrong(
      `${name} is "${text}"; it is the address where readers reach this installation, such as https://letters.example.org.`,
    )
  return url.href.replace(/\/+$/, '')
}

/** What a command line says of it, else the setting. */
export const publicUrlOf = (config: Config, given: string | undefined): string =>
  given === undefined ? config.publicUrl : readPublicUrl(given, '--public-url')

// Addresses of servers hold passwords, so no sentence repeats them.
function readDatabaseUrl(text: string | null): string | null {
  if (text !== null && (!URL.canParse(text) || !/^postgres(ql)?:$/.test(new URL(text).protocol)))
    throw wrong('DATABASE_URL is not an address of the form postgres://name:password@host:5432/database.')
  return text
}

function readMailServer(text: string | null): string | null {
  if (text === null) return null
  try {
    parseSmtpUrl(text)
  } catch (error) {
    throw wrong(`GENTLE_SMTP_URL cannot be used. ${sayError(error)}`, error)
  }
  return text
}

function readMailFrom(text: string | null, smtpUrl: string | null): string | null {
  if (text === null && smtpUrl !== null)
    throw wrong(
      'GENTLE_SMTP_URL is set and GENTLE_MAIL_FROM is not: say from which address the library writes, such as hello@library.example.org.',
    )
  // One bare address: the name beside it is each library's own.
  if (text !== null && (normaliseEmail(text) === null || /[;,\s]/.test(text)))
    throw wrong(`GENTLE_MAIL_FROM is "${text}"; it is one email address, such as hello@library.example.org.`)
  return text
}

function readUnsubscribeAddress(text: string | null): string | null {
  if (text !== null && (normaliseEmail(text) === null || /[;,\s?%&]/.test(text)))
    throw wrong(
      `GENTLE_UNSUBSCRIBE_ADDRESS is "${text}"; it is one email address, such as unsubscribe@library.example.org.`,
    )
  return text
}

function readMailDoor(setting: (name: string) => string | null): MailDoorSettings | null {
  const port = setting('GENTLE_MAIL_PORT')
  const domain = setting('GENTLE_MAIL_DOMAIN')
  const certFile = setting('GENTLE_MAIL_CERT')
  const keyFile = setting('GENTLE_MAIL_KEY')
  const host = setting('GENTLE_MAIL_HOST') ?? '127.0.0.1'
  if (port === null) return null
  if (!/^\d+$/.test(port) || Number(port) < 1 || Number(port) > 65_535)
    throw wrong(
      `GENTLE_MAIL_PORT is "${port}"; a port is a number from 1 to 65535: 25 where mail servers come, or 2525.`,
    )
  if (domain === null || normaliseEmail(`x@${domain}`) === null)
    throw wrong(
      `GENTLE_MAIL_PORT is set and GENTLE_MAIL_DOMAIN is ${domain === null ? 'not' : `"${domain}"`}: say for which domain mail is received, such as sms.library.example.org.`,
    )
  if ((certFile === null) !== (keyFile === null))
    throw wrong('GENTLE_MAIL_CERT and GENTLE_MAIL_KEY belong together: the files of a certificate and of its key.')
  const certificate = certFile === null || keyFile === null ? null : { certFile, keyFile }
  return { host, port: Number(port), domain: domain.toLowerCase(), certificate }
}

function readReplyDomain(text: string | null): string | null {
  if (text !== null && normaliseEmail(`texts@${text}`) === null)
    throw wrong(
      `GENTLE_REPLY_DOMAIN is "${text}"; it is a domain whose mail comes here, such as sms.library.example.org.`,
    )
  return text?.toLowerCase() ?? null
}

const LOCAL = /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/

/**
 * Development unless said otherwise, so that a first start needs no question and a test server never wants a
 * certificate. But the mailroom shows everybody's mail: whoever opens the door to other machines has to say what this is.
 */
function readMode(
  text: string | null,
  open: { host: string; publicUrl: string; publicUrlGiven: boolean },
): Config['mode'] {
  if (text !== null && text !== 'production' && text !== 'development')
    throw wrong(`GENTLE_MODE is "${text}"; it is either production or development.`)
  const local = LOCAL.test(open.host) && LOCAL.test(new URL(open.publicUrl).hostname)
  if (text === null && !local)
    throw wrong(
      'These settings open Gentle Reader to other machines, and GENTLE_MODE is not set. Set it to production; or to development, if everybody who can reach it may see the mailroom.',
    )
  if (text === 'production' && !open.publicUrl.startsWith('https://'))
    throw wrong(
      open.publicUrlGiven
        ? `GENTLE_PUBLIC_URL is "${open.publicUrl}"; in production links in messages must begin with https://.`
        : 'GENTLE_PUBLIC_URL is not set. In production, say where readers reach this installation, such as https://letters.example.org.',
    )
  return text ?? 'development'
}
