// Rosa has left the mailbox; her former partner reads on there, with every old mail and its links. What she has chosen since,
// and with which words, is none of theirs.
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make, monthsAgo, NOW, WORDING } from '../../test/make.ts'
import { openSite, tokenFor } from '../../test/site.ts'
import { recordWish } from '../consent/preferences.ts'
import { recordChoices } from '../consent/record-choice.ts'
import type { Library } from '../patrons/library.ts'

const house = openHouse()
let site: FastifyInstance
let maple: Library
let link: string
const THEN = '2026-09-01T12:00:00Z'
const NEWS = 'Yes to stories in my new town.'

beforeEach(async () => {
  site ??= await openSite(house)
  maple = await make.library(house)
  const rosa = { id: 'rosa', language: 'en', lastUse: monthsAgo(4), consents: ['events/email' as const] }
  await make.patrons(house, maple, [{ ...rosa, email: 'ours@example.org' }])
  const patron = await make.number(house, maple, 'rosa')
  const root = await house.connectAsSuperuser()
  await root.query(
    `insert into mail.message (library_no, message_no, patron_no, channel, purpose, basis, sender, state, due_at)
     values ($1, 77, $2, 'email', 'events', 'consent', 'outreach-email', 'accepted', $3)`,
    [maple.libraryNo, patron, THEN],
  )
  link = await tokenFor(house, maple, { id: 'rosa', email: 'ours@example.org', purpose: 'events', message: '77' })
  await make.roster(house, maple, [{ ...rosa, email: 'mine@example.net' }], { approvedBy: 'the test' })
  const { logins } = house.database
  const kept = { journal: house.journal, libraryKey: maple.key }
  const yes = { ...make.choice(patron, 'events/email', 'grant', '2026-11-01T12:00:00Z'), wording: NEWS }
  await recordChoices(logins, maple.libraryNo, [yes], NOW, kept)
  const pause = { ...make.choice(patron, 'all/email', 'pause', NOW), until: new Date('2028-02-03T12:00:00Z') }
  await recordChoices(logins, maple.libraryNo, [pause], NOW, kept)
  const wish = { about: 'language', language: 'es' } as const
  await recordWish(logins, maple.libraryNo, { patrons: [patron], wish, method: 'own page', now: NOW })
})
afterAll(() => site.close())

const press = (url: string, payload = '') =>
  site.inject({ method: 'POST', url, payload, headers: { 'content-type': 'application/x-www-form-urlencoded' } })

test('"why" tells what held when that message was sent, and nothing since: no yes, no words, no break, no language', async () => {
  const page = await site.inject(`/why/${link}`)
  expect(page.body).toContain('<html lang="en"')
  expect(page.body).toContain('On May 3, 2025 you said yes to this: events')
  expect(page.body).toContain(WORDING)
  expect(page.body).not.toMatch(/November 1, 2026|new town|2028|@example\.net|•••/)
})

test('nor does it tell that she has stopped since', async () => {
  await make.says(house, maple, 'rosa', 'events/email', 'deny', '2026-11-10T12:00:00Z')
  expect((await site.inject(`/why/${link}?lang=en`)).body).not.toContain('we have stopped')
  expect((await site.inject(`/u/${link}?lang=en`)).body).not.toContain('we have stopped')
})

test('of a message that is kept no more, it says what it says of nobody', async () => {
  const old = await tokenFor(house, maple, { id: 'rosa', email: 'ours@example.org', purpose: 'events', message: '5' })
  const page = await site.inject(`/why/${old}`)
  expect(page.body).toContain('We no longer keep anything about the person this note went to')
  expect(page.body).not.toMatch(/said yes|new town|2028/)
})

test('a message of somebody else opens nothing of hers', async () => {
  const root = await house.connectAsSuperuser()
  await root.query('update mail.message set patron_no = patron_no + 1 where library_no = $1', [maple.libraryNo])
  expect((await site.inject(`/why/${link}`)).body).not.toContain('May 3, 2025')
})

test('her choices do not stand there either, and a break asked for tells nothing of hers', async () => {
  const page = await site.inject(`/p/${link}`)
  expect(page.body).toContain('We no longer keep anything about the person this note went to')
  expect(page.body).not.toMatch(/checked|2028|html lang="es"/)
  expect((await press(`/less/${link}`, 'choice=half-year')).body).not.toContain('2028')
})

test('she herself still reads it all from her own mailbox', async () => {
  const own = await tokenFor(house, maple, { id: 'rosa', email: 'mine@example.net', purpose: 'events', message: '78' })
  const page = await site.inject(`/why/${own}?lang=en`)
  expect(page.body).toContain('new town')
  expect(page.body).toContain('February 3, 2028')
})
