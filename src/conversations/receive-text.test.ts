import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make, NOW } from '../../test/make.ts'
import { answersSinceAll, conversationOf, fixUpsOf, suppressionsOf } from '../../test/text-traces.ts'
import { brings, makeLine, sendAllTexts, textDouble, textIn, texts, textsOf } from '../../test/texts.ts'
import { replayStops } from '../consent/replay-stops.ts'
import { inLibrary, rowsOf } from '../db/scope.ts'
import type { Line } from '../messages/lines.ts'
import { queueNotice } from '../messages/queue-text.ts'
import { USUAL_ANSWERING, writeAnswering } from '../patrons/answering.ts'
import type { Library } from '../patrons/library.ts'

const house = openHouse()
/** A Monday, 10 in the morning at the library; and the night before it. */
const MONDAY = new Date('2026-11-23T15:00:00Z')
const NIGHT = new Date('2026-11-23T04:00:00Z')
const later = (seconds: number, from = MONDAY) => new Date(from.getTime() + seconds * 1000)

const ROSA = '+16145550101'
const KARL = '+16145550102'

const aLibrary = async (given: Parameters<typeof make.library>[1] = {}) => {
  const one = await make.library(house, given)
  return { library: one, line: await makeLine(house, [one]) }
}

const notice = (to: Library, on: Line, phone: string, now: Date, body = 'Your hold is here.') =>
  inLibrary(house.database.logins, 'circulation', to.libraryNo, (scope) =>
    queueNotice(
      scope,
      to,
      { line: on, answering: USUAL_ANSWERING },
      { phone, body, language: 'en', askedBy: 'the test', now },
    ),
  )

