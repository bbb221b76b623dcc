import type { FastifyInstance } from 'fastify'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectReadable, hasBrowser, listening, openBrowser } from '../../test/browser.ts'
import { openHouse } from '../../test/house.ts'
import { make, monthsAgo, NOW } from '../../test/make.ts'
import { answersOf, demoLibrary, openSite, sendAll, tokenFor } from '../../test/site.ts'
import { invitationSigner } from '../lib/invitation-links.ts'
import type { Library } from '../patrons/library.ts'
import { readOffers } from '../signups/offers-file.ts'
import { setOffers } from '../signups/set-offers.ts'
import { formStamp } from './form-stamp.ts'
import { buildServer } from './server.ts'

const OFFERS = {
  'public-records': true,
  websites: ['https://www.library.example.org'],
  offers: [
    { purpose: 'reengagement' },
    {
      purpose: 'new-titles',
      topics: {
        mysteries: { en: 'Mysteries', es: 'Misterio' },
        children: { en: 'Children’s books', es: 'Libros infantiles' },
      },
    },
    { purpose: 'events' },
  ],
}

const house = openHouse()
let browser: Browser
let page: Page
let site: FastifyInstance
let base: string
let maple: Library
let rosa: string
let karl: string
const complaints: string[] = []

const look = async (path: string): Promise<Page> => {
  await page.goto(path.startsWith('http') ? path : base + path)
  return page
}

