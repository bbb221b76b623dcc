// From the name of a provider to the provider: what each needs of a line's settings and secrets. Opened once for a process:
// its doors and its loops speak to the same.
import { kannelProvider } from '../channels/sms/kannel.ts'
import { sandboxProvider } from '../channels/sms/sandbox.ts'
import { telnyxProvider } from '../channels/sms/telnyx.ts'
import type { TextProvider } from '../channels/sms/text-provider.ts'
import { twilioProvider } from '../channels/sms/twilio.ts'
import { receiveFromProvider } from '../conversations/receive-from-provider.ts'
import type { Journal } from '../db/journal.ts'
import type { Logins } from '../db/scope.ts'
import type { Clock } from '../lib/clock.ts'
import { openEgress } from '../lib/egress.ts'
import { lineByNo } from '../messages/lines.ts'
import { type OpenProvider, openTextCarriers, type TextCarriers } from './text-carriers.ts'

export interface TextHouse {
  config: { publicUrl: string; replyDomain: string | null }
  logins: Logins
  journal: Journal
  clock: Clock
}

const openTextProvider = (house: TextHouse): OpenProvider => {
  const { publicUrl, replyDomain } = house.config
  return (line, secrets) => {
    const hookUrl = `${publicUrl}/hooks/texts/${line.lineNo}`
    const base = line.settings.base === undefined ? {} : { base: line.settings.base }
    switch (line.provider) {
      case 'twilio':
        return twilioProvider({
          account: line.settings.account!,
          token: secrets.token!,
          egress: openEgress(),
          hookUrl,
          ...base,
        })
      case 'telnyx':
        return telnyxProvider({
          ...{ apiKey: secrets.apiKey!, publicKey: line.settings.publicKey!, egress: openEgress(), hookUrl },
          ...base,
        })
      case 'kannel': {
        const { url, name } = line.settings
        // The one neighbour in the library's own network that may be called: the gateway that its settings name.
        const egress = openEgress({ neighbours: [new URL(url!).origin] })
        return kannelProvider({
          url: url!,
          name: name!,
          password: secrets.password!,
          secret: secrets.secret!,
          egress,
          hookUrl,
        })
      }
      case 'sandbox': {
        const desk = { logins: house.logins, journal: house.journal, replyDomain }
        const sandbox: TextProvider = sandboxProvider({
          ...{ secret: secrets.secret!, hookUrl },
          // No way over the network: what its phones write comes in by the same door, only nearer.
          async deliver(request) {
            const read = sandbox.readHook(request)
            if (read.kind !== 'read') return false
            const now = (await lineByNo(house.logins, line.lineNo)) ?? line // it may be shared by more libraries since
            await receiveFromProvider(desk, now, { brings: read.brings, raw: request.body, now: house.clock.now() })
            return true
          },
        })
        return sandbox
      }
      default:
        return null
    }
  }
}

export const textCarriersOf = (house: TextHouse, say: (line: string) => void): TextCarriers =>
  openTextCarriers(house.logins, openTextProvider(house), say)
