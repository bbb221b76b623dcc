// Staff answer a text from their own mailbox: by SMTP through the mail door, and out as a text.
import { generateKeyPairSync } from 'node:crypto'
import { dkimSign } from 'mailauth/lib/dkim/sign.js'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openTestDoor } from '../../test/arriving.ts'
import { openHouse } from '../../test/house.ts'
import { make, NOW } from '../../test/make.ts'
import { sendRaw } from '../../test/smtp-talk.ts'
import { answersSinceAll } from '../../test/text-traces.ts'
import { makeLine, sendAllTexts, textDouble, texts } from '../../test/texts.ts'
import type { LookUp } from '../channels/email/verify-sender.ts'
import { staffAnswersByMail } from './staff-answer-by-mail.ts'

const house = openHouse()
/** As the desk of the tests has it. */
const REPLIES = 'sms.library.example.org'
const ROSA = '+16145550101'

const { publicKey, privateKey } = generateKeyPairSync('ed25519')
const key = (publicKey.export({ type: 'spki', format: 'der' }) as Buffer).subarray(-32).toString('base64')
const lookUp: LookUp = async (name) => {
  if (name === 's1._domainkey.library.example.org') return [[`v=DKIM1; k=ed25519; p=${key}`]]
  throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND' })
}
const signed = async (raw: string) => {
  const { signatures } = await dkimSign(raw, {
    signatureData: [
      {
        ...{ signingDomain: 'library.example.org', selector: 's1', algorithm: 'ed25519-sha256' },
        privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
      },
    ],
  } as never)
  return signatures + raw
}

let door: Awaited<ReturnType<typeof openTestDoor>>
beforeEach(async () => {
  door = await openTestDoor(house, { lookUp, more: [staffAnswersByMail(house.database.logins, REPLIES)] })
})
afterEach(() => door.stop())

/** Rosa writes; the library has her text in its mailbox. */
async function rosaWrites() {
  const library = await make.library(house, { email: 'ask@library.example.org' })
  const line = await makeLine(house, [library])
  await texts(house, line, ROSA, 'Do you lend telescopes?', { now: NOW })
  const [mail] = await answersSinceAll(house, library)
  const phone = textDouble()
  const answer = (own: string, more: string[] = []) =>
    [
      ...['From: Ana <ana@library.example.org>', `To: ${mail!.replyTo!}`, 'Subject: Re: a text', ...more],
      ...[`Message-ID: <${Math.random()}@library.example.org>`, '', own, '', 'On Tuesday, Maple Falls wrote:'],
      '> Do you lend telescopes?\r\n',
    ].join('\r\n')
  const bring = async (raw: string) => {
    const said = await sendRaw(door.port, { from: 'ana@library.example.org', to: [mail!.replyTo!], raw })
    await door.handOn()
    await sendAllTexts(house, phone, line, NOW)
    return said
  }
  return { library, mail: mail!, answer, bring, arrived: () => phone.sent.map(({ body }) => body) }
}

test('what Ana writes above the quoted text reaches Rosa’s phone, and Ana is told what went out', async () => {
  const { library, answer, bring, arrived } = await rosaWrites()
  expect(await bring(await signed(answer('Yes, two! Come and see.')))).toMatch(/^250 /)
  expect(arrived()).toContain('Yes, two! Come and see.')
  expect((await answersSinceAll(house, library)).at(-1)).toMatchObject({
    address: 'ana@library.example.org',
    kind: 'text-went-out',
  })
})

test('whoever only says to be Ana reaches nobody, and the mail is kept for a person to look at', async () => {
  const { answer, bring, arrived } = await rosaWrites()
  expect(await bring(answer('Send me your card number.'))).toMatch(/^250 /)
  expect(arrived().join()).not.toContain('card number')
  const root = await house.connectAsSuperuser()
  const { rows } = await root.query(`select state, said from mail.arrival order by arrival_no desc limit 1`)
  expect(rows[0]).toMatchObject({ state: 'kept', said: expect.stringContaining('nobody can tell who wrote it') })
})

test.each([
  ['with a proof that somebody made up', (to: string) => to.replace(/[0-9a-f]{32}@/, `${'0'.repeat(32)}@`)],
  [
    'of another conversation with the same proof',
    (to: string) => to.replace(/-(\d+)-/, (_, n) => `-${Number(n) + 1}-`),
  ],
  ['of a library that is not there', (to: string) => to.replace(/\+\d+-/, '+999999-')],
])('an address %s is nobody’s: its sender hears so at the door, and nothing is stored', async (_which, forge) => {
  const { mail, answer } = await rosaWrites()
  const root = await house.connectAsSuperuser()
  const stored = async () => (await root.query('select count(*)::int as n from mail.arrival')).rows[0].n
  const before = await stored()
  const to = [forge(mail.replyTo!)]
  expect(await sendRaw(door.port, { from: 'ana@library.example.org', to, raw: answer('Hello?') })).toMatch(/^503 /)
  expect(await stored()).toBe(before)
})

test('an answer that a mailbox writes by itself never becomes a text', async () => {
  const { answer, bring, arrived } = await rosaWrites()
  await bring(await signed(answer('I am away until Monday.', ['Auto-Submitted: auto-replied'])))
  expect(arrived().join()).not.toContain('away')
})
