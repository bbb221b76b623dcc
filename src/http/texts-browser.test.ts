// The sandbox phone and the conversations in a real browser: readable in each state, alive while they are open, usable by
// keyboard and without JavaScript, and small.
import type { FastifyInstance } from 'fastify'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectReadable, expectReadableBackwards, hasBrowser, listening, openBrowser } from '../../test/browser.ts'
import { openHouse } from '../../test/house.ts'
import { make, NOW } from '../../test/make.ts'
import { ORIGIN, premisesOf } from '../../test/site.ts'
import { sendAllTexts } from '../../test/texts.ts'
import type { Sandbox } from '../channels/sms/sandbox.ts'
import { inLibrary, type Scope } from '../db/scope.ts'
import { type Line, linesOf } from '../messages/lines.ts'
import { clearRefused, raiseAlarm } from '../messages/mailbox-alarm.ts'
import type { Library } from '../patrons/library.ts'
import { addDemoLine } from '../worker/demo-line.ts'
import { textCarriersOf } from '../worker/open-text-provider.ts'
import { startPictureLoop } from '../worker/picture-loop.ts'
import type { Premises } from './premises.ts'
import { buildServer } from './server.ts'

const house = openHouse()
let browser: Browser
let site: FastifyInstance
let base: string
let premises: Premises
let maple: Library
let line: Line
let sandbox: Sandbox
const complaints: string[] = []

const ROSA = '+17405550101'
const KARL = '+17405550103'
const MEI = '+17405550104'
const TOMAS = '+17405550106'
const LANDLINE = '+17405550150'
const screen = (phone: string) => `${base}/sandbox/phone?phone=${encodeURIComponent(phone)}`
const write = (from: string, body: string) => sandbox.write({ from, to: line.number, body })
// A second for the speed of the line, which carries ten parts in it.
let seconds = 0
function sendAll(): Promise<void> {
  seconds += 5
  return sendAllTexts(house, sandbox, line, new Date(NOW.getTime() + 1_000 * seconds))
}

async function open(options: BrowserContextOptions = {}): Promise<Page> {
  const page = await (await browser.newContext(options)).newPage()
  page.on('console', (message) => {
    if (/Content Security|Refused/i.test(message.text())) complaints.push(`${page.url()}: ${message.text()}`)
  })
  return page
}
const close = (page: Page) => page.context().close()

async function expectGood(page: Page): Promise<void> {
  await expectReadableBackwards(page)
  await expectReadable(page)
}

const timeout = 120_000
/** It takes a third of a second; a loaded machine may take its time. */
const atOnce = { timeout: 4_000 }

