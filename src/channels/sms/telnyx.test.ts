import { generateKeyPairSync, sign } from 'node:crypto'
import { expect, test } from 'vitest'
import { type Heard, textDouble } from '../../../test/text-double.ts'
import { openEgress } from '../../lib/egress.ts'
import { carriesTexts, NUMBERS } from './provider-contract.ts'
import { telnyxProvider } from './telnyx.ts'
import type { HookRequest } from './text-provider.ts'

const { publicKey, privateKey } = generateKeyPairSync('ed25519')
const shownKey = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64')
const hookUrl = 'https://texts.library.example.org/hooks/texts/telnyx'
const now = new Date('2026-11-24T15:00:00Z')

const failure = (status: number, code: number) => ({
  status,
  body: JSON.stringify({ errors: [{ code: String(code), title: 'No', detail: 'No.' }] }),
})

let serial = 0
function answer({ body }: Heard) {
  const { to } = JSON.parse(body)
  if (to === NUMBERS.notInUse) return failure(400, 40310)
  if (to === NUMBERS.busy) return failure(429, 10011)
  if (to === NUMBERS.oddCode) return failure(422, 49_999)
  if (to === NUMBERS.lineDies) return null
  const data = {
    record_type: 'message',
    id: `id-${++serial}`,
    to: [{ phone_number: to, status: 'queued' }],
    errors: [],
  }
  return { status: 200, body: JSON.stringify({ data }) }
}

function hook(kind: string, payload: object, at = now): HookRequest {
  const data = {
    record_type: 'event',
    event_type: kind,
    id: `event-${++serial}`,
    occurred_at: at.toISOString(),
    payload,
  }
  return signed(Buffer.from(JSON.stringify({ data, meta: { attempt: 1 } })), at)
}
function signed(body: Buffer, at = now): HookRequest {
  const time = String(Math.floor(at.getTime() / 1000))
  const signature = sign(null, Buffer.concat([Buffer.from(`${time}|`), body]), privateKey).toString('base64')
  return {
    method: 'POST',
    url: hookUrl,
    headers: { 'telnyx-timestamp': time, 'telnyx-signature-ed25519': signature },
    body,
    now,
  }
}

async function start() {
  const double = await textDouble(answer)
  const egress = openEgress({ neighbours: [double.origin, 'http://127.0.0.1:1'] })
  const options = { apiKey: 'KEY', publicKey: shownKey, egress, hookUrl }
  const provider = telnyxProvider({ ...options, base: double.origin })
  return { double, provider, nowhere: telnyxProvider({ ...options, base: 'http://127.0.0.1:1' }) }
}

carriesTexts('Telnyx', async () => {
  const { double, ...providers } = await start()
  return {
    ...providers,
    arrived: (reference) =>
      double.heard
        .map(({ body }) => JSON.parse(body))
        .filter(({ tags }) => tags[0] === reference)
        .map(({ text }) => text),
    answerNext: (status, body) => double.answerNext({ status, body }),
    textHook: ({ id, from, to, body }) =>
      hook('message.received', {
        id,
        from: { phone_number: from, carrier: 'X' },
        to: [{ phone_number: to }],
        text: body,
        field_of_next_year: [{}],
      }),
    reportHook: ({ id, reference, state }) =>
      hook(state === 'accepted' ? 'message.sent' : 'message.finalized', {
        id,
        tags: [reference],
        to: [
          {
            status: { accepted: 'sent', delivered: 'delivered', landline: 'delivery_failed', odd: 'sending_failed' }[
              state
            ],
          },
        ],
        errors: {
          accepted: [],
          delivered: [],
          landline: [{ code: '40001', title: 'Not routable' }],
          odd: [{ code: '4' }],
        }[state],
      }),
    strangeHook: () => hook('call.initiated', { id: 'call-1' }),
    forgeries: (request) => [
      { ...request, headers: {} },
      { ...request, body: Buffer.concat([request.body, Buffer.from(' ')]) },
      { ...request, headers: { ...request.headers, 'telnyx-timestamp': String(Math.floor(now.getTime() / 1000) + 1) } },
      { ...request, headers: { ...request.headers, 'telnyx-signature-ed25519': 'AAAA' } },
      { ...request, now: new Date(now.getTime() + 301_000) },
      { ...request, now: new Date(now.getTime() - 301_000) },
    ],
    stop: double.stop,
  }
})

const words = { id: 'in-1', from: { phone_number: NUMBERS.rosa }, to: [{ phone_number: '+16145550100' }], text: 'STOP' }

test('a repeated hook has another id of its own and the same id of its text', async () => {
  const { double, provider } = await start()
  expect(provider.readHook(hook('message.received', words))).toEqual(provider.readHook(hook('message.received', words)))
  await double.stop()
})

test('a hook of four minutes ago still counts, and a keyword that Telnyx answered says so', async () => {
  const { double, provider } = await start()
  const late = hook('message.received', { ...words, autoresponse_type: 'STOP' }, new Date(now.getTime() - 240_000))
  expect(provider.readHook(late)).toMatchObject({ kind: 'read', brings: [{ body: 'STOP', answeredItself: 'stop' }] })
  await double.stop()
})

test('a true hook that is no JSON is kept', async () => {
  const { double, provider } = await start()
  for (const body of ['', '{', 'null', '7', '"x"', '[]'])
    expect(provider.readHook(signed(Buffer.from(body)))).toMatchObject({ kind: 'unreadable' })
  await double.stop()
})

test('what was missed is found in the detail records, page by page, and each text asked for by its id', async () => {
  const { double, provider } = await start()
  const outbound = { uuid: 'out', direction: 'outbound', status: 'delivered', tags: 'text-1', errors: [] }
  const failed = { uuid: 'bad', direction: 'outbound', status: 'delivery_failed', tags: 'text-2', errors: ['40001'] }
  const full = Array.from({ length: 49 }, () => outbound)
  double.answerNext({ status: 200, body: JSON.stringify({ data: [...full, failed] }) })
  const inbound = { uuid: 'in-1', direction: 'inbound', created_at: '2026-11-24T12:00:00Z' }
  const known = { uuid: 'in-0', direction: 'inbound', created_at: '2026-11-24T09:00:00Z' }
  double.answerNext({ status: 200, body: JSON.stringify({ data: [known, inbound] }) })
  double.answerNext({ status: 200, body: JSON.stringify({ data: words }) })
  const found = await provider.fetchSince!(new Date('2026-11-24T11:00:00Z'))
  expect(found).toHaveLength(51)
  expect(found[0]).toMatchObject({ kind: 'report', state: 'delivered', reference: 'text-1' })
  expect(found[49]).toMatchObject({ kind: 'report', fault: 'landline', permanent: true, reference: 'text-2' })
  expect(found[50]).toMatchObject({ kind: 'text', providerId: 'in-1', body: 'STOP' })
  expect(double.heard.map(({ path }) => path.split('?')[0])).toEqual([
    '/v2/detail_records',
    '/v2/detail_records',
    '/v2/messages/in-1',
  ])
  await double.stop()
})

test('a public key that is none is told at the start', () => {
  const options = { apiKey: 'KEY', egress: openEgress(), hookUrl }
  expect(() => telnyxProvider({ ...options, publicKey: 'AAAA' })).toThrow('32 bytes')
})
