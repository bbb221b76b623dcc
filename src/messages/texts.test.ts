import { describe, expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make } from '../../test/make.ts'
import { fixUpsOf, suppressionsOf } from '../../test/text-traces.ts'
import { brings, makeLine, sendAllTexts, textDouble, textReport, texts, textsOf } from '../../test/texts.ts'
import { measureText } from '../channels/sms/parts.ts'
import { exportPatron } from '../consent/export-patron.ts'
import { inLibrary } from '../db/scope.ts'
import { USUAL_ANSWERING } from '../patrons/answering.ts'
import type { Library } from '../patrons/library.ts'
import { type Language, languages, wordsOf } from '../words/languages.ts'
import type { Line } from './lines.ts'
import { secretsOf } from './lines.ts'
import { inOnePart, queueNotice } from './queue-text.ts'
import { sendTexts } from './send-texts.ts'
import { settleAbandonedTexts } from './settle-abandoned-texts.ts'
import { openTakeLogs } from './take-log.ts'
import { takeTexts } from './take-texts.ts'

const house = openHouse()
const MONDAY = new Date('2026-11-23T15:00:00Z')
const NIGHT = new Date('2026-11-24T04:00:00Z')
const later = (seconds: number, from = MONDAY) => new Date(from.getTime() + seconds * 1000)
const ROSA = '+16145550101'
const KARL = '+16145550102'

const aLibrary = async (given: Parameters<typeof makeLine>[2] = {}) => {
  const library = await make.library(house)
  return { library, line: await makeLine(house, [library], given) }
}

const notice = (
  { library, line }: { library: Library; line: Line },
  phone: string,
  now: Date,
  more: { body?: string; once?: string; language?: Language } = {},
) =>
  inLibrary(house.database.logins, 'circulation', library.libraryNo, (scope) =>
    queueNotice(
      scope,
      library,
      { line, answering: USUAL_ANSWERING },
      { phone, body: 'Your hold is here.', language: 'en', askedBy: 'the test', now, ...more },
    ),
  )

test('the first text to a phone says who writes, how often and how to stop; it goes once', async () => {
  const place = await aLibrary()
  const phone = textDouble()
  await notice(place, ROSA, MONDAY)
  await notice(place, ROSA, MONDAY, { body: 'Another.' })
  await sendAllTexts(house, phone, place.line, MONDAY)
  expect(phone.sent.map(({ body }) => body)).toEqual([
    expect.stringMatching(/^Hi from Maple Falls Library! .*HELP.*STOP/),
    'Your hold is here.',
    'Another.',
  ])
})

test('the first text speaks the language of whoever has the phone, though the library system writes in another', async () => {
  const place = await aLibrary()
  const tomás: Parameters<typeof make.patrons>[2][number] = {
    id: 'tomas',
    email: 'tomas@example.org',
    phone: '614-555-0101',
    language: 'es',
    consents: ['events/email'],
  }
  await make.patrons(house, place.library, [tomás])
  const phone = textDouble()
  await notice(place, ROSA, MONDAY)
  await sendAllTexts(house, phone, place.line, MONDAY)
  expect(phone.sent.map(({ body }) => body)).toEqual([expect.stringMatching(/^¡Hola! .*ALTO/), 'Your hold is here.'])
})

test('a notice is noted with whoever alone has the phone, so that it stays theirs when the phone is another', async () => {
  const place = await aLibrary()
  const phone = '614-555-0101'
  await make.patrons(house, place.library, [
    { id: 'rosa', email: 'rosa@example.org', phone, consents: ['events/email'] },
    { id: 'karl', email: 'karl@example.org', phone: '614-555-0102', consents: ['events/email'] },
    { id: 'tom', email: 'tom@example.org', phone: '614-555-0102', consents: ['events/email'] },
  ])
  await notice(place, ROSA, MONDAY)
  await notice(place, '+16145550102', MONDAY)
  const rosa = await make.number(house, place.library, 'rosa')
  await make.patrons(house, place.library, [
    { id: 'rosa', email: 'rosa@example.org', phone: '614-555-0103' },
    { id: 'karl', email: 'karl@example.org', phone: '614-555-0102' },
    { id: 'tom', email: 'tom@example.org', phone: '614-555-0102' },
  ])
  const root = await house.connectAsSuperuser()
  const { rows } = await root.query(
    `select phone, patron_no from mail.text where library_no = $1 and kind = 'notice' order by phone`,
    [place.library.libraryNo],
  )
  expect(rows).toEqual([
    { phone: ROSA, patron_no: rosa },
    { phone: '+16145550102', patron_no: null },
  ])
  const record = await inLibrary(house.database.logins, 'circulation', place.library.libraryNo, (scope) =>
    exportPatron(scope, place.library, rosa, MONDAY),
  )
  expect(record.texts).toMatchObject([{ kind: 'notice', body: 'Your hold is here.' }])
  expect(record.kept.find(({ kind }) => kind === 'texts')).toMatchObject({ records: 1 })
})