describe('STOP', () => {
  test('ends all of the library’s texts at once, is confirmed once, and the confirmation asks what to keep', async () => {
    const { library, line } = await aLibrary()
    const phone = textDouble()
    await texts(house, line, ROSA, 'Stop.', { now: MONDAY })
    await notice(library, line, ROSA, later(1))
    await sendAllTexts(house, phone, line, later(1))
    expect(phone.sent.map(({ to, body }) => [to, body])).toEqual([
      [ROSA, expect.stringMatching(/no more texts.*reply NOTICES/)],
    ])
    expect(
      (await textsOf(house, library)).filter((t) => t.state === 'withheld').map((t) => [t.kind, t.reasons]),
    ).toEqual([['notice', ['STOPPED']]])
  })

  test('is confirmed at night, too', async () => {
    const { line } = await aLibrary()
    const phone = textDouble()
    await texts(house, line, ROSA, 'STOP', { now: NIGHT })
    await sendAllTexts(house, phone, line, NIGHT)
    expect(phone.sent).toHaveLength(1)
  })

  test('said twice, under two ids or a day later, is confirmed once', async () => {
    const { line } = await aLibrary()
    const phone = textDouble()
    for (const now of [MONDAY, later(3), later(86_400)]) await texts(house, line, ROSA, 'STOP', { now })
    await sendAllTexts(house, phone, line, later(86_400))
    expect(phone.sent).toHaveLength(1)
  })

  test('is not confirmed by us where the provider answers it itself, and is obeyed all the same', async () => {
    const { library, line } = await aLibrary()
    await texts(house, line, ROSA, 'BASTA', { now: MONDAY, answeredItself: 'stop' })
    expect(await suppressionsOf(house, library)).toMatchObject([{ reason: 'stopped', purposes: '-1' }])
    const itself = await makeLine(house, [library], { answersItself: true })
    await texts(house, itself, KARL, 'STOP', { now: MONDAY })
    const phone = textDouble()
    await sendAllTexts(house, phone, line, MONDAY)
    await sendAllTexts(house, phone, itself, MONDAY)
    expect(phone.sent).toEqual([])
    expect(await suppressionsOf(house, library)).toHaveLength(2)
  })

  test('in Spanish is confirmed by us even there: the provider knows English alone', async () => {
    const { library } = await aLibrary()
    const itself = await makeLine(house, [library], { answersItself: true })
    await texts(house, itself, ROSA, 'ALTO', { now: MONDAY })
    await texts(house, itself, ROSA, 'Empezar', { now: later(10) })
    const phone = textDouble()
    await sendAllTexts(house, phone, itself, later(10))
    expect(phone.sent.map(({ body }) => body)).toEqual([
      expect.stringMatching(/AVISOS/),
      expect.stringMatching(/otra vez/),
    ])
    expect((await suppressionsOf(house, library)).filter((s) => s.liftedAt === null)).toEqual([])
  })

  test('tells staff, and the person goes onto the fix-up list', async () => {
    const { library, line } = await aLibrary()
    await texts(house, line, ROSA, 'STOP', { now: MONDAY })
    expect(await fixUpsOf(house, library)).toMatchObject([{ kind: 'stopped', phone: ROSA, closedAt: null }])
    expect(await answersSinceAll(house, library)).toMatchObject([
      { kind: 'fix-ups', text: expect.stringContaining('stays on the list') },
    ])
    expect(await conversationOf(house, library, ROSA)).toMatchObject({
      state: 'closed',
      closedRule: expect.stringMatching(/keyword/),
    })
  })

  test('NOTICES afterwards keeps notices; without a stop before it is a text like any other', async () => {
    const { library, line } = await aLibrary()
    const phone = textDouble()
    await texts(house, line, KARL, 'notices', { now: MONDAY })
    expect(await conversationOf(house, library, KARL)).toMatchObject({ state: 'open' })
    await texts(house, line, ROSA, 'STOP', { now: MONDAY })
    await texts(house, line, ROSA, 'Notices', { now: later(20) })
    await notice(library, line, ROSA, later(30))
    await sendAllTexts(house, phone, line, later(30))
    expect(phone.sent.filter(({ to }) => to === ROSA).map(({ body }) => body)).toEqual([
      expect.stringMatching(/no more texts/),
      expect.stringMatching(/only notices/),
      'Your hold is here.',
    ])
    expect((await suppressionsOf(house, library)).filter((s) => s.liftedAt === null)).toMatchObject([
      { purposes: '-2' },
    ])
  })

  test('START undoes it', async () => {
    const { library, line } = await aLibrary()
    const phone = textDouble()
    await texts(house, line, ROSA, 'ALTO', { now: MONDAY })
    await texts(house, line, ROSA, 'start', { now: later(10) })
    await notice(library, line, ROSA, later(20))
    await sendAllTexts(house, phone, line, later(20))
    expect(phone.sent.map(({ body }) => body)).toEqual([
      expect.stringMatching(/AVISOS/),
      expect.stringMatching(/again/),
      'Your hold is here.',
    ])
  })

  test('HELP is answered even to those who stopped', async () => {
    const { line } = await aLibrary()
    const phone = textDouble()
    await texts(house, line, ROSA, 'STOP', { now: MONDAY })
    await texts(house, line, ROSA, 'HELP', { now: later(10) })
    await sendAllTexts(house, phone, line, later(10))
    expect(phone.sent[1]!.body).toMatch(/614-555-0100/)
  })

  test('in the words of a sentence is obeyed and shown to a person; a question about the bus is a question', async () => {
    const { library, line } = await aLibrary()
    await texts(house, line, ROSA, 'please stop texting me', { now: MONDAY })
    await texts(house, line, KARL, 'when does the bus stop', { now: MONDAY })
    expect(await suppressionsOf(house, library)).toHaveLength(1)
    expect(await conversationOf(house, library, ROSA)).toMatchObject({ state: 'open' })
    const mails = await answersSinceAll(house, library)
    expect(mails.find(({ text }) => text?.includes('please stop texting me'))?.text).toMatch(
      /We read this as a stop[\s\S]*no answer can go to this phone/,
    )
  })

  test('of somebody who then asks something is no promise of an answer: staff hear that they have to call', async () => {
    const { library, line } = await aLibrary()
    await texts(house, line, ROSA, 'STOP', { now: NIGHT })
    await texts(house, line, ROSA, 'Is my hold there?', { now: NIGHT })
    expect((await answersSinceAll(house, library)).find((m) => m.kind === 'text-came-in')?.text).toMatch(
      /no answer can go to this phone/,
    )
    expect((await textsOf(house, library)).map(({ kind }) => kind)).not.toContain('acknowledgement')
  })

  test('of somebody who agreed to something stands in the ledger, and outlives a restore', async () => {
    const { library, line } = await aLibrary()
    await make.patrons(house, library, [
      { id: 'mei', email: 'mei@example.org', phone: '614-555-0103', consents: ['events/sms', 'events/email'] },
    ])
    await texts(house, line, '+16145550103', 'STOP', { now: MONDAY })
    await texts(house, line, KARL, 'STOP', { now: MONDAY })
    const patron = await make.number(house, library, 'mei')
    const said = await inLibrary(house.database.logins, 'circulation', library.libraryNo, (scope) =>
      rowsOf(
        scope,
        sql`select decision, channel, method from outreach.ledger where library_no = ${library.libraryNo} and patron_no = ${patron}::bigint and decision = 'stop'`,
      ),
    )
    expect(said).toEqual([{ decision: 'stop', channel: 'sms', method: 'text message' }])
    const root = await house.connectAsSuperuser()
    await root.query(`delete from outreach.suppression where library_no = $1`, [library.libraryNo])
    await replayStops(house.database.logins, house.journal, { backupOf: NOW, now: later(60) })
    expect(await suppressionsOf(house, library)).toMatchObject([{ purposes: '-1' }, { purposes: '-1' }])
  })
})

