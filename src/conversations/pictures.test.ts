import { sql } from 'kysely'
import { beforeAll, expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make, NOW } from '../../test/make.ts'
import { answersSinceAll } from '../../test/text-traces.ts'
import { makeLine, texts } from '../../test/texts.ts'
import { lookAtPicture, type Picture } from '../channels/sms/fetch-picture.ts'
import { sandboxPicture } from '../channels/sms/sandbox-picture.ts'
import { erasePatron } from '../consent/erase-patron.ts'
import { sweepLibrary } from '../consent/sweep.ts'
import { inLibrary, type Logins, rowsOf } from '../db/scope.ts'
import type { Line } from '../messages/lines.ts'
import type { Library } from '../patrons/library.ts'
import { fetchPictures, findPicturesDue, readPicture } from './pictures.ts'
import { listConversations, readConversation, type WholeConversation } from './read-conversations.ts'

const house = openHouse()
let maple: Library
let line: Line
const ROSA = '+16145550101'
const MEI = '+16145550104'
const KARL = '+16145550102'
let logins: Logins
const after = (seconds: number) => new Date(NOW.getTime() + seconds * 1_000)

beforeAll(async () => {
  logins = house.database.logins
  maple = await make.library(house, { key: 'maple' })
  line = await makeLine(house, [maple])
})

const sends = (phone: string, body: string, ...urls: string[]) =>
  texts(house, line, phone, body, { now: NOW, media: urls.map((url) => ({ url, type: 'image/jpeg' })) })

const whole = (phone: string): Promise<WholeConversation> =>
  inLibrary(logins, 'circulation', maple.libraryNo, async (scope) => {
    const one = (await listConversations(scope, {})).find((conversation) => conversation.phone === phone)
    return (await readConversation(scope, one!.conversationNo))!
  })

async function fetchAll(answer: Picture, now: Date): Promise<string[]> {
  const asked: string[] = []
  for (const libraryNo of await findPicturesDue(logins, now))
    await fetchPictures(logins, libraryNo, {
      now,
      async fetch({ url }) {
        asked.push(url)
        return answer
      },
    })
  return asked
}

const countPictures = () =>
  inLibrary(
    logins,
    'circulation',
    maple.libraryNo,
    async (scope) => (await rowsOf(scope, sql`select from mail.picture`)).length,
  )

test('a picture that Rosa sent alone is fetched afterwards, by what it is and not by what it was called', async () => {
  await sends(ROSA, '', 'https://pictures.example.org/1')
  expect((await whole(ROSA)).pictures).toMatchObject([{ state: 'waiting', why: null }])
  expect(await fetchAll(lookAtPicture(sandboxPicture), NOW)).toEqual(['https://pictures.example.org/1'])
  expect(await fetchAll(lookAtPicture(sandboxPicture), after(3_600))).toEqual([])
  const { conversation, pictures } = await whole(ROSA)
  expect(pictures).toMatchObject([{ state: 'kept', why: null }])
  const { conversationNo } = conversation
  const { pictureNo } = pictures[0]!
  const read = (no: string) =>
    inLibrary(logins, 'circulation', maple.libraryNo, (scope) => readPicture(scope, { conversationNo: no, pictureNo }))
  expect(await read(conversationNo)).toEqual({ type: 'image/png', bytes: sandboxPicture })
  expect(await read('999')).toBeNull()
})

test('one that cannot be fetched now is tried again, more and more rarely, and then says why', async () => {
  await sends(KARL, 'Look', 'https://pictures.example.org/2')
  const busy: Picture = { kind: 'not-fetched', permanent: false, why: 'The provider answered 503.' }
  expect(await fetchAll(busy, NOW)).toHaveLength(1)
  expect(await fetchAll(busy, after(5))).toEqual([])
  expect(await fetchAll(busy, after(11))).toHaveLength(1)
  expect((await whole(KARL)).pictures).toMatchObject([{ state: 'waiting', why: 'The provider answered 503.' }])
  for (let day = 1; day < 7; day++) expect(await fetchAll(busy, after(day * 86_400))).toHaveLength(1)
  expect((await whole(KARL)).pictures).toMatchObject([{ state: 'not fetched', why: 'The provider answered 503.' }])
  expect(await fetchAll(busy, after(30 * 86_400))).toEqual([])
})

test('a page of the web that calls itself a picture is not kept, and is not asked for again', async () => {
  await sends(KARL, 'And this', 'https://pictures.example.org/3')
  await fetchAll(lookAtPicture(Buffer.from('<svg onload="alert(1)">')), NOW)
  expect((await whole(KARL)).pictures.at(-1)).toMatchObject({
    state: 'not fetched',
    why: 'It is not a JPEG, PNG, GIF or WebP picture.',
  })
})

test('beyond the library’s room none is fetched, and the page says why', async () => {
  await sends(KARL, 'One more', 'https://pictures.example.org/5')
  const [libraryNo] = await findPicturesDue(logins, NOW)
  const asked: string[] = []
  const kept = await fetchPictures(logins, libraryNo!, {
    now: NOW,
    mostKeptBytes: sandboxPicture.length,
    async fetch({ url }) {
      asked.push(url)
      return lookAtPicture(sandboxPicture)
    },
  })
  expect([kept, asked]).toEqual([1, []])
  expect((await whole(KARL)).pictures.at(-1)).toMatchObject({
    state: 'not fetched',
    why: expect.stringMatching(/room for pictures is full.*ask for it again/),
  })
})

test('the mail about a text with a picture says where to see it', async () => {
  await sends(ROSA, 'And my cat', 'https://pictures.example.org/6')
  const { conversationNo } = (await whole(ROSA)).conversation
  expect((await answersSinceAll(house, maple)).at(-1)!.text).toContain(
    `One picture came along. To see it, open conversation ${conversationNo} of Gentle Reader.`,
  )
  await fetchAll(lookAtPicture(sandboxPicture), NOW)
})

test('when Mei Lin is erased her picture is gone, and one that is still under way does not come back', async () => {
  await make.patrons(house, maple, [{ id: 'mei', phone: '614-555-0104', consents: ['events/sms'] }])
  await sends(MEI, 'My garden', 'https://pictures.example.org/4')
  const before = await countPictures()
  const [libraryNo] = await findPicturesDue(logins, NOW)
  const patron = await make.number(house, maple, 'mei')
  await fetchPictures(logins, libraryNo!, {
    now: NOW,
    async fetch() {
      await erasePatron({ logins, journal: house.journal }, maple, { patron, by: 'Ana', now: NOW })
      return lookAtPicture(sandboxPicture)
    },
  })
  expect(await countPictures()).toBe(before - 1)
})

test('pictures go with their texts when these are over', async () => {
  await inLibrary(logins, 'circulation', maple.libraryNo, (scope) =>
    sql`update mail.conversation set state = 'closed', waiting_since = null, due_at = null, closed_at = ${NOW}, closed_by = 'Ana'`.execute(
      scope.tx,
    ),
  )
  await sweepLibrary(logins, maple, { now: after(200 * 86_400) })
  const left = await inLibrary(logins, 'circulation', maple.libraryNo, (scope) =>
    rowsOf(scope, sql`select picture_no from mail.picture union all select text_no from mail.text where kind = 'in'`),
  )
  expect(left).toEqual([])
})
