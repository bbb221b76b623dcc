import { readdirSync, readFileSync } from 'node:fs'
import { beforeAll, expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make, monthsAgo, NOW } from '../../test/make.ts'
import { premisesOf, tokenFor, traces } from '../../test/site.ts'
import { composeMail } from '../channels/email/compose.ts'
import { linkSigner } from '../lib/signed-links.ts'
import type { Library } from '../patrons/library.ts'
import { obeyUnsubscribeMail, unsubscribeMailto } from './unsubscribe-mail.ts'

const house = openHouse()
let maple: Library
let karl: string

beforeAll(async () => {
  maple = await make.library(house)
  await make.patrons(house, maple, [
    { id: 'karl', given: 'Karl', email: 'karl@example.net', lastUse: monthsAgo(4), consents: ['events/email'] },
  ])
  karl = await tokenFor(house, maple, { id: 'karl', email: 'karl@example.net' })
})

const mail = (head: string[], body = '') => Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}\r\n`)
const obey = (raw: Buffer) => obeyUnsubscribeMail(premisesOf(house), raw, NOW)

test('the mailto is short enough for every header and names nobody', () => {
  const uri = unsubscribeMailto('unsubscribe@library.example.org', karl)
  expect(uri).toMatch(/^mailto:unsubscribe@library\.example\.org\?subject=unsubscribe%20[\w-]{72}$/)
  const raw = composeMail({
    from: { name: 'Maple', address: 'hello@example.org' },
    to: { address: 'karl@example.net' },
    subject: 'A note',
    text: 'Hello',
    html: '<p>Hello</p>',
    messageId: 'm.1@example.org',
    date: NOW,
    language: 'en',
    listUnsubscribe: { url: `https://letters.example.org/u/${karl}`, mailto: uri },
  }).toString()
  expect(raw.replace(/\r\n\s+/g, ' ')).toContain(`List-Unsubscribe: <https://letters.example.org/u/${karl}>, <${uri}>`)
})

test.each([
  ['somebody else’s newsletter', ['Subject: Hello', 'To: unsubscribe@example.org']],
  ['a forged token', [`Subject: unsubscribe ${'A'.repeat(72)}`]],
  ['an empty mail', []],
  [
    'a token in the text alone, as a mail that quotes ours has it',
    ['Subject: Re: A note', 'Auto-Submitted: auto-replied'],
  ],
])('%s is dropped and changes nothing', async (_what, head) => {
  const before = await traces(house, maple)
  expect(await obey(mail(head, `https://letters.example.org/u/${karl}`))).toBe(0)
  expect(await traces(house, maple)).toEqual(before)
})

test('a mail of 400 parts nested in each other is dropped, and not kept for another try', async () => {
  const parts = Array.from(
    { length: 400 },
    (_, n) => `--b${n}\r\nContent-Type: multipart/mixed; boundary=b${n + 1}\r\n\r\n`,
  )
  const head = ['Subject: Hello', 'Content-Type: multipart/mixed; boundary=b0']
  expect(await obey(mail(head, parts.join('')))).toBe(0)
})

test('a mail with the token in its subject stops all notes; nothing of it is kept and nobody is answered', async () => {
  const raw = mail(
    [
      'From: "Karl Privat" <private@example.com>',
      'To: unsubscribe@example.org',
      `Subject: =?utf-8?Q?unsubscribe?=\r\n ${karl}`,
    ],
    'a secret',
  )
  expect(await obey(raw)).toBe(1)
  expect(await traces(house, maple)).toMatchObject({ stops: 1 })
  const root = await house.connectAsSuperuser()
  const { rows } = await root.query('select method, attested_by from outreach.ledger order by entry_no desc limit 1')
  expect(rows).toEqual([{ method: 'unsubscribe mail', attested_by: 'the patron' }])
  const { rows: answers } = await root.query('select * from mail.answer')
  expect(answers).toEqual([])
  for (const file of readdirSync(house.folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile()))
    expect(readFileSync(`${file.parentPath}/${file.name}`, 'latin1')).not.toMatch(/a secret|private@example/)
})

test('a second time, by another way, it is obeyed again and the ledger does not grow', async () => {
  const before = await traces(house, maple)
  expect(await obey(mail([`To: "x" <unsubscribe+${karl}@example.org>`, 'Auto-Submitted: auto-generated']))).toBe(1)
  expect(await traces(house, maple)).toEqual(before)
})

test('a token that was signed before the secret of links was changed is obeyed as before', async () => {
  const rotated = linkSigner(Buffer.alloc(32, 9), [house.database.keys.links])
  const door = { ...premisesOf(house), links: rotated }
  expect(await obeyUnsubscribeMail(door, mail([`Subject: unsubscribe ${karl}`]), NOW)).toBe(1)
  const forgotten = { ...premisesOf(house), links: linkSigner(Buffer.alloc(32, 9)) }
  expect(await obeyUnsubscribeMail(forgotten, mail([`Subject: unsubscribe ${karl}`]), NOW)).toBe(0)
})
