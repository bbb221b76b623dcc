// What becomes of a notice that came by mail and cannot arrive: it returns to whoever sent it. Through the real door, with
// the sandbox for a carrier and a mail server that writes down the envelope.
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { promisify } from 'node:util'
import type pg from 'pg'
import PostalMime from 'postal-mime'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { openTestDoor } from '../../../test/arriving.ts'
import { openHouse } from '../../../test/house.ts'
import { scriptedMailServer } from '../../../test/mail-servers.ts'
import { make, NOW } from '../../../test/make.ts'
import { callMailServer, hangUpAll, sendRaw } from '../../../test/smtp-talk.ts'
import { brings, makeLine, sendAllTexts, textReport } from '../../../test/texts.ts'
import { smtpProvider } from '../../channels/email/smtp.ts'
import { type Sandbox, sandboxProvider } from '../../channels/sms/sandbox.ts'
import { stopPhone, suppressDeadPhone } from '../../consent/phone-stops.ts'
import { inLibrary, type Logins } from '../../db/scope.ts'
import type { Library } from '../../patrons/library.ts'
import type { Line } from '../lines.ts'
import { queueReports } from '../report-answers.ts'
import { sendAnswers } from '../send-answers.ts'
import { addMailSource } from './mail-sources.ts'
import { textGateway } from './text-gateway.ts'

const LANDLINE = '6145550150@sms.example.org'
const SWITCHED_OFF = '6145550152@sms.example.org'
const ROSA = '6145550101@sms.example.org'

const house = openHouse()
let logins: Logins
let root: pg.Client
let door: Awaited<ReturnType<typeof openTestDoor>>
let server: Awaited<ReturnType<typeof scriptedMailServer>>
let sandbox: Sandbox
let maple: Library
let line: Line
let mails = 0

beforeAll(async () => {
  root = await house.connectAsSuperuser()
  logins = house.database.logins
})
beforeEach(async () => {
  await root.query('delete from house.mail_source')
  door = await openTestDoor(house, { more: [textGateway] })
  server = await scriptedMailServer({})
  maple = await make.library(house)
  line = await makeLine(house, [maple])
  await addMailSource(logins, maple, { kind: 'host', value: '127.0.0.1', by: 'Ana', now: NOW })
  sandbox = sandboxProvider({
    ...{ secret: 'a secret of the sandbox', hookUrl: 'http://127.0.0.1/hooks/texts/1', againMs: 5 },
    async deliver(request) {
      const hook = sandbox.readHook(request)
      if (hook.kind === 'read') await brings(house, line, hook.brings, NOW)
      return true
    },
  })
})
afterEach(async () => {
  await sandbox.close()
  await server.stop()
  hangUpAll()
  await door.stop()
})

async function bring(
  to: string,
  { body = '2 items ready at Main.', from = 'ils@library.example.org', head = [] as string[] } = {},
) {
  const lines = [`From: Library system <ils@library.example.org>`, `To: ${to}`, 'Subject: Your hold', ...head]
  const raw = [...lines, `Message-ID: <${++mails}@library.example.org>`, '', `${body}\r\n`].join('\r\n')
  const said = await sendRaw(door.port, { from, to: [to], raw })
  await door.handOn()
  return said
}

/** Texts and reports leave, as the loops would do it. */
async function allLeaves(now = NOW) {
  await sendAllTexts(house, sandbox, line, now)
  await new Promise((resolve) => setImmediate(resolve))
  // The phones' own word comes after the hand-over; closing waits for all of it.
  await sandbox.close()
  await mailLeaves(now)
}
async function mailLeaves(now = NOW) {
  const provider = smtpProvider({
    ...{ host: '127.0.0.1', port: server.port, startTls: 'never', width: 2 },
    timeouts: { connectMs: 2_000, replyMs: 2_000 },
  } as Parameters<typeof smtpProvider>[0])
  await sendAnswers({ logins, mailFrom: 'hello@maple.example.org', now: () => now }, provider, maple)
  await provider.close()
}
const phoneHash = (phone: string) => logins.seals.hashFor(maple.key)('phone', phone)
/** The library's own mailbox hears of the fix-up list besides. */
const toldTo = () => server.heard.filter((said) => said.startsWith('RCPT') && !said.includes('ask@'))
const reports = () => server.taken.filter((raw) => raw.includes('multipart/report'))

