// One sending process of a measured or tortured run: the product's own loop and SMTP provider over a database that
// others use too. It waits for "go" on its standard input, sends until SIGTERM, and expects to be killed at any moment.
import { smtpProvider } from '../src/channels/email/smtp.ts'
import { connectDatabase, type Server } from '../src/db/connect.ts'
import { loadKeys } from '../src/db/keys.ts'
import { linkSigner } from '../src/lib/signed-links.ts'
import { openTakeLogs } from '../src/messages/take-log.ts'
import { startSendLoop } from '../src/worker/send-loop.ts'

export interface SendWorkerOrders {
  server: Server
  keysDir: string
  /** Port of the mail server on this machine, by the library's key; '' = everybody else's. */
  ports: Record<string, number>
  width: number
  leaseMs?: number
  /** Makes waiting short: from `since` on, the clock that decides when to try again runs so many times as fast. */
  hurry?: { since: number; times: number }
  /** Tells on standard error what the loop has to say. */
  talks?: boolean
}

const orders: SendWorkerOrders = JSON.parse(process.argv[2] ?? '{}')
const keys = loadKeys(orders.keysDir)
const database = connectDatabase(orders.server, keys)
const providers = new Map(
  Object.entries(orders.ports).map(([library, port]) => [
    library,
    smtpProvider({
      host: '127.0.0.1',
      port,
      secure: false,
      startTls: 'never',
      width: orders.width,
      localName: 'localhost',
      timeouts: { replyMs: 20_000, afterDotMs: 20_000 },
    }),
  ]),
)
const { since, times } = orders.hurry ?? { since: 0, times: 1 }

const go = new Promise<void>((resolve) => process.stdin.once('data', () => resolve()))
await Promise.all([
  database.logins.outreach.connection().execute(async () => {}),
  database.logins.circulation.connection().execute(async () => {}),
])
console.log(JSON.stringify({ ready: true }))
await go

const loop = startSendLoop({
  post: {
    logins: database.logins,
    takeLogs: openTakeLogs(orders.keysDir),
    links: linkSigner(keys.links),
    publicUrl: 'https://letters.example.org',
    mailFrom: 'hello@letters.example.org',
    now: () => new Date(since + (Date.now() - since) * times),
  },
  providerFor: (library) => providers.get(library.key) ?? providers.get('') ?? null,
  leaseMs: orders.leaseMs,
  say: orders.talks ? (line) => console.error(line) : undefined,
})

process.once('SIGTERM', async () => {
  const cpu = process.cpuUsage()
  const patience = setTimeout(() => end(), 3_000) // a stalled mail server is not waited for
  const end = () => {
    clearTimeout(patience)
    console.log(
      JSON.stringify({ cpuSeconds: (cpu.user + cpu.system) / 1e6, peakMb: process.resourceUsage().maxRSS / 1024 }),
    )
    process.exit(0)
  }
  await loop.stop()
  end()
})