test('asked for twice under one name, a notice leaves once', async () => {
  const place = await aLibrary()
  expect(await notice(place, ROSA, MONDAY, { once: 'hold 1' })).not.toBeNull()
  expect(await notice(place, ROSA, MONDAY, { once: 'hold 1' })).toBeNull()
})

test.each(languages)('in %s every fixed text fits into one part, also of a library with a long name', (language) => {
  const { staff: _, ...words } = wordsOf[language].texts
  const [name, phone] = ['Upper Arlington Public Library', '614-555-0100']
  const said = [
    words.first(name, '12'),
    words.firstNotWatched(name, '12', phone),
    words.stopped(name, phone),
    words.help(name, phone),
    words.started(name),
    words.noticesKept(name),
    words.closed(name, 'Wednesday 10:00 AM'),
    words.notWatched(name, phone),
    words.whichLibrary('MAPLE, BIRCH, CEDAR'),
    ...Object.values(words.notices).map((say) => say(name, '12', 'Reynoldsburg Branch', 'September 12, 2026')),
    words.thanks.died(name),
    words.thanks['not theirs'](name),
    words.thanks['new number'](name),
    words.thanks.who(name, phone),
  ]
  for (const wordings of said)
    expect([inOnePart(wordings), measureText(inOnePart(wordings)).parts]).toEqual([inOnePart(wordings), 1])
})

test('at night a notice waits until people are awake', async () => {
  const place = await aLibrary()
  const phone = textDouble()
  await notice(place, ROSA, NIGHT)
  await sendAllTexts(house, phone, place.line, NIGHT)
  expect(phone.sent).toEqual([])
  await sendAllTexts(house, phone, place.line, new Date('2026-11-24T14:05:00Z'))
  expect(phone.sent).toHaveLength(2)
})

describe('the speed of a line', () => {
  test('is counted in parts, by all processes together', async () => {
    const place = await aLibrary({ partsPerSecond: 5 })
    for (let i = 0; i < 12; i++) await notice(place, ROSA, MONDAY, { body: `${i} ${'x'.repeat(200)}` })
    const take = (now: Date) =>
      takeTexts(house.database.logins, { ...place, answering: USUAL_ANSWERING, most: 50, now })
    const both = await Promise.all([take(MONDAY), take(MONDAY)])
    const parts = both.flatMap(({ texts }) => texts).reduce((sum, t) => sum + t.parts, 0)
    expect(parts).toBeLessThanOrEqual(6)
    const more = (await take(later(2))).texts.reduce((sum, t) => sum + t.parts, 0)
    expect(parts + more).toBeLessThanOrEqual(5 + 10 + 1)
    expect(more).toBeGreaterThanOrEqual(4)
  })

  test('a text of more parts than a second allows leaves all the same, and is paid for after', async () => {
    const place = await aLibrary({ partsPerSecond: 1 })
    await notice(place, ROSA, MONDAY, { body: 'y'.repeat(600) })
    const phone = textDouble()
    for (let s = 0; s < 12; s++) await sendAllTexts(house, phone, place.line, later(s))
    expect(phone.sent).toHaveLength(2)
  })

  test('when the day’s parts are used up, a confirmation leaves and a notice waits', async () => {
    const place = await aLibrary({ partsPerDay: 1 })
    const phone = textDouble()
    await notice(place, KARL, MONDAY)
    await sendAllTexts(house, phone, place.line, MONDAY)
    await texts(house, place.line, ROSA, 'STOP', { now: later(60) })
    await sendAllTexts(house, phone, place.line, later(60))
    expect(phone.sent.map(({ to }) => to)).toEqual([KARL, ROSA])
  })
})