test('a text to a landline returns to who sent the mail, as a report that people and programs can read', async () => {
  expect(await bring(LANDLINE)).toMatch(/^250 /)
  await allLeaves()

  expect(server.heard).toContain('MAIL FROM:<>')
  expect(toldTo()).toEqual(['RCPT TO:<ils@library.example.org>'])
  const [raw] = reports()
  const { text, subject, inReplyTo, references, headers, attachments } = await PostalMime.parse(raw!)
  expect(subject).toBe('Not delivered: the text to 6145550150')
  expect(text).toContain('This number is a landline: it cannot receive texts.')
  expect(text).toContain('The mail was: Your hold')
  const of = (name: string) => headers.find(({ key }) => key === name)?.value
  expect(of('auto-submitted')).toBe('auto-replied')
  expect(of('content-type')).toContain('multipart/report; report-type=delivery-status')
  expect([inReplyTo, references]).toEqual([`<${mails}@library.example.org>`, `<${mails}@library.example.org>`])
  expect(attachments.map(({ mimeType }) => mimeType)).toEqual(['message/delivery-status', 'text/rfc822-headers'])
  expect(raw).toContain('Status: 5.1.1')
  expect(raw).toContain(`Final-Recipient: rfc822; ${LANDLINE}`)
  expect(raw).not.toContain('2 items ready')
  const { rows } = await root.query('select kind from desk.fix_up where library_no = $1', [maple.libraryNo])
  expect(rows).toEqual([{ kind: 'landline' }])
})

const swaks = '/usr/bin/swaks'
test.skipIf(!existsSync(swaks))('so does one that swaks has sent', async () => {
  const words = ['--server', '127.0.0.1', '--port', String(door.port), '--from', 'circ@library.example.org']
  await promisify(execFile)(swaks, [...words, '--to', LANDLINE, '--body', '1 item is due tomorrow.'])
  await door.handOn()
  await allLeaves()
  expect(toldTo()).toEqual(['RCPT TO:<circ@library.example.org>'])
})

test('a text that arrives returns nothing, and neither does one that is still being tried', async () => {
  await bring(ROSA)
  await bring(SWITCHED_OFF)
  await allLeaves()
  expect(toldTo()).toEqual([])
})

test('Rosa has stopped: the next notice is held back, and who sent it hears why', async () => {
  await inLibrary(logins, 'circulation', maple.libraryNo, (scope) =>
    stopPhone(scope, house.journal, maple, { phoneHash: phoneHash('+16145550101'), now: NOW, method: 'text' }),
  )
  await bring(ROSA)
  await bring(ROSA, { body: '1 item is due tomorrow.' })
  await allLeaves()
  expect(reports()).toHaveLength(2)
  expect(reports().join()).toContain('The person at this number has asked for no more texts.')
  expect(sandbox.texts()).toEqual([])
})

test('a number that a text came back from before is not tried again, and the library hears that, too', async () => {
  await inLibrary(logins, 'circulation', maple.libraryNo, (scope) =>
    suppressDeadPhone(scope, { phoneHash: phoneHash('+16145550101'), now: NOW }),
  )
  await bring(ROSA)
  await allLeaves()
  expect(reports().join()).toContain('An earlier text to this number came back')
})

test('the carrier says it twice, and the database dies at the worst moment: it returns once', async () => {
  await bring(ROSA)
  await sendAllTexts(
    house,
    { ...sandbox, handOver: async () => ({ kind: 'accepted', providerId: 'SM1', said: '' }) },
    line,
    NOW,
  )
  const landline = textReport('SM1', { state: 'failed', fault: 'landline', permanent: true, code: '30006' })
  await root.query(`update mail.text set provider_id = 'SM0' where kind = 'first' and library_no = $1`, [
    maple.libraryNo,
  ])
  await root.query(`create function pg_temp.dies() returns trigger language plpgsql as $$ begin
    if new.report is not null then raise exception 'killed' using errcode = '57P01'; end if; return new; end $$`)
  await root.query('create trigger dies before insert on mail.answer for each row execute function pg_temp.dies()')
  await expect(brings(house, line, [landline], NOW)).rejects.toThrow('killed')
  const state = `select state from mail.text where library_no = $1 and kind = 'notice'`
  expect((await root.query(state, [maple.libraryNo])).rows).toEqual([{ state: 'accepted' }])
  await root.query('drop trigger dies on mail.answer')

  await Promise.all([brings(house, line, [landline], NOW), brings(house, line, [landline, landline], NOW)])
  await mailLeaves()
  await mailLeaves()
  expect(reports()).toHaveLength(1)
  expect((await root.query(state, [maple.libraryNo])).rows).toEqual([{ state: 'bounced' }])
})

