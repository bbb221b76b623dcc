// A provider of texts that takes everything, fast, and keeps a log of what it took: the witness of the torture of texts and
// the far end of the benchmark. It speaks as Twilio does and fails on demand, in the ways real providers do.
//
//   node bench/counting-phones.ts --port 0 --log FILE [--refuse-every N] [--drop-every N] [--drop-mid-every N]
//
// It prints {"port":…} when it listens and its totals on SIGTERM. A line of the log: our reference, phone, milliseconds,
// parted by tabs, as that of the counting sink. It stands there before the answer is sent.
import { openSync, writeSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    log: { type: 'string', default: '/dev/null' },
    /** Says "too many" to every Nth text, which is not taken. */
    'refuse-every': { type: 'string' },
    /** Takes every Nth text, logs it, and closes the connection without an answer. */
    'drop-every': { type: 'string' },
    /** Closes the connection on every Nth text, which is not taken. */
    'drop-mid-every': { type: 'string' },
  },
})
const log = openSync(values.log, 'a')
const totals = { heard: 0, taken: 0, refused: 0, dropped: 0, droppedMid: 0 }
const isDue = (every: string | undefined): boolean => every !== undefined && totals.heard % Number(every) === 0

const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('error', () => {})
  request.on('end', () => {
    totals.heard++
    const say = (status: number, body: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    if (isDue(values['refuse-every'])) {
      totals.refused++
      return say(429, { code: 20429, message: 'Too many requests' })
    }
    if (isDue(values['drop-mid-every'])) {
      totals.droppedMid++
      return request.socket.destroy()
    }
    const text = new URLSearchParams(Buffer.concat(chunks).toString())
    const reference = new URL(text.get('StatusCallback') ?? 'http://none.example.org').searchParams.get('reference')
    writeSync(log, `${reference}\t${text.get('To')}\t${Date.now()}\n`)
    totals.taken++
    if (isDue(values['drop-every'])) {
      totals.dropped++
      return request.socket.destroy()
    }
    return say(201, { sid: `SM${reference}`, status: 'queued' })
  })
})
server.keepAliveTimeout = 60_000
server.listen(Number(values.port), '127.0.0.1', () => {
  console.log(JSON.stringify({ port: (server.address() as AddressInfo).port }))
})
process.on('SIGTERM', () => {
  console.log(JSON.stringify(totals))
  process.exit(0)
})