test('the same message id counts once, whichever process gets it', async () => {
  const { library, line } = await aLibrary()
  const one = textIn(line, ROSA, 'Do you have chairs for my class?')
  await Promise.all(Array.from({ length: 6 }, () => brings(house, line, [one], MONDAY)))
  await brings(house, line, [one], later(500))
  expect(await textsOf(house, library)).toHaveLength(1)
  expect(await answersSinceAll(house, library)).toHaveLength(1)
})

test('the same words a moment later under another id are kept, shown and linked', async () => {
  const { library, line } = await aLibrary()
  await texts(house, line, ROSA, 'Are you open?', { now: MONDAY })
  await texts(house, line, ROSA, 'Are you open?', { now: later(30) })
  await texts(house, line, ROSA, 'Are you open?', { now: later(120) })
  const kept = await textsOf(house, library)
  expect(kept.map((t) => t.repeatOf)).toEqual([null, kept[0]!.textNo, null])
  expect((await answersSinceAll(house, library))[1]!.text).toMatch(/came a moment before/)
})

test('a text that a person has to read opens a conversation, with a due time in open hours, and goes to the library’s mailbox', async () => {
  const { library, line } = await aLibrary()
  await texts(house, line, ROSA, 'Can I bring my dog?', { now: MONDAY })
  expect(await conversationOf(house, library, ROSA)).toMatchObject({
    state: 'open',
    waitingSince: MONDAY,
    dueAt: new Date('2026-11-23T17:00:00Z'),
  })
  const [mail] = await answersSinceAll(house, library)
  expect(mail).toMatchObject({
    address: 'ask@library.example.org',
    subject: expect.stringMatching(/^Text from \(614\) 555-0101/),
  })
  expect(mail!.text).toMatch(/Can I bring my dog\?/)
  expect(mail!.replyTo).toMatch(/^answer\+\d+-\d+-[0-9a-f]{32}@sms\.library\.example\.org$/)
})

test('where mail is a public record it only points', async () => {
  const { library, line } = await aLibrary()
  await writeAnswering(house.database.logins, library.libraryNo, { ...USUAL_ANSWERING, pointerOnly: true })
  await texts(house, line, ROSA, 'My card was stolen', { now: MONDAY })
  const [mail] = await answersSinceAll(house, library)
  expect(`${mail!.subject} ${mail!.text}`).not.toMatch(/stolen|0101/)
  expect(mail!.replyTo).toBeNull()
})

test('out of hours the person hears once an evening when somebody reads it; the clock starts when the doors open', async () => {
  const { library, line } = await aLibrary()
  const phone = textDouble()
  await texts(house, line, ROSA, 'Hello?', { now: NIGHT })
  await texts(house, line, ROSA, 'Anybody there?', { now: later(600, NIGHT) })
  await sendAllTexts(house, phone, line, later(600, NIGHT))
  expect(phone.sent.map(({ body }) => body)).toEqual([
    expect.stringMatching(/closed now; a person reads it Monday 9:00 AM/),
  ])
  expect((await conversationOf(house, library, ROSA))!.dueAt).toEqual(new Date('2026-11-23T16:00:00Z'))
  await texts(house, line, ROSA, 'And now?', { now: later(86_400, NIGHT) })
  await sendAllTexts(house, phone, line, later(86_400, NIGHT))
  expect(phone.sent).toHaveLength(2)
})

test('a library that cannot watch says so, once a day; its mailbox gets the texts, and no clock runs', async () => {
  const { library, line } = await aLibrary()
  await writeAnswering(house.database.logins, library.libraryNo, { ...USUAL_ANSWERING, watched: false })
  const phone = textDouble()
  await texts(house, line, ROSA, 'Hello?', { now: MONDAY })
  await texts(house, line, ROSA, 'Hello??', { now: later(60) })
  await sendAllTexts(house, phone, line, later(60))
  expect(phone.sent.map(({ body }) => body)).toEqual([
    expect.stringMatching(/nobody watches this number.*614-555-0100/),
  ])
  expect(await conversationOf(house, library, ROSA)).toMatchObject({ state: 'open', dueAt: null })
  expect((await answersSinceAll(house, library)).filter((m) => m.kind === 'text-came-in')).toHaveLength(2)
})

