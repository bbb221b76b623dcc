// A mail door on a test file's own database, with a text gateway and staff's answers that only note what they are given.
import { sql } from 'kysely'
import { type MailDoorOptions, openMailDoor } from '../src/channels/email/receive.ts'
import type { LookUp } from '../src/channels/email/verify-sender.ts'
import { fixedClock } from '../src/lib/clock.ts'
import type { Capability, HandedMail } from '../src/messages/arrivals/capability.ts'
import { doorKeeper } from '../src/messages/arrivals/door-keeper.ts'
import { findArrivalsDue, handOnArrivals, settleArrivalsDue } from '../src/messages/arrivals/hand-on.ts'
import { type Library, libraryByNo } from '../src/patrons/library.ts'
import type { House } from './house.ts'
import { localhostCertificate, localhostKey } from './mail-servers.ts'
import { NOW } from './make.ts'

export const DOMAIN = 'sms.example.org'

export interface Noted extends HandedMail {
  library: string
}

/** The gateway writes one row of the audit a mail, so that what it did shows in the database and is undone with it. */
export function notingCapabilities(noted: Noted[], tags: Record<string, number> = {}) {
  const note = async (
    scope: Parameters<Extract<Capability, { receive: unknown }>['receive']>[0],
    library: Library,
    mail: HandedMail,
  ) => {
    await sql`insert into desk.audit (library_no, who, did, about) values (${scope.library}, 'gateway', 'handed on', ${JSON.stringify({ arrival: mail.arrivalNo })}::jsonb)`.execute(
      scope.tx,
    )
    if (mail.mail.text.includes('BREAK')) throw new Error('the gateway is broken')
    if (mail.mail.text.includes('NOBODY')) return { kind: 'kept', why: 'There is nobody to send it to.' } as const
    noted.push({ ...mail, library: library.key })
    return { kind: 'done', said: 'sent as a text' } as const
  }
  return [
    { capability: 'text gateway', at: { kind: 'phone' }, senders: 'known', receive: note },
    {
      capability: 'staff answer',
      at: { kind: 'tag', localPart: 'answer' },
      senders: 'noted',
      libraryOf: async (tag) => tags[tag] ?? null,
      receive: note,
    },
  ] satisfies Capability[]
}

export async function openTestDoor(
  house: House,
  given: {
    tags?: Record<string, number>
    lookUp?: LookUp
    more?: Capability[]
    isBroken?: () => boolean
  } & Partial<MailDoorOptions> = {},
) {
  const { logins } = house.database
  const noted: Noted[] = []
  const { tags, lookUp, more = [], isBroken = () => false, ...options } = given
  // Whoever brings the real one leaves out the one that only notes.
  const standIns = notingCapabilities(noted, tags).filter((one) => !more.some((m) => m.capability === one.capability))
  const capabilities = [...standIns, ...more]
  const silent: LookUp = async () => {
    throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND' })
  }
  const keeper = doorKeeper({ logins, capabilities, domain: DOMAIN, lookUp: lookUp ?? silent, clock: fixedClock(NOW) })
  const door = await openMailDoor({
    host: '127.0.0.1',
    port: 0,
    name: DOMAIN,
    certificate: { key: localhostKey, cert: localhostCertificate },
    limits: { connectionsOfOne: 100, mailsOfStranger: 1_000 },
    ...keeper,
    keep: (mail) => (isBroken() ? Promise.reject(new Error('No space left on device')) : keeper.keep(mail)),
    ...options,
  })
  return {
    ...door,
    noted,
    capabilities,
    /** What a worker does, until nothing more is due. */
    async handOn(now = NOW) {
      for (const libraryNo of await findArrivalsDue(logins, now)) {
        const library = (await libraryByNo(logins, libraryNo))!
        while ((await handOnArrivals(logins, library, { capabilities, now })) > 0);
        await settleArrivalsDue(logins, libraryNo)
      }
    },
  }
}
