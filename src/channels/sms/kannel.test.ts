import { expect, test } from 'vitest'
import { type Heard, textDouble } from '../../../test/text-double.ts'
import { openEgress } from '../../lib/egress.ts'
import { kannelProvider } from './kannel.ts'
import { carriesTexts, NUMBERS } from './provider-contract.ts'
import type { HookRequest } from './text-provider.ts'

const secret = 'a-secret-of-20-letters-or-more'
const hookUrl = 'http://127.0.0.1:8080/hooks/texts/kannel'

const says = (status: number, body: string) => ({ status, type: 'text/html', body })
function answer({ headers }: Heard) {
  const to = headers['x-kannel-to']
  if (to === NUMBERS.notInUse) return says(403, 'Number(s) has/have been denied by white- and/or black-lists.')
  if (to === NUMBERS.busy) return says(503, 'Temporal failure, try again later.')
  if (to === NUMBERS.oddCode) return says(400, 'A sentence of next year.')
  if (to === NUMBERS.lineDies) return null
  return says(202, '0: Accepted for delivery')
}

const query = (words: Record<string, string>) =>
  Object.entries(words)
    .map(([name, value]) => `${name}=${encodeURIComponent(value.toWellFormed())}`)
    .join('&')
const hook = (words: Record<string, string>): HookRequest => ({
  method: 'GET',
  url: `${hookUrl}?secret=${secret}&${query(words)}`,
  headers: {},
  body: Buffer.alloc(0),
  now: new Date(),
})

async function start() {
  const double = await textDouble(answer)
  const egress = openEgress({ neighbours: [double.origin, 'http://127.0.0.1:1'] })
  const options = { name: 'gentle', password: 'word', secret, egress, hookUrl }
  const provider = kannelProvider({ ...options, url: double.origin })
  return { double, provider, nowhere: kannelProvider({ ...options, url: 'http://127.0.0.1:1' }) }
}

carriesTexts('Kannel', async () => {
  const { double, ...providers } = await start()
  return {
    ...providers,
    arrived: (reference) =>
      double.heard
        .filter(({ headers }) => String(headers['x-kannel-dlr-url']).includes(`reference=${reference}&`))
        .map(({ body }) => body),
    answerNext: (status, body) => double.answerNext(says(status, body)),
    textHook: ({ id, from, to, body }) => hook({ from, to, id, at: '1795539478', charset: 'UTF-8', coding: '0', body }),
    reportHook: ({ id, reference, state }) =>
      hook({
        reference,
        state: { accepted: '8', delivered: '1', landline: '16', odd: '2' }[state],
        at: '1795539478',
        id,
        said: { accepted: 'ACK/', delivered: '', landline: 'NACK/0x0000000b/Invalid', odd: 'id:1 stat:LATER err:9' }[
          state
        ],
      }),
    strangeHook: () => hook({ state: '64', reference: 'text-1' }),
    forgeries: (request) => [
      { ...request, url: request.url.replace(`secret=${secret}&`, '') },
      { ...request, url: request.url.replace(secret, '') },
      { ...request, url: request.url.replace(secret, `${secret}x`) },
      { ...request, url: request.url.replace(secret, secret.slice(1)) },
      { ...request, url: hookUrl, headers: { secret } },
    ],
    stop: double.stop,
  }
})

test('a text in Unicode comes as raw bytes of UTF-16, and an unknown alphabet loses no byte', async () => {
  const { double, provider } = await start()
  const words = `from=%2B16145550101&to=%2B16145550100&id=1&at=1795539505`
  const read = (more: string) => provider.readHook({ ...hook({}), url: `${hookUrl}?secret=${secret}&${words}&${more}` })
  expect(read('charset=UTF-16BE&coding=2&body=%04%16%04C%00!%D8%3D%DC%DA')).toMatchObject({
    brings: [{ body: 'Жу!📚' }],
  })
  expect(read('charset=UTF-8&body=a+b%2B%C3%A9')).toMatchObject({
    brings: [{ body: 'a b+é', sentAt: new Date(1795539505000) }],
  })
  expect(read('charset=gsm-of-1987&body=%E9%FF')).toMatchObject({ brings: [{ body: 'éÿ' }] })
  expect(read('charset=UTF-8&body=%FF%zz%')).toMatchObject({ brings: [{ body: '\ufffd%zz%' }] })
  await double.stop()
})

test('neither password nor words stand in the address that Kannel logs', async () => {
  const { double, provider } = await start()
  await provider.handOver(
    { reference: 'a%d', from: '+16145550100', to: NUMBERS.rosa, body: 'secret words' },
    () => true,
  )
  expect(double.heard[0]!.path).toBe('/cgi-bin/sendsms')
  // A percent sign of ours must not be filled in by Kannel.
  expect(double.heard[0]!.headers['x-kannel-dlr-url']).toContain('reference=a%%25d&state=%d&')
  await double.stop()
})

test('a secret that is short or would be changed in an address is told at the start', () => {
  const options = { url: 'http://127.0.0.1:13013', name: 'gentle', password: 'word', egress: openEgress(), hookUrl }
  for (const weak of ['', 'short', 'with%20signs-and-enough-letters', 'with blanks and enough letters'])
    expect(() => kannelProvider({ ...options, secret: weak })).toThrow('20 or more')
})
