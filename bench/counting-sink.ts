// A mail server that takes everything, fast, and keeps a log of what it took: the witness of the torture tests (each
// mail in the log exactly once) and the far end of the benchmark. It fails on demand, in the ways real servers do.
//
//   node bench/counting-sink.ts --port 0 [--log FILE] [--stall] [--stall-after N] [--refuse-every N]
//                               [--drop-every N] [--drop-mid-every N]
//
// It prints {"port":…} when it listens and its totals on SIGTERM. A line of the log: Message-ID, address, milliseconds,
// parted by tabs. It stands there before the 250 is sent, so neither side's death can lose it.
import { openSync, writeSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    log: { type: 'string' },
    /** Greets and then answers nothing. */
    stall: { type: 'boolean', default: false },
    /** The same once N mails were taken. */
    'stall-after': { type: 'string' },
    /** Says "no such mailbox" to every Nth address. */
    'refuse-every': { type: 'string' },
    /** Takes every Nth mail, logs it, and closes the connection without an answer. */
    'drop-every': { type: 'string' },
    /** Closes the connection in the middle of every Nth mail, which is not taken. */
    'drop-mid-every': { type: 'string' },
  },
})
const every = (text: string | undefined): number => (text === undefined ? 0 : Number(text))
const stallAfter = values.stall ? 0 : values['stall-after'] === undefined ? Infinity : Number(values['stall-after'])
const refuseEvery = every(values['refuse-every'])
const dropEvery = every(values['drop-every'])
const dropMidEvery = every(values['drop-mid-every'])
const log = values.log === undefined ? null : openSync(values.log, 'a')

const totals = { connections: 0, messages: 0, bytes: 0, refused: 0, dropped: 0, droppedMid: 0, most: 0 }
let addresses = 0
let contents = 0
let openNow = 0

// The mails of one turn of the event loop are logged in one write and answered after it.
let lines = ''
let answers: (() => void)[] = []

function flush() {
  if (log !== null && lines !== '') writeSync(log, lines)
  lines = ''
  const ready = answers
  answers = []
  for (const answer of ready) answer()
}

function take(content: Buffer, to: string, answer: () => void) {
  totals.messages++
  totals.bytes += content.length
  if (log !== null) lines += `${idOf(content)}\t${to}\t${Date.now()}\n`
  if (answers.push(answer) === 1) setImmediate(flush)
}

function idOf(content: Buffer): string {
  const end = content.indexOf('\r\n\r\n')
  const head = content.toString('latin1', 0, end < 0 ? content.length : end)
  return /^message-id:\s*<?([^>\s]*)/im.exec(head)?.[1] ?? ''
}

function serve(socket: Socket) {
  totals.connections++
  totals.most = Math.max(totals.most, ++openNow)
  socket.on('close', () => openNow--)
  socket.on('error', () => {})
  socket.setNoDelay(true)
  socket.write('220 sink.example.test ESMTP\r\n')

  let rest: Buffer = Buffer.alloc(0)
  let to = ''
  let isContent = false
  let dropsHere = false

  socket.on('data', (chunk: Buffer) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    let said = ''
    while (rest.length > 0 && totals.messages < stallAfter) {
      if (isContent) {
        if (dropsHere) {
          totals.droppedMid++
          socket.resetAndDestroy()
          return
        }
        const isEmpty = rest.length >= 3 && rest[0] === 0x2e && rest[1] === 13 && rest[2] === 10
        const end = isEmpty ? -2 : rest.indexOf('\r\n.\r\n')
        if (end === -1) break
        const content = rest.subarray(0, Math.max(0, end + 2))
        rest = rest.subarray(end + 5)
        isContent = false
        const drops = dropEvery > 0 && (totals.messages + 1) % dropEvery === 0
        const number = totals.messages + 1
        take(content, to, () => {
          if (!drops) return void socket.write(`250 2.0.0 Ok: queued as S${number}\r\n`)
          totals.dropped++
          socket.destroy()
        })
        continue
      }
      const end = rest.indexOf('\r\n')
      if (end === -1) break
      const line = rest.toString('latin1', 0, end)
      rest = rest.subarray(end + 2)
      said += answerTo(line)
    }
    if (said !== '') socket.write(said)
  })

  function answerTo(line: string): string {
    switch (line.slice(0, 4).toUpperCase()) {
      case 'EHLO':
        return '250-sink.example.test\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 ENHANCEDSTATUSCODES\r\n'
      case 'MAIL':
        to = ''
        return '250 2.1.0 Ok\r\n'
      case 'RCPT':
        if (refuseEvery > 0 && ++addresses % refuseEvery === 0) {
          totals.refused++
          return '550 5.1.1 No such mailbox\r\n'
        }
        to = /<([^>]*)>/.exec(line)?.[1] ?? ''
        return '250 2.1.5 Ok\r\n'
      case 'DATA':
        if (to === '') return '554 5.5.1 No valid address\r\n'
        isContent = true
        dropsHere = dropMidEvery > 0 && ++contents % dropMidEvery === 0
        return '354 Go ahead\r\n'
      case 'RSET':
      case 'NOOP':
        to = ''
        return '250 2.0.0 Ok\r\n'
      case 'QUIT':
        setImmediate(() => socket.end())
        return '221 2.0.0 Bye\r\n'
      default:
        return '502 5.5.2 Not known here\r\n'
    }
  }
}

const server = createServer(serve)
server.listen(Number(values.port), '127.0.0.1', () => {
  const address = server.address()
  console.log(JSON.stringify({ port: typeof address === 'object' ? address?.port : null }))
})
process.on('SIGTERM', () => {
  flush()
  console.log(JSON.stringify(totals))
  process.exit(0)
})
