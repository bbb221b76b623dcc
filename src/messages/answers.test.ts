import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import PostalMime from 'postal-mime'
import { beforeAll, expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make, NOW } from '../../test/make.ts'
import { mailroomProvider, readFromMailroom } from '../channels/email/mailroom.ts'
import { inLibrary, rowOf } from '../db/scope.ts'
import type { Library } from '../patrons/library.ts'
import { answersSince, dropWaitingAnswers, type NewAnswer, queueAnswer } from './answers.ts'
import { findAnswersDue, findDue, settleAnswersDue } from './due.ts'
import { sendAnswers } from './send-answers.ts'

const house = openHouse()
let maple: Library
let folder: string

beforeAll(async () => {
  maple = await make.library(house, { key: 'maple' })
  folder = join(house.folder, 'mailroom')
  mkdirSync(folder)
})

const rosaHash = Buffer.alloc(16, 7)
const answer = (more: Partial<NewAnswer> = {}): NewAnswer => ({
  kind: 'sign-up',
  to: 'rosa@example.org',
  addressHash: rosaHash,
  language: 'en',
  subject: 'Your code is <123 456>',
  parts: [
    'Hello & welcome.',
    { code: '123 456' },
    { link: 'https://letters.example.org/x?a=1&b=2', says: 'Yes, it’s me' },
  ],
  now: NOW,
  ...more,
})
const queue = (more: Partial<NewAnswer> = {}) =>
  inLibrary(house.database.logins, 'circulation', maple.libraryNo, (scope) => queueAnswer(scope, maple, answer(more)))
const later = (seconds: number) => new Date(NOW.getTime() + seconds * 1000)
const send = (at = NOW, provider = mailroomProvider(folder)) =>
  sendAnswers({ logins: house.database.logins, mailFrom: 'hello@example.org', now: () => at }, provider, maple)
const kept = (no: string) =>
  inLibrary(house.database.logins, 'circulation', maple.libraryNo, (scope) =>
    rowOf(
      scope,
      sql<{ state: string; address: string | null; attempts: number; said: string | null; text: string | null }>`
      select state, address, attempts, said, body_text as text from mail.answer where library_no = ${maple.libraryNo} and answer_no = ${no}::bigint`,
    ),
  )

test('an answer leaves under one Message-ID, from the installation, to be replied to at the library, and is forgotten', async () => {
  const no = await queue()
  expect(await findAnswersDue(house.database.logins, NOW)).toEqual([maple.libraryNo])
  expect(await findDue(house.database.logins, NOW, 10)).toEqual([]) // no campaign's work
  expect(await send()).toBe(1)
  const raw = await readFromMailroom(folder, `maple.answer-${no}`)
  const mail = await PostalMime.parse(raw!)
  expect(mail).toMatchObject({
    subject: 'Your code is <123 456>',
    from: { name: 'Maple Falls Library', address: 'hello@example.org' },
    replyTo: [{ address: 'ask@library.example.org' }],
    to: [{ address: 'rosa@example.org' }],
  })
  const head = (key: string) => mail.headers.find((h) => h.key === key)?.value
  expect(head('auto-submitted')).toBe('auto-generated')
  expect(head('list-unsubscribe')).toBeUndefined()
  expect(mail.text).toContain('    123 456')
  expect(mail.text).toContain('12 Main Street, Maple Falls, OH 43991')
  expect(mail.html).toContain('<a href="https://letters.example.org/x?a=1&amp;b=2">Yes, it’s me</a>')
  expect(mail.html).toContain('<title>Your code is &lt;123 456&gt;</title>')
  expect(mail.html).not.toMatch(/<img|<script|src=/)
  expect(await kept(no)).toMatchObject({ state: 'accepted', address: null, text: null, attempts: 1 })
  expect(await send()).toBe(0)
  await settleAnswersDue(house.database.logins, maple.libraryNo)
  expect(await findAnswersDue(house.database.logins, later(86_400))).toEqual([])
})

test('an act that is undone leaves no answer', async () => {
  const before = readdirSync(folder).length
  await expect(
    inLibrary(house.database.logins, 'circulation', maple.libraryNo, async (scope) => {
      await queueAnswer(scope, maple, answer())
      throw new Error('changed my mind')
    }),
  ).rejects.toThrow('changed my mind')
  expect(await send()).toBe(0)
  expect(readdirSync(folder).length).toBe(before)
})

test('a busy mail server is tried again, a little later each time, and never twice at once', async () => {
  const no = await queue({ to: 'busy@example.org' })
  const provider = mailroomProvider(folder)
  const both = await Promise.all([send(NOW, provider), send(NOW, provider)])
  expect(both.sort()).toEqual([0, 1])
  expect(await kept(no)).toMatchObject({ state: 'waiting', address: 'busy@example.org' })
  expect(await send(later(29), provider)).toBe(0)
  expect(await send(later(31), provider)).toBe(1)
  expect(await send(later(60), provider)).toBe(0)
  expect(await send(later(92), provider)).toBe(1)
  expect(await kept(no)).toMatchObject({ state: 'accepted', attempts: 3 })
})

test('what somebody was handing over when they died is handed over again after the lease', async () => {
  const no = await queue()
  const dies = { ...mailroomProvider(folder), handOver: () => new Promise<never>(() => {}) }
  void send(NOW, dies)
  await expect.poll(async () => (await kept(no))?.attempts).toBe(1)
  expect(await send(later(60))).toBe(0)
  expect(await send(later(121))).toBe(1)
  expect((await kept(no))?.state).toBe('accepted')
})

test('a line that died after the last byte is tried again: a code that comes twice is better than none', async () => {
  const no = await queue()
  await send(NOW, {
    ...mailroomProvider(folder),
    handOver: async () => ({ kind: 'unknown', why: 'the line went dead' }),
  })
  expect(await kept(no)).toMatchObject({ state: 'waiting', said: 'the line went dead' })
  expect(await send(later(31))).toBe(1)
  expect((await kept(no))?.state).toBe('accepted')
})

test('a refusal for good ends it, and so does a day', async () => {
  const gone = await queue({ to: 'bounces@example.org' })
  const late = await queue({ to: 'busy-day@example.org' })
  await send()
  expect(await kept(gone)).toMatchObject({ state: 'failed', address: null })
  const provider = {
    ...mailroomProvider(folder),
    handOver: async () => ({ kind: 'refused', permanent: false, code: '4.2.1', said: 'busy' }) as const,
  }
  await send(later(25 * 3600), provider)
  expect(await kept(late)).toMatchObject({ state: 'failed', address: null, said: 'busy' })
})

test('how many went to one address is counted by its hash, and a restore drops what waited', async () => {
  await inLibrary(house.database.logins, 'circulation', maple.libraryNo, async (scope) => {
    const hash = Buffer.alloc(16, 9)
    await queueAnswer(scope, maple, answer({ addressHash: hash, now: later(-90_000) }))
    await queueAnswer(scope, maple, answer({ addressHash: hash }))
    expect(await answersSince(scope, { addressHash: hash, kind: 'sign-up', since: later(-86_400) })).toBe(1)
    expect(await dropWaitingAnswers(scope, NOW)).toBe(2)
  })
  expect(await send()).toBe(0)
})
