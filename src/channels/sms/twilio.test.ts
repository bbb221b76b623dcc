import { createHash, createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Heard, textDouble } from '../../../test/text-double.ts'
import { openEgress } from '../../lib/egress.ts'
import { carriesTexts, NUMBERS, textTo } from './provider-contract.ts'
import type { HookRequest } from './text-provider.ts'
import { twilioProvider } from './twilio.ts'
import { twilioSignature } from './twilio-hook.ts'

const description = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../test/twilio/messages.openapi.json'), 'utf8'),
)
const LIST = '/2010-04-01/Accounts/{AccountSid}/Messages.json'
const account = `AC${'0'.repeat(31)}1`
const token = '12345'
const hookUrl = 'https://texts.library.example.org/hooks/texts/twilio'

/** A message as Twilio's own example shows it, with our words in it. */
function message(words: object): string {
  const examples = description.paths[LIST].post.responses['201'].content['application/json'].examples
  return JSON.stringify({ ...examples.create.value, ...words })
}
const failure = (status: number, code: number) => ({ status, body: JSON.stringify({ code, message: 'No.', status }) })

let serial = 0
const sid = () => `SM${(++serial).toString(16).padStart(32, '0')}`

function answer({ body }: Heard) {
  const form = new URLSearchParams(body)
  const to = form.get('To')
  if (to === NUMBERS.notInUse) return failure(400, 21614)
  if (to === NUMBERS.busy) return failure(429, 20429)
  if (to === NUMBERS.oddCode) return failure(400, 99_999)
  if (to === NUMBERS.lineDies) return null
  return { status: 201, body: message({ sid: sid(), to, from: form.get('From'), body: form.get('Body') }) }
}

async function start() {
  const double = await textDouble(answer)
  const egress = openEgress({ neighbours: [double.origin, 'http://127.0.0.1:1'] })
  const provider = twilioProvider({ account, token, egress, hookUrl, base: double.origin })
  return { double, provider, nowhere: twilioProvider({ account, token, egress, hookUrl, base: 'http://127.0.0.1:1' }) }
}

function hook(fields: Record<string, string>, url = hookUrl): HookRequest {
  const form = new URLSearchParams(fields)
  const signature = twilioSignature(token, url, form)
  const headers = { 'x-twilio-signature': signature }
  return { method: 'POST', url, headers, body: Buffer.from(form.toString()), now: new Date() }
}

carriesTexts('Twilio', async () => {
  const { double, ...providers } = await start()
  const referenceOf = (body: string) =>
    new URL(new URLSearchParams(body).get('StatusCallback')!).searchParams.get('reference')
  return {
    ...providers,
    arrived: (reference) =>
      double.heard
        .filter(({ body }) => referenceOf(body) === reference)
        .map(({ body }) => new URLSearchParams(body).get('Body')!),
    answerNext: (status, body) => double.answerNext({ status, body }),
    textHook: ({ id, from, to, body }) =>
      hook({
        MessageSid: id,
        SmsSid: id,
        SmsStatus: 'received',
        From: from,
        To: to,
        Body: body,
        NumMedia: '0',
        FieldOfNextYear: 'x',
      }),
    reportHook: ({ id, reference, state }) =>
      hook(
        {
          MessageSid: id,
          MessageStatus: { accepted: 'sent', delivered: 'delivered', landline: 'undelivered', odd: 'failed' }[state],
          ErrorCode: { accepted: '', delivered: '', landline: '30006', odd: '39999' }[state],
          FieldOfNextYear: 'x',
        },
        `${hookUrl}?reference=${reference}`,
      ),
    strangeHook: () => hook({ CallSid: 'CA1', Digits: '1' }),
    forgeries: (request) => [
      { ...request, headers: {} },
      { ...request, headers: { 'x-twilio-signature': 'x' } },
      { ...request, body: Buffer.concat([request.body, Buffer.from('&OptOutType=STOP')]) },
      { ...request, url: `${request.url}#`.replace('texts.library', 'other.library') },
      { ...request, url: `${hookUrl}?reference=another` },
    ],
    stop: double.stop,
  }
})

test('the signature is the one that Twilio publishes as an example', () => {
  const url = 'https://mycompany.com/myapp.php?foo=1&bar=2'
  const fields = {
    CallSid: 'CA1234567890ABCDE',
    Caller: '+14158675309',
    Digits: '1234',
    From: '+14158675309',
    To: '+18005551212',
  }
  expect(twilioSignature('12345', url, Object.entries(fields))).toBe('RSOYDt4T1cUTdK1PDd93/VVr8B8=')
})

