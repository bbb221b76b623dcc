// Invitations in notices: what they open, and what somebody can do to whom a notice was forwarded.
import type { FastifyInstance } from 'fastify'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make, NOW } from '../../test/make.ts'
import { answersOf, ORIGIN, openSite, tokenFor } from '../../test/site.ts'
import { choicesOf } from '../consent/ledger.ts'
import { inLibrary, rowsOf } from '../db/scope.ts'
import { invitationSigner } from '../lib/invitation-links.ts'
import { keyedHexFor } from '../lib/keyed-hash.ts'
import { linkSigner } from '../lib/signed-links.ts'
import type { Library } from '../patrons/library.ts'
import { type Invited, inviteByCard } from '../signups/invite.ts'
import { languages, wordsOf } from '../words/languages.ts'
import { formStamp } from './form-stamp.ts'

const house = openHouse()
let site: FastifyInstance
let maple: Library

beforeAll(async () => {
  site = await openSite(house)
})
afterAll(() => site.close())
beforeEach(async () => {
  maple = await make.library(house)
  await make.roster(house, maple, [
    { id: '1', given: 'Rosalinda', email: 'rosa@example.org' },
    { id: '2', given: 'Karl', email: 'karl@example.org', born: '2015-04-01' },
    { id: '3', given: 'Mei Lin', email: 'meilin@example.org', status: 'deceased' },
    { id: '4', given: 'Amara', email: 'amara@example.org' },
  ])
})

const invite = (cards: string[], library = maple): Promise<Invited[]> =>
  inviteByCard(
    {
      logins: house.database.logins,
      invitations: invitationSigner(house.database.keys.links),
      publicUrl: ORIGIN,
    },
    library,
    cards,
    { hash: keyedHexFor(house.database.keys.hashing, library.key), now: NOW },
  )
/** The builders give patron 1 the card number 21. */
const pathOf = async (card: string): Promise<string> => {
  const [invited] = await invite([card])
  if (invited?.kind !== 'link') throw new Error(`no link for ${card}`)
  return invited.url.slice(ORIGIN.length)
}

const press = (url: string, fields: Record<string, string> = {}) =>
  site.inject({
    method: 'POST',
    url,
    payload: new URLSearchParams(fields).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  })
const answer = (path: string, email: string, more: Record<string, string> = {}) =>
  press(path, {
    name: 'Rosa',
    email,
    language: 'en',
    yes: 'reengagement.email',
    stamp: formStamp(house.database.keys.links).make(maple.libraryNo, new Date(NOW.getTime() - 60_000)),
    ...more,
  })
const linkIn = (text = ''): string => /https?:\/\/[^\s/]+(\/[\w-]+\/join\/yes\/[\w-]+)/.exec(text)![1]!
const ledgerOf = async (id: string) =>
  inLibrary(house.database.logins, 'circulation', maple.libraryNo, async (scope) =>
    choicesOf(scope, await make.number(house, maple, id)),
  )
const everybody = () =>
  inLibrary(house.database.logins, 'circulation', maple.libraryNo, (scope) =>
    rowsOf(
      scope,
      sql<{ hasCard: boolean; agreed: boolean }>`
      select has_card as "hasCard", agreed_email <> 0 as agreed from outreach.standing where library_no = ${maple.libraryNo}`,
    ),
  )

test('Rosa opens the link of her notice, types no card number, and her yes is noted with her card', async () => {
  const path = await pathOf('21')
  const page = await site.inject(path)
  expect(page.statusCode).toBe(200)
  expect(page.body).not.toContain('name="card"')
  expect(page.body).not.toContain(' checked')
  expect((await answer(path, 'rosa@example.org')).body).toContain('Now look at your email')
  expect(await ledgerOf('1')).toEqual([])
  const [mail] = await answersOf(house, maple)
  expect((await press(linkIn(mail!.text))).body).toContain('Thank you. It is noted.')
  expect(await ledgerOf('1')).toMatchObject([
    {
      decision: 'grant',
      purpose: 'reengagement',
      channel: 'email',
      method: 'invitation in a notice',
      attestedBy: 'the patron',
    },
  ])
})

test('whoever was forwarded the notice can sign up for themselves, and Rosa’s card stays as it was', async () => {
  const path = await pathOf('21')
  await answer(path, 'neighbour@example.org')
  const [mail] = await answersOf(house, maple)
  expect(mail!.to?.[0]?.address).toBe('neighbour@example.org')
  await press(linkIn(mail!.text))
  expect(await ledgerOf('1')).toEqual([])
  expect((await everybody()).filter(({ agreed }) => agreed)).toEqual([{ hasCard: false, agreed: true }])
})

test('with Rosa’s address but without her mailbox nothing is noted: the mail goes to her', async () => {
  await answer(await pathOf('21'), 'rosa@example.org')
  expect((await answersOf(house, maple)).map((mail) => mail.to?.[0]?.address)).toEqual(['rosa@example.org'])
  expect((await everybody()).some(({ agreed }) => agreed)).toBe(false)
})

