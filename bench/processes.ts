// The other processes of a measured run, each as the product or the world has it: sending workers, imports and mail
// servers. They talk by lines of JSON, and can be killed at any moment, which is what they are for.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Ground } from './bench-house.ts'
import type { SendWorkerOrders } from './send-worker.ts'
import type { TextOrders } from './text-process.ts'

export interface Program {
  readonly child: ChildProcess
  /** The next line of JSON that it prints. Rejects when it ends first. */
  hear<T>(): Promise<T>
  tell(line: string): void
  /** kill -9, and waits until it is gone. */
  kill(): Promise<void>
  /** SIGTERM, and its last word. */
  stop<T>(): Promise<T>
}

const running = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** Ends with us, however we end. */
function mind(child: ChildProcess): void {
  running.add(child)
  child.once('exit', () => running.delete(child))
}

function startProgram(file: string, args: readonly string[]): Program {
  const path = fileURLToPath(new URL(file, import.meta.url))
  const child = spawn(process.execPath, [path, ...args], { stdio: ['pipe', 'pipe', 'inherit'] })
  mind(child)
  child.stdin.on('error', () => {}) // told to one that was just killed
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const gone = once(child, 'exit')
  const hear = async <T>(): Promise<T> => {
    const { value, done } = await lines.next()
    if (done) throw new Error(`${file} ended (${child.exitCode ?? child.signalCode}) before it had answered`)
    return JSON.parse(value) as T
  }
  return {
    child,
    hear,
    tell: (line) => void child.stdin.write(`${line}\n`),
    async kill() {
      child.kill('SIGKILL')
      await gone
    },
    async stop<T>() {
      child.kill('SIGTERM')
      const last = await hear<T>()
      await gone
      return last
    },
  }
}

export type SendOrders = Omit<SendWorkerOrders, 'server' | 'keysDir'>

/** A process that sends; connected and waiting for the word "go". */
export async function startSendWorker(ground: Ground, orders: SendOrders): Promise<Program> {
  const all: SendWorkerOrders = { server: ground.database.server, keysDir: ground.keysDir, ...orders }
  const program = startProgram('./send-worker.ts', [JSON.stringify(all)])
  await program.hear()
  return program
}

export interface Door {
  port: number
  program: Program
}

/** A process that takes hooks in, or hands texts over. `port` is its door's. */
export async function startTextProcess(ground: Ground, orders: Omit<TextOrders, 'server' | 'keysDir'>): Promise<Door> {
  const all: TextOrders = { server: ground.database.server, keysDir: ground.keysDir, ...orders }
  const program = startProgram('./text-process.ts', [JSON.stringify(all)])
  return { program, port: (await program.hear<{ port: number }>()).port }
}

/** A web server with one route and one INSERT. */
export async function startBareRoute({ database, keysDir }: Ground): Promise<Door> {
  const program = startProgram('./bare-route.ts', [JSON.stringify({ server: database.server, keysDir })])
  return { program, port: (await program.hear<{ port: number }>()).port }
}

export interface Imported {
  ms: number
  peakMb: number
  result: Record<string, unknown>
}

/** One import in a process of its own; `again` keeps importing the files in turn until it is killed. */
export function startImport(ground: Ground, library: string, files: string[], again = false): Program {
  const { server } = ground.database
  return startProgram('./import-worker.ts', [
    JSON.stringify({ server, keysDir: ground.keysDir, library, files, again }),
  ])
}

export interface Sink {
  port: number
  program: Program
}

/** `port` 0 = any. */
export async function startCountingSink(port: number, ...args: string[]): Promise<Sink> {
  const program = startProgram('./counting-sink.ts', ['--port', String(port), ...args])
  return { program, port: (await program.hear<{ port: number }>()).port }
}

/** A provider of texts that counts. */
export async function startCountingPhones(port: number, ...args: string[]): Promise<Sink> {
  const program = startProgram('./counting-phones.ts', ['--port', String(port), ...args])
  return { program, port: (await program.hear<{ port: number }>()).port }
}

const SMTP_SINK = '/usr/sbin/smtp-sink'
const SMTP_SOURCE = '/usr/sbin/smtp-source'

/** Postfix's own pair for measuring, where it is installed. */
export const hasPostfixPair = (): boolean => existsSync(SMTP_SINK) && existsSync(SMTP_SOURCE)

export async function startSmtpSink(): Promise<{ port: number; stop(): Promise<void> }> {
  const port = await freePort()
  const as = process.getuid?.() === 0 ? ['-u', 'nobody'] : []
  const child = spawn(SMTP_SINK, [...as, `127.0.0.1:${port}`, '1000'], { stdio: 'ignore' })
  mind(child)
  await sleep(300)
  if (child.exitCode !== null) throw new Error('smtp-sink did not start')
  return {
    port,
    async stop() {
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}

/** How many mails a second `smtp-source` hands over. */
export async function measureSmtpSource(port: number, mails: number, sockets: number, bytes: number): Promise<number> {
  const started = performance.now()
  const addresses = ['-f', 'hello@library.example.org', '-t', 'reader@example.net']
  const size = ['-s', String(sockets), '-m', String(mails), '-l', String(bytes)]
  const child = spawn(SMTP_SOURCE, [...size, ...addresses, `127.0.0.1:${port}`], { stdio: 'inherit' })
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`smtp-source ended with ${code}`)
  return (mails * 1000) / (performance.now() - started)
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as { port: number }
  probe.close()
  await once(probe, 'close')
  return port
}