test('a body of JSON is proven by its hash in the address', async () => {
  const { double, provider } = await start()
  const body = Buffer.from(JSON.stringify({ MessageSid: 'SM1', From: NUMBERS.rosa, To: '+16145550100', Body: 'Hello' }))
  const url = `${hookUrl}?bodySHA256=${createHash('sha256').update(body).digest('hex')}`
  const headers = { 'x-twilio-signature': createHmac('sha1', token).update(url).digest('base64') }
  const request = { method: 'POST', url, headers, body, now: new Date() }
  expect(provider.readHook(request)).toMatchObject({ kind: 'read', brings: [{ kind: 'text', body: 'Hello' }] })
  expect(provider.readHook({ ...request, body: Buffer.from('{"MessageSid":"SM2"}') })).toMatchObject({ kind: 'forged' })
  await double.stop()
})

test('a picture alone is a text without words, and a keyword that Twilio answered says so', async () => {
  const { double, provider } = await start()
  const picture = { MediaUrl0: 'https://api.twilio.com/x/ME1', MediaContentType0: 'image/jpeg' }
  const inbound = { MessageSid: 'MM1', From: NUMBERS.rosa, To: '+16145550100', Body: '', NumMedia: '1', ...picture }
  expect(provider.readHook(hook({ ...inbound, OptOutType: 'STOP' }))).toMatchObject({
    kind: 'read',
    brings: [{ body: '', media: [{ url: picture.MediaUrl0, type: 'image/jpeg' }], answeredItself: 'stop' }],
  })
  await double.stop()
})

test('what we ask and what we take for an answer are in Twilio’s own description', async () => {
  const { double, provider } = await start()
  await provider.handOver(textTo(NUMBERS.rosa), () => true)
  const [{ path, method, body, headers }] = double.heard as [Heard]
  const { post } = description.paths[LIST]
  expect([method, path]).toEqual(['POST', LIST.replace('{AccountSid}', account)])
  expect(account).toMatch(new RegExp(post.parameters[0].schema.pattern))
  const form = post.requestBody.content[headers['content-type']!].schema.properties
  const fields = new URLSearchParams(body)
  expect([...fields.keys()].filter((name) => !(name in form))).toEqual([])
  expect(form.SmartEncoded.type).toBe('boolean')
  expect(fields.get('SmartEncoded')).toMatch(/^(true|false)$/)
  expect(() => new URL(fields.get('StatusCallback')!)).not.toThrow()
  expect(headers.authorization).toBe(`Basic ${Buffer.from(`${account}:${token}`).toString('base64')}`)
  await double.stop()
})

test('every state in Twilio’s description is read, and only the bad ones fail a text', async () => {
  const { double, provider } = await start()
  const failed = description.components.schemas.message_enum_status.enum.filter((MessageStatus: string) => {
    const read = provider.readHook(hook({ MessageSid: 'SM1', MessageStatus }))
    return read.kind === 'read' && read.brings[0]?.kind === 'report' && read.brings[0].state === 'failed'
  })
  expect(failed.sort()).toEqual(['canceled', 'failed', 'undelivered'])
  await double.stop()
})

test('what was missed is fetched page by page, as the description says', async () => {
  const { double, provider } = await start()
  const { get } = description.paths[LIST]
  const page = get.responses['200'].content['application/json'].examples.readFullPage1.value
  double.answerNext({ status: 200, body: JSON.stringify(page) })
  const media = [{ uri: '/2010-04-01/Accounts/AC/Messages/MM/Media/ME1.json', content_type: 'image/png' }]
  double.answerNext({ status: 200, body: JSON.stringify({ media_list: media }) })
  const missed = JSON.parse(message({ sid: sid(), direction: 'inbound', body: 'Did you get this?', num_media: '0' }))
  double.answerNext({ status: 200, body: JSON.stringify({ ...page, messages: [missed], next_page_uri: null }) })
  const found = await provider.fetchSince!(new Date('2026-11-24T10:00:00Z'))
  expect(found).toMatchObject([
    { kind: 'report', state: 'accepted', code: '' },
    {
      kind: 'text',
      body: 'look mom I have media!',
      media: [{ type: 'image/png', url: expect.stringMatching(/ME1$/) }],
    },
    { kind: 'text', body: 'Did you get this?' },
  ])
  const asked = new URL(double.heard[0]!.path, double.origin).searchParams
  const known = get.parameters.map(({ name }: { name: string }) => name)
  expect([...asked.keys()].filter((name) => !known.includes(name))).toEqual([])
  expect(asked.get('DateSent>')).toBe('2026-11-24T10:00:00Z')
  expect(double.heard[2]!.path).toBe(page.next_page_uri)
  double.answerNext({ status: 503, body: '' })
  await expect(provider.fetchSince!(new Date())).rejects.toMatchObject({ code: 'unavailable' })
  await double.stop()
})
