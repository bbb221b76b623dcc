// `gentle serve`: everything in one process: the page, the demo on a first start, and the sending. It listens first and
// opens the database then, so that whoever looks early finds a page that says what is happening.
import type { FastifyInstance } from 'fastify'
import { type Config, DEMO_DOMAIN, readConfig } from '../config.ts'
import { type Context, openContext } from '../context.ts'
import type { Premises, Readiness } from '../http/premises.ts'
import { Problem } from '../lib/errors.ts'
import { formSeal } from '../lib/form-seal.ts'
import { listLibraries } from '../patrons/library.ts'
import { mailroomFolder } from '../worker/carriers.ts'
import { type RunningDoor, startMailDoor } from '../worker/mail-door.ts'
import { textCarriersOf } from '../worker/open-text-provider.ts'
import { prepareDemo } from '../worker/prepare-demo.ts'
import { startSending } from '../worker/sending.ts'
import { command } from './command.ts'
import type { Terminal } from './terminal.ts'

export const serve = command({
  name: 'serve',
  summary: 'Start everything: the page, the sending, and on a first start a demo library.',
  about: [
    'The page is open to this machine alone unless --host says otherwise. Ctrl-C stops: nothing more is taken, what is on its way is finished.',
    'A first start makes an invented library to look around in; its mail never leaves this machine.',
  ],
  takes: [],
  options: {
    port: { kind: 'number', value: 'PORT', says: 'where the page is (else GENTLE_PORT, else 8080)' },
    host: { kind: 'text', value: 'HOST', says: 'the address to listen on (else GENTLE_HOST, else 127.0.0.1)' },
    'no-demo': { kind: 'flag', says: 'make no demo library' },
  },
  examples: ['gentle serve', 'gentle serve --port 8090 --no-demo'],
  staysUntilStopped: true,
  async runClosed(base, { options }, terminal) {
    const config = readConfig({ dataDir: base.dataDir, port: options.port, host: options.host })
    let readiness: Readiness = { kind: 'opening', doing: 'The database is starting.' }
    // Loaded here and not above: the other commands start faster without it.
    const { buildServer } = await import('../http/server.ts')
    const { mode, publicUrl, host } = config
    const server = await buildServer({ readiness: () => readiness, mode, publicUrl, host, say: terminal.say })
    await listen(server, config)
    try {
      const address = `http://${/^(127\.|\[?::1)/.test(host) ? 'localhost' : host}:${config.port}`
      terminal.say(`Gentle Reader is starting. The page is at ${address}`)
      const context = await openContext(config, { say: terminal.say })
      try {
        await serveUntilStopped(context, terminal, {
          address,
          demo: !options['no-demo'],
          onReady: (next) => {
            readiness = next
          },
        })
      } finally {
        await closeServer(server)
        await context.close()
      }
    } finally {
      await closeServer(server)
    }
    return { json: { stopped: true }, text: ['Stopped. Nothing is lost; what was waiting goes on at the next start.'] }
  },
})

interface Serving {
  address: string
  demo: boolean
  onReady: (readiness: Readiness) => void
}

async function serveUntilStopped(
  context: Context,
  terminal: Terminal,
  { address, demo, onReady }: Serving,
): Promise<void> {
  const { config, database, logins, journal, links, clock } = context
  const premises: Premises = {
    logins,
    keys: database.keys,
    journal,
    links,
    forms: formSeal(database.keys.links),
    clock,
    mailroom: mailroomFolder(config.dataDir),
    textCarriers: textCarriersOf(context, terminal.say),
    replyDomain: config.replyDomain,
  }
  onReady({ kind: 'open', premises, doing: 'Looking for what is there.' })
  if (demo) {
    await makeDemo(context, terminal, (doing) => onReady({ kind: 'open', premises, doing: `${doing} …` }))
    terminal.progress.clear()
    if (terminal.stopping.aborted) return
  }
  onReady({ kind: 'open', premises, doing: null })
  const door = await openDoor(context, terminal.say)
  const sending = startSending(context, terminal.say, premises.textCarriers)
  for (const line of [
    '',
    `  Page      ${address}`,
    `  Data      ${config.dataDir}`,
    `  Mail      ${whereMailGoes(config)}`,
    ...(door.says === null ? [] : [`  Mail in   ${door.says}`]),
    '  Ctrl-C stops',
    '',
  ])
    terminal.say(line)
  await stopped(terminal.stopping)
  terminal.say('Stopping: what is on its way is finished, nothing more is taken.')
  await Promise.all([door.stop(), sending.stop()])
  await premises.textCarriers.close()
}

/** In the demo, and on a developer's machine, mail can be tried out without a setting; nobody but this machine can send it. */
const DEMO_DOOR = { host: '127.0.0.1', port: 2525, domain: DEMO_DOMAIN, certificate: null }

async function openDoor(context: Context, say: Terminal['say']): Promise<RunningDoor & { says: string | null }> {
  const { config } = context
  const { mailDoor, unsubscribeAddress, replyDomain } = config
  const settings = mailDoor ?? (config.mode === 'development' ? DEMO_DOOR : null)
  const house = { ...context, unsubscribeAddress, replyDomain }
  try {
    const door = await startMailDoor({ ...house, settings }, say)
    return {
      ...door,
      says: settings === null ? null : `for ${settings.domain}, at ${settings.host}, port ${door.port} (SMTP)`,
    }
  } catch (error) {
    // What nobody has asked for keeps nobody from starting: another Gentle Reader may have the port.
    if (mailDoor !== null || !(error instanceof Problem)) throw error
    return { ...(await startMailDoor({ ...house, settings: null }, say)), says: null }
  }
}

async function makeDemo(context: Context, terminal: Terminal, onStep: (doing: string) => void): Promise<void> {
  const libraries = await listLibraries(context.logins)
  if (terminal.stopping.aborted || libraries.some((library) => !library.demo)) return
  await prepareDemo(context.database, {
    dataDir: context.config.dataDir,
    now: context.clock.now(),
    stopping: terminal.stopping,
    onStep(doing, done, total) {
      if (done < total) terminal.say(`${doing} …`)
      onStep(doing)
      terminal.progress.show(doing, done, total)
    },
  })
}

const whereMailGoes = ({ smtpUrl, mode, mailFrom }: Config): string =>
  smtpUrl !== null
    ? `leaves by the mail server, from ${mailFrom}; the demo’s stays in the mailroom`
    : mode === 'development'
      ? 'stays in the mailroom; none leaves this machine'
      : 'waits: no mail server is set (GENTLE_SMTP_URL)'

const stopped = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })

async function listen(server: FastifyInstance, { host, port }: Config): Promise<void> {
  try {
    await server.listen({ host, port })
  } catch (error) {
    await server.close()
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EADDRINUSE')
      throw new Problem(
        'conflict',
        `Port ${port} is taken by another program, perhaps by Gentle Reader itself. Stop that one, or choose another with --port ${port < 65_535 ? port + 1 : 8081}.`,
      )
    if (code === 'EACCES')
      throw new Problem(
        'not-allowed',
        `This account may not open port ${port}. Choose one above 1023 with --port 8080.`,
      )
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
      throw new Problem(
        'bad-input',
        `"${host}" is no address of this machine. Leave --host away to open the page here alone.`,
      )
    throw error
  }
}

/** Answers under way get three seconds. */
async function closeServer(server: FastifyInstance): Promise<void> {
  const hurry = setTimeout(() => server.server.closeAllConnections(), 3_000)
  await server.close()
  clearTimeout(hurry)
}
