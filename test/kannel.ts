// Debian's Kannel for tests: bearerbox, smsbox and its fake phone network, which writes texts to us and shows those that
// we sent. The configuration is the one in docs/kannel.md, so that what a library copies is what was run.
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, connect as dial } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const PHONES = '/usr/lib/kannel/test/fakesmsc'

export const hasKannel = existsSync('/usr/sbin/bearerbox') && existsSync(PHONES)
if (!hasKannel)
  console.warn('Skipped: Debian’s kannel and kannel-extras are not installed, so no text went through a real gateway.')
/** A machine of ours without it is a mistake, not a reason to skip. */
export const mustHaveKannel = process.env.CI === 'true'

export interface Kannel {
  /** Of its smsbox. */
  url: string
  /** Writes a text; a letter outside Latin-1 makes it travel as UCS-2. */
  write(text: { from: string; to: string; body: string }): void
  /** Every part that reached a phone, as the fake network prints it: from, to, alphabet, words. */
  reached(): string[]
  stop(): Promise<void>
}

/** `hookUrl`: our door. `secret`: what stands in the address that Kannel calls. */
export async function startKannel({ hookUrl, secret }: { hookUrl: string; secret: string }): Promise<Kannel> {
  const folder = mkdtempSync(join(tmpdir(), 'kannel-'))
  const [admin, boxes, send, carrier] = (await freePorts(4)) as [number, number, number, number]
  mkdirSync(join(folder, 'spool'))
  const configuration = documented()
    .replaceAll('https://texts.library.example.org/hooks/texts/1', hookUrl)
    .replaceAll('a-long-secret-of-your-own', secret)
    .replaceAll('/var/spool/kannel', join(folder, 'spool'))
    .replaceAll('/var/log/kannel', folder)
    .replaceAll('13000', String(admin))
    .replaceAll('13001', String(boxes))
    .replaceAll('13013', String(send))
    .replace('max-messages = 10', `max-messages = 10\nblack-list-regex = "^[+]16145550151$"`)
    .replace(
      /(group = smsc\n)[\s\S]*?\n\n/,
      `$1smsc = fake\nsmsc-id = carrier\nhost = 127.0.0.1\nport = ${carrier}\nconnect-allow-ip = 127.0.0.1\ndenied-prefix = +16145550152\n\n`,
    )
  const file = join(folder, 'kannel.conf')
  writeFileSync(file, configuration, { mode: 0o600 })
  const running: ChildProcess[] = []
  const run = (program: string, ...rest: string[]) => {
    const child = spawn(program, rest, { stdio: ['ignore', 'ignore', 'pipe'] })
    running.push(child)
    return child
  }
  run('bearerbox', '-v', '4', file)
  await isOpen(boxes)
  run('smsbox', '-v', '4', file)
  await isOpen(send)

  const parts: string[] = []
  let phones: ChildProcess | null = null
  const connect = async (...messages: string[]) => {
    await ended(phones)
    phones = run(
      PHONES,
      '-H',
      '127.0.0.1',
      '-r',
      String(carrier),
      '-m',
      String(messages.length),
      ...(messages.length ? messages : ['1 2 text x']),
    )
    let rest = ''
    phones.stderr!.on('data', (chunk: Buffer) => {
      const lines = (rest + chunk).split('\n')
      rest = lines.pop()!
      for (const line of lines) {
        const part = /Got message \d+: <(.*)>$/.exec(line)?.[1]
        if (part !== undefined) parts.push(part)
      }
    })
  }
  await connect()
  let turn = Promise.resolve()
  return {
    url: `http://127.0.0.1:${send}`,
    reached: () => parts,
    write: ({ from, to, body }) => {
      turn = turn.then(() =>
        connect(`${from} ${to} ${/^[\0-\xff]*$/.test(body) ? `text ${body}` : `ucs2 ${inUcs2(body)}`}`),
      )
    },
    async stop() {
      await turn
      for (const child of running.reverse()) await ended(child)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The block of settings in the page for whoever sets Kannel up. */
const documented = (): string =>
  /```ini\n([\s\S]*?)```/.exec(readFileSync(join(import.meta.dirname, '../docs/kannel.md'), 'utf8'))![1]!

const inUcs2 = (body: string): string => Buffer.from(body, 'utf16le').swap16().toString('hex').replace(/../g, '%$&')

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer()
      await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
      return server
    }),
  )
  return Promise.all(
    servers.map(async (server) => {
      const { port } = server.address() as { port: number }
      await new Promise((closed) => server.close(closed))
      return port
    }),
  )
}

async function isOpen(port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = dial(port, '127.0.0.1', () => {
        socket.destroy()
        resolve(true)
      })
      socket.on('error', () => resolve(false))
    })
    if (open) return
    await new Promise((later) => setTimeout(later, 50))
  }
  throw new Error(`Kannel does not listen on ${port}.`)
}

async function ended(child: ChildProcess | null): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  const hard = setTimeout(() => child.kill('SIGKILL'), 3_000)
  await gone
  clearTimeout(hard)
}