describe.skipIf(!hasBrowser)('in a browser', () => {
  beforeAll(async () => {
    browser = await openBrowser()
    page = await browser.newPage()
    page.on('console', (message) => {
      if (/Content Security|Refused/i.test(message.text())) complaints.push(`${page.url()}: ${message.text()}`)
    })
    site = await openSite(house)
    base = await listening(site)
  })
  afterAll(async () => {
    await browser?.close()
    await site?.close()
  })

  test('the first page while all is being prepared, with no library, with no roster, and with nothing in the mailroom', async () => {
    const early = await buildServer({
      readiness: () => ({ kind: 'opening', doing: 'The database is starting.' }),
      mode: 'development',
      publicUrl: 'http://localhost:8080',
      host: '127.0.0.1',
    })
    const url = await listening(early)
    const other = await browser.newPage()
    await other.goto(`${url}/`)
    expect(await other.locator('h1').textContent()).toBe('Getting ready')
    await other.close()
    await early.close()
    await expectReadable(await look('/'))
    expect(await page.locator('main').textContent()).toContain('There is no library here yet.')
    maple = await demoLibrary(house, { key: 'maple' })
    await expectReadable(await look('/'))
    await expectReadable(await look('/mailroom'))
    await expectReadable(await look('/not/here'))
  })

  test('the whole story by pressing buttons: launch, start, read the mail, leave', async () => {
    await make.patrons(house, maple, [
      { id: 'rosa', email: 'rosa@example.org', lastUse: monthsAgo(4), consents: ['reengagement/email'] },
      { id: 'karl', given: 'Karl', email: 'karl@example.net', lastUse: monthsAgo(4), consents: ['reengagement/email'] },
      { id: 'priya', given: 'Priya', email: 'priya@example.com', lastUse: monthsAgo(5) },
    ])
    rosa = await tokenFor(house, maple, { id: 'rosa', email: 'rosa@example.org' })
    karl = await tokenFor(house, maple, { id: 'karl', email: 'karl@example.net' })
    await expectReadable(await look('/'))
    await look('/')
    await page.getByRole('button', { name: /Approve and launch/ }).click()
    await expectReadable(page)
    await look('/')
    await page.getByRole('button', { name: 'Start now' }).click()
    await sendAll(house, maple)
    await expectReadable(await look('/'))
    expect(await page.locator('#mailing').textContent()).toContain('It has all been sent.')
    await expectReadable(await look('/mailroom'))
    await page.getByRole('link', { name: /rosa@example.org/ }).click()
    const mailPage = page.url()
    await expect.poll(() => page.frameLocator('iframe').locator('body').textContent()).toContain('Hello Rosa,')
    await page.locator('summary').first().click()
    await page.locator('summary').last().click()
    await expectReadable(page)
    await look(mailPage)
    const opened = page.waitForEvent('popup')
    await page
      .frameLocator('iframe')
      .getByRole('link', { name: 'Fewer notes, or other choices' })
      .evaluate((link: { href: string }) => {
        link.href = `/${link.href.split('/').slice(3).join('/')}` // this test listens on a port of its own
      })
    await page.frameLocator('iframe').getByRole('link', { name: 'Fewer notes, or other choices' }).click()
    const reader = await opened
    await reader.waitForLoadState()
    expect(await reader.locator('h1').textContent()).toBe('How much would you like?')
    await reader.close()
    await page.getByRole('button', { name: 'Unsubscribe' }).click()
    expect(await page.locator('h1').textContent()).toBe('Done. No more notes.')
    await expectReadable(page)
    await look(mailPage)
    expect(await page.locator('main').textContent()).toContain('is among those who said no to this, or stopped it')
  })

  test.each(['en', 'es'])('what readers see, in %s', async (language) => {
    for (const path of [`/u/${rosa}`, `/less/${rosa}`, `/why/${rosa}`, `/why/${karl}`, '/u/cut-off'])
      await expectReadable(await look(`${path}?lang=${language}`))
    await look(`/less/${karl}?lang=${language}`)
    await page.locator('form').evaluate((form: { submit(): void }) => form.submit())
    await page.getByRole('alert').waitFor()
    await page.waitForLoadState()
    await expectReadable(page)
    await look(`/less/${karl}?lang=${language}`)
    await page.getByRole('radio').first().check()
    await page.getByRole('button').click()
    expect(await page.locator('html').getAttribute('lang')).toBe(language)
    await expectReadable(page)
    await expectReadable(await look(`/why/${karl}?lang=${language}`))
    await look(`/u/${karl}?lang=${language}`)
    await page.getByRole('button').click()
    expect(await page.locator('html').getAttribute('lang')).toBe(language)
    await expectReadable(page)
  })

  test.each(['en', 'es'])(
    'saying yes, every page and state, in %s',
    async (language) => {
      const stamped = formStamp(house.database.keys.links)
      /** As if the page had been open for a minute: this clock stands still. */
      const waitAMinute = () =>
        page.locator('[name=stamp]').evaluate(
          (field: { value: string }, value: string) => {
            field.value = value
          },
          stamped.make(maple.libraryNo, new Date(NOW.getTime() - 60_000)),
        )
      await setOffers(house.database.logins, maple, readOffers(OFFERS, 'offers', maple), NOW)
      for (const place of ['join', 'renew', 'embed'])
        await expectReadable(await look(`/maple/${place}?lang=${language}`))
      await look(`/maple/join?lang=${language}`)
      expect(await page.locator('html').getAttribute('lang')).toBe(language)
      expect(await page.locator(':checked[type=checkbox]').count()).toBe(0)
      expect(await page.locator('#website').isVisible()).toBe(true) // robots look at styles; people are spared it
      expect(
        await page
          .locator('#website')
          .boundingBox()
          .then((box: { x: number } | null) => box!.x < 0),
      ).toBe(true)
      await page.locator('form').evaluate((form: { submit(): void }) => form.submit())
      await page.getByRole('alert').waitFor()
      await expectReadable(page)
      await page.locator('#name').fill('Mei Lin')
      await page.locator('#email').fill(`mei-${language}@example.org`)
      await page.locator('#phone').fill('1')
      await page.locator('[value="new-titles.email"]').check()
      await page.locator('[value=mysteries]').check()
      await page.locator('button').click()
      await expectReadable(page)
      await page.locator('#phone').fill('')
      await page.locator('button').click()
      await page.getByRole('alert').waitFor()
      await expectReadable(page) // too fast: look it over
      await waitAMinute()
      await page.locator('button').click()
      await page.locator('#code').waitFor()
      await expectReadable(page)
      const [mail] = await answersOf(house, maple)
      await page.locator('#code').fill('12')
      await page.locator('button').first().click()
      await page.getByRole('alert').waitFor()
      await expectReadable(page)
      await page.locator('button.quiet').click()
      await expectReadable(page)
      const [again] = await answersOf(house, maple)
      const linkOf = (text = '') => /https?:\/\/[^\s/]+(\/maple\/join\/yes\/[\w-]+)/.exec(text)![1]!
      await expectReadable(await look(`${linkOf(mail!.text)}?lang=${language}`)) // over
      await expectReadable(await look(`${linkOf(again!.text)}?lang=${language}`))
      await page.locator('button').click()
      await page.getByRole('status').waitFor()
      await expectReadable(page)
      await look(`${linkOf(again!.text)}?lang=${language}`)
      await expectReadable(page)
      await expectReadable(await look('/mailroom'))
      await page
        .getByRole('link', { name: /Answer \d/ })
        .first()
        .click()
      await expectReadable(page)
    },
    120_000,
  )

  test.each(['en', 'es'])('the page that an invitation opens, in %s', async (language) => {
    const token = invitationSigner(house.database.keys.links).sign({ library: maple.libraryNo, patron: '42' })
    await expectReadable(await look(`/i/${token}?lang=${language}`))
  })

  test('the pages where people say yes read from right to left as well', async () => {
    await look('/maple/join')
    await page.locator('html').evaluate((root: { dir: string }) => {
      root.dir = 'rtl'
    })
    await expectReadable(page)
  })

  test('every page and its stylesheet together stay below 20 KB, and no page breaks its own rules', async () => {
    const style = (await site.inject('/style.css')).rawPayload.length
    for (const url of [
      '/',
      '/maple/join',
      '/maple/renew?lang=es',
      '/maple/embed',
      '/mailroom',
      `/u/${rosa}`,
      `/less/${rosa}`,
      `/why/${rosa}`,
    ])
      expect((await site.inject(url)).rawPayload.length + style, url).toBeLessThan(20_000)
    expect(complaints).toEqual([])
  })
})
