// A reader's own pages in a real browser, in every state and both languages, by keyboard, and written from right to left.
// The whole way goes through the mailroom: the code is read from the mail that came.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import type { Browser, Page } from 'playwright-core'
import PostalMime from 'postal-mime'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectReadable, expectReadableBackwards, hasBrowser, listening, openBrowser } from '../../test/browser.ts'
import { openHouse } from '../../test/house.ts'
import { make, monthsAgo, NOW } from '../../test/make.ts'
import { openSite, premisesOf, tokenFor } from '../../test/site.ts'
import { mailroomProvider } from '../channels/email/mailroom.ts'
import { sendAnswers } from '../messages/send-answers.ts'
import type { Library } from '../patrons/library.ts'
import { LIFE_EVENTS } from '../staff/tasks.ts'
import { knownLanguage, wordsOf } from '../words/languages.ts'

const house = openHouse()
let browser: Browser
let page: Page
let site: FastifyInstance
let base: string
let maple: Library
const complaints: string[] = []
// A clock that goes on: at one and the same instant a break outweighs its end.
let ticks = 0

/** Sends what waits, as the worker would, and returns the text of the newest mail. */
async function newestMail(): Promise<string> {
  const { mailroom } = premisesOf(house)
  const post = {
    logins: house.database.logins,
    mailFrom: 'hello@example.org',
    now: () => new Date(NOW.getTime() + 600_000),
  }
  await sendAnswers(post, mailroomProvider(mailroom), maple)
  const numbers = readdirSync(mailroom).flatMap((file) => /answer-(\d+)\.eml$/.exec(file)?.[1] ?? [])
  const newest = Math.max(...numbers.map(Number))
  return (await PostalMime.parse(readFileSync(join(mailroom, `${maple.key}.answer-${newest}.eml`)))).text!
}
const codeIn = (text: string) => /(\d{3}) (\d{3})/.exec(text)!.slice(1).join('')

async function look(path: string): Promise<void> {
  await page.goto(base + path)
}
async function expectGood(): Promise<void> {
  await expectReadableBackwards(page)
  await expectReadable(page)
}
const pressAndWait = async (name: string) => {
  await Promise.all([page.waitForLoadState('load'), page.getByRole('button', { name, exact: true }).click()])
}

/** A loaded machine looks at twenty pages in four ways each. */
const timeout = 180_000

