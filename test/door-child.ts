// A mail door as a process of its own, for tests that kill it: before a mail is stored, or after that and before "250". Says its
// port on standard output.
import { openMailDoor } from '../src/channels/email/receive.ts'
import { connectDatabase } from '../src/db/connect.ts'
import { loadKeys } from '../src/db/keys.ts'
import { fixedClock } from '../src/lib/clock.ts'
import { doorKeeper } from '../src/messages/arrivals/door-keeper.ts'
import { textGateway } from '../src/messages/arrivals/text-gateway.ts'

export interface DoorChild {
  server: { host: string; port: number; database: string }
  keysDir: string
  domain: string
  now: string
  dies: 'before' | 'after' | 'never'
}

const { server, keysDir, domain, now, dies } = JSON.parse(process.argv[2]!) as DoorChild
const { logins } = connectDatabase(server, loadKeys(keysDir), { connections: 2 })
const die = () => process.kill(process.pid, 'SIGKILL')
const keeper = doorKeeper({
  ...{ logins, capabilities: [textGateway], domain, clock: fixedClock(new Date(now)) },
  lookUp: async () => {
    throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND' })
  },
})
const door = await openMailDoor({
  ...{ host: '127.0.0.1', port: 0, name: domain, certificate: null },
  ...keeper,
  async keep(mail) {
    if (dies === 'before') die()
    const verdict = await keeper.keep(mail)
    if (dies === 'after') die()
    return verdict
  },
})
process.stdout.write(`${door.port}\n`)
