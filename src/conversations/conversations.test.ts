import { describe, expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make } from '../../test/make.ts'
import { answersSinceAll, conversationOf, fixUpsOf, suppressionsOf } from '../../test/text-traces.ts'
import { deskOf, makeLine, sendAllTexts, textDouble, textIn, textReport, texts, textsOf } from '../../test/texts.ts'
import { inLibrary, type Scope } from '../db/scope.ts'
import { listAnswers } from '../messages/answers.ts'
import { closeFixUp } from '../messages/fix-ups.ts'
import { lineByNo } from '../messages/lines.ts'
import { USUAL_ANSWERING } from '../patrons/answering.ts'
import type { Library } from '../patrons/library.ts'
import { type Answer, answerText } from './answer-text.ts'
import { assignConversation, closeConversation, takeConversation, undoMeaning } from './change-conversation.ts'
import { listConversations, readConversation } from './read-conversations.ts'
import { reconcileLine } from './reconcile.ts'
import { libraryOfReply, receiveStaffAnswer, type StaffMailIn } from './staff-answer.ts'
import { ANSWERED_RULE, tendConversations } from './tend-conversations.ts'
import { findUnanswered } from './unanswered.ts'

const house = openHouse()
/** A Monday, 10 in the morning at the library. */
const MONDAY = new Date('2026-11-23T15:00:00Z')
const later = (minutes: number) => new Date(MONDAY.getTime() + minutes * 60_000)
const ROSA = '+16145550101'
const ANA = 'ana@library.example.org'
const BEN = 'ben@library.example.org'

const open = async (words = 'Do you lend telescopes?') => {
  const library = await make.library(house)
  const line = await makeLine(house, [library])
  await texts(house, line, ROSA, words, { now: MONDAY })
  const place = { library, line, answering: USUAL_ANSWERING }
  const scoped = <R>(work: (scope: Scope<'circulation'>) => Promise<R>) =>
    inLibrary(house.database.logins, 'circulation', library.libraryNo, work)
  const { conversationNo } = (await conversationOf(house, library, ROSA))!
  const answer = (body: string, more: Partial<Answer> = {}) =>
    scoped((scope) => answerText(scope, place, { conversationNo, body, by: ANA, now: later(5), ...more }))
  const phone = textDouble()
  const arrives = async (now = later(10)) => {
    await sendAllTexts(house, phone, line, now)
    return phone.sent.map(({ body }) => body)
  }
  const now = () => conversationOf(house, library, ROSA)
  return { library, line, place, scoped, conversationNo, answer, arrives, now }
}

const newestMailNo = async (of: typeof house, library: Library) =>
  (await inLibrary(of.database.logins, 'circulation', library.libraryNo, (scope) => listAnswers(scope, 1)))[0]!.answerNo

