// What Telnyx calls us with: proof that it is Telnyx (Ed25519 over the time and the raw body), and the text or the report
// in it. By its own account it repeats hooks and mixes their order up, so the message's id counts and not the hook's.
import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import { Problem } from '../../lib/errors.ts'
import { faultIn, isLasting } from './faults.ts'
import { instant, listAt, wordAt } from './hook-words.ts'
import { telnyxFaults } from './telnyx-codes.ts'
import type { HookRead, HookRequest, TextIn, TextReport } from './text-provider.ts'

const OLDEST_SECONDS = 300

/** 32 bytes in base64, as its portal shows them. Throws Problem 'bad-input'. */
export function readTelnyxKey(publicKey: string): KeyObject {
  const raw = Buffer.from(publicKey, 'base64')
  if (raw.length !== 32) throw new Problem('bad-input', 'The public key of Telnyx is 32 bytes, written in base64.')
  // What stands before every Ed25519 key in DER (RFC 8410).
  const key = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), raw])
  return createPublicKey({ key, format: 'der', type: 'spki' })
}

export function readTelnyxHook(key: KeyObject, { headers, body, now }: HookRequest): HookRead {
  const time = headers['telnyx-timestamp'] ?? ''
  const signature = Buffer.from(headers['telnyx-signature-ed25519'] ?? '', 'base64')
  if (signature.length !== 64 || !/^\d{1,12}$/.test(time)) return { kind: 'forged', why: 'no signature' }
  if (!verify(null, Buffer.concat([Buffer.from(`${time}|`), body]), key, signature))
    return { kind: 'forged', why: 'wrong signature' }
  if (Math.abs(now.getTime() / 1000 - Number(time)) > OLDEST_SECONDS) return { kind: 'forged', why: 'too old' }
  try {
    return read(JSON.parse(body.toString()))
  } catch {
    return { kind: 'unreadable', why: 'the body is not JSON' }
  }
}

function read(hook: unknown): HookRead {
  const kind = wordAt(hook, 'data', 'event_type')
  const message = (hook as { data?: { payload?: unknown } }).data?.payload
  const at = wordAt(hook, 'data', 'occurred_at')
  if (wordAt(message, 'id') === '') return { kind: 'unreadable', why: 'there is no message in it' }
  if (kind === 'message.received') return { kind: 'read', brings: [readText(message)] }
  if (kind === 'message.sent' || kind === 'message.finalized')
    return { kind: 'read', brings: [readReport(message, at)] }
  return { kind: 'unreadable', why: `“${kind}” is neither a text nor a report` }
}

/** Also of a message that was asked for by its id. */
export function readText(message: unknown): TextIn {
  return {
    kind: 'text',
    providerId: wordAt(message, 'id'),
    from: wordAt(message, 'from', 'phone_number'),
    to: wordAt(message, 'to', 0, 'phone_number'),
    body: wordAt(message, 'text'),
    media: listAt(message, 'media')
      .map((one) => ({ url: wordAt(one, 'url'), type: wordAt(one, 'content_type') }))
      .filter(({ url }) => url !== ''),
    answeredItself: keywords[wordAt(message, 'autoresponse_type').toLowerCase()] ?? null,
    sentAt: instant(wordAt(message, 'received_at')),
  }
}

function readReport(message: unknown, at: string): TextReport {
  const [providerId, status] = [wordAt(message, 'id'), wordAt(message, 'to', 0, 'status')]
  const [error] = listAt(message, 'errors')
  const [code, said] = [wordAt(error, 'code'), wordAt(error, 'title')]
  const reference = wordAt(message, 'tags', 0) || null
  return telnyxReport({ providerId, reference, status, code, said, at: instant(at) })
}

export function telnyxReport(one: {
  providerId: string
  reference: string | null
  status: string
  code: string
  said: string
  at: Date | null
}): TextReport {
  const state = one.status === 'delivered' ? 'delivered' : failed.includes(one.status) ? 'failed' : 'accepted'
  const fault = state === 'failed' ? faultIn(telnyxFaults, one.code) : null
  const { providerId, reference, code, at, said, status } = one
  const permanent = fault !== null && isLasting(fault)
  return { kind: 'report', providerId, reference, state, fault, permanent, code, said: said || status, at }
}

const failed = ['delivery_failed', 'sending_failed', 'expired', 'failed', 'gw_reject', 'gw_timeout']

const keywords: Readonly<Record<string, TextIn['answeredItself']>> = { stop: 'stop', help: 'help', start: 'start' }
