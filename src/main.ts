// The start: reads the command line, runs the command, and turns what came of it into lines and an exit code.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command, Outcome } from './cli/command.ts'
import { commands } from './cli/commands.ts'
import { explainFailure } from './cli/failure.ts'
import { helpCommand, helpGroup, helpOverview } from './cli/help.ts'
import { visible } from './cli/lay-out.ts'
import { asksForJson, type Parsed, parseCommandLine } from './cli/parse.ts'
import { noProgress, openProgress } from './cli/progress.ts'
import type { Terminal } from './cli/terminal.ts'
import { type Config, readConfig } from './config.ts'
import { openContext } from './context.ts'
import { packageRoot } from './lib/package-root.ts'

/** Leaving the database takes a moment; a second Ctrl-C, or this long, ends it at once (the next command joins it). */
const LEAVE_MS = 5_000

type Stop = { signal: AbortSignal; exitCode: () => number; forget: () => void }

class Interrupted extends Error {
  readonly exitCode: number
  constructor(exitCode: number) {
    super('Stopped before the end. What was finished is kept; run the same command again.')
    this.exitCode = exitCode
  }
}

// `gentle … | head -1` closes the pipe early: that is no failure, and the work behind it goes on to its end.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })

process.exitCode = await main(process.argv.slice(2))

async function main(argv: string[]): Promise<number> {
  const json = asksForJson(argv)
  let name = ''
  let exitCodeOfFailure: number | undefined
  let config: Config | null = null
  try {
    const parsed = parseCommandLine(argv, commands)
    if (parsed.kind === 'help') return printHelp(parsed, json)
    if (parsed.kind === 'version') return print({ version: version() }, [`gentle-reader ${version()}`], json)
    name = parsed.command.name
    exitCodeOfFailure = parsed.command.exitCodeOfFailure
    config = readConfig({ dataDir: parsed.common.data })
    const outcome = await runCommand(parsed, config, json)
    print(outcome.json, outcome.text, json)
    if (outcome.problem !== undefined) process.stderr.write(`${visible(outcome.problem)}\n`)
    return outcome.exitCode ?? 0
  } catch (error) {
    const failure =
      error instanceof Interrupted
        ? { exitCode: error.exitCode, code: 'interrupted', message: error.message }
        : explainFailure(error, { dataDir: config?.dataDir ?? null, command: name, now: new Date() })
    if (json) print({ error: { code: failure.code, message: failure.message } }, [], true)
    process.stderr.write(`${visible(failure.message)}\n`)
    // Interrupted work may still hold a connection of its own, which would keep this process alive.
    if (error instanceof Interrupted) process.stdout.write('', () => process.exit(exitCodeOfFailure ?? error.exitCode))
    return exitCodeOfFailure ?? failure.exitCode
  }
}

function print(json: object, text: readonly string[], asJson: boolean): number {
  process.stdout.write(asJson ? `${JSON.stringify(json)}\n` : text.map((line) => `${visible(line)}\n`).join(''))
  return 0
}

function printHelp(parsed: Parsed & { kind: 'help' }, json: boolean): number {
  const { about } = parsed
  const lines =
    about === null ? helpOverview(commands) : 'group' in about ? helpGroup(about.group, commands) : helpCommand(about)
  return print({ help: lines.join('\n') }, lines, json)
}

function version(): string {
  return JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')).version
}

async function runCommand(parsed: Parsed & { kind: 'run' }, config: Config, json: boolean): Promise<Outcome> {
  const { command, args } = parsed
  const stop = stopOnSignals()
  const terminal = openTerminal(command, json, stop.signal)
  try {
    if ('runClosed' in command) return await command.runClosed(config, args, terminal)
    const context = await openContext(config, { say: terminal.say })
    let outcome: Outcome
    try {
      const work = command.run(context, args, terminal)
      outcome = await (command.staysUntilStopped ? work : Promise.race([work, interruption(work, stop)]))
    } catch (error) {
      // Why it failed matters more than how the leaving went.
      await inTime(context.close()).catch(() => {})
      throw error
    }
    terminal.progress.clear()
    await context.close()
    return outcome
  } finally {
    terminal.progress.clear()
    stop.forget()
  }
}

function openTerminal(command: Command, json: boolean, stopping: AbortSignal): Terminal {
  const progress = json ? noProgress : openProgress(process.stderr)
  // A command that stays says what it does even to a log file; of the others only somebody who watches wants to know.
  const speaks = !json && (process.stderr.isTTY || command.staysUntilStopped)
  return {
    progress,
    stopping,
    say(line) {
      if (!speaks) return
      progress.clear()
      process.stderr.write(`${visible(line)}\n`)
    },
  }
}

function stopOnSignals(): Stop {
  const stopping = new AbortController()
  let since = 0
  let exitCode = 130
  const onSignal = (_: string, number: number) => {
    // Ctrl-C in a group of processes can arrive twice in one breath; a second one that is meant comes later.
    if (stopping.signal.aborted && performance.now() - since > 500) process.exit(exitCode)
    if (stopping.signal.aborted) return
    since = performance.now()
    exitCode = 128 + number
    stopping.abort()
  }
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.on(signal, onSignal)
  return {
    signal: stopping.signal,
    exitCode: () => exitCode,
    forget: () => {
      for (const signal of signals) process.off(signal, onSignal)
    },
  }
}

/** Rejects when a signal comes. What the work was doing ends with its connections: a transaction is whole or not at all. */
function interruption(work: Promise<unknown>, stop: Stop): Promise<never> {
  work.catch(() => {}) // it fails when its connections go, and nobody is waiting for it any more
  return new Promise((_, reject) => {
    const interrupt = () => reject(new Interrupted(stop.exitCode()))
    if (stop.signal.aborted) interrupt()
    else stop.signal.addEventListener('abort', interrupt, { once: true })
  })
}

async function inTime(closing: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, LEAVE_MS)
  })
  await Promise.race([closing, late]).finally(() => clearTimeout(timer))
}
