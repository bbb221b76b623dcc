// One process of texts of a measured or tortured run, with the product's own door and loops over a database that others use,
// too: it takes in hooks, or hands texts and mails over, or both. It works until SIGTERM, and expects to be killed at any moment.
import { smtpProvider } from '../src/channels/email/smtp.ts'
import { twilioProvider } from '../src/channels/sms/twilio.ts'
import { connectDatabase, type Server } from '../src/db/connect.ts'
import { openJournal } from '../src/db/journal.ts'
import { loadKeys } from '../src/db/keys.ts'
import type { Premises } from '../src/http/premises.ts'
import { buildServer } from '../src/http/server.ts'
import { openEgress } from '../src/lib/egress.ts'
import { formSeal } from '../src/lib/form-seal.ts'
import { linkSigner } from '../src/lib/signed-links.ts'
import { openTakeLogs } from '../src/messages/take-log.ts'
import { startAnswerLoop } from '../src/worker/answer-loop.ts'
import { startHookLoop } from '../src/worker/hook-loop.ts'
import type { SendLoop } from '../src/worker/send-loop.ts'
import { openTextCarriers } from '../src/worker/text-carriers.ts'
import { startTextLoop } from '../src/worker/text-loop.ts'
import { ACCOUNT, PUBLIC_URL } from './twilio-hooks.ts'

export interface TextOrders {
  server: Server
  keysDir: string
  /** Takes hooks in at this port (0 = any) and reads them. */
  door?: number
  /** Hands texts over to the double of a provider at this port, as fast as a line may. */
  phones?: number
  /** Hands mails to libraries over to a mail server at this port. */
  mails?: number
  leaseMs?: number
  /** Makes waiting short: from `since` on, the clock that decides when to try again runs so many times as fast. */
  hurry?: { since: number; times: number }
  talks?: boolean
}

const orders: TextOrders = JSON.parse(process.argv[2] ?? '{}')
const keys = loadKeys(orders.keysDir)
const { logins, close } = connectDatabase(orders.server, keys)
const journal = openJournal(orders.keysDir)
const { since, times } = orders.hurry ?? { since: 0, times: 1 }
const now = () => new Date(since + (Date.now() - since) * times)
const say = orders.talks ? (line: string) => console.error(line) : () => {}
const desk = { logins, journal, replyDomain: 'sms.library.example.org' }
const base = `http://127.0.0.1:${orders.phones ?? 9}`
const carriers = openTextCarriers(logins, (line, secrets) =>
  twilioProvider({
    ...{ account: ACCOUNT, token: secrets.token!, hookUrl: `${PUBLIC_URL}/hooks/texts/${line.lineNo}`, base },
    egress: openEgress({ neighbours: [base] }),
  }),
)
const loops: SendLoop[] = []
const premises: Premises = {
  ...{ logins, keys, journal, links: linkSigner(keys.links), forms: formSeal(keys.links), clock: { now } },
  ...{ mailroom: orders.keysDir, textCarriers: carriers, replyDomain: desk.replyDomain },
}
const site = await buildServer({
  mode: 'production',
  publicUrl: PUBLIC_URL,
  host: '127.0.0.1',
  readiness: () => ({ kind: 'open', doing: null, premises }),
})
let port: number | null = null
if (orders.door !== undefined) {
  port = Number(new URL(await site.listen({ host: '127.0.0.1', port: orders.door })).port)
  loops.push(startHookLoop(desk, { now, say }))
}
if (orders.phones !== undefined) {
  const post = { logins, takeLogs: openTakeLogs(orders.keysDir), now }
  loops.push(startTextLoop({ post, carriers, say, ...(orders.leaseMs !== undefined && { leaseMs: orders.leaseMs }) }))
}
if (orders.mails !== undefined) {
  const provider = smtpProvider({
    ...{ host: '127.0.0.1', port: orders.mails, secure: false, startTls: 'never', width: 4, localName: 'localhost' },
  })
  const post = { logins, mailFrom: 'hello@letters.example.org', now }
  loops.push(startAnswerLoop({ post, providerFor: () => provider, say }))
}
console.log(JSON.stringify({ port }))

process.once('SIGTERM', async () => {
  await site.close()
  await Promise.all(loops.map((loop) => loop.stop()))
  await close()
  console.log(JSON.stringify({ peakMb: process.resourceUsage().maxRSS / 1024 }))
  process.exit(0)
})
