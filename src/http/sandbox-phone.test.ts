import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make, monthsAgo, NOW } from '../../test/make.ts'
import { ORIGIN, premisesOf } from '../../test/site.ts'
import { makeLine, sendAllTexts } from '../../test/texts.ts'
import { createDemoMailing } from '../campaigns/demo-mailing.ts'
import type { Sandbox } from '../channels/sms/sandbox.ts'
import { findDue } from '../messages/due.ts'
import { linesOf } from '../messages/lines.ts'
import { sendCampaignTexts } from '../messages/send-campaign-texts.ts'
import { addDemoLine } from '../worker/demo-line.ts'
import { textCarriersOf } from '../worker/open-text-provider.ts'
import { outreachTexts } from '../worker/text-carriers.ts'
import { buildServer } from './server.ts'

const house = openHouse()
const headers = { host: 'localhost:8080', origin: ORIGIN, 'sec-fetch-site': 'same-origin' }

test('Rosa texts from the sandbox phone, Ana answers on the page, Ben is told, and a STOP is confirmed once', async () => {
  const { logins } = house.database
  const alder = await make.library(house, { key: 'alder' })
  await makeLine(house, [alder], { provider: 'sandbox', settings: { secret: 's' } })
  const library = await make.library(house, { key: 'maple', demo: true })
  await addDemoLine(logins, library, NOW)
  const [line] = await linesOf(logins, library.libraryNo)
  const premises = premisesOf(house)
  const config = { publicUrl: ORIGIN, replyDomain: null }
  premises.textCarriers = textCarriersOf({ config, logins, journal: house.journal, clock: premises.clock }, () => {})
  const ready = { kind: 'open', premises, doing: null } as const
  const site = await buildServer({ readiness: () => ready, mode: 'development', publicUrl: ORIGIN, host: '127.0.0.1' })
  const sandbox = premises.textCarriers.providerFor(line!) as Sandbox
  const get = async (url: string) => (await site.inject({ url, headers })).body
  const post = (url: string, fields: Record<string, string>) =>
    site.inject({
      method: 'POST',
      url,
      headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
      payload: new URLSearchParams(fields).toString(),
    })
  const phone = '+17405550101'
  const screen = `/sandbox/phone?phone=${encodeURIComponent(phone)}`
  const write = (body: string) => post('/sandbox/phone/write', { phone, body })

  expect(await get('/conversations')).toContain('Nobody has texted yet')
  expect((await write('<script>alert(1)</script>')).statusCode).toBe(303)
  await expect.poll(() => get('/conversations'), { timeout: 1_000 }).toContain('(740) 555-0101')
  const no = /conversations\/(\d+)\?/.exec(await get('/conversations'))![1]!
  const whole = await get(`/conversations/${no}`)
  expect(whole).toContain('&lt;script&gt;alert(1)')
  expect(whole).not.toContain('<script>')
  const seen = /name="seen" value="(\d+)"/.exec(whole)![1]!

  expect((await post(`/conversations/${no}/answer`, { as: 'Ana', body: 'Hello Rosa', seen })).statusCode).toBe(303)
  const second = await post(`/conversations/${no}/answer`, { as: 'Ben', body: 'Good day', seen })
  expect(second.statusCode).toBe(409)
  expect(second.body).toContain('Ana answered first')
  expect(await get(`/conversations/${no}`)).toContain('has not left yet')
  await sendAllTexts(house, sandbox, line!, NOW)
  expect(await get(`/conversations/${no}`)).toContain('<bdi>Ana</bdi> answered')
  expect(await get(`/conversations/${no}`)).not.toMatch(/·\s*(?:waiting|accepted|received|handing)\b/)
  expect(await get(screen)).toContain('Hello Rosa')
  expect(await get(screen)).not.toContain('Good day')

  for (const [act, field] of [
    ['answer', 'body'],
    ['note', 'note'],
    ['assign', 'to'],
    ['close', 'reason'],
  ] as const)
    expect((await post(`/conversations/${no}/${act}`, { as: 'Ana', [field]: 'a\0b', seen })).statusCode).toBe(400)
  expect((await post(`/conversations/${no}/answer`, { as: 'Ana', body: ' ', seen })).body).toContain(
    'nothing in it to send',
  )
  expect((await site.inject({ url: '/conversations/99/events', headers })).statusCode).toBe(404)

  await write('STOP')
  await expect.poll(() => get(`/conversations/${no}`), { timeout: 1_000 }).toContain('They stopped all our texts.')
  await sendAllTexts(house, sandbox, line!, NOW)
  expect((await get(screen)).match(/class="theirs">(?:(?!<\/li>).)*NOTICES/g)).toHaveLength(1)
  expect(await get(`/conversations/${no}`)).toContain('NOTICES')
  await site.close()
  await premises.textCarriers.close()
})

test('the season’s note goes out by text instead, and is seen on the phone that got it', async () => {
  const library = await make.library(house, { key: 'birch', demo: true })
  const { logins } = house.database
  await sql`update house.library set demo = false where key = 'maple'`.execute(logins.circulation)
  for (const forOutreach of [false, true])
    await makeLine(house, [library], { provider: 'sandbox', secrets: { secret: 'of the test' }, forOutreach })
  await make.patrons(house, library, [
    { id: 'rosa', phone: '614-555-0101', lastUse: monthsAgo(4), consents: ['reengagement/sms'] },
  ])
  await createDemoMailing(logins, library, NOW)
  const premises = premisesOf(house)
  const config = { publicUrl: ORIGIN, replyDomain: null }
  premises.textCarriers = textCarriersOf({ config, logins, journal: house.journal, clock: premises.clock }, () => {})
  const ready = { kind: 'open', premises, doing: null } as const
  const site = await buildServer({ readiness: () => ready, mode: 'development', publicUrl: ORIGIN, host: '127.0.0.1' })
  const get = async (url: string) => (await site.inject({ url, headers })).body
  const press = async (act: string) =>
    (await site.inject({ method: 'POST', url: `/library/birch/mailing/${act}`, headers })).statusCode

  expect(await get('/library/birch')).toContain('By text instead')
  expect(await press('text')).toBe(303)
  const page = await get('/library/birch')
  expect(page).toContain('by text')
  expect(page).toMatch(/1 household<\/strong>/)
  expect(page).toContain('STOP to end')
  expect(await press('launch')).toBe(303)
  expect(await press('start')).toBe(303)
  const due = (await findDue(logins, NOW, 10)).find(({ libraryNo }) => libraryNo === library.libraryNo)!
  const by = (await outreachTexts(logins, library, premises.textCarriers))!
  await sendCampaignTexts(make.post(house), by, { ...due, library, most: 10 })
  const phone = '/sandbox/phone?phone=%2B16145550101'
  expect(await get(phone)).toContain('Somebody whom a note reached')
  expect(await get(phone)).toContain('You asked us for texts')
  await site.close()
  await premises.textCarriers.close()
})
