// The sandbox's hooks: JSON with an HMAC over the time and the raw body, so that they come in by the same door and are
// believed for the same reasons as a real provider's.
import { createHmac } from 'node:crypto'
import { faultIn, isLasting } from './faults.ts'
import { instant, isSame, listAt, wordAt } from './hook-words.ts'
import { sandboxFaults } from './sandbox-numbers.ts'
import type { HookRead, HookRequest, TextIn, TextReport } from './text-provider.ts'

const OLDEST_MS = 300_000

export interface SandboxEvent {
  kind: 'text' | 'report'
  id: string
  at: Date
  from?: string
  to?: string
  body?: string
  media?: TextIn['media']
  answeredItself?: TextIn['answeredItself']
  reference?: string
  state?: TextReport['state']
  code?: string
}

const proof = (secret: string, time: string, body: Buffer) =>
  createHmac('sha256', secret).update(`${time}|`).update(body).digest('hex')

export function sandboxHook(
  event: object,
  { secret, hookUrl, now }: { secret: string; hookUrl: string; now: Date },
): HookRequest {
  const body = Buffer.from(JSON.stringify(event))
  const time = String(now.getTime())
  const headers = {
    'content-type': 'application/json',
    'sandbox-timestamp': time,
    'sandbox-signature': proof(secret, time, body),
  }
  return { method: 'POST', url: hookUrl, headers, body, now }
}

export function readSandboxHook(secret: string, { headers, body, now }: HookRequest): HookRead {
  const time = headers['sandbox-timestamp'] ?? ''
  if (!isSame(headers['sandbox-signature'] ?? '', proof(secret, time, body)))
    return { kind: 'forged', why: 'wrong signature' }
  if (!(Math.abs(now.getTime() - Number(time)) <= OLDEST_MS)) return { kind: 'forged', why: 'too old' }
  try {
    const one = readEvent(JSON.parse(body.toString()))
    return one ? { kind: 'read', brings: [one] } : { kind: 'unreadable', why: 'neither a text nor a report' }
  } catch {
    return { kind: 'unreadable', why: 'the body is not JSON' }
  }
}

export function readEvent(event: unknown): TextIn | TextReport | null {
  const word = (name: string) => wordAt(event, name)
  const [providerId, at] = [word('id'), instant(word('at'))]
  if (providerId === '') return null
  if (word('kind') === 'text') {
    const media = listAt(event, 'media').map((one) => ({ url: wordAt(one, 'url'), type: wordAt(one, 'type') }))
    const answeredItself = (word('answeredItself') || null) as TextIn['answeredItself']
    const [from, to, body] = [word('from'), word('to'), word('body')]
    return { kind: 'text', providerId, from, to, body, media, answeredItself, sentAt: at }
  }
  if (word('kind') !== 'report') return null
  const [state, code, reference] = [word('state') as TextReport['state'], word('code'), word('reference')]
  const fault = state === 'failed' ? faultIn(sandboxFaults, code) : null
  const permanent = fault !== null && isLasting(fault)
  return { kind: 'report', providerId, reference, state, fault, permanent, code, said: code || state, at }
}
