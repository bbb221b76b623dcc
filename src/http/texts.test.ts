import { expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make } from '../../test/make.ts'
import { openSite } from '../../test/site.ts'
import { makeLine, sendAllTexts, textDouble, texts, textsOf } from '../../test/texts.ts'
import { inLibrary } from '../db/scope.ts'
import { raiseAlarm } from '../messages/mailbox-alarm.ts'
import { addApiKey, type Right } from '../staff/api-key.ts'

const house = openHouse()
const MONDAY = new Date('2026-11-23T15:00:00Z')
const ROSA = '+16145550101'

const open = async (may: Right[] = ['text', 'answer']) => {
  const library = await make.library(house)
  const line = await makeLine(house, [library])
  const { secret } = await addApiKey(house.database.logins, library, { name: 'desk', may, by: 'Ana', now: MONDAY })
  const site = await openSite(house, { now: MONDAY })
  const call = async (method: 'GET' | 'POST', path: string, body?: object) => {
    const answer = await site.inject({
      method,
      url: `/api/v1/${library.key}${path}`,
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
      ...(body && { payload: JSON.stringify(body) }),
    })
    return { status: answer.statusCode, body: answer.body === '' ? null : answer.json() }
  }
  return { library, line, call }
}

test('a library system sends a notice as a text, asks again without harm, and learns what became of it', async () => {
  const { line, call } = await open()
  const notice = { to: '(614) 555-0101', text: 'Your hold is here.', once: 'hold 17' }
  const sent = await call('POST', '/texts', notice)
  expect(sent).toMatchObject({ status: 201, body: { parts: 1 } })
  expect(await call('POST', '/texts', notice)).toEqual({ status: 200, body: { text: null, parts: null } })
  const phone = textDouble()
  await sendAllTexts(house, phone, line, MONDAY)
  expect(phone.sent.map(({ body }) => body)).toEqual([expect.stringMatching(/^Hi from/), 'Your hold is here.'])
  expect(await call('GET', `/texts/${sent.body.text}`)).toMatchObject({ status: 200, body: { state: 'accepted' } })
  expect((await call('POST', '/texts', { to: 'nobody', text: 'x' })).status).toBe(400)
  expect(await call('POST', '/texts', { to: '+44 20 7946 0101', text: 'x' })).toMatchObject({
    status: 400,
    body: { error: { message: expect.stringContaining('abroad') } },
  })
})

test('a program shows what people texted and brings the answers; the second to answer hears who was first', async () => {
  const { library, line, call } = await open()
  await texts(house, line, ROSA, 'Do you lend telescopes?', { now: MONDAY })
  const { body } = await call('GET', '/conversations?state=waiting')
  expect(body.conversations).toMatchObject([{ phone: ROSA, last_words: 'Do you lend telescopes?' }])
  const path = `/conversations/${body.conversations[0].conversation}`
  expect((await call('GET', path)).body.texts).toMatchObject([{ direction: 'in', body: 'Do you lend telescopes?' }])
  expect(await call('POST', `${path}/take`, { by: 'Ana' })).toEqual({ status: 204, body: null })
  expect((await call('POST', `${path}/take`, { by: 'Ben' })).status).toBe(409)
  expect((await call('POST', `${path}/answers`, { text: 'Yes!', by: 'Ana' })).status).toBe(201)
  expect(await call('POST', `${path}/answers`, { text: 'No.', by: 'Ben' })).toMatchObject({
    status: 409,
    body: { sent: false, why: 'already answered', other: { by: 'Ana' } },
  })
  expect((await call('POST', `${path}/notes`, { by: 'Ana', note: 'A regular.' })).status).toBe(204)
  expect((await call('POST', `${path}/owner`, { by: 'Ana', to: null })).status).toBe(204)
  expect((await call('POST', `${path}/close`, { by: 'Ana' })).status).toBe(204)
  expect((await textsOf(house, library)).map((t) => t.body)).toEqual(['Do you lend telescopes?', 'Yes!', 'No.'])
})

test('a program sees of each text which pictures came along, and whether they are kept', async () => {
  const { line, call } = await open()
  const media = [{ url: 'https://pictures.example.org/1', type: 'image/png' }]
  await texts(house, line, ROSA, 'Look', { now: MONDAY })
  await texts(house, line, ROSA, '', { now: MONDAY, media })
  const { conversation } = (await call('GET', '/conversations')).body.conversations[0]
  const { body } = await call('GET', `/conversations/${conversation}`)
  expect(body.texts.map((one: { pictures: object[] }) => one.pictures)).toEqual([
    [],
    [{ picture: expect.any(String), state: 'waiting', why: null }],
  ])
})

test('a key may only do what it was made for, and sees no other library’s conversations', async () => {
  const { line } = await open()
  await texts(house, line, ROSA, 'Hello?', { now: MONDAY })
  const other = await open(['text'])
  expect((await other.call('GET', '/conversations')).status).toBe(403)
  const answering = await open(['answer'])
  expect((await answering.call('GET', '/conversations')).body).toEqual({ conversations: [], alarms: [] })
  expect((await answering.call('GET', '/conversations/1')).status).toBe(404)
})

test('with the conversations comes the alarm about a mailbox of the library that takes no mail', async () => {
  const { library, call } = await open()
  const lost = { mailbox: library.email, how: 'refused', said: '550 No such mailbox', now: MONDAY } as const
  await inLibrary(house.database.logins, 'circulation', library.libraryNo, (scope) => raiseAlarm(scope, library, lost))
  expect((await call('GET', '/conversations')).body.alarms).toEqual([
    {
      ...{ mailbox: library.email, how: 'refused', said: '550 No such mailbox', mails: 1, told: null },
      ...{ since: MONDAY.toISOString(), last_at: MONDAY.toISOString() },
    },
  ])
})