test('an invitation for one card does not open another whose address is known', async () => {
  await answer(await pathOf('21'), 'amara@example.org')
  const [mail] = await answersOf(house, maple)
  await press(linkIn(mail!.text))
  expect(await ledgerOf('1')).toEqual([])
  expect(await ledgerOf('4')).toEqual([])
})

test('the page names nobody, and says the same whoever is invited and whatever address is typed', async () => {
  const [rosas, amaras] = [await pathOf('21'), await pathOf('24')]
  const pages = await Promise.all([rosas, amaras].map(async (path) => (await site.inject(path)).body))
  expect(pages[0]!.replace(/value="[^"]*"/g, '')).toBe(pages[1]!.replace(/value="[^"]*"/g, ''))
  expect(pages[0]).not.toMatch(/Rosalinda|rosa@|r•/)
  const answers = await Promise.all(
    ['rosa@example.org', 'nobody@example.org'].map(async (email) =>
      (await answer(rosas, email)).body.replaceAll(email, '').replace(/value="[^"]*"/g, ''),
    ),
  )
  expect(answers[0]).toBe(answers[1])
})

test('looking does nothing: link scanners open every link before the reader does', async () => {
  await site.inject(await pathOf('21'))
  await site.inject({ method: 'HEAD', url: await pathOf('21') })
  expect(await answersOf(house, maple)).toEqual([])
  expect(await ledgerOf('1')).toEqual([])
})

test('it is no link of a message and no link of a message is one; cut, altered or of another key it opens nothing', async () => {
  const path = await pathOf('21')
  const token = path.slice('/i/'.length)
  expect((await site.inject(`/u/${token}`)).statusCode).toBe(404)
  const message = await tokenFor(house, maple, { id: '1', email: 'rosa@example.org' })
  expect((await site.inject(`/i/${message}`)).statusCode).toBe(404)
  expect(linkSigner(house.database.keys.links).read(token)).toBeNull()
  expect(invitationSigner(house.database.keys.links).read(message)).toBeNull()
  for (const bad of [token.slice(0, -1), `${token}A`, `B${token.slice(1)}`, 'x', ''])
    expect((await site.inject(`/i/${bad}`)).statusCode, bad).toBe(404)
  const foreign = invitationSigner(Buffer.alloc(32, 1)).sign({ library: maple.libraryNo, patron: '5' })
  expect((await site.inject(`/i/${foreign}`)).statusCode).toBe(404)
})

test('an invitation of one library opens no card of another, even of the same number and address', async () => {
  const birch = await make.library(house)
  await make.roster(house, birch, [{ id: '1', email: 'rosa@example.org' }])
  const [invited] = await invite(['21'], birch)
  const token = (invited as { url: string }).url.split('/i/')[1]!
  const path = `/i/${invitationSigner(house.database.keys.links).sign({ library: maple.libraryNo, patron: invitationSigner(house.database.keys.links).read(token)!.patron })}`
  await answer(path, 'rosa@example.org')
  const [mail] = await answersOf(house, maple)
  await press(linkIn(mail!.text))
  expect(await ledgerOf('1')).toEqual([])
})

test('links signed before the secret was changed are still read', () => {
  const [old, fresh] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)]
  const invitation = { library: 7, patron: '-42' }
  const token = invitationSigner(old).sign(invitation)
  expect(invitationSigner(fresh, [old]).read(token)).toEqual(invitation)
  expect(invitationSigner(fresh).read(token)).toBeNull()
})

test('children, the dead and whoever has answered are not asked; an unknown card gets the page for everybody', async () => {
  await make.says(house, maple, '4', 'reengagement/email', 'deny', '2026-05-03T16:00:00Z')
  expect(await invite(['21', '22', '23', '24', '999', ''])).toEqual([
    { kind: 'link', url: expect.stringMatching(/\/i\/[\w-]{39}$/) },
    { kind: 'do-not-ask', because: 'minor' },
    { kind: 'do-not-ask', because: 'closed' },
    { kind: 'do-not-ask', because: 'answered' },
    { kind: 'join-page', url: `${ORIGIN}/${maple.key}/join` },
    { kind: 'join-page', url: `${ORIGIN}/${maple.key}/join` },
  ])
})

test('the same card has the same link each month, with spaces or without', async () => {
  expect(await pathOf('21')).toBe(await pathOf(' 21 '))
})

test('a robot that fills in what nobody sees, or is too quick, sends no mail', async () => {
  const path = await pathOf('21')
  await answer(path, 'rosa@example.org', { website: 'https://spam.example.org' })
  await answer(path, 'rosa@example.org', { stamp: formStamp(house.database.keys.links).make(maple.libraryNo, NOW) })
  expect(await answersOf(house, maple)).toEqual([])
})

test('the page is small, and there in every language', async () => {
  const path = await pathOf('21')
  for (const language of languages) {
    const page = await site.inject(`${path}?lang=${language}`)
    expect(page.body).toContain(wordsOf[language].invitation.card)
    expect(page.rawPayload.length).toBeLessThan(20_000)
    expect(page.headers['set-cookie']).toBeUndefined()
  }
})
