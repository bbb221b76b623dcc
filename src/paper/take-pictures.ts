// Pictures of live pages, by a Chromium that is there already: started as a program of its own, spoken to through a pipe
// (Chrome DevTools Protocol), and gone afterwards. No package is needed for it, and nothing here needs it to be there.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'

const PATIENCE_MS = 20_000
const WIDTH = 820

type Answer = Record<string, unknown>
interface Browser {
  ask(method: string, params?: object, session?: string): Promise<Answer>
  /** Resolves at the next event of that name. */
  once(event: string): Promise<void>
}

/** A PNG of each page, whole. Rejects when the browser does not start or answer. */
export async function takePictures(chromium: string, urls: readonly string[]): Promise<Buffer[]> {
  const profile = mkdtempSync(join(tmpdir(), 'gentle-pictures-'))
  const child = spawn(
    chromium,
    [
      ...['--headless', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-sync'],
      ...['--disable-component-update', '--hide-scrollbars', `--user-data-dir=${profile}`, '--remote-debugging-pipe'],
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), // it refuses root otherwise; the pages are our own
    ],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] },
  )
  const gone = new Promise<never>((_, reject) => {
    child.on('error', reject)
    child.on('exit', (code) => reject(new Error(`the browser ended by itself (${code})`)))
    setTimeout(() => reject(new Error('the browser did not answer in time')), PATIENCE_MS).unref()
  })
  gone.catch(() => {}) // when all went well nobody is waiting for it
  try {
    const browser = speakTo(child.stdio[3] as Writable, child.stdio[4] as Readable)
    return await Promise.race([gone, picturesOf(browser, urls)])
  } finally {
    const ended = new Promise((resolve) => child.once('exit', resolve))
    if (child.exitCode === null && child.kill('SIGKILL')) await ended
    rmSync(profile, { recursive: true, force: true, maxRetries: 3 })
  }
}

async function picturesOf(browser: Browser, urls: readonly string[]): Promise<Buffer[]> {
  const { targetId } = await browser.ask('Target.createTarget', { url: 'about:blank' })
  const { sessionId } = await browser.ask('Target.attachToTarget', { targetId, flatten: true })
  const ask = (method: string, params?: object) => browser.ask(method, params, String(sessionId))
  await ask('Page.enable')
  await ask('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: 'light' }] })
  const view = { width: WIDTH, height: 1000, deviceScaleFactor: 1.5, mobile: false }
  await ask('Emulation.setDeviceMetricsOverride', view)
  const pictures: Buffer[] = []
  for (const url of urls) {
    const loaded = browser.once('Page.loadEventFired')
    await ask('Page.navigate', { url })
    await loaded
    const { cssContentSize } = (await ask('Page.getLayoutMetrics')) as { cssContentSize: { height: number } }
    const clip = { x: 0, y: 0, width: WIDTH, height: Math.ceil(cssContentSize.height), scale: 1 }
    const { data } = await ask('Page.captureScreenshot', { format: 'png', captureBeyondViewport: true, clip })
    pictures.push(Buffer.from(String(data), 'base64'))
  }
  return pictures
}

/** Messages are JSON, ended by a zero byte, in both directions. */
function speakTo(out: Writable, back: Readable): Browser {
  const waiting = new Map<number, { resolve: (answer: Answer) => void; reject: (error: Error) => void }>()
  const events = new Map<string, () => void>()
  let asked = 0
  let rest = ''
  out.on('error', () => {})
  back.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\0')
    rest = parts.pop()!
    for (const part of parts) {
      const { id, result, error, method } = JSON.parse(part)
      const one = waiting.get(id)
      waiting.delete(id)
      if (error) one?.reject(new Error(`the browser refused: ${error.message}`))
      else one?.resolve(result)
      if (method) events.get(method)?.()
    }
  })
  return {
    ask: (method, params = {}, sessionId) =>
      new Promise((resolve, reject) => {
        waiting.set(++asked, { resolve, reject })
        out.write(`${JSON.stringify({ id: asked, method, params, sessionId })}\0`)
      }),
    once: (event) => new Promise((resolve) => events.set(event, resolve)),
  }
}
