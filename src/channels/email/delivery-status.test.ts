import PostalMime from 'postal-mime'
import { expect, test } from 'vitest'
import { composeDeliveryStatus, type DeliveryStatus } from './delivery-status.ts'
import { readMail } from './read-mail.ts'
import { undelivered, type WhyNotDelivered } from './why-not-delivered.ts'

const report = (more: Partial<DeliveryStatus> = {}) =>
  composeDeliveryStatus({
    messageId: 'status.1@sms.example.org',
    from: { name: 'Texts of Maple Falls', address: 'postmaster@sms.example.org' },
    to: 'ils@library.example.org',
    reportedBy: 'sms.example.org',
    address: '6145550123@sms.example.org',
    why: 'landline',
    arrivedAt: new Date('2026-11-22T15:00:00Z'),
    now: new Date('2026-11-22T15:00:40Z'),
    original: { messageId: 'n1@library.example.org', subject: 'Tu reserva está lista' },
    ...more,
  })

test('it says in plain words what happened, and what to do', async () => {
  const { raw, to } = report()
  expect(to).toBe('ils@library.example.org')
  const { text, subject, inReplyTo } = await PostalMime.parse(raw)
  expect(subject).toBe('Not delivered: the text to 6145550123')
  expect(inReplyTo).toBe('<n1@library.example.org>')
  expect(text).toContain('This number is a landline: it cannot receive texts.')
  expect(text).toContain('It was for: 6145550123@sms.example.org')
  expect(text).toContain('The mail was: Tu reserva está lista')
  expect(text).toContain('correct the number')
})

test('programs read it, too: a report as RFC 3464 has it', async () => {
  const { raw } = report({ providerCode: '30006' })
  const text = raw.toString('latin1')
  expect(text).toMatch(/^Content-Type: multipart\/report; report-type=delivery-status;\r\n boundary="/m)
  expect(text).toContain(
    [
      'Content-Type: message/delivery-status',
      '',
      'Reporting-MTA: dns; sms.example.org',
      'Arrival-Date: Sun, 22 Nov 2026 15:00:00 +0000',
      '',
      'Final-Recipient: rfc822; 6145550123@sms.example.org',
      'Action: failed',
      'Status: 5.1.1',
      'Diagnostic-Code: x-gentle; landline (30006)',
      'Last-Attempt-Date: Sun, 22 Nov 2026 15:00:40 +0000',
      '',
    ].join('\r\n'),
  )
  expect(text.split('\r\n').every((line) => line.length <= 78 && !line.includes('\n'))).toBe(true)
})

test('nothing answers it, and coming back it never becomes a text', async () => {
  const { raw, envelopeFrom } = report()
  expect(envelopeFrom).toBe('')
  expect(raw.toString()).toMatch(/^Auto-Submitted: auto-replied\r$/m)
  expect(await readMail(raw, { envelopeFrom })).toMatchObject({ kind: 'read', mail: { automatic: 'our own' } })
})

test.each(Object.keys(undelivered) as WhyNotDelivered[])('%s has a code and a sentence', (why) => {
  expect(undelivered[why].status).toMatch(/^[45]\.\d\.\d$/)
  expect(undelivered[why].says).toMatch(/^[A-Z].*\.$/)
  expect(report({ why }).raw.toString()).toContain(`Status: ${undelivered[why].status}`)
})

test('what stood in the mail can begin no line of the report', async () => {
  const evil = 'x\r\nBcc: rosa@example.com\r\n\r\nFinal-Recipient: rfc822; rosa@example.com'
  const { raw } = report({
    original: { messageId: `a@b>\r\nBcc: rosa@example.com`, subject: evil },
    providerCode: evil,
  })
  expect(raw.toString()).not.toMatch(/^(Bcc|Final-Recipient: rfc822; rosa)/m)
  expect(() => report({ address: 'a@example.org\r\nBcc: b@example.org' })).toThrow()
  expect(() => report({ to: 'a@example.org>\r\nRCPT TO:<b@example.org' })).toThrow()
})

test('no letter of a mail that came in becomes a line end of the report', () => {
  // Written byte by byte, Ċ (U+010A) and č (U+010D) would be a line feed and a carriage return.
  const { raw } = report({
    original: { messageId: 'n1čĊBcc:rosa@example.org', subject: 'čĊBcc: rosa@example.org' },
    providerCode: '30006čĊFinal-Recipient: rfc822; rosa@example.org',
  })
  expect(raw.toString('latin1')).not.toMatch(/\n(?:Bcc|Final-Recipient: rfc822; rosa)/)
})