describe.skipIf(!hasBrowser)('a reader’s own pages', { timeout }, () => {
  beforeAll(async () => {
    maple = await make.library(house, { key: 'maple' })
    const everybody = ['en', 'es'].flatMap((language) => [
      { id: `rosa-${language}`, email: `rosa.${language}@example.org`, language },
      { id: `karl-${language}`, given: 'Karl', email: `karl.${language}@example.net`, language },
      { id: `mei-${language}`, given: 'Mei Lin', email: `mei.${language}@example.com`, language },
    ])
    await make.patrons(
      house,
      maple,
      everybody.map((one) => ({ ...one, lastUse: monthsAgo(4), consents: ['reengagement/email', 'events/email'] })),
    )
    browser = await openBrowser()
    page = await browser.newPage()
    page.on('console', (message) => {
      if (/Content Security|Refused/i.test(message.text())) complaints.push(`${page.url()}: ${message.text()}`)
    })
    const premises = { ...premisesOf(house), clock: { now: () => new Date(NOW.getTime() + 10 * ticks++) } }
    site = await openSite(house, { readiness: () => ({ kind: 'open', premises, doing: null }) })
    base = await listening(site)
  })
  afterAll(async () => {
    await browser?.close()
    await site?.close()
  })

  test.each(['en', 'es'])('choices, code, everything that is kept, and erasing, in %s', async (tag) => {
    const language = knownLanguage(tag)!
    const { preferences: words } = wordsOf[language]
    const rosa = await tokenFor(house, maple, { id: `rosa-${tag}`, email: `rosa.${tag}@example.org` })
    await look(`/p/${rosa}`)
    expect(await page.locator('html').getAttribute('lang')).toBe(tag)
    await expectGood()
    // Less: at once.
    await page.getByRole('radio', { name: words.paceDays(180) }).check()
    await page.locator('#pause').fill('2027-03-01')
    await pressAndWait(words.save)
    expect(await page.getByRole('status').textContent()).toContain(words.changed.pace(180))
    await expectGood()
    // More: with the code that came by mail.
    await look(`/p/${rosa}`)
    await page.locator('[value="new-titles/email"]').check()
    await page.getByRole('checkbox', { name: words.resume }).check()
    await pressAndWait(words.save)
    await expectGood()
    await page.locator('#code').fill('123')
    await pressAndWait(words.code.button)
    expect(await page.getByRole('alert').textContent()).toBe(words.code.wrong)
    await expectGood()
    await page.locator('#code').fill(codeIn(await newestMail()))
    await pressAndWait(words.code.button)
    expect(await page.locator('h1').textContent()).toBe(words.own.title)
    expect(await page.getByRole('status').textContent()).toContain(words.changed.resumed)
    await expectGood()
    await page.locator('#said').fill('5 New Street')
    await pressAndWait(words.own.addressButton)
    expect(await page.getByRole('status').textContent()).toBe(words.own.addressDone)
    // The rest: with the number on the card.
    await page.locator('#card').fill('29')
    await pressAndWait(words.own.card.button)
    expect(await page.getByRole('alert').textContent()).toBe(words.own.card.wrong)
    await expectGood()
    await page.locator('#card').fill(`2rosa-${tag}`)
    await pressAndWait(words.own.card.button)
    await page
      .locator('details')
      .first()
      .evaluate((part: { open: boolean }) => {
        part.open = true
      })
    await expectGood()
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: words.own.fileButton }).click(),
    ])
    expect(JSON.parse(readFileSync(await file.path(), 'utf8'))).toMatchObject({ identity: { givenName: 'Rosa' } })
    await pressAndWait(words.own.eraseButton)
    await expectGood()
    await page.locator('form').evaluate((form: { submit(): void }) => form.submit())
    await page.getByRole('alert').waitFor()
    await page.waitForLoadState()
    await expectGood()
    await page.getByRole('checkbox').check()
    await pressAndWait(words.own.eraseNow)
    expect(await page.locator('h1').textContent()).toBe(words.own.erased)
    await expectGood()
    await look(`/p/${rosa}?lang=${tag}`)
    await expectGood()
  })

  test.each(['en', 'es'])('the quiet links, asking for a link, and what went wrong, in %s', async (tag) => {
    const { preferences: words } = wordsOf[knownLanguage(tag)!]
    const karl = await tokenFor(house, maple, { id: `karl-${tag}`, email: `karl.${tag}@example.net` })
    for (const event of LIFE_EVENTS) {
      await look(`/why/${karl}`)
      await page.getByRole('link', { name: words.lifeEvents[event].link }).click()
      await page.waitForURL(/life/)
      await expectGood()
      await pressAndWait(words.lifeEvents[event].button)
      expect(await page.locator('h1').textContent()).toBe(words.lifeEvents[event].done)
      await expectGood()
    }
    await look(`/p/${karl}`)
    await expectGood() // it waits for staff
    await look(`/less/${karl}`)
    await page.getByRole('link', { name: words.all }).click()
    await page.waitForURL(/\/p\//)
    await look(`/maple/preferences?lang=${tag}`)
    await expectGood()
    await page.locator('#email').fill('karl')
    await page.locator('form').evaluate((form: { submit(): void }) => form.submit())
    await page.getByRole('alert').waitFor()
    await expectGood()
    // Quicker than anybody reads.
    await page.locator('#email').fill(`mei.${tag}@example.com`)
    await pressAndWait(words.ask.button)
    expect(await page.getByRole('alert').textContent()).toContain(wordsOf[knownLanguage(tag)!].join.wrong.lookOver)
    await expectGood()
    ticks += 400
    await page.locator('#email').fill(`mei.${tag}@example.com`)
    await pressAndWait(words.ask.button)
    expect(await page.locator('h1').textContent()).toBe(words.ask.done)
    await expectGood()
    const [, path] = /http:\/\/localhost:8080(\/p\/\S+)/.exec(await newestMail())!
    await look(path!)
    expect(await page.locator('h1').textContent()).toBe(words.title)
    await page.locator('#pause').evaluate((field: { type: string; value: string }) => {
      field.type = 'text'
      field.value = 'soon'
    })
    await pressAndWait(words.save)
    expect(await page.getByRole('alert').textContent()).toBe(words.pauseWrong)
    await expectGood()
    await look(`/p/${karl}/life/nothing?lang=${tag}`)
    await expectGood()
  })

  test('every choice can be made with the keyboard alone, in the order in which it is read', async () => {
    const karl = await tokenFor(house, maple, { id: 'karl-en', email: 'karl.en@example.net' })
    await look(`/p/${karl}`)
    const reached: string[] = []
    for (let i = 0; i < 40; i++) {
      await page.keyboard.press('Tab')
      reached.push(
        await page.evaluate<string>(
          `(({ name, type, textContent, tagName }) => name || (tagName === 'BUTTON' || tagName === 'A' ? textContent.trim() : type || ''))(document.activeElement)`,
        ),
      )
      const outline = await page.evaluate<string>(`getComputedStyle(document.activeElement).outlineStyle`)
      if (reached.at(-1) !== '') expect(outline, reached.at(-1)).not.toBe('none')
    }
    const order = ['yes', 'pace', 'pause', 'language', 'Save my choices', 'Send me no more notes', 'Send me a code']
    const places = order.map((what) => reached.indexOf(what))
    expect(places.every((place) => place >= 0)).toBe(true)
    expect(places).toEqual([...places].sort((a, b) => a - b))
  })

  test('every page with the stylesheet stays below 20 KB, and none breaks its own rules', async () => {
    const karl = await tokenFor(house, maple, { id: 'karl-es', email: 'karl.es@example.net' })
    const style = (await site.inject('/style.css')).rawPayload.length
    for (const url of [`/p/${karl}`, `/p/${karl}/life/died`, '/maple/preferences'])
      expect((await site.inject(url)).rawPayload.length + style, url).toBeLessThan(20_000)
    expect(complaints).toEqual([])
  })
})