describe('an answer of staff', () => {
  test('goes out at once, at any hour, and nobody waits any more', async () => {
    const { answer, arrives, now } = await open()
    expect(await answer('Yes, two of them!', { now: later(60 * 14) })).toMatchObject({ kind: 'sent', parts: 1 })
    expect(await arrives(later(60 * 14))).toEqual(['Yes, two of them!'])
    expect(await now()).toMatchObject({ state: 'open', owner: ANA, waitingSince: null, dueAt: null })
  })

  test('is the first or is told who was', async () => {
    const { answer, arrives } = await open()
    await answer('Yes!')
    expect(await answer('No, sorry.', { by: BEN })).toEqual({
      kind: 'not sent',
      why: 'already answered',
      asked: true,
      parts: 1,
      other: { by: ANA, body: 'Yes!' },
    })
    expect(await arrives()).toEqual(['Yes!'])
  })

  test('answers what its writer had seen: what came meanwhile still waits', async () => {
    const { library, line, answer, now } = await open()
    const seen = (await textsOf(house, library))[0]!.textNo
    await texts(house, line, ROSA, 'And binoculars?', { now: later(4) })
    await answer('Yes!', { seen })
    expect((await now())!.waitingSince).toEqual(later(4))
  })

  test('of more than three parts is asked about first', async () => {
    const { answer, arrives } = await open()
    const long = 'word '.repeat(120)
    expect(await answer(long)).toMatchObject({ kind: 'not sent', why: 'too long', asked: true, parts: 4 })
    expect(await answer(long, { evenIfLong: true })).toMatchObject({ kind: 'sent' })
    expect(await arrives()).toHaveLength(1)
  })

  test('twice in the same words leaves once', async () => {
    const { answer, arrives } = await open()
    await answer('Yes!')
    expect(await answer('Yes!')).toMatchObject({ why: 'repeated' })
    expect(await arrives()).toEqual(['Yes!'])
  })

  test('does not go to somebody who has stopped', async () => {
    const { line, answer, arrives } = await open()
    await texts(house, line, ROSA, 'STOP', { now: later(1) })
    expect(await answer('Yes!')).toMatchObject({ why: 'stopped' })
    expect(await arrives()).toHaveLength(1)
  })

  test('ends when two machines answer each other', async () => {
    const { answer } = await open()
    const said = []
    for (let i = 0; i < 25; i++) said.push((await answer(`Automatic answer ${i}`)).kind)
    expect(said.filter((kind) => kind === 'sent').length).toBeLessThan(21)
    expect(said.at(-1)).toBe('not sent')
  })
})

describe('by mail', () => {
  const byMail = async () => {
    const opened = await open()
    const [mail] = await answersSinceAll(house, opened.library)
    const tag = /\+(.*)@/.exec(mail!.replyTo!)![1]!
    let arrivals = 0
    const write = (text: string, more: Partial<StaffMailIn> = {}) =>
      opened.scoped((scope) =>
        receiveStaffAnswer(scope, opened.library, {
          tag,
          verifiedAddress: ANA,
          automatic: false,
          text,
          inReplyTo: null,
          arrivalNo: String(++arrivals),
          replyDomain: 'sms.library.example.org',
          now: later(5),
          ...more,
        }),
      )
    return { ...opened, tag, mail: mail!, write }
  }

  test('it goes out as a text, and the writer is told what went out', async () => {
    const { library, write, arrives, mail, tag } = await byMail()
    expect(await libraryOfReply(house.database.logins, tag)).toBe(library.libraryNo)
    expect(mail.text).toMatch(/^Please write your answer above this line/)
    expect(await write('Yes, two!')).toEqual({ kind: 'done', said: 'sent as a text of 1 parts' })
    expect(await arrives()).toEqual(['Yes, two!'])
    const told = (await answersSinceAll(house, library)).at(-1)!
    expect(told).toMatchObject({ address: ANA, kind: 'text-went-out', thread: mail.thread })
    expect(told.text).toMatch(/Sent as one text:\s+Yes, two!/)
    expect(told.text).not.toMatch(/stays on the list/)
  })

  test('the same mail brought twice is sent once', async () => {
    const { write, arrives } = await byMail()
    await write('Yes, two!', { arrivalNo: '7' })
    await write('Yes, two!', { arrivalNo: '7', now: later(60) })
    expect(await arrives(later(60))).toEqual(['Yes, two!'])
  })

  test('it answers what stood in the mail: what came after that mail still waits', async () => {
    const { library, line, write, now } = await byMail()
    const mailNo = await newestMailNo(house, library)
    await texts(house, line, ROSA, 'And can you renew my card?', { now: later(3) })
    await write('Yes, two!', { inReplyTo: `${library.key}.answer-${mailNo}@library.example.org` })
    expect(await now()).toMatchObject({ waitingSince: later(3) })
    await write('Renewed.', {
      inReplyTo: `${library.key}.answer-${await newestMailNo(house, library)}@library.example.org`,
    })
    expect(await now()).toMatchObject({ waitingSince: null })
  })

  test('what is long waits until its writer says SEND', async () => {
    const { write, arrives, library, line, now } = await byMail()
    const long = 'word '.repeat(120).trim()
    await write(long)
    expect(await arrives()).toEqual([])
    expect((await answersSinceAll(house, library)).at(-1)!.text).toMatch(/4 parts.*SEND/)
    await texts(house, line, ROSA, 'Hello?', { now: later(6) })
    await write('Send.', { now: later(7) })
    expect(await arrives()).toEqual([long])
    expect(await now()).toMatchObject({ waitingSince: later(6) })
  })

  test.each([
    ['unsigned', { verifiedAddress: null }],
    ['of another house', { verifiedAddress: 'ana@elsewhere.example.com' }],
    ['to an address with another proof', { tag: '1-1-00000000000000000000000000000000' }],
  ])('mail %s is kept for a person and never sent', async (_, more) => {
    const { write, arrives } = await byMail()
    expect(await write('Yes', more)).toMatchObject({ kind: 'kept' })
    expect(await arrives()).toEqual([])
  })

  test('what a program wrote is never sent on', async () => {
    const { write, arrives } = await byMail()
    await write('I am out of the office.', { automatic: true })
    expect(await arrives()).toEqual([])
  })
})