describe.skipIf(!hasBrowser)('the pages of texts', { timeout }, () => {
  beforeAll(async () => {
    maple = await make.library(house, { key: 'maple', demo: true })
    const { logins } = house.database
    await addDemoLine(logins, maple, NOW)
    line = (await linesOf(logins, maple.libraryNo))[0]!
    premises = premisesOf(house)
    const config = { publicUrl: ORIGIN, replyDomain: null }
    premises.textCarriers = textCarriersOf({ config, logins, journal: house.journal, clock: premises.clock }, () => {})
    const ready = { kind: 'open', premises, doing: null } as const
    site = await buildServer({ readiness: () => ready, mode: 'development', publicUrl: ORIGIN, host: '127.0.0.1' })
    sandbox = premises.textCarriers.providerFor(line) as Sandbox
    browser = await openBrowser()
    base = await listening(site)
  }, timeout)
  afterAll(async () => {
    await browser?.close()
    await site?.close()
    await premises?.textCarriers.close()
  })

  test('while nobody has texted, both pages are readable and lead to each other', async () => {
    const page = await open()
    await page.goto(`${base}/conversations`)
    await page.getByText('Nothing is unanswered since').waitFor()
    await expectGood(page)
    await page.getByRole('link', { name: 'Pick up a phone' }).click()
    await page.getByText('No texts yet').waitFor()
    await expectGood(page)
    await close(page)
  })

  test('what Rosa texts stands on the desk, the phone’s page and the conversation without a reload', async () => {
    const [desk, phone] = [await open(), await open()]
    await desk.goto(`${base}/conversations`)
    await phone.goto(screen(ROSA))
    await phone.getByLabel('Text Maple Falls Library').fill('Do you lend telescopes?')
    await phone.getByRole('button', { name: 'Send', exact: true }).click()
    await desk.getByText('Do you lend telescopes?').waitFor(atOnce)
    await expectGood(phone)
    await expectGood(desk)

    await desk.getByRole('link', { name: '(740) 555-0101' }).click()
    await desk.getByRole('heading', { name: '(740) 555-0101' }).waitFor()
    await expectGood(desk)
    write(ROSA, 'For Saturday, if you can.')
    await desk.getByText('For Saturday, if you can.').waitFor(atOnce)

    await desk.getByLabel('Your answer').fill('We do! Come')
    await desk.getByLabel('Your name').first().fill('Ana')
    write(ROSA, 'Or on Sunday.')
    await desk.getByText('Or on Sunday.').waitFor(atOnce)
    expect(await desk.getByLabel('Your answer').inputValue()).toBe('We do! Come')
    await desk.getByRole('button', { name: 'Send it' }).click()
    await desk.getByText('Your answer is on its way.').waitFor()
    // She had begun before the last text came: that one still waits.
    await desk.getByText('Waits since').waitFor()
    await sendAll()
    await phone.locator('#screen').getByText('We do! Come').waitFor(atOnce)
    await desk.getByText('arrived').first().waitFor(atOnce)
    await close(desk)
    await close(phone)
  })

  test('the second to answer is told who was first, and a long answer is asked about', async () => {
    write(KARL, 'Is the hall free on Friday?')
    const [ana, ben] = [await open(), await open()]
    for (const page of [ana, ben]) {
      await page.goto(`${base}/conversations`)
      await page.getByRole('link', { name: '(740) 555-0103' }).click()
      await page.getByLabel('Your answer').waitFor()
    }
    await ben.getByLabel('Your answer').fill('No')
    await ana.getByLabel('Your answer').fill('Yes, from 3')
    await ana.getByLabel('Your name').first().fill('Ana')
    await ana.getByRole('button', { name: 'Send it' }).click()
    await ana.getByText('Your answer is on its way.').waitFor()
    await ben.getByText('Yes, from 3').waitFor(atOnce)
    await ben.getByLabel('Your name').first().fill('Ben')
    await ben.getByRole('button', { name: 'Send it' }).click()
    await ben.getByText('Ana answered first').waitFor()
    await expectGood(ben)
    await ben.getByRole('link', { name: 'Back to the conversation' }).click()
    await ben.getByLabel('Your answer').fill('Bring your own chairs. '.repeat(30))
    await ben.getByRole('button', { name: 'Send it' }).click()
    await ben.getByText('5 parts').waitFor()
    await expectGood(ben)
    await ben.getByRole('button', { name: 'Send mine all the same' }).click()
    await ben.getByText('Your answer is on its way.').waitFor()
    await expectGood(ben)
    await close(ana)
    await close(ben)
  })

  test('what a rule read is shown with the words it heard, and staff undo it; a close says why', async () => {
    write(MEI, 'Sorry, wrong number')
    const page = await open()
    await page.goto(`${base}/conversations`)
    await page.getByRole('link', { name: '(740) 555-0104' }).click()
    await page.getByText('A rule heard').waitFor()
    await page.getByText('Undo what the rule read').click()
    await expectGood(page)
    await page.locator('#as-undo').fill('Ana')
    await page.getByRole('button', { name: 'It is not so: undo it' }).click()
    await page.getByText('It is undone').waitFor()
    await page.getByText('Close it').first().click()
    await page.getByLabel('Why nothing more is needed').fill('She called us')
    await page.getByRole('button', { name: 'Close it' }).click()
    await page.getByText('closed it: She called us').waitFor()
    await expectGood(page)
    await close(page)
  })

  test('a picture from the phone is seen on the desk, and one that is not fetched says why', async () => {
    const [phone, desk] = [await open(), await open()]
    await phone.goto(screen(TOMAS))
    await phone.getByRole('button', { name: 'Send a picture' }).click()
    await phone.locator('#screen').getByRole('img').waitFor()
    await expectGood(phone)
    await desk.goto(`${base}/conversations`)
    await desk.getByText('(a picture)').waitFor(atOnce)
    await desk.getByRole('link', { name: '(740) 555-0106' }).click()
    await desk.getByText('is being fetched').waitFor()
    const pictures = startPictureLoop({ ...premises, carriers: premises.textCarriers, now: () => NOW, say: () => {} })
    const picture = desk.getByAltText('The picture they sent')
    await picture.waitFor(atOnce)
    await expect.poll(() => picture.evaluate((one: { naturalWidth: number }) => one.naturalWidth)).toBe(96)
    const media = [{ url: 'https://127.0.0.1/inside.png', type: 'image/png' }]
    sandbox.write({ from: TOMAS, to: line.number, body: 'And this?', media })
    await desk.getByText('is being fetched').waitFor(atOnce)
    await desk.getByText('It is tried again').waitFor(atOnce)
    await pictures.stop()
    await expectGood(desk)
    const inline = await desk.request.get(await picture.evaluate((one: { src: string }) => one.src))
    expect(inline.headers()).toMatchObject({
      'content-type': 'image/png',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining('sandbox'),
    })
    await close(phone)
    await close(desk)
  })

  test('a landline shows beside it that the notice could not be delivered', async () => {
    const page = await open()
    await page.goto(screen(LANDLINE))
    await page.getByRole('button', { name: 'Let the library send a notice' }).click()
    await page.getByText('has not left yet').or(page.getByText('waits until people are awake')).first().waitFor()
    await sendAll()
    await page.getByText('it is a landline').first().waitFor(atOnce)
    await page.getByText('No texts yet').waitFor()
    await expectGood(page)
    await close(page)
  })

  test('the alarm about a mailbox that takes no mail is seen at once, and goes when a mail gets through', async () => {
    const page = await open()
    await page.goto(`${base}/conversations`)
    const alarm = { mailbox: maple.email, how: 'refused', said: '452 Mailbox full', now: NOW } as const
    const inside = <R>(work: (scope: Scope<'circulation'>) => Promise<R>) =>
      inLibrary(premises.logins, 'circulation', maple.libraryNo, work)
    await inside((scope) => raiseAlarm(scope, maple, alarm))
    await page.getByRole('alert').filter({ hasText: '452 Mailbox full' }).waitFor(atOnce)
    await expectGood(page)
    await inside((scope) => clearRefused(scope, maple.email, NOW))
    await page.getByRole('alert').waitFor({ ...atOnce, state: 'detached' })
    await close(page)
  })

  test('a stream that was cut is taken up again, and what came meanwhile is shown', async () => {
    const page = await open()
    await page.goto(`${base}/conversations`)
    await page.waitForTimeout(500)
    site.server.closeAllConnections()
    write(MEI, 'It is me again')
    await page.getByText('It is me again').waitFor({ timeout: 5_000 })
    await close(page)
  })

  test('without JavaScript everything works by its buttons', async () => {
    const page = await open({ javaScriptEnabled: false })
    await page.goto(screen(MEI))
    await page.getByLabel('Text Maple Falls Library').fill('No script here')
    await page.getByRole('button', { name: 'Send', exact: true }).click()
    await page.goto(`${base}/conversations`)
    await expect
      .poll(async () => {
        await page.getByRole('link', { name: 'Look again' }).click()
        return page.getByText('No script here').count()
      })
      .toBe(1)
    await page.getByRole('link', { name: '(740) 555-0104' }).click()
    await page.getByLabel('Your answer').fill('Good')
    await page.getByLabel('Your name').first().fill('Ana')
    await page.getByRole('button', { name: 'Send it' }).click()
    await page.getByText('Your answer is on its way.').waitFor()
    await close(page)
  })

  test('with the keyboard alone a text is sent and answered', async () => {
    const page = await open()
    await page.goto(screen(ROSA))
    await tabTo(page, 'body')
    await page.keyboard.type('By keyboard')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.locator('#screen').getByText('By keyboard').waitFor()
    await page.goto(`${base}/conversations`)
    await page.getByText('By keyboard').waitFor(atOnce)
    await tabTo(page, '(740) 555-0101')
    await page.keyboard.press('Enter')
    await page.getByLabel('Your answer').waitFor()
    await tabTo(page, 'body')
    await page.keyboard.type('Answered by keyboard')
    await page.keyboard.press('Tab')
    await page.keyboard.type('Ana')
    await page.keyboard.press('Enter')
    await page.getByText('Your answer is on its way.').waitFor()
    await close(page)
  })

  test('many conversations and many texts stay readable, and below 20 KB with style and script', async () => {
    for (let i = 0; i < 30; i++)
      write(`+174055502${String(i).padStart(2, '0')}`, `Question ${i}: ${'may I renew? '.repeat(8)}`)
    for (let i = 0; i < 20; i++) write(ROSA, `Story, part ${i}: ${'and then it rained. '.repeat(6)}`)
    const page = await open()
    await page.goto(screen(ROSA))
    await page.locator('#screen').getByText('part 19').waitFor({ timeout: 5_000 })
    await expectGood(page)
    await page.goto(`${base}/conversations`)
    await page.getByText('most urgent are shown').waitFor()
    await expectGood(page)
    await close(page)
    const size = async (url: string) => (await site.inject({ url, headers: { host: 'localhost' } })).rawPayload.length
    const frame = (await size('/style.css')) + (await size('/live.js'))
    for (const url of ['/conversations', '/conversations/1', `/sandbox/phone?phone=${encodeURIComponent(ROSA)}`])
      expect((await size(url)) + frame, url).toBeLessThan(20_000)
    expect(complaints).toEqual([])
  })
})

/** Presses Tab until what has this name or these words has the focus, and it can be seen that it has. */
async function tabTo(page: Page, what: string): Promise<void> {
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press('Tab')
    const [name, words, outline] = await page.evaluate<string[]>(
      `(({ name, textContent }) => [name ?? '', textContent.trim(), getComputedStyle(document.activeElement).outlineStyle])(document.activeElement)`,
    )
    if (name !== what && words !== what) continue
    expect(outline, what).not.toBe('none')
    return
  }
  throw new Error(`"${what}" was not reached by the keyboard on ${page.url()}`)
}
