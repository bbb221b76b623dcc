// The provider's side of a measured run: hooks as Twilio makes and signs them, ready to be written to a socket.
import { twilioSignature } from '../src/channels/sms/twilio-hook.ts'

export const ACCOUNT = 'AC0123456789'
export const TOKEN = 'the token of a measured run'
export const PUBLIC_URL = 'https://texts.library.example.org'

/** `path` with the query that the hook was asked for with. */
export function hookOf(path: string, fields: Record<string, string>): Buffer {
  const body = new URLSearchParams(fields).toString()
  const signature = twilioSignature(TOKEN, `${PUBLIC_URL}${path}`, Object.entries(fields))
  return Buffer.from(
    `POST ${path} HTTP/1.1\r\nHost: texts.library.example.org\r\nContent-Type: application/x-www-form-urlencoded\r\n` +
      `X-Twilio-Signature: ${signature}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
}

export const hookOfText = (lineNo: number, text: { id: string; from: string; to: string; body: string }): Buffer =>
  hookOf(`/hooks/texts/${lineNo}`, {
    ...{ MessageSid: text.id, SmsSid: text.id, AccountSid: ACCOUNT, From: text.from, To: text.to, Body: text.body },
    ...{ NumMedia: '0', NumSegments: '1', SmsStatus: 'received', ApiVersion: '2010-04-01' },
  })

export const hookOfReport = (lineNo: number, report: { id: string; reference: string; status: string }): Buffer =>
  hookOf(`/hooks/texts/${lineNo}?reference=${encodeURIComponent(report.reference)}`, {
    ...{ MessageSid: report.id, MessageStatus: report.status, AccountSid: ACCOUNT, ApiVersion: '2010-04-01' },
  })
