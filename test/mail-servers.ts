// Mail servers for tests, on real sockets: one that follows a script, to fail at any step in any way; smtp-server, the
// well-kept one, with encryption and sign-in; and the counting sink of the benchmark as a process of its own.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'

/** A whole answer without its last line end; or what to do, which returns the answer unless it sees to that itself. */
type Answer = string | ((socket: Socket) => unknown)
type Step = 'greeting' | 'EHLO' | 'STARTTLS' | 'AUTH' | 'MAIL' | 'RCPT' | 'DATA' | 'content' | 'dot' | 'RSET' | 'QUIT'

const polite: Record<Step, Answer> = {
  greeting: '220 ready',
  EHLO: '250-hello\r\n250-PIPELINING\r\n250 ENHANCEDSTATUSCODES',
  STARTTLS: '454 4.7.0 not now',
  AUTH: '235 2.7.0 welcome',
  MAIL: '250 2.1.0 ok',
  RCPT: '250 2.1.5 ok',
  DATA: '354 go ahead',
  content: '', // when the first bytes of a mail arrive: nothing, just read on
  dot: '250 2.0.0 Ok: queued as T1',
  RSET: '250 2.0.0 ok',
  QUIT: '221 2.0.0 bye',
}

/** Answers by the script; where it says nothing, politely. `taken` has the mails whose dot arrived. */
export async function scriptedMailServer(script: Partial<Record<Step, Answer>>) {
  const heard: string[] = []
  const taken: string[] = []
  const open = new Set<Socket>()
  let connections = 0
  const server = createServer({ noDelay: true }, (socket) => {
    connections++
    let rest = ''
    let isContent = false
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    socket.on('error', () => {})
    const answer = (step: Step): string => {
      const how = script[step] ?? polite[step]
      const text = typeof how === 'function' ? how(socket) : how
      if (typeof text === 'string' && text !== '') socket.write(`${text}\r\n`)
      return typeof text === 'string' ? text : ''
    }
    answer('greeting')
    socket.on('data', (chunk) => {
      rest += chunk.toString('latin1')
      if (isContent) answer('content')
      while (!socket.destroyed) {
        const end = isContent ? (rest.startsWith('.\r\n') ? -2 : rest.indexOf('\r\n.\r\n')) : rest.indexOf('\r\n')
        if (end === -1) return
        if (isContent) {
          taken.push(rest.slice(0, Math.max(0, end + 2)))
          rest = rest.slice(end + 5)
          isContent = false
          answer('dot')
          continue
        }
        const line = rest.slice(0, end)
        rest = rest.slice(end + 2)
        heard.push(line)
        const step = line.split(' ')[0] as Step
        isContent = answer(step).startsWith('354')
        if (isContent && rest !== '') answer('content')
        if (step === 'QUIT') socket.end()
      }
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    heard,
    taken,
    open,
    connections: () => connections,
    async stop() {
      for (const socket of open) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** smtp-server on a free port of this machine, with the certificate for localhost. */
export async function properMailServer(options: SMTPServerOptions) {
  const server = new SMTPServer({
    key: localhostKey,
    cert: localhostCertificate,
    disableReverseLookup: true,
    ...options,
  })
  server.on('error', () => {})
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  return {
    port: (server.server.address() as AddressInfo).port,
    stop: () => new Promise<void>((stopped) => server.close(() => stopped())),
  }
}

/** The benchmark's sink. `stop` ends it and returns its totals. */
export async function countingSink(...args: string[]) {
  const program = fileURLToPath(new URL('../bench/counting-sink.ts', import.meta.url))
  const child: ChildProcess = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const { port } = JSON.parse(String((await once(child.stdout!, 'data'))[0])) as { port: number }
  return {
    port,
    async stop() {
      child.kill('SIGTERM')
      return JSON.parse(String((await once(child.stdout!, 'data'))[0])) as Record<string, number>
    },
  }
}

// A key pair for tests alone, for the name localhost, from 2020 to 2120. It guards nothing.
export const localhostCertificate = `-----BEGIN CERTIFICATE-----
MIIBYTCCAQegAwIBAgIBATAKBggqhkjOPQQDAjAUMRIwEAYDVQQDDAlsb2NhbGhv
c3QwIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBaMBQxEjAQBgNVBAMM
CWxvY2FsaG9zdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABKqSLAd5cUfe+NMV
q2l6OrrtNdChBXc591aQ384NS54y5onThFBbGf8C9UrAw5bv4MfjY4Jb9NypkxNt
2bGPGbCjSDBGMA8GA1UdEwEB/wQFMAMBAf8wFAYDVR0RBA0wC4IJbG9jYWxob3N0
MB0GA1UdDgQWBBS0u/ZbBhViv9oQ3ItpuIrWa+pLAjAKBggqhkjOPQQDAgNIADBF
AiAVWab+hysQmm7ZtFLMUn87Yy78Hs5X2ukhBDOH7eitxAIhAPMAEBKWrpB78Icq
VWoZGScuKTGlci6UjijfuY5aXN84
-----END CERTIFICATE-----
`
export const localhostKey = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg4fpZt6gxxfPyjxB/
0a7zRuc48450cYlJzSRK6XjIKFChRANCAASqkiwHeXFH3vjTFatpejq67TXQoQV3
OfdWkN/ODUueMuaJ04RQWxn/AvVKwMOW7+DH42OCW/TcqZMTbdmxjxmw
-----END PRIVATE KEY-----
`
