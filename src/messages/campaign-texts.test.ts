import { expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make, monthsAgo, NOW, type PatronStory } from '../../test/make.ts'
import { fixUpsOf, suppressionsOf } from '../../test/text-traces.ts'
import { brings, makeLine, type TextDouble, textDouble, textReport, texts } from '../../test/texts.ts'
import { createCampaign, startNow, stepCampaign } from '../campaigns/campaign.ts'
import { readCampaign } from '../campaigns/campaign-file.ts'
import { launchCampaign } from '../campaigns/launch.ts'
import { campaignStatus } from '../campaigns/status.ts'
import { whyInCampaign } from '../campaigns/why-in-campaign.ts'
import { inLibrary } from '../db/scope.ts'
import { USUAL_ANSWERING } from '../patrons/answering.ts'
import type { Library } from '../patrons/library.ts'
import { previewSegment } from '../segments/preview.ts'
import { findDue, OUTREACH_TEXTS } from './due.ts'
import type { Line } from './lines.ts'
import { sendCampaignTexts } from './send-campaign-texts.ts'
import { sendRound } from './send-due.ts'
import { settleAbandoned } from './settle-abandoned.ts'
import { takeDue } from './take.ts'
import { openTakeLogs } from './take-log.ts'
import { textTerms } from './take-terms.ts'

const house = openHouse()
const segment = { lapsed: { minMonths: 3, maxMonths: 6 } }
const ROSA = '+16145550101'
const KARL = '+16145550102'
const days = (n: number) => new Date(NOW.getTime() + n * 86_400_000)

const rosa: PatronStory = { id: 'rosa', phone: '614-555-0101', lastUse: monthsAgo(4), consents: ['reengagement/sms'] }
const karl: PatronStory = { ...rosa, id: 'karl', phone: '614-555-0102' }

interface Place {
  library: Library
  line: Line
}

const aTown = async (people: PatronStory[], given: Parameters<typeof makeLine>[2] = {}): Promise<Place> => {
  const library = await make.library(house)
  const line = await makeLine(house, [library], { forOutreach: true, ...given })
  await make.patrons(house, library, people)
  return { library, line }
}

const plan = (key: string, more: object = {}) =>
  readCampaign(
    {
      ...{ key, name: 'A note by text', purpose: 'reengagement', channel: 'sms', segment, letter: 'winter-warm-room' },
      ...more,
    },
    'the test',
    null,
  )

/** Made, approved, launched and due. */
async function launch({ library }: Place, key = 'warm', { at = NOW, more = {} }: { at?: Date; more?: object } = {}) {
  const { logins } = house.database
  const { campaignNo } = await createCampaign(logins, library, await plan(key, more))
  await stepCampaign(logins, library, key, 'approve', 'Ana', at)
  const launched = await launchCampaign(logins, library, key, { now: at, canSend: false })
  await startNow(logins, library, key, at)
  return { campaignNo, launched }
}

const send = (
  { library, line }: Place,
  campaignNo: string,
  provider: TextDouble,
  now: Date = NOW,
  most = 50,
): ReturnType<typeof sendCampaignTexts> =>
  sendCampaignTexts(
    { logins: house.database.logins, takeLogs: openTakeLogs(house.folder), now: () => now },
    { line, provider },
    { library, sender: OUTREACH_TEXTS, campaignNo, most },
  )

const tallies = async ({ library }: Place, key = 'warm') =>
  (await campaignStatus(house.database.logins, library, key)).messages

const whyNot = async ({ library }: Place, patronId: string, key = 'warm', now = NOW) => {
  const patron = await make.number(house, library, patronId)
  const why = await inLibrary(house.database.logins, 'circulation', library.libraryNo, (scope) =>
    whyInCampaign(scope, library, key, patron, now),
  )
  return { held: why!.rules.filter((rule) => !rule.passed).map((rule) => rule.code), message: why!.message }
}