describe('what a provider says later', () => {
  const sent = async () => {
    const place = await aLibrary()
    const phone = textDouble()
    await notice(place, ROSA, MONDAY)
    await sendAllTexts(house, phone, place.line, MONDAY)
    const [, one] = phone.sent
    const stateOf = async () => (await textsOf(house, place.library)).at(-1)!.state
    return { ...place, id: `SM${one!.reference}`, reference: one!.reference, stateOf }
  }

  test('a late "sent" never undoes "delivered"; a report that comes twice leaves one event', async () => {
    const { line, id, stateOf } = await sent()
    await brings(house, line, [textReport(id), textReport(id), textReport(id, { state: 'accepted' })], MONDAY)
    expect(await stateOf()).toBe('delivered')
  })

  test('a landline is not texted again, and the library learns of it', async () => {
    const { library, line, id, stateOf } = await sent()
    await brings(
      house,
      line,
      [textReport(id, { state: 'failed', fault: 'landline', permanent: true, code: '30006' })],
      MONDAY,
    )
    expect(await stateOf()).toBe('bounced')
    expect(await fixUpsOf(house, library)).toMatchObject([{ kind: 'landline', phone: ROSA }])
    expect(await suppressionsOf(house, library)).toMatchObject([{ reason: 'bounced' }])
    await texts(house, line, ROSA, 'But I can text you!', { now: later(60) })
    expect((await suppressionsOf(house, library))[0]!.liftedAt).not.toBeNull()
  })

  test('switched off for now fails this text and says nothing of the number', async () => {
    const { library, line, id, stateOf } = await sent()
    await brings(house, line, [textReport(id, { state: 'failed', fault: 'unreachable', code: '30003' })], MONDAY)
    expect(await stateOf()).toBe('failed')
    expect(await suppressionsOf(house, library)).toEqual([])
  })

  test('a report about a text that we do not know is kept for a person', async () => {
    const { library, line } = await sent()
    await brings(house, line, [textReport('SM-of-somebody-else')], MONDAY)
    const root = await house.connectAsSuperuser()
    const { rows } = await root.query('select why from mail.hook where library_no = $1', [library.libraryNo])
    expect(rows).toMatchObject([{ why: expect.stringMatching(/not known/) }])
  })
})

test('refused for now it waits and is tried again; a wrong number is refused for good', async () => {
  const place = await aLibrary()
  const answers = [
    { kind: 'refused', permanent: false, code: '30003', said: 'unreachable' },
    { kind: 'refused', permanent: true, code: '21211', said: 'no such number' },
  ] as const
  let turn = 0
  const phone = textDouble((text) => (text.body.startsWith('Hi') ? null : (answers[turn++] ?? null)))
  await notice(place, ROSA, MONDAY)
  await sendAllTexts(house, phone, place.line, MONDAY)
  expect((await textsOf(house, place.library)).at(-1)!.state).toBe('waiting')
  await sendAllTexts(house, phone, place.line, later(90))
  expect((await textsOf(house, place.library)).at(-1)!.state).toBe('bounced')
  expect(await fixUpsOf(house, place.library)).toMatchObject([{ kind: 'wrong number' }])
})

test('what was on the wire when the program died is never sent again, until the provider tells what became of it', async () => {
  const place = await aLibrary()
  const { logins } = house.database
  await notice(place, ROSA, MONDAY)
  const logs = openTakeLogs(house.folder)
  const take = await takeTexts(logins, { ...place, answering: USUAL_ANSWERING, most: 50, now: MONDAY })
  const log = logs.open(take.takeNo)
  await log.begin(take.texts[0]!.textNo)
  const settled = await settleAbandonedTexts(logins, place.library.libraryNo, openTakeLogs(house.folder), {
    takenBefore: new Date(Date.now() + 1000),
    now: later(600),
  })
  expect(settled).toEqual({ unknown: 1, accepted: 0, waiting: 1 })
  const phone = textDouble()
  await sendAllTexts(house, phone, place.line, later(600))
  expect(phone.sent.map(({ body }) => body)).toEqual(['Your hold is here.'])
  const reference = `${place.library.libraryNo}-${take.texts[0]!.textNo}`
  await brings(house, place.line, [textReport('SM1', { reference })], later(700))
  expect((await textsOf(house, place.library))[0]!.state).toBe('delivered')
})

test('what was taken more than half a second ago does not leave; a stop in between holds', async () => {
  const place = await aLibrary()
  await notice(place, ROSA, MONDAY)
  const slow = textDouble()
  const round = await sendTexts(
    { logins: house.database.logins, takeLogs: openTakeLogs(house.folder), now: () => MONDAY },
    {
      ...slow,
      width: 1,
      handOver: async (...[text, stillFresh, begin]) => {
        await new Promise((resolve) => setTimeout(resolve, 600))
        return slow.handOver(text, stillFresh, begin)
      },
    },
    { ...place, most: 10 },
  )
  expect([round.taken, slow.sent]).toEqual([2, []])
  expect((await textsOf(house, place.library)).map((t) => t.state)).toEqual(['waiting', 'waiting'])
})

test('what signs in at the provider is sealed in the database', async () => {
  const { line } = await aLibrary({ secrets: { token: 'very secret' } })
  expect(secretsOf(house.database.logins, line)).toEqual({ token: 'very secret' })
  expect(line.secrets!.toString('latin1')).not.toContain('secret')
})