describe('a conversation', () => {
  test('is taken by the first, given on, and closed by a named person', async () => {
    const { scoped, conversationNo, now } = await open()
    const act = { conversationNo, now: later(1) }
    await scoped((scope) => takeConversation(scope, { ...act, by: ANA }))
    await expect(scoped((scope) => takeConversation(scope, { ...act, by: BEN }))).rejects.toThrow(`${ANA} has this`)
    await scoped((scope) => assignConversation(scope, { ...act, by: ANA, to: BEN }))
    await scoped((scope) => closeConversation(scope, { ...act, by: BEN }))
    expect(await now()).toMatchObject({ state: 'closed', closedBy: BEN, owner: BEN, waitingSince: null })
    const whole = await scoped((scope) => readConversation(scope, conversationNo))
    expect(whole!.notes.map(({ kind, who }) => [kind, who])).toEqual([
      ['opened', 'rule: a text that a person has to read'],
      ['taken', ANA],
      ['assigned', ANA],
      ['closed', BEN],
    ])
  })

  test('is not closed over a text that came while its closer looked', async () => {
    const { scoped, conversationNo, now, line } = await open()
    const { texts: before } = (await scoped((scope) => readConversation(scope, conversationNo)))!
    const act = { conversationNo, by: ANA, seen: before.at(-1)!.textNo, now: later(2) }
    await texts(house, line, ROSA, 'And can you renew my card?', { now: later(1) })
    await expect(scoped((scope) => closeConversation(scope, act))).rejects.toThrow('And can you renew my card?')
    expect(await now()).toMatchObject({ state: 'open' })
    const { texts: after } = (await scoped((scope) => readConversation(scope, conversationNo)))!
    await scoped((scope) => closeConversation(scope, { ...act, seen: after.at(-1)!.textNo }))
    expect(await now()).toMatchObject({ state: 'closed' })
  })

  test('that nobody answered in time is told further up, once', async () => {
    const { library, now } = await open()
    const desk = deskOf(house)
    expect((await tendConversations(desk, library, later(119))).escalated).toBe(0)
    expect((await tendConversations(desk, library, later(121))).escalated).toBe(1)
    expect((await tendConversations(desk, library, later(122))).escalated).toBe(0)
    expect((await answersSinceAll(house, library)).at(-1)!.subject).toMatch(/Nobody has answered yet/)
    expect(await now()).toMatchObject({ escalatedAt: later(121) })
  })

  test('that was answered is closed by its rule after three days, and not while somebody waits', async () => {
    const { library, answer, now } = await open()
    const desk = deskOf(house)
    expect((await tendConversations(desk, library, later(60 * 24 * 5))).closed).toBe(0)
    await answer('Yes!')
    expect((await tendConversations(desk, library, later(60 * 24 * 5))).closed).toBe(1)
    expect(await now()).toMatchObject({ state: 'closed', closedBy: null, closedRule: ANSWERED_RULE })
  })

  test('tells a page that stays open what has changed since it looked', async () => {
    const { library, line, scoped, now } = await open()
    const seen = (await now())!.changeNo
    expect(await scoped((scope) => listConversations(scope, { changedAfter: seen }))).toEqual([])
    await texts(house, line, ROSA, 'Hello?', { now: later(3) })
    expect(await scoped((scope) => listConversations(scope, { changedAfter: seen }))).toMatchObject([
      { lastWords: 'Hello?' },
    ])
    expect(await scoped((scope) => listConversations(scope, { state: 'waiting' }))).toHaveLength(1)
    expect(library.key).toBeTruthy()
  })
})

