import { expect, test } from 'vitest'
import { composeDeliveryStatus } from './delivery-status.ts'
import { readMail } from './read-mail.ts'

const statusOf = async (raw: string | Buffer, envelopeFrom = '') => {
  const reading = await readMail(Buffer.from(raw), { envelopeFrom })
  return reading.kind === 'read' ? reading.mail.deliveryStatus : null
}
const mail = (head: string[], body: string) => [...head, '', body].join('\r\n')
const report = (fields: string) =>
  mail(
    [
      'From: MAILER-DAEMON@relay.example.org',
      'Content-Type: multipart/report; report-type=delivery-status; boundary=b',
    ],
    `--b\r\n\r\nSorry.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; relay.example.org\r\n\r\n${fields}\r\n--b--\r\n`,
  )

test('a report says that a mail failed, and in the words of the server that would not have it', async () => {
  const fields = [
    'Final-Recipient: rfc822; ask@library.example.org',
    'Action: failed',
    'Status: 5.2.2',
    'Diagnostic-Code: smtp; 552 5.2.2 The mailbox',
    '    is full',
  ]
  expect(await statusOf(report(fields.join('\r\n')))).toEqual({
    action: 'failed',
    said: '5.2.2 552 5.2.2 The mailbox is full',
  })
})

test('one that is still being tried has not failed', async () => {
  expect(await statusOf(report('Action: delayed\r\nStatus: 4.4.1'))).toMatchObject({ action: 'delayed' })
})

test('our own reports are read by the same rule', async () => {
  const { raw } = composeDeliveryStatus({
    ...{ messageId: 'status.1@sms.example.org', from: { name: 'Maple', address: 'hello@example.org' } },
    ...{ to: 'ils@library.example.org', reportedBy: 'sms.example.org', address: '6145550123@sms.example.org' },
    ...{ why: 'landline', arrivedAt: new Date(0), now: new Date(0), original: { messageId: null, subject: '' } },
  })
  expect(await statusOf(raw)).toEqual({ action: 'failed', said: '5.1.1 landline' })
})

test('a bounce in plain words is one when it comes from nobody and has a code, or names whom it failed', async () => {
  const from = ['From: MAILER-DAEMON@relay.example.org']
  const words = 'Hi. I could not deliver your message.\r\n550 5.1.1 No such mailbox\r\n'
  expect(await statusOf(mail(from, words))).toEqual({ action: 'failed', said: '550 5.1.1 No such mailbox' })
  expect(await statusOf(mail(from, words), 'ana@library.example.org')).toBeNull()
  const named = [...from, 'X-Failed-Recipients: ask@library.example.org', 'Auto-Submitted: auto-replied']
  expect(await statusOf(mail(named, 'It failed.'))).toMatchObject({ action: 'failed' })
})

test('somebody away from the desk is no bounce, whatever number they give', async () => {
  const away = ['From: ask@library.example.org', 'Auto-Submitted: auto-replied']
  expect(await statusOf(mail(away, 'I am away. Call 614-550-0100, extension 551 please.'))).toBeNull()
  expect(await statusOf(mail(['From: ask@library.example.org'], 'Call 614-554-0100.'))).toBeNull()
})
