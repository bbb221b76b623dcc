// The library's mailbox takes no mail: refused by its server while we are there to hear it, or sent back later through the
// mail door, by a real Postfix too.
import { existsSync } from 'node:fs'
import { sql } from 'kysely'
import type pg from 'pg'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { openTestDoor } from '../../test/arriving.ts'
import { openHouse } from '../../test/house.ts'
import { scriptedMailServer } from '../../test/mail-servers.ts'
import { make, NOW } from '../../test/make.ts'
import { POSTFIX, startPostfix } from '../../test/postfix.ts'
import { sendRaw } from '../../test/smtp-talk.ts'
import { makeLine, texts } from '../../test/texts.ts'
import { smtpProvider } from '../channels/email/smtp.ts'
import { inLibrary, type Logins } from '../db/scope.ts'
import { USUAL_ANSWERING, writeAnswering } from '../patrons/answering.ts'
import type { Library } from '../patrons/library.ts'
import { returnedMail } from './arrivals/returned-mail.ts'
import type { Line } from './lines.ts'
import { clearQuietAlarms, openAlarms } from './mailbox-alarm.ts'
import { sendAnswers } from './send-answers.ts'

const DOMAIN = 'sms.example.org'
const ASK = 'ask@library.example.org'
const DIRECTOR = 'director@library.example.org'
const MINUTE = 60_000

const house = openHouse()
let root: pg.Client
let logins: Logins
let maple: Library
let line: Line
let server: Awaited<ReturnType<typeof scriptedMailServer>>
let gone: string[]
let said: string[]
let refusal: string
let strict: boolean

beforeAll(async () => {
  root = await house.connectAsSuperuser()
  logins = house.database.logins
})
beforeEach(async () => {
  gone = []
  said = []
  strict = false
  refusal = '550 5.1.1 No such mailbox'
  server = await scriptedMailServer({
    EHLO: '250 hello',
    MAIL: (socket) => {
      const isForeign = strict && server.heard.at(-1)!.includes('bounce+')
      socket.write(isForeign ? '553 5.7.1 Sender address rejected: not owned by you\r\n' : '250 2.1.0 ok\r\n')
    },
    RCPT: (socket) => {
      const to = server.heard.at(-1) ?? ''
      socket.write(gone.some((one) => to.includes(one)) ? `${refusal}\r\n` : '250 2.1.5 ok\r\n')
    },
  })
  maple = await make.library(house)
  line = await makeLine(house, [maple])
  await writeAnswering(logins, maple.libraryNo, { ...USUAL_ANSWERING, escalateTo: DIRECTOR })
})
afterEach(() => server.stop())

const at = (minutes: number) => new Date(NOW.getTime() + minutes * MINUTE)
const writes = (body: string, minutes = 0) => texts(house, line, '+16145550101', body, { now: at(minutes) })
async function mailLeaves(minutes = 0, { port = server.port, replyDomain = DOMAIN as string | null } = {}) {
  const provider = smtpProvider({
    ...{ host: '127.0.0.1', port, startTls: 'never', width: 1 },
    timeouts: { connectMs: 2_000, replyMs: 2_000 },
  } as Parameters<typeof smtpProvider>[0])
  const post = {
    logins,
    mailFrom: 'hello@maple.example.org',
    replyDomain,
    now: () => at(minutes),
    say: (one: string) => said.push(one),
  }
  while ((await sendAnswers(post, provider, maple)) > 0);
  await provider.close()
}
const scoped = <R>(work: Parameters<typeof inLibrary<'circulation', R>>[3]) =>
  inLibrary(logins, 'circulation', maple.libraryNo, work)
const alarms = () => scoped(openAlarms)
const clearQuiet = (minutes: number) => scoped((scope) => clearQuietAlarms(scope, maple, at(minutes)))
const toldTo = () => server.heard.filter((one) => one.startsWith('RCPT'))

test('nobody has the mailbox any more: an alarm, a line in the log and a mail to the director, once for all of the outage', async () => {
  gone = [ASK]
  await writes('Are you open on Sunday?')
  await mailLeaves()
  await writes('And on Monday?', 5)
  await mailLeaves(5)
  expect(await alarms()).toMatchObject([
    {
      mailbox: ASK,
      how: 'refused',
      said: expect.stringContaining('No such mailbox'),
      since: NOW,
      lastAt: at(5),
      mails: 2,
      told: DIRECTOR,
    },
  ])
  expect(toldTo()).toEqual([`RCPT TO:<${ASK}>`, `RCPT TO:<${DIRECTOR}>`, `RCPT TO:<${ASK}>`])
  expect(server.taken.join()).toContain(`Subject: ${ASK} takes no mail`)
  expect(server.taken.join()).not.toContain('Sunday')
  expect(said).toEqual([expect.stringContaining(`${ASK} takes no mail`)])
})