test('what a rule read wrongly is undone by staff; a stop only by the person', async () => {
  const { library, scoped, conversationNo } = await open('You have the wrong number')
  await scoped((scope) => undoMeaning(scope, { conversationNo, by: ANA, now: later(5) }))
  expect((await suppressionsOf(house, library)).filter((s) => s.liftedAt === null)).toEqual([])
  const stopped = await open('please stop texting me')
  await expect(
    stopped.scoped((scope) => undoMeaning(scope, { conversationNo: stopped.conversationNo, by: ANA, now: later(5) })),
  ).rejects.toThrow(/own START/)
})

test('what is done on the fix-up list makes the silence final, and forgets the number', async () => {
  const { library } = await open('Wrong number')
  const [fix] = await fixUpsOf(house, library)
  await closeFixUp(house.database.logins, library, { fixNo: fix!.fixNo, outcome: 'done', by: ANA, now: later(5) })
  expect(await fixUpsOf(house, library)).toMatchObject([{ phone: null, said: null, closedBy: ANA }])
  expect((await suppressionsOf(house, library)).filter((s) => s.liftedAt === null)).toMatchObject([{ reason: 'staff' }])
})

test('once an hour the provider is asked, and what no hook brought is found', async () => {
  const { library, line, now } = await open()
  const lost = textIn(line, ROSA, 'Are you there?')
  const asked: Date[] = []
  const provider = {
    ...textDouble(),
    fetchSince: async (since: Date) => {
      asked.push(since)
      return [lost, textReport('of another program')]
    },
  }
  const again = async (minutes: number) =>
    reconcileLine(deskOf(house), (await lineByNo(house.database.logins, line.lineNo))!, provider, later(minutes))
  expect(await again(10)).toEqual({ kind: 'asked', brought: 2 })
  expect(await again(40)).toEqual({ kind: 'not due' })
  expect(await again(75)).toEqual({ kind: 'asked', brought: 2 })
  expect((await textsOf(house, library)).filter((t) => t.body === 'Are you there?')).toHaveLength(1)
  expect(asked[1]!.getTime()).toBeLessThan(later(10).getTime())
  expect(await now()).toMatchObject({ state: 'open' })
})

test('nothing unanswered since a day is proven: each text that came in is answered, closed or waits', async () => {
  const { line, scoped, answer } = await open()
  const since = later(-60)
  expect((await scoped((scope) => findUnanswered(scope, since))).counts).toMatchObject({
    waiting: 1,
    answered: 0,
    LOST: 0,
  })
  await texts(house, line, '+16145550102', 'HELP', { now: later(1) })
  await texts(house, line, '+16145550103', 'STOP', { now: later(1) })
  await answer('Yes!')
  expect((await scoped((scope) => findUnanswered(scope, since))).counts).toMatchObject({
    waiting: 0,
    answered: 3,
    LOST: 0,
  })
})
