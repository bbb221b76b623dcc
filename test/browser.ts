// A real browser for tests: Debian's Chromium, and what "readable" means: nothing for axe to complain of and no sideways
// scrolling, wide and narrow, light and dark, and with text twice as large.
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { type Browser, chromium, type Page } from 'playwright-core'
import { expect } from 'vitest'

const CHROMIUM = '/usr/bin/chromium'
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

export const hasBrowser = existsSync(CHROMIUM)
if (!hasBrowser) console.warn(`Skipped: there is no Chromium at ${CHROMIUM}, so no page was looked at in a browser.`)

export const openBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })

/** The address at which the server listens from now on. */
export const listening = async (server: FastifyInstance): Promise<string> => {
  await server.listen({ host: '127.0.0.1', port: 0 })
  return `http://localhost:${(server.server.address() as AddressInfo).port}`
}

/** Said to the browser as text: these tests have no types of a browser's own names. */
const AXE = `axe.run(document, {
  iframes: false,
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
}).then(({ violations }) => violations.map((v) => v.id + ': ' + v.nodes.map((node) => node.html).join(' ').slice(0, 300)))`

/** WCAG 2.2 AA by axe, and no sideways scrolling at 320 px, at 200% zoom of 1280 px, and with text twice as large. */
export async function expectReadable(where: Page): Promise<void> {
  for (const [width, scheme] of [
    [1280, 'light'],
    [1280, 'dark'],
    [640, 'light'],
    [320, 'light'],
  ] as const) {
    await where.setViewportSize({ width, height: 800 })
    await where.emulateMedia({ colorScheme: scheme })
    await where.evaluate(axeSource)
    const found = await where.evaluate<string[]>(AXE)
    expect(found, `${where.url()} at ${width} ${scheme}`).toEqual([])
    expect(await sideways(where), `${where.url()} at ${width}`).toEqual([])
  }
  await where.evaluate(`document.documentElement.style.fontSize = '200%'`)
  expect(await sideways(where), `${where.url()} with large text`).toEqual([])
  await where.evaluate(`document.documentElement.style.fontSize = ''`)
}

/** The same page as if its language were written from right to left. */
export async function expectReadableBackwards(where: Page): Promise<void> {
  await where.evaluate(`document.documentElement.dir = 'rtl'`)
  for (const width of [1280, 320]) {
    await where.setViewportSize({ width, height: 800 })
    expect(await sideways(where), `${where.url()} from right to left at ${width}`).toEqual([])
    expect(await where.evaluate(`getComputedStyle(document.querySelector('h1')).direction`)).toBe('rtl')
  }
  await where.evaluate(`document.documentElement.dir = 'ltr'`)
}

/** What sticks out to the side, if the page can be scrolled there. */
const sideways = (where: Page): Promise<string[]> =>
  where.evaluate<string[]>(`document.documentElement.scrollWidth <= window.innerWidth ? [] :
    [...document.querySelectorAll('body *')].filter((one) => Math.max(one.getBoundingClientRect().right, one.getBoundingClientRect().left + one.scrollWidth) > window.innerWidth || one.getBoundingClientRect().left < 0)
      .map((one) => one.tagName + ': ' + one.textContent.trim().slice(0, 60)).concat('the page').slice(-5)`)
