// A mail server as one line of settings: smtp://name:password@mail.example.org:587?starttls=required&width=20, and the
// checks on such settings. A mistake is told at the start and in words, never with the password in them.
import { hostname } from 'node:os'
import { Problem } from '../../lib/errors.ts'
import type { SmtpOptions } from './smtp.ts'

const startTlsWords = ['required', 'when-offered', 'never'] as const

/** `smtps:` is TLS from the first byte. Options: starttls, width, verify=no, local-name. */
export function parseSmtpUrl(text: string): SmtpOptions {
  const url = URL.parse(text)
  if (
    !url ||
    !/^smtps?:$/.test(url.protocol) ||
    url.hostname === '' ||
    !/^\/?$/.test(url.pathname) ||
    url.hash !== ''
  ) {
    throw new Problem(
      'bad-input',
      'A mail server is written smtp://name:password@host:587 or smtps://name:password@host.',
    )
  }
  for (const key of url.searchParams.keys()) {
    if (!['starttls', 'width', 'verify', 'local-name'].includes(key)) {
      throw new Problem('bad-input', `The mail server's address has an option “${key}” that does not exist.`)
    }
  }
  const secure = url.protocol === 'smtps:'
  const login = url.username === '' ? undefined : { name: decoded(url.username), password: decoded(url.password) }
  const startTls = url.searchParams.get('starttls') ?? (login ? 'required' : 'when-offered')
  const verify = url.searchParams.get('verify') ?? 'yes'
  if (!startTlsWords.includes(startTls as (typeof startTlsWords)[number])) {
    throw new Problem('bad-input', `The option starttls of a mail server is one of ${startTlsWords.join(', ')}.`)
  }
  if (verify !== 'yes' && verify !== 'no') throw new Problem('bad-input', 'The option verify is yes or no.')
  const options: SmtpOptions = {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (secure ? 465 : login ? 587 : 25) : Number(url.port),
    secure,
    startTls: startTls as SmtpOptions['startTls'],
    login,
    width: Number(url.searchParams.get('width') ?? 10),
    localName: url.searchParams.get('local-name') ?? ourName(),
    tlsVerify: verify === 'yes',
  }
  checkSmtpOptions(options)
  return options
}

export function checkSmtpOptions(options: SmtpOptions): void {
  if (!Number.isInteger(options.width) || options.width < 1 || options.width > 200) {
    throw new Problem('bad-input', 'The width of a mail server is the number of connections, from 1 to 200.')
  }
  if (!/^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,253})|\[[0-9A-Fa-f:.]+\])$/.test(options.localName)) {
    throw new Problem('bad-input', 'The name that we give to a mail server is a host name.')
  }
}

const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part)
  } catch {
    throw new Problem(
      'bad-input',
      "The name or password in the mail server's address has a stray “%”: write it as %25.",
    )
  }
}

const ourName = (): string =>
  hostname()
    .replace(/[^A-Za-z0-9.-]/g, '')
    .replace(/^[.-]+/, '') || 'localhost'