test('an empty mail returns: there was nothing to say', async () => {
  const raw = `From: ils@library.example.org\r\nMessage-ID: <empty@library.example.org>\r\n\r\nDear patron ||\r\n`
  expect(await sendRaw(door.port, { to: [ROSA], raw })).toMatch(/^250 /)
  await door.handOn()
  await mailLeaves()
  expect(reports().join()).toContain('There was no text in the mail.')
})

test.each([
  ['614555@sms.example.org', '550 Nobody has this address here. One of a telephone has its ten digits'],
  ['0005550101@sms.example.org', '550 0005550101 is no telephone number'],
])('%s is refused at the door, so that the sending server tells its own people', async (to, said) => {
  const talk = await callMailServer(door.port)
  await talk.say('EHLO tests.example.org\r\n')
  await talk.say('MAIL FROM:<ils@library.example.org>\r\n')
  expect(await talk.say(`RCPT TO:<${to}>\r\n`)).toContain(said)
  talk.hangUp()
})

test.each([
  ['a bounce', '', [] as string[]],
  ['an automatic reply', 'ils@library.example.org', ['Auto-Submitted: auto-replied']],
  ['a report', 'ils@library.example.org', ['Content-Type: multipart/report; boundary=x']],
])('%s becomes no text, and nobody is told of it', async (_, from, head) => {
  expect(await bring(LANDLINE, { from, head })).toMatch(/^250 /)
  await allLeaves()
  expect(sandbox.texts()).toEqual([])
  expect(toldTo()).toEqual([])
})

test('a stranger is refused and never written to', async () => {
  await root.query('delete from house.mail_source')
  expect(await bring(LANDLINE, { from: 'victim@example.net' })).not.toMatch(/^250/)
  await allLeaves()
  expect(toldTo()).toEqual([])
})

test('a signed mail that somebody sends again under another return path returns to who signed it', async () => {
  const scene = { arrivalNo: '1', peer: '192.0.2.9', authenticatedAs: null, arrivedAt: NOW, to: ROSA }
  const mail = { from: null, to: [], subject: '', text: '', messageId: null, inReplyTo: null, references: [] }
  const told = async (from: string, verifiedAddress: string | null) => {
    await inLibrary(logins, 'circulation', maple.libraryNo, (scope) =>
      textGateway.receive(
        scope,
        maple,
        { ...scene, from, verifiedAddress, mail: { ...mail, automatic: null, deliveryStatus: null, attachments: 0 } },
        NOW,
      ),
    )
    await mailLeaves()
    return toldTo().at(-1)
  }
  expect(await told('victim@example.net', 'ils@library.example.org')).toBe('RCPT TO:<ils@library.example.org>')
  expect(await told('bounces@library.example.org', 'ils@library.example.org')).toBe(
    'RCPT TO:<bounces@library.example.org>',
  )
})

test('of a thousand failures in an hour the first two hundred are told of at once, and the others one by one', async () => {
  for (let batch = 0; batch < 5; batch++)
    await inLibrary(logins, 'circulation', maple.libraryNo, async (scope) => {
      const origin = {
        sender: 'ils@library.example.org',
        address: LANDLINE,
        messageId: null,
        subject: '',
        arrivedAt: NOW,
      }
      const report = { origin, why: 'landline', providerCode: null } as const
      await queueReports(
        scope,
        maple,
        Array.from({ length: 200 }, () => report),
        NOW,
      )
    })
  const { rows } = await root.query(
    `select count(*) filter (where due_at = $2)::int as now, count(*)::int as all, max(due_at) as last from mail.answer where library_no = $1`,
    [maple.libraryNo, NOW],
  )
  expect(rows).toEqual([{ now: 200, all: 1_000, last: new Date(NOW.getTime() + 800 * 10_000) }])
})
