import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isDeadAddress, type Reply, refusalIn, replyReader, type Stage } from './smtp-replies.ts'

const readAll = (text: string): Reply[] => replyReader()(Buffer.from(text)) ?? []
const judged = (text: string, stage: Stage = 'address') => {
  const { permanent, code } = refusalIn(stage, readAll(`${text}\r\n`)[0]!)
  return [permanent ? 'for good' : 'for now', code, isDeadAddress(code) ? 'dead' : 'not dead']
}

test('a mailbox or domain that does not exist makes its address dead', () => {
  for (const code of ['5.1.1', '5.1.2', '5.1.3', '5.1.10', '5.2.1']) {
    expect(judged(`550 ${code} No`)).toEqual(['for good', code, 'dead'])
  }
  expect(judged('556 No mail here')).toEqual(['for good', '556', 'dead'])
})

test('a full mailbox is only for now, whichever way it is said', () => {
  expect(judged('452 4.2.2 Full')).toEqual(['for now', '4.2.2', 'not dead'])
  expect(judged('552 5.2.2 Full')).toEqual(['for now', '5.2.2', 'not dead'])
  expect(judged('552 Full')).toEqual(['for now', '552', 'not dead'])
})

test('a refusal by policy is for this mail alone, never held against the address', () => {
  expect(judged('550 5.7.1 We do not like this', 'content')).toEqual(['for good', '5.7.1', 'not dead'])
  expect(judged('552 5.7.0 Attachment', 'content')).toEqual(['for good', '5.7.0', 'not dead'])
  expect(judged('552 5.3.4 Too big', 'content')).toEqual(['for good', '5.3.4', 'not dead'])
})

test('a code that nobody listed goes by its first digit, and suppresses nobody', () => {
  expect(judged('550 No')).toEqual(['for good', '550', 'not dead'])
  expect(judged('571 5.9.9 No')).toEqual(['for good', '5.9.9', 'not dead'])
  expect(judged('499 4.9.9 Later')).toEqual(['for now', '4.9.9', 'not dead'])
  expect(judged('450 5.1.1 Mixed up')).toEqual(['for now', '450', 'not dead'])
})

test('what the library set up wrongly fails nobody for good', () => {
  for (const said of [
    '530 5.7.0 Authentication required',
    '554 5.7.1 <rosa@example.net>: Relay access denied',
    '550 relaying denied',
    '550 5.7.1 Unable to relay',
    '553 5.7.1 <ana@library.example.org>: Sender address rejected: not owned by ana',
    '550 5.1.8 <ana@library.example.org>: Sender address rejected: Domain not found',
    '554 5.7.1 <unknown[192.0.2.1]>: Client host rejected: Access denied',
    '550-5.7.26 Unauthenticated mail from library.example.org is not accepted\r\n550 5.7.26 due to its DMARC policy',
  ]) {
    expect(judged(said), said).toEqual(['for now', expect.stringMatching(/^sender-refused 5/), 'not dead'])
  }
  expect(judged('550 5.1.1 No such sender', 'sender')).toEqual(['for now', 'sender-refused 5.1.1', 'not dead'])
  expect(judged('535 5.7.8 Wrong password', 'sign-on')).toEqual(['for now', 'sign-on-refused 5.7.8', 'not dead'])
  expect(judged('554 5.1.1 Go away', 'sign-on')).toEqual(['for now', 'sign-on-refused 5.1.1', 'not dead'])
})

test('an unknown mailbox is dead even where the words speak of a relay', () => {
  expect(judged('550 5.1.1 <r@relay.example.net>: unknown in relay address table')).toEqual([
    'for good',
    '5.1.1',
    'dead',
  ])
  expect(judged('550 5.7.1 <r@relay.example.net>: not today')).toEqual(['for good', '5.7.1', 'not dead'])
})

test('replies are the same in whatever pieces they arrive', () => {
  const text =
    '220 hi\r\n250-one\r\n250-PIPELINING\r\n250 two\r\n550-5.1.1 No\r\n550 5.1.1 such mailbox ñ\r\n354\r\n250 lone feed\n'
  const bytes = Buffer.from(text)
  const whole = readAll(text)
  expect(whole.map(({ code }) => code)).toEqual([220, 250, 550, 354, 250])
  expect(whole[2]).toMatchObject({ enhanced: '5.1.1', said: '550 5.1.1 No such mailbox ñ' })
  fc.assert(
    fc.property(fc.array(fc.nat(bytes.length), { maxLength: 12 }), (cuts) => {
      const at = [0, ...cuts.sort((a, b) => a - b), bytes.length]
      const read = replyReader()
      expect(at.slice(1).flatMap((end, i) => read(bytes.subarray(at[i], end)) ?? [])).toEqual(whole)
    }),
  )
})

test('what is not SMTP, or goes on for ever, is not listened to', () => {
  const endless = replyReader()
  let answer: unknown = []
  for (let i = 0; i < 30 && answer; i++) answer = endless(Buffer.from('x'.repeat(100)))
  expect(answer).toBeNull()
  for (const text of [
    'HTTP/1.1 400 Bad Request\r\n',
    '25 ok\r\n',
    '2500 ok\r\n',
    '250-a\r\n550 b\r\n',
    `250 ${'x'.repeat(3000)}\r\n`,
    '250-x\r\n'.repeat(200),
    '\r\n',
    '150 hm\r\n',
  ]) {
    expect(replyReader()(Buffer.from(text)), text.slice(0, 30)).toBeNull()
  }
})