const asking = ({ library }: Place) => ({
  ...{ library, purpose: 'reengagement' as const, channel: 'sms' as const, now: NOW },
})

test('a preview by text counts who agreed to texts, and says of everybody else why not', async () => {
  const place = await aTown([
    rosa,
    { ...karl, consents: ['reengagement/email'], email: 'karl@example.org' },
    { ...rosa, id: 'mei', phone: undefined },
    { ...rosa, id: 'tom', phone: 'ask my wife' },
    { ...rosa, id: 'lena', phone: '614-555-0105', born: '2015-01-01' },
  ])
  const preview = await previewSegment(house.database.logins, asking(place), segment)
  expect(preview).toMatchObject({ chosen: 5, sendable: 1, withheld: 4 })
  expect(Object.fromEntries(Object.entries(preview.reasons).map(([code, { people }]) => [code, people]))).toEqual({
    NEVER_SAID_YES: 1,
    MINOR: 1,
    NO_PHONE: 2,
  })
})

test('launched, taken and handed over: the first text says who writes and how to stop, the next only the note', async () => {
  const place = await aTown([rosa])
  const phone = textDouble()
  const first = await launch(place)
  expect(first.launched).toMatchObject({ messages: 1 })
  expect(await findDue(house.database.logins, NOW, 100)).toContainEqual({
    ...{ libraryNo: place.library.libraryNo, sender: OUTREACH_TEXTS, campaignNo: first.campaignNo },
  })
  expect(await send(place, first.campaignNo, phone)).toMatchObject({ taken: 1, accepted: 1 })
  const aYear = { segment: { lapsed: { minMonths: 3, maxMonths: 12 } } }
  const second = await launch(place, 'later', { at: days(91), more: aYear })
  await send(place, second.campaignNo, phone, days(91))
  expect(phone.sent).toMatchObject([
    { from: place.line.number, to: ROSA, body: expect.stringMatching(/^Hi from Maple .*STOP.*\nA warm chair/) },
    {
      from: place.line.number,
      to: ROSA,
      body: expect.stringMatching(/^Maple Falls Library: A warm .* STOP to end\.$/),
    },
  ])
})

test('without a number for outreach nothing is launched: the number of the notices is not lent', async () => {
  const library = await make.library(house)
  await makeLine(house, [library])
  await make.patrons(house, library, [rosa])
  await createCampaign(house.database.logins, library, await plan('warm'))
  await stepCampaign(house.database.logins, library, 'warm', 'approve', 'Ana', NOW)
  await expect(launchCampaign(house.database.logins, library, 'warm', { now: NOW, canSend: true })).rejects.toThrow(
    /no number for outreach/,
  )
})

test('where another number stands beside the name than was asked about, no text leaves, and whoever is right gets theirs', async () => {
  const place = await aTown([rosa, karl])
  const { campaignNo } = await launch(place)
  const root = await house.connectAsSuperuser()
  await root.query('update roster.identity set phone = $3 where library_no = $1 and phone = $2', [
    ...[place.library.libraryNo, ROSA, '+16145550199'],
  ])
  const phone = textDouble()
  await send(place, campaignNo, phone)
  expect(phone.sent.map(({ to }) => to)).toEqual([KARL])
})

test('a stop after the launch is obeyed at the take, and "why?" says so', async () => {
  const place = await aTown([rosa, karl])
  const { campaignNo } = await launch(place)
  await texts(house, place.line, ROSA, 'STOP', { now: NOW })
  const phone = textDouble()
  expect(await send(place, campaignNo, phone)).toMatchObject({ taken: 1, withheld: 1 })
  expect(phone.sent.map(({ to }) => to)).toEqual([KARL])
  expect(await whyNot(place, 'rosa')).toMatchObject({
    held: ['SAID_NO'],
    message: { state: 'withheld', reasons: ['SAID_NO'] },
  })
})

