#!/usr/bin/env node
// The program `gentle` on whatever Node starts it: finds the Node that Gentle Reader is pinned to and hands over to it.
// Plain JavaScript for Node 18 and newer, because this is the one file that an old Node has to understand.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const PINNED = '24'
const root = dirname(dirname(fileURLToPath(import.meta.url)))
// A checkout runs its sources. The published package is compiled: Node strips no types below node_modules.
const main = [join(root, 'src', 'main.ts'), join(root, 'dist', 'src', 'main.js')].find((path) => existsSync(path))

if (main === undefined) {
  fail(`Gentle Reader is incomplete: there is neither src/main.ts nor dist/src/main.js in ${root}. Install it again.`)
} else if (process.versions.node.split('.')[0] === PINNED) {
  await import(pathToFileURL(main).href)
} else {
  const node = findPinnedNode()
  if (node === null)
    fail(
      `Gentle Reader runs on Node ${PINNED}, which its installation brings along, and it is missing here (this is Node ${process.versions.node}). ` +
        'Run "npm ci" again, without --ignore-scripts, or install Node 24 yourself.',
    )
  else handOver(node, main)
}

/** The program in the npm package `node`; null when its install script has not run. */
function findPinnedNode() {
  try {
    const folder = dirname(createRequire(import.meta.url).resolve('node/package.json'))
    const node = join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
    return existsSync(node) ? node : null
  } catch {
    return null
  }
}

function handOver(node, script) {
  const child = spawn(node, [script, ...process.argv.slice(2)], { stdio: 'inherit' })
  // Ctrl-C at a terminal reaches the child too, and twice would mean "at once": then we only wait. A signal sent to
  // this process alone (by a supervisor, say) is passed on.
  const atTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY
  process.on('SIGINT', () => {
    if (!atTerminal) child.kill('SIGINT')
  })
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  process.on('SIGHUP', () => child.kill('SIGHUP'))
  child.on('error', (error) => fail(`The pinned Node ${node} could not be started: ${error.message}.`))
  child.on('exit', (code, signal) => {
    process.exitCode = signal === null ? (code ?? 1) : 128 + (constants.signals[signal] ?? 0)
  })
}

function fail(sentence) {
  process.stderr.write(`${sentence}\n`)
  process.exitCode = 1
}
