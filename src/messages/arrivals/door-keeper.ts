// Stands at the mail door: who may sign in, which addresses are ours, who may write to them, and that a mail is stored, or
// obeyed, before its sender hears that it arrived. What it cannot find out just now it asks to be sent again.

import { readMail } from '../../channels/email/read-mail.ts'
import type { ArrivingMail, Caller, Verdict } from '../../channels/email/receive.ts'
import { type LookUp, verifySender } from '../../channels/email/verify-sender.ts'
import type { LibraryNo, Logins } from '../../db/scope.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Capability, StoringCapability } from './capability.ts'
import { keepArrival } from './keep-arrival.ts'
import { findMailAddress, type MailAddress } from './mail-addresses.ts'
import { type KnownBy, librariesThatKnow, librariesThatList, mayLogIn } from './mail-sources.ts'
import { type Whose, whoseByCaller, whoseByContent } from './whose-mail.ts'

export interface DoorHouse {
  logins: Logins
  capabilities: readonly Capability[]
  /** The installation's own, as sms.library.example.org. */
  domain: string
  lookUp: LookUp
  clock: Clock
}

export interface DoorKeeper {
  signIn(name: string, password: string): Promise<boolean>
  welcomes(address: string, caller: Caller): Promise<Verdict>
  keep(mail: ArrivingMail): Promise<Verdict>
}

const NOBODY: Verdict = { kind: 'refused', permanent: true, said: 'Nobody has this address here.' }
/** Whoever meant a telephone should hear what is wrong with it. */
const IS_DIGITS = /^[+(\d][-\d().]*@/
const NO_NUMBER: Verdict = {
  kind: 'refused',
  permanent: true,
  said: 'Nobody has this address here. One of a telephone has its ten digits before the @, as 6145550123@.',
}
const no = (said: string, permanent = true): Verdict => ({ kind: 'refused', permanent, said })

type Found =
  | { kind: 'capability'; capability: Capability; fixed: LibraryNo | null }
  | { kind: 'refused'; verdict: Verdict }

export function doorKeeper(house: DoorHouse): DoorKeeper {
  const { logins, capabilities, domain, clock } = house

  /** Whose the address itself says it is; without a library where it leaves that open. */
  async function find(address: string): Promise<Found> {
    const found: MailAddress | null = await findMailAddress(logins, capabilities, domain, address)
    const capability = capabilities.find((one) => one.capability === found?.capability)
    if (found === null || capability === undefined)
      return { kind: 'refused', verdict: IS_DIGITS.test(address) ? NO_NUMBER : NOBODY }
    const whyNot = 'obey' in capability ? null : capability.whyNot?.(address.slice(0, address.lastIndexOf('@')))
    if (whyNot) return { kind: 'refused', verdict: no(whyNot) }
    if ('obey' in capability || capability.libraryOf === undefined)
      return { kind: 'capability', capability, fixed: found.libraryNo }
    const named = await capability.libraryOf(found.tag)
    if (named === null || (found.libraryNo !== null && found.libraryNo !== named))
      return { kind: 'refused', verdict: NOBODY }
    return { kind: 'capability', capability, fixed: named }
  }

  return {
    signIn: (name, password) => mayLogIn(logins, name, password),

    async welcomes(address, caller) {
      const found = await find(address)
      if (found.kind === 'refused') return found.verdict
      if ('obey' in found.capability) return { kind: 'welcome' }
      const known = await librariesThatKnow(logins, caller)
      const isKnown = known.login.length + known.host.length > 0
      if (found.capability.senders !== 'known') return { kind: 'welcome', known: isKnown }
      const whose = whoseByCaller(found.fixed, known)
      return whose.kind === 'nobody' ? no(whose.said) : { kind: 'welcome', known: isKnown }
    },

    async keep(mail) {
      const now = clock.now()
      const places: { to: string; capability: StoringCapability; libraryNo: LibraryNo }[] = []
      const obeying: (() => Promise<void>)[] = []
      const asked = askAbout(house, mail)
      for (const to of mail.to) {
        const found = await find(to)
        if (found.kind === 'refused') return found.verdict
        const { capability, fixed } = found
        if ('obey' in capability) {
          obeying.push(() => capability.obey(mail.raw, now))
          continue
        }
        const whose =
          capability.senders !== 'known' && fixed !== null
            ? ({ kind: 'library', libraryNo: fixed } as const)
            : await asked.whose(fixed)
        if (whose.kind === 'unsure') return no('Its signature could not be looked up now. Try again later.', false)
        if (whose.kind !== 'library') return no(whose.kind === 'nobody' ? whose.said : 'Nobody here knows this sender.')
        places.push({ to, capability, libraryNo: whose.libraryNo })
      }
      // Nothing is done for one address before it is clear that the others will not be refused.
      const verified = places.length === 0 ? null : await asked.verifiedAddress(places)
      if (verified === 'unsure') return no('Its signature could not be looked up now. Try again later.', false)
      for (const act of obeying) await act()
      for (const { to, capability, libraryNo } of places)
        await keepArrival(logins, {
          ...{ libraryNo, capability: capability.capability, raw: mail.raw, to, now },
          ...{ from: mail.from, peer: mail.peer, authenticatedAs: mail.authenticatedAs },
          ...{ messageId: await asked.messageId(), verifiedAddress: verified },
        })
      return { kind: 'welcome' }
    },
  }
}

/** What has to be found out about one mail, each once and only when it is asked for. */
function askAbout({ logins, lookUp, clock }: DoorHouse, mail: ArrivingMail) {
  let reading: ReturnType<typeof readMail> | undefined
  let check: ReturnType<typeof verifySender> | undefined
  let known: Promise<KnownBy> | undefined
  const read = async () => {
    reading ??= readMail(mail.raw, { envelopeFrom: mail.from })
    const seen = await reading
    return seen.kind === 'read' ? seen.mail : null
  }
  const verify = () => {
    check ??= verifySender(mail.raw, { lookUp, now: clock.now() })
    return check
  }
  return {
    messageId: async () => (await read())?.messageId ?? null,

    async whose(fixed: LibraryNo | null): Promise<Whose | { kind: 'unsure' }> {
      known ??= librariesThatKnow(logins, mail)
      const before = whoseByCaller(fixed, await known)
      if (before.kind !== 'open') return before
      const from = (await read())?.from?.address
      const named = await librariesThatList(logins, [...(from === undefined ? [] : [from]), mail.from].filter(Boolean))
      const trusted = [...(await known).login, ...(await known).host]
      const byHost = whoseByContent(fixed, await known, { named, proven: [] })
      // Only who comes from nowhere that is known has to prove anything, so only then are name servers asked.
      if (trusted.length > 0 && byHost.kind === 'library') return byHost
      const sender = await verify()
      if (sender.kind === 'cannot-tell') return { kind: 'unsure' }
      const proven = sender.kind === 'verified' ? await librariesThatList(logins, [sender.address]) : []
      return whoseByContent(fixed, await known, { named, proven })
    },

    /** Noted for whoever judges by it; not asked for where the sender is known already. */
    async verifiedAddress(places: readonly { capability: StoringCapability }[]): Promise<string | null | 'unsure'> {
      if (check === undefined && places.every(({ capability }) => capability.senders !== 'noted')) return null
      const sender = await verify()
      if (sender.kind === 'cannot-tell') return 'unsure'
      return sender.kind === 'verified' ? sender.address : null
    },
  }
}