test('a stop between the take and the hand-over is obeyed within half a second: what is older goes back', async () => {
  const place = await aTown([rosa, karl])
  const { campaignNo } = await launch(place)
  const slow = textDouble()
  const stalling: TextDouble = {
    ...slow,
    width: 1,
    async handOver(...handing) {
      await new Promise((resolve) => setTimeout(resolve, 600))
      return slow.handOver(...handing)
    },
  }
  expect(await send(place, campaignNo, stalling)).toMatchObject({ taken: 2, accepted: 0 })
  await texts(house, place.line, ROSA, 'STOP', { now: NOW })
  expect(await tallies(place)).toMatchObject({ waiting: 2, accepted: 0 })
  await send(place, campaignNo, slow)
  expect(slow.sent.map(({ to }) => to)).toEqual([KARL])
})

test('a phone that a household shares gets one text', async () => {
  const place = await aTown([rosa, { ...karl, phone: rosa.phone! }])
  const { campaignNo, launched } = await launch(place)
  expect(launched).toMatchObject({ messages: 1, withheld: 1 })
  const phone = textDouble()
  await send(place, campaignNo, phone)
  expect(phone.sent.map(({ to }) => to)).toEqual([ROSA])
})

test.each(['2026-11-22T13:59:59Z', '2026-11-23T02:00:00Z'])('at night (%s) texts wait for the morning', async (at) => {
  const place = await aTown([rosa])
  const { campaignNo } = await launch(place, 'warm', { more: { window: { from: 0, until: 24 } } })
  const phone = textDouble()
  const round = await send(place, campaignNo, phone, new Date(at))
  expect(round).toMatchObject({ taken: 0 })
  expect(round.notBefore).toEqual(new Date(at < '2026-11-23' ? '2026-11-22T14:00:00Z' : '2026-11-23T14:00:00Z'))
  expect(phone.sent).toEqual([])
})

test('a note by e-mail counts for texts: whoever had one lately gets no text', async () => {
  const { logins } = house.database
  const place = await aTown([
    { ...rosa, email: 'rosa@example.org', consents: ['reengagement/sms', 'reengagement/email'] },
  ])
  const mail = await plan('mail', { channel: 'email' })
  const { campaignNo } = await createCampaign(logins, place.library, mail)
  await stepCampaign(logins, place.library, 'mail', 'approve', 'Ana', NOW)
  await launchCampaign(logins, place.library, 'mail', { now: NOW, canSend: true })
  await startNow(logins, place.library, 'mail', NOW)
  const taken = { kind: 'accepted', providerId: '1', said: '250' } as const
  const postman = { name: 'test', width: 1, handOver: async () => taken, close: async () => {} }
  await sendRound(make.post(house), postman, { library: place.library, sender: 'outreach-email', campaignNo, most: 9 })
  expect(await previewSegment(logins, asking(place), segment)).toMatchObject({
    sendable: 0,
    reasons: { PROMPTED_LATELY: { people: 1 } },
  })
})

test('a text counts for the mails of the household, also of somebody there who agreed to mail alone', async () => {
  const place = await aTown([
    rosa,
    { ...karl, phone: rosa.phone!, email: 'karl@example.org', consents: ['reengagement/email'] },
  ])
  const { campaignNo } = await launch(place)
  await send(place, campaignNo, textDouble())
  const byMail = { ...asking(place), channel: 'email' as const }
  expect((await previewSegment(house.database.logins, byMail, segment)).reasons).toMatchObject({
    PROMPTED_LATELY: { people: 2 },
  })
})

test('what the provider never answered may have left: it is shown as such, and not sent again', async () => {
  const place = await aTown([rosa])
  const { campaignNo } = await launch(place)
  await send(
    place,
    campaignNo,
    textDouble(() => ({ kind: 'unknown', why: 'the line went dead' })),
  )
  expect(await tallies(place)).toMatchObject({ unknown: 1, waiting: 0 })
  expect(await send(place, campaignNo, textDouble())).toMatchObject({ taken: 0 })
})

