// Which provider carries a library's mail: a demo's mail never leaves the mailroom, and a real library's goes to the
// mail server in the settings. Without one it stays in the mailroom on a developer's machine, and waits in production.
import { join } from 'node:path'
import type { EmailProvider } from '../channels/channel.ts'
import { mailroomProvider } from '../channels/email/mailroom.ts'
import { smtpProvider } from '../channels/email/smtp.ts'
import { parseSmtpUrl } from '../channels/email/smtp-url.ts'
import type { Library } from '../patrons/library.ts'

export interface CarrierSettings {
  dataDir: string
  smtpUrl: string | null
  mailFrom: string | null
  mode: 'production' | 'development'
}

export const mailroomFolder = (dataDir: string): string => join(dataDir, 'mailroom')

/** Whom mail in the mailroom is from when nobody has said. */
const MAILROOM_FROM = 'hello@example.org'

export const outreachFrom = (settings: CarrierSettings): string => settings.mailFrom ?? MAILROOM_FROM

/** Whether a mailing of this library could leave at all. */
export const canSend = (settings: CarrierSettings, library: Library): boolean => whoCarries(settings, library) !== null

function whoCarries(settings: CarrierSettings, library: Library): 'mailroom' | 'smtp' | null {
  if (library.demo) return 'mailroom'
  if (settings.smtpUrl !== null) return 'smtp'
  return settings.mode === 'development' ? 'mailroom' : null
}

export interface Carriers {
  providerFor(library: Library): EmailProvider | null
  close(): Promise<void>
}

export function openCarriers(settings: CarrierSettings): Carriers {
  const mailroom = mailroomProvider(mailroomFolder(settings.dataDir))
  const smtp = settings.smtpUrl === null ? null : smtpProvider(parseSmtpUrl(settings.smtpUrl))
  return {
    providerFor: (library) => ({ mailroom, smtp, none: null })[whoCarries(settings, library) ?? 'none'],
    async close() {
      await Promise.all([mailroom.close(), smtp?.close()])
    },
  }
}
