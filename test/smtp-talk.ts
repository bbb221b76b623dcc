// A telephone line to an SMTP server, for tests that say what no mail program would: each word goes out as it is given.
import { connect } from 'node:net'

export interface Talk {
  /** Sends this as it is and returns the whole answer; `waitsFor` when more than one answer is due. */
  say(words: string | Buffer, waitsFor?: number): Promise<string>
  /** Everything the server has said so far. */
  heard(): string
  hangUp(): void
  ended: Promise<void>
}

const lines = new Set<Talk>()

/** A server that stops waits for whoever is on the line. */
export function hangUpAll(): void {
  for (const line of lines) line.hangUp()
  lines.clear()
}

const answersIn = (text: string): number => text.split('\r\n').filter((line) => /^\d{3} /.test(line)).length

export async function callMailServer(port: number): Promise<Talk> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  let all = ''
  let wake = () => {}
  socket.on('data', (piece) => {
    all += piece.toString('latin1')
    wake()
  })
  socket.on('error', () => {})
  let closed = false
  const ended = new Promise<void>((resolve) =>
    socket.on('close', () => {
      closed = true
      wake()
      resolve()
    }),
  )
  const until = async (due: number) => {
    while (answersIn(all) < due && !closed) await new Promise<void>((resolve) => (wake = resolve))
  }
  await until(1)
  const line: Talk = {
    async say(words, waitsFor = 1) {
      const from = all.length
      const due = answersIn(all) + waitsFor
      socket.write(words)
      await until(due)
      return all.slice(from).trimEnd()
    },
    heard: () => all,
    hangUp: () => socket.destroy(),
    ended,
  }
  lines.add(line)
  return line
}

/** The usual words up to the mail itself; returns the answer to its end. */
export async function sendRaw(
  port: number,
  mail: { from?: string; to: string[]; raw: string | Buffer },
): Promise<string> {
  const line = await callMailServer(port)
  await line.say('EHLO tests.example.org\r\n')
  await line.say(`MAIL FROM:<${mail.from ?? 'ils@library.example.org'}>\r\n`)
  for (const to of mail.to) await line.say(`RCPT TO:<${to}>\r\n`)
  const go = await line.say('DATA\r\n')
  if (!go.startsWith('354')) return go
  const said = await line.say(Buffer.concat([Buffer.from(mail.raw), Buffer.from('\r\n.\r\n')]))
  line.hangUp()
  return said
}
