// What Twilio calls us with: proof that it is Twilio (HMAC-SHA1 over the public address and every field, also those that
// we do not know), and the text or the report in it. There is no time in the proof; the same id counts once instead.
import { createHash, createHmac } from 'node:crypto'
import { faultIn, isLasting } from './faults.ts'
import { isSame, storable } from './hook-words.ts'
import type { HookRead, HookRequest, TextIn, TextReport } from './text-provider.ts'
import { twilioFaults } from './twilio-codes.ts'

/** Fields of the same name are signed once each, sorted. */
export function twilioSignature(token: string, url: string, fields: Iterable<[string, string]>): string {
  const sorted = [...new Set([...fields].map(([name, value]) => `${name}\0${value}`))].sort()
  const signed = url + sorted.map((field) => field.replace('\0', '')).join('')
  return createHmac('sha1', token).update(signed).digest('base64')
}

export function readTwilioHook(token: string, request: HookRequest): HookRead {
  const given = request.headers['x-twilio-signature']
  if (!given) return { kind: 'forged', why: 'no signature' }
  const url = new URL(request.url)
  const bodyHash = url.searchParams.get('bodySHA256')
  // A body that is no form is signed by its hash, and the hash stands in the address.
  const isHashed = bodyHash !== null
  const fields = isHashed ? [] : [...new URLSearchParams(request.body.toString())]
  if (!isSame(given, twilioSignature(token, request.url, fields))) return { kind: 'forged', why: 'wrong signature' }
  if (isHashed && !isSame(bodyHash.toLowerCase(), createHash('sha256').update(request.body).digest('hex')))
    return { kind: 'forged', why: 'the body is not the one that was signed' }
  const words = isHashed ? fieldsOfJson(request.body) : new Map(fields)
  return words === null ? unreadable('the body is not JSON') : read(words, url.searchParams.get('reference'))
}

function read(fields: ReadonlyMap<string, string>, reference: string | null): HookRead {
  const word = (name: string) => storable(fields.get(name) ?? '')
  const providerId = word('MessageSid') || word('SmsSid')
  if (providerId === '') return unreadable('there is no MessageSid')
  const status = word('MessageStatus')
  if (status !== '')
    return { kind: 'read', brings: [report({ providerId, reference, status, code: word('ErrorCode') })] }
  const [from, to] = [word('From'), word('To')]
  if (from === '' || to === '' || !fields.has('Body')) return unreadable('neither a text nor a report')
  const media = Array.from({ length: Math.min(Number(word('NumMedia')) || 0, 50) }, (_, i) => ({
    url: word(`MediaUrl${i}`),
    type: word(`MediaContentType${i}`),
  })).filter(({ url }) => url !== '')
  const body = word('Body')
  const answeredItself = keywords[word('OptOutType').toUpperCase()] ?? null
  return { kind: 'read', brings: [{ kind: 'text', providerId, from, to, body, media, answeredItself, sentAt: null }] }
}

/** Also of a message as the list of all of them shows it. */
export function report(one: {
  providerId: string
  reference: string | null
  status: string
  code: string
  said?: string
  at?: Date | null
}): TextReport {
  const { providerId, reference, status, code, said = '', at = null } = one
  const state = states[status] ?? 'accepted'
  const fault = state === 'failed' ? faultIn(twilioFaults, code) : null
  const permanent = fault !== null && isLasting(fault)
  return { kind: 'report', providerId, reference, state, fault, permanent, code, said: said || status, at }
}

const states: Readonly<Record<string, TextReport['state']>> = {
  delivered: 'delivered',
  read: 'delivered',
  undelivered: 'failed',
  failed: 'failed',
  canceled: 'failed',
}

const keywords: Readonly<Record<string, TextIn['answeredItself']>> = { STOP: 'stop', HELP: 'help', START: 'start' }

const unreadable = (why: string): HookRead => ({ kind: 'unreadable', why })

function fieldsOfJson(body: Buffer): Map<string, string> | null {
  try {
    return new Map(
      Object.entries(JSON.parse(body.toString()) ?? {}).map(([name, value]) => [name, String(value ?? '')]),
    )
  } catch {
    return null
  }
}
