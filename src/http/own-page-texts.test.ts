// A yes to texts on one's own page: the code that opened the page came by mail, so a second one goes to the phone.
import type { FastifyInstance } from 'fastify'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make, NOW } from '../../test/make.ts'
import { codeTo, openSite, tokenFor } from '../../test/site.ts'
import { makeLine, sendAllTexts, textDouble } from '../../test/texts.ts'
import { choicesOf } from '../consent/ledger.ts'
import { inLibrary } from '../db/scope.ts'
import { changeLine, type Line } from '../messages/lines.ts'
import type { Library } from '../patrons/library.ts'
import { wordsOf } from '../words/languages.ts'

const house = openHouse()
const { join, preferences } = wordsOf.en
let site: FastifyInstance
let maple: Library
let line: Line

beforeAll(async () => {
  site = await openSite(house)
})
afterAll(() => site.close())
beforeEach(async () => {
  maple = await make.library(house)
  line = await makeLine(house, [maple])
  const words = { title: 'Events by text', says: 'Twice a month at most. Reply STOP to stop.' }
  await inLibrary(house.database.logins, 'circulation', maple.libraryNo, (scope) =>
    sql`insert into outreach.offer (library_no, purpose, channel, place, words)
        values (${scope.library}, 'events', 'sms', 0, ${JSON.stringify({ en: words, es: words })}::jsonb)`.execute(
      scope.tx,
    ),
  )
})

const post = (url: string, fields: Record<string, string> = {}) =>
  site.inject({
    method: 'POST',
    url,
    payload: new URLSearchParams(fields).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  })

interface Reader {
  id: string
  phone?: string
  born?: string
}

async function asks(reader: Reader, wish: Record<string, string> = {}) {
  const email = `${reader.id}@example.org`
  await make.patrons(house, maple, [{ ...reader, email, consents: ['reengagement/email'] }])
  const token = await tokenFor(house, maple, { id: reader.id, email })
  await post(`/p/${token}/code`)
  const fields = { was: '', yes: 'events/sms', pace: 'library', language: 'en', ...wish }
  return post(`/p/${token}/own?lang=en`, { code: await codeTo(house, maple, email), ...fields })
}

const saidBy = async (id: string) => {
  const patron = await make.number(house, maple, id)
  const all = await inLibrary(house.database.logins, 'circulation', maple.libraryNo, (scope) =>
    choicesOf(scope, patron),
  )
  return all.map(({ purpose, channel, decision, method }) => `${decision} ${purpose}/${channel} (${method})`)
}

async function typeCode(body: string, phone: string) {
  const phones = textDouble()
  await sendAllTexts(house, phones, line, NOW)
  const code = /(\d{3}) (\d{3})/
    .exec(phones.sent.find(({ to }) => to === phone)!.body)!
    .slice(1)
    .join('')
  return post(`/${maple.key}/join/code?lang=en`, {
    ref: /name="ref" value="([\w-]+)"/.exec(body)![1]!,
    code,
    phone: '…01',
  })
}

test('Rosa’s phone is on her card: a code goes there, and her yes counts when she types it', async () => {
  const page = await asks({ id: 'rosa', phone: '+16145550101' })
  expect(page.body).toContain(join.phoneSent.title)
  expect(page.body).toContain('number ending in …01')
  expect(page.body).not.toContain(preferences.unchanged)
  expect(await saidBy('rosa')).not.toContain('grant events/sms (own page)')
  const done = await typeCode(page.body, '+16145550101')
  expect(done.body).toContain(join.phoneDone.title)
  expect(await saidBy('rosa')).toContain('grant events/sms (own page)')
})

test('a pause that she set in the same form goes on after the yes', async () => {
  const until = new Date(NOW.getTime() + 30 * 86_400_000).toISOString().slice(0, 10)
  const mei = await asks({ id: 'mei', phone: '+16145550102' }, { pause: until })
  await typeCode(mei.body, '+16145550102')
  expect((await saidBy('mei')).slice(-2)).toEqual(['grant events/sms (own page)', 'pause all/email (own page)'])
})

test('Karl gave no phone: the page says so, and where to tell one', async () => {
  const page = await asks({ id: 'karl' })
  expect(page.body).toContain(join.noPhone[1])
  expect(page.body).not.toContain(preferences.unchanged)
  expect(await saidBy('karl')).toEqual(['grant reengagement/email (sign-up form)'])
})

test('a library whose number has ended offers no texts here either', async () => {
  await changeLine(house.database.logins, line, { ended: NOW })
  const page = await asks({ id: 'rosa', phone: '+16145550101' })
  expect(page.body).toContain('because the library does not offer it')
})

test('a child’s own yes gets no code', async () => {
  const page = await asks({ id: 'lena', phone: '+16145550101', born: '2015-06-01' })
  expect(page.body).not.toContain(join.phoneSent.title)
})