test('a wrong number pauses all texts to it, is thanked, and waits for a person; so does a death', async () => {
  const { library, line } = await aLibrary()
  const phone = textDouble()
  await texts(house, line, ROSA, 'Wrong number', { now: MONDAY })
  await texts(house, line, KARL, 'My mother passed away in March', { now: MONDAY })
  await notice(library, line, KARL, later(10))
  await sendAllTexts(house, phone, line, later(10))
  expect(phone.sent.map(({ to }) => to).sort()).toEqual([ROSA, KARL])
  expect((await fixUpsOf(house, library)).map(({ kind }) => kind).sort()).toEqual(['died', 'not theirs'])
  expect(await conversationOf(house, library, KARL)).toMatchObject({ state: 'open' })
})

test('START behind a wrong number or a death promises nothing: a person looks first', async () => {
  const { library, line } = await aLibrary()
  const phone = textDouble()
  await texts(house, line, ROSA, 'She died', { now: MONDAY })
  await texts(house, line, ROSA, 'START', { now: later(10) })
  await notice(library, line, ROSA, later(20))
  await sendAllTexts(house, phone, line, later(20))
  expect(phone.sent.map(({ body }) => body)).toEqual([expect.stringMatching(/so sorry/)])
  expect((await answersSinceAll(house, library)).at(-1)?.text).toMatch(/They let our texts begin again/)
})

test('helpful words are answered by the library’s own table, and tell nothing of an account', async () => {
  const { library, line } = await aLibrary()
  const helpful = [{ words: ['HOURS', 'HORARIO'], answer: { en: 'We are open 9 to 5, Monday to Friday.' } }]
  await writeAnswering(house.database.logins, library.libraryNo, { ...USUAL_ANSWERING, helpful })
  const phone = textDouble()
  await texts(house, line, ROSA, 'hours?', { now: MONDAY })
  await sendAllTexts(house, phone, line, MONDAY)
  expect(phone.sent[0]!.body).toBe('We are open 9 to 5, Monday to Friday.')
  expect(await conversationOf(house, library, ROSA)).toMatchObject({ state: 'closed' })
})

describe('on a number that several libraries share', () => {
  const shared = async () => {
    const [host, birch, cedar] = [await make.library(house), await make.library(house), await make.library(house)]
    return { host, birch, cedar, line: await makeLine(house, [host, birch, cedar]) }
  }

  test('an answer goes to the library that texted last', async () => {
    const { birch, line } = await shared()
    await notice(birch, line, ROSA, MONDAY)
    await sendAllTexts(house, textDouble(), line, MONDAY)
    await texts(house, line, ROSA, 'Thank you!', { now: later(60) })
    expect(await conversationOf(house, birch, ROSA)).toMatchObject({ state: 'open' })
  })

  test('a text that could be for either is asked about; the choice is kept, and the text goes there', async () => {
    const { host, birch, cedar, line } = await shared()
    const phone = textDouble()
    for (const one of [birch, cedar]) await notice(one, line, ROSA, MONDAY)
    await sendAllTexts(house, phone, line, MONDAY)
    await texts(house, line, ROSA, 'Until when are you open?', { now: later(60) })
    await sendAllTexts(house, phone, line, later(60))
    expect(phone.sent.at(-1)!.body).toMatch(/Which library is it for\? Reply/)
    expect(await conversationOf(house, host, ROSA)).toMatchObject({ state: 'open' })
    await texts(house, line, ROSA, cedar.key.replace('-', ''), { now: later(120) })
    expect(await conversationOf(house, host, ROSA)).toMatchObject({
      state: 'closed',
      closedRule: expect.stringMatching(/handed on/),
    })
    expect((await textsOf(house, cedar, ROSA)).filter((t) => t.direction === 'in').map((t) => t.body)).toContain(
      'Until when are you open?',
    )
    expect(await conversationOf(house, cedar, ROSA)).toMatchObject({ state: 'open' })
    await texts(house, line, ROSA, 'And on Sunday?', { now: later(180) })
    expect((await textsOf(house, cedar, ROSA)).at(-1)!.body).toBe('And on Sunday?')
  })

  test('STOP ends the texts of every library that has texted this phone by it, and is confirmed once', async () => {
    const { host, birch, cedar, line } = await shared()
    const phone = textDouble()
    for (const one of [birch, cedar]) await notice(one, line, ROSA, MONDAY)
    await sendAllTexts(house, phone, line, MONDAY)
    phone.sent.length = 0
    await texts(house, line, ROSA, 'STOP', { now: later(60) })
    await sendAllTexts(house, phone, line, later(60))
    expect(phone.sent).toHaveLength(1)
    expect([(await suppressionsOf(house, birch)).length, (await suppressionsOf(house, cedar)).length]).toEqual([1, 1])
    expect(await suppressionsOf(house, host)).toEqual([])
  })
})