test('it is cleared when a mail gets through, and the next outage is an alarm of its own', async () => {
  gone = [ASK]
  await writes('Are you open on Sunday?')
  await mailLeaves()
  gone = []
  await writes('And on Monday?', 5)
  await mailLeaves(5)
  expect(await alarms()).toEqual([])
  const { rows } = await root.query('select cleared_at, cleared_by from desk.mailbox_alarm where library_no = $1', [
    maple.libraryNo,
  ])
  expect(rows).toEqual([{ cleared_at: at(5), cleared_by: 'rule: a mail got through' }])
  gone = [ASK]
  await writes('And on Tuesday?', 10)
  await mailLeaves(10)
  expect(await alarms()).toMatchObject([{ since: at(10), mails: 1 }])
  expect(said).toHaveLength(2)
})

test('the director’s mailbox is gone, too: two alarms, and they do not go round in a circle', async () => {
  gone = [ASK, DIRECTOR]
  await writes('Are you open on Sunday?')
  await mailLeaves()
  expect(await alarms()).toMatchObject([
    { mailbox: ASK, told: DIRECTOR },
    { mailbox: DIRECTOR, told: null },
  ])
})

test('a mailbox that is full puts mail off: after an hour that is an alarm, too, and the mail that gets in clears it', async () => {
  gone = [ASK]
  refusal = '452 4.2.2 The mailbox is full'
  await writes('Are you open on Sunday?')
  for (const minutes of [0, 1, 30, 61, 130]) await mailLeaves(minutes)
  expect(await alarms()).toMatchObject([
    { mailbox: ASK, since: at(61), said: expect.stringContaining('full'), mails: 1 },
  ])
  gone = []
  await mailLeaves(260)
  expect(await alarms()).toEqual([])
  expect(server.taken.join()).toContain('Sunday')
})

test('a library that reads another mailbox now needs no alarm about the old one', async () => {
  await writeAnswering(logins, maple.libraryNo, {
    ...USUAL_ANSWERING,
    email: 'desk@library.example.org',
    escalateTo: null,
  })
  gone = ['desk@library.example.org']
  await writes('Are you open on Sunday?')
  await mailLeaves()
  expect(await alarms()).toMatchObject([{ mailbox: 'desk@library.example.org', told: ASK }])
  await writeAnswering(logins, maple.libraryNo, { ...USUAL_ANSWERING, email: 'texts@library.example.org' })
  await clearQuiet(1)
  expect(await alarms()).toEqual([])
})

/** The return path of the last mail to this address. */
const returnPathOf = (mailbox: string) =>
  /<(.*)>/.exec(server.heard[server.heard.lastIndexOf(`RCPT TO:<${mailbox}>`) - 1]!)![1]!
const bounce = (status: string, more: string[] = []) =>
  [
    ...['From: MAILER-DAEMON@library.example.org', ...more, 'Content-Type: multipart/report; boundary=b', '', '--b'],
    ...['Content-Type: message/delivery-status', '', 'Reporting-MTA: dns; mx.library.example.org', ''],
    ...[`Action: ${status.startsWith('5') ? 'failed' : 'delayed'}`, `Status: ${status}`, '--b--', ''],
  ].join('\r\n')

