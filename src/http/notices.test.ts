import { expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make } from '../../test/make.ts'
import { openSite } from '../../test/site.ts'
import { makeLine, textsOf } from '../../test/texts.ts'
import { addApiKey, type Right } from '../staff/api-key.ts'

const house = openHouse()
const MONDAY = new Date('2026-11-23T15:00:00Z')

const row = (id: string, media = 'T', phone = '614-555-0101') =>
  `"${media}","EN","RESERVE","1","2rosa","Ms","Rosa","D","${phone}","","","MPL","Main","3","01/12/2026","A "title"","${id}"\n`

async function open(may: Right[] = ['text']) {
  const library = await make.library(house)
  await makeLine(house, [library])
  const { secret } = await addApiKey(house.database.logins, library, { name: 'ILS', may, by: 'Ana', now: MONDAY })
  const site = await openSite(house, { now: MONDAY })
  const call = (method: 'GET' | 'POST', path: string, payload?: string, type = 'text/csv') =>
    site.inject({
      method,
      url: `/api/v1/${library.key}${path}`,
      headers: { authorization: `Bearer ${secret}`, ...(payload !== undefined && { 'content-type': type }) },
      ...(payload !== undefined && { payload }),
    })
  return { library, call }
}

test('a library system sends its file of notices by HTTP, twice without harm, and reads the results', async () => {
  const { library, call } = await open()
  const file = row('1') + row('2') + row('3', 'V')
  const sent = await call('POST', '/notices', file)
  expect([sent.statusCode, sent.json()]).toEqual([
    200,
    {
      rows: 3,
      known: 0,
      texts: 1,
      items: 2,
      refused: [{ line: 3, message_id: '3', reason: expect.stringContaining('a telephone call') }],
    },
  ])
  expect((await call('POST', '/notices', file)).json()).toMatchObject({ known: 2, texts: 0 })
  const results = await call('GET', '/notices/results')
  expect([results.headers['content-type'], results.body]).toEqual(['text/csv; charset=utf-8', '"3","FAIL"\n'])
  expect((await textsOf(house, library)).filter(({ kind }) => kind === 'notice')).toHaveLength(1)
})

test('calls go out as texts where the address says so, and a try sends nothing', async () => {
  const { library, call } = await open()
  const path = '/notices?voice=text'
  expect((await call('POST', `${path}&dry=yes`, row('1', 'V'))).json()).toMatchObject({ texts: 1, refused: [] })
  expect(await textsOf(house, library)).toEqual([])
  expect((await call('POST', path, row('1', 'V'))).json()).toMatchObject({ texts: 1, refused: [] })
})

test.each(['dry=true', 'dry=yes&dry=yes', 'dryrun=yes', 'voice=yes'])(
  'what is written otherwise than the page says (%s) is asked about, and nothing is sent',
  async (query) => {
    const { library, call } = await open()
    expect((await call('POST', `/notices?${query}`, row('1'))).statusCode).toBe(400)
    expect(await textsOf(house, library)).toEqual([])
  },
)

test('a long file is read as it comes, beyond what a form may hold', async () => {
  const { call } = await open()
  const file = Array.from({ length: 3_000 }, (_, i) => row(`long ${i}`.replace(' ', '-'))).join('')
  expect((await call('POST', '/notices', file)).json()).toMatchObject({ rows: 3_000, texts: 1, items: 3_000 })
})

test('what is no file, and who may not send, is turned away in words', async () => {
  const { call } = await open()
  expect((await call('POST', '/notices', '{}', 'application/json')).statusCode).toBe(400)
  expect((await call('GET', '/notices/results?days=x')).statusCode).toBe(400)
  const other = await open(['answer'])
  expect((await other.call('POST', '/notices', row('1'))).statusCode).toBe(403)
})
