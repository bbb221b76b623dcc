// The mail door of this installation: what it can do with mail, the loop that hands mail on, and, where the settings ask for
// it, the SMTP server itself, whose certificate is read again every hour because certificates are renewed.
import { readFile } from 'node:fs/promises'
import { type Certificate, type MailDoor, openMailDoor } from '../channels/email/receive.ts'
import { systemLookUp } from '../channels/email/verify-sender.ts'
import { staffAnswersByMail } from '../conversations/staff-answer-by-mail.ts'
import type { Journal } from '../db/journal.ts'
import type { Logins } from '../db/scope.ts'
import type { Clock } from '../lib/clock.ts'
import { Problem, sayError } from '../lib/errors.ts'
import type { LinkSigner } from '../lib/signed-links.ts'
import type { Capability } from '../messages/arrivals/capability.ts'
import { doorKeeper } from '../messages/arrivals/door-keeper.ts'
import { returnedMail } from '../messages/arrivals/returned-mail.ts'
import { textGateway } from '../messages/arrivals/text-gateway.ts'
import { unsubscribeByMail } from '../messages/unsubscribe-mail.ts'
import { startArrivalLoop } from './arrival-loop.ts'

export interface MailSettings {
  host: string
  port: number
  domain: string
  certificate: { certFile: string; keyFile: string } | null
}

export interface MailHouse {
  settings: MailSettings | null
  unsubscribeAddress: string | null
  /** The domain of the addresses to which staff answer texts; null = they do not by mail. */
  replyDomain: string | null
  logins: Logins
  journal: Journal
  links: LinkSigner
  clock: Clock
}

export interface RunningDoor {
  /** Null = no mail is received here. */
  port: number | null
  stop(): Promise<void>
}

const RENEW_MS = 3_600_000

/** A capability is added here; until then its addresses are nobody's. */
const capabilitiesOf = (house: MailHouse, say: (line: string) => void): Capability[] => [
  textGateway,
  ...(house.unsubscribeAddress === null ? [] : [unsubscribeByMail(house, house.unsubscribeAddress)]),
  ...(house.replyDomain === null
    ? []
    : [staffAnswersByMail(house.logins, house.replyDomain), returnedMail(house.logins, house.replyDomain, say)]),
]

/** Throws Problem when the port or the certificate cannot be had. */
export async function startMailDoor(house: MailHouse, say: (line: string) => void): Promise<RunningDoor> {
  const { settings, logins, clock } = house
  const capabilities = capabilitiesOf(house, say)
  const door = settings === null ? null : await open(house, settings, capabilities, say)
  const loop = startArrivalLoop({ logins, capabilities, clock, say })
  return {
    port: door?.port ?? null,
    async stop() {
      await door?.stop()
      await loop.stop()
    },
  }
}

async function open(
  { logins, clock }: MailHouse,
  settings: MailSettings,
  capabilities: readonly Capability[],
  say: (line: string) => void,
): Promise<MailDoor> {
  const { host, port, domain } = settings
  const certificate = await readCertificate(settings)
  const door = await openMailDoor({
    ...{ host, port, name: domain, certificate, say },
    ...doorKeeper({ logins, capabilities, domain, lookUp: systemLookUp(), clock }),
  }).catch((error) => {
    throw cannotOpen(error, settings)
  })
  const renewing = setInterval(() => {
    readCertificate(settings).then(
      (renewed) => renewed && door.useCertificate(renewed),
      (error) => say(`The mail door goes on with the certificate it has: ${sayError(error)}`),
    )
  }, RENEW_MS)
  return {
    ...door,
    async stop() {
      clearInterval(renewing)
      await door.stop()
    },
  }
}

async function readCertificate({ certificate }: MailSettings): Promise<Certificate | null> {
  if (certificate === null) return null
  try {
    return { cert: await readFile(certificate.certFile, 'utf8'), key: await readFile(certificate.keyFile, 'utf8') }
  } catch (error) {
    throw new Problem('not-ready', `The certificate of the mail door cannot be read. ${sayError(error)}`, {
      cause: error,
    })
  }
}

function cannotOpen(error: NodeJS.ErrnoException, { host, port }: MailSettings): unknown {
  if (error.code === 'EADDRINUSE')
    return new Problem(
      'conflict',
      `Port ${port}, for mail, is taken by another program. Set GENTLE_MAIL_PORT to another.`,
    )
  if (error.code === 'EACCES')
    return new Problem(
      'not-allowed',
      `This account may not open port ${port} for mail. Choose one above 1023, and let the firewall or Postfix bring mail there.`,
    )
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND')
    return new Problem('bad-input', `"${host}" in GENTLE_MAIL_HOST is no address of this machine.`)
  return error
}