test('taken and then sent back, it comes to the door: the alarm, and not for a delay or somebody away', async () => {
  const door = await openTestDoor(house, { more: [returnedMail(logins, DOMAIN, (one) => said.push(one))] })
  try {
    await writes('Are you open on Sunday?')
    await mailLeaves()
    const to = returnPathOf(ASK)
    expect(to).toMatch(/^bounce\+\d+-\d+-[0-9a-f]{32}@sms\.example\.org$/)
    await sendRaw(door.port, { from: '', to: [to], raw: bounce('4.2.2') })
    const away = 'From: ask@library.example.org\r\nAuto-Submitted: auto-replied\r\n\r\nI am away; 550 5.0.0.\r\n'
    await sendRaw(door.port, { from: '', to: [to], raw: away })
    await door.handOn()
    expect(await alarms()).toEqual([])

    for (const id of ['1', '2'])
      await sendRaw(door.port, { from: '', to: [to], raw: bounce('5.1.1', [`Message-ID: <${id}@x.example.org>`]) })
    await door.handOn()
    await mailLeaves(1)
    expect(await alarms()).toMatchObject([{ mailbox: ASK, how: 'came back', said: '5.1.1', mails: 1, told: DIRECTOR }])
    expect(toldTo().at(-1)).toBe(`RCPT TO:<${DIRECTOR}>`)
    expect(said).toHaveLength(1)

    // Taken again says little of a server that takes everything; an hour without its coming back does.
    await writes('And on Monday?', 5)
    await mailLeaves(5)
    await clearQuiet(60)
    expect(await alarms()).toHaveLength(1)
    await clearQuiet(66)
    expect(await alarms()).toEqual([])
  } finally {
    await door.stop()
  }
})

test('nobody can invent a bounce of a mail they have not had', async () => {
  const door = await openTestDoor(house, { more: [returnedMail(logins, DOMAIN)] })
  try {
    await writes('Are you open on Sunday?')
    await mailLeaves()
    const forged = returnPathOf(ASK).replace(/[0-9a-f]{32}@/, `${'0'.repeat(32)}@`)
    expect(await sendRaw(door.port, { from: '', to: [forged], raw: bounce('5.1.1') })).not.toMatch(/^250/)
    await door.handOn()
    expect(await alarms()).toEqual([])
  } finally {
    await door.stop()
  }
})

test('mail to a reader has the usual return path: nobody’s bounce is taken for the library’s', async () => {
  await scoped((scope) =>
    sql`insert into mail.answer (library_no, kind, address_hash, queued_at, due_at, address, language, subject, body_text, body_html)
        values (${scope.library}, 'sign-up', '\\x00', ${NOW}, ${NOW}, 'rosa@example.org', 'en', 'Your code', '123', '123')`.execute(
      scope.tx,
    ),
  )
  await sql`insert into house.due (library_no, sender, campaign_no, due_at) values (${maple.libraryNo}, 'answers', 0, ${NOW})`.execute(
    logins.circulation,
  )
  gone = ['rosa@example.org']
  await mailLeaves()
  expect(server.heard).toContain('MAIL FROM:<hello@maple.example.org>')
  expect(await alarms()).toEqual([])
})

test('a server that sends for one address alone gets the mail without a way back, and nobody is alarmed', async () => {
  strict = true
  await writes('Are you open on Sunday?')
  await mailLeaves()
  expect(server.heard.filter((one) => one.startsWith('MAIL'))).toEqual([
    expect.stringContaining('<bounce+'),
    'MAIL FROM:<hello@maple.example.org>',
  ])
  expect(server.taken.join()).toContain('Sunday')
  expect(await alarms()).toEqual([])
})

test('where no domain for answers is set, the return path stays as it was and only a refusal is heard', async () => {
  gone = [ASK]
  await writes('Are you open on Sunday?')
  await mailLeaves(0, { replyDomain: null })
  expect(server.heard).toContain('MAIL FROM:<hello@maple.example.org>')
  expect(await alarms()).toMatchObject([{ how: 'refused' }])
})

test.skipIf(!existsSync(POSTFIX) || process.getuid?.() !== 0)(
  'Postfix on the way takes the mail, hears that nobody has the address, and sends it back to us: the alarm',
  async () => {
    const door = await openTestDoor(house, { more: [returnedMail(logins, DOMAIN, (one) => said.push(one))] })
    const postfix = startPostfix(door.port)
    try {
      await writes('Are you open on Sunday?')
      await expect
        .poll(() => mailLeaves(0, { port: postfix.port }).then(() => scoped(openAlarms)), { timeout: 1_000 })
        .toEqual([])
      await expect
        .poll(
          async () => {
            await door.handOn()
            await mailLeaves(10, { port: postfix.port })
            return alarms()
          },
          { timeout: 20_000, interval: 500 },
        )
        .toMatchObject([
          { mailbox: ASK, how: 'came back', said: expect.stringContaining('Nobody has this address here') },
          {},
        ])
    } finally {
      postfix.stop()
      await door.stop()
    }
  },
)