test('of texts taken by a process that was killed, only what was on the wire is uncertain; the rest leave once', async () => {
  const { logins } = house.database
  const place = await aTown([rosa, karl])
  const { campaignNo } = await launch(place)
  const takeLogs = openTakeLogs(house.folder)
  const terms = textTerms(place.library, { line: place.line, answering: USUAL_ANSWERING })
  const work = { library: place.library, sender: OUTREACH_TEXTS, campaignNo, most: 10, now: NOW, takeLogs, terms }
  const { log, messages } = await takeDue(logins, work)
  const onTheWire = messages.find(({ phone }) => phone === ROSA)!
  expect(await log!.begin(onTheWire.messageNo)).toBe(true)
  const lease = { takenBefore: new Date(Date.now() + 60_000), now: NOW }
  const settled = await settleAbandoned(logins, place.library.libraryNo, openTakeLogs(house.folder), lease)
  expect(settled).toEqual({ unknown: 1, accepted: 0, waiting: 1 })
  const phone = textDouble()
  await send(place, campaignNo, phone)
  expect(phone.sent.map(({ to }) => to)).toEqual([KARL])
})

test('a report tells that it arrived, also when it comes before the answer to the hand-over', async () => {
  const place = await aTown([rosa, karl])
  const { campaignNo } = await launch(place)
  const early: Promise<unknown>[] = []
  const quick: TextDouble = textDouble((text) => {
    if (text.to !== ROSA) return null
    early.push(brings(house, place.line, [textReport('SM1', { reference: text.reference })], NOW))
    return { kind: 'accepted', providerId: 'SM1', said: 'queued' }
  })
  await send(place, campaignNo, quick)
  await Promise.all(early)
  await brings(house, place.line, [textReport(`SM${quick.sent[0]!.reference}`)], NOW)
  expect(await tallies(place)).toMatchObject({ delivered: 2, accepted: 0 })
})

test('a number that is not in use is texted no more and stands on the list for the library system, told at once or later', async () => {
  const place = await aTown([rosa, karl])
  const { campaignNo } = await launch(place)
  const refused = { kind: 'refused', permanent: true, code: '21211', said: 'no such number' } as const
  const provider = textDouble((text) => (text.to === ROSA ? refused : null))
  await send(place, campaignNo, provider)
  const { reference } = provider.sent[0]!
  const failed = { state: 'failed', fault: 'landline', permanent: true, code: '30006', reference } as const
  await brings(house, place.line, [textReport('SM9', failed)], NOW)
  expect(await tallies(place)).toMatchObject({ bounced: 2 })
  const listed = (await fixUpsOf(house, place.library)).map(({ kind, phone }) => `${phone}: ${kind}`)
  expect(listed.sort()).toEqual([`${ROSA}: wrong number`, `${KARL}: landline`])
  expect((await suppressionsOf(house, place.library)).map(({ reason }) => reason)).toEqual(['bounced', 'bounced'])
})

test('a line’s speed is kept in parts: a first text is two', async () => {
  const place = await aTown([rosa, karl], { partsPerSecond: 2 })
  const { campaignNo } = await launch(place)
  const phone = textDouble()
  expect(await send(place, campaignNo, phone, NOW, 1)).toMatchObject({ taken: 1 })
  expect(await send(place, campaignNo, phone, NOW, 1)).toMatchObject({ taken: 0 })
  expect(await send(place, campaignNo, phone, new Date(NOW.getTime() + 1_000), 1)).toMatchObject({ taken: 1 })
})

test('a paused campaign sends nothing, and goes on where it was', async () => {
  const { logins } = house.database
  const place = await aTown([rosa])
  const { campaignNo } = await launch(place)
  await stepCampaign(logins, place.library, 'warm', 'pause', 'Ana', NOW)
  expect(await send(place, campaignNo, textDouble())).toMatchObject({ taken: 0 })
  await stepCampaign(logins, place.library, 'warm', 'resume', 'Ana', NOW)
  expect(await send(place, campaignNo, textDouble())).toMatchObject({ taken: 1 })
})
