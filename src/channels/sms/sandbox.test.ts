import { afterEach, expect, test } from 'vitest'
import { carriesTexts, LIBRARY, NUMBERS, textTo } from './provider-contract.ts'
import { type Sandbox, type SandboxOptions, sandboxProvider } from './sandbox.ts'
import { sandboxHook } from './sandbox-hook.ts'
import { sandboxNumbers } from './sandbox-numbers.ts'
import type { TextIn, TextReport } from './text-provider.ts'

const secret = 'a secret of the sandbox'
const hookUrl = 'http://127.0.0.1:8080/hooks/texts/sandbox'
const now = new Date('2026-11-24T15:00:00Z')
const always = () => true

carriesTexts('The sandbox', async () => {
  const provider = sandboxProvider({ secret, hookUrl, deliver: async () => true, slowMs: 20 })
  const signed = (event: object) => sandboxHook({ ...event, at: now, fieldOfNextYear: {} }, { secret, hookUrl, now })
  return {
    provider,
    arrived: (reference) =>
      provider
        .texts()
        .filter((text) => text.reference === reference)
        .map(({ body }) => body),
    textHook: (text) => signed({ kind: 'text', ...text }),
    reportHook: ({ id, reference, state }) =>
      signed({
        kind: 'report',
        id,
        reference,
        state: state === 'landline' || state === 'odd' ? 'failed' : state,
        code: { accepted: '', delivered: '', landline: 'landline', odd: 'code-of-next-year' }[state],
      }),
    strangeHook: () => signed({ kind: 'call', id: '1' }),
    forgeries: (request) => [
      { ...request, headers: {} },
      { ...request, body: Buffer.concat([request.body, Buffer.from(' ')]) },
      { ...request, headers: { ...request.headers, 'sandbox-timestamp': String(now.getTime() + 1) } },
      { ...request, now: new Date(now.getTime() + 301_000) },
    ],
    stop: () => provider.close(),
  }
})

const open: Sandbox[] = []
afterEach(async () => {
  for (const sandbox of open.splice(0)) await sandbox.close()
})

/** A sandbox whose hooks we read as our door would. */
function listening(more: Partial<SandboxOptions> = {}) {
  const heard: (TextIn | TextReport)[] = []
  const sandbox: Sandbox = sandboxProvider({
    secret,
    hookUrl,
    slowMs: 50,
    againMs: 5,
    async deliver(request) {
      const hook = sandbox.readHook(request)
      if (hook.kind === 'read') heard.push(...hook.brings)
      return hook.kind === 'read'
    },
    ...more,
  })
  open.push(sandbox)
  const states = () => heard.map((one) => (one.kind === 'report' ? one.state : one.body))
  return { sandbox, heard, states }
}

const known = (digits: string) => `+1614555${digits}`

test('Rosa’s text is on her phone, and is reported accepted and then delivered', async () => {
  const { sandbox, states } = listening()
  await sandbox.handOver(textTo(NUMBERS.rosa, 'Your book is here.'), always)
  expect(sandbox.texts()).toMatchObject([
    { way: 'out', phone: NUMBERS.rosa, library: LIBRARY, body: 'Your book is here.' },
  ])
  await expect.poll(states).toEqual(['accepted', 'delivered'])
})

test('a landline takes the text and is then reported, for good', async () => {
  const { sandbox, heard } = listening()
  expect(await sandbox.handOver(textTo(known('0150')), always)).toMatchObject({ kind: 'accepted' })
  await expect.poll(() => heard[1]).toMatchObject({ state: 'failed', fault: 'landline', permanent: true })
})

test('a wrong number is refused for good, one that is switched off for now', async () => {
  const { sandbox } = listening()
  const wrong = await sandbox.handOver(textTo(known('0151')), always)
  expect(wrong).toMatchObject({ kind: 'refused', permanent: true, code: 'not-in-use' })
  expect(sandbox.faultOf!('not-in-use')).toBe('wrong number')
  const off = await sandbox.handOver(textTo(known('0152')), always)
  expect(off).toMatchObject({ kind: 'refused', permanent: false })
  expect(sandbox.faultOf!('out-of-reach')).toBe('unreachable')
})

test('a slow phone takes its time, and a closed sandbox does not wait for it', async () => {
  const { sandbox } = listening({ slowMs: 60_000 })
  const slow = sandbox.handOver(textTo(known('0153')), always)
  await sandbox.close()
  expect(await slow).toMatchObject({ kind: 'accepted' })
})

test('one phone writes everything twice, under another id', async () => {
  const { sandbox, heard } = listening()
  sandbox.write({ from: known('0154'), to: LIBRARY, body: 'Yes' })
  await expect.poll(() => heard).toMatchObject([{ body: 'Yes' }, { body: 'Yes' }])
  expect((heard[0] as TextIn).providerId).not.toBe((heard[1] as TextIn).providerId)
})

test('one phone’s reports come out of order', async () => {
  const { sandbox, states } = listening()
  await sandbox.handOver(textTo(known('0155')), always)
  await expect.poll(states).toEqual(['delivered', 'accepted'])
})

test('where the line died the text arrived all the same, and its report says so under our reference', async () => {
  const { sandbox, heard } = listening()
  const text = textTo(known('0157'))
  expect(await sandbox.handOver(text, always)).toMatchObject({ kind: 'unknown' })
  await expect.poll(() => heard[1]).toMatchObject({ state: 'delivered', reference: text.reference })
})

test('what no hook told is found by asking, with the same id', async () => {
  const { sandbox, heard } = listening()
  sandbox.write({ from: known('0158'), to: LIBRARY, body: 'Hello?' })
  sandbox.write({ from: NUMBERS.rosa, to: LIBRARY, body: 'Hi' })
  await expect.poll(() => heard).toMatchObject([{ body: 'Hi' }])
  const found = await sandbox.fetchSince!(new Date(Date.now() - 60_000))
  expect(found).toMatchObject([{ body: 'Hello?' }, { body: 'Hi' }])
  expect(found[1]).toEqual(heard[0])
  expect(await sandbox.fetchSince!(new Date(Date.now() + 60_000))).toEqual([])
})

test('a provider that answers STOP by itself says so, and blocks what is sent after it until START', async () => {
  const { sandbox, heard } = listening()
  const mei = known('0159')
  sandbox.write({ from: mei, to: LIBRARY, body: ' Stop ' })
  await expect.poll(() => heard[0]).toMatchObject({ body: ' Stop ', answeredItself: 'stop' })
  const outcome = await sandbox.handOver(textTo(mei), always)
  expect(outcome).toMatchObject({ kind: 'refused', permanent: true, code: 'stopped-here' })
  expect(sandbox.faultOf!('stopped-here')).toBe('opted out')
  sandbox.write({ from: mei, to: LIBRARY, body: 'START' })
  expect(await sandbox.handOver(textTo(mei), always)).toMatchObject({ kind: 'accepted' })
})

test('while the door is closed the sandbox tries again, and the text comes in once', async () => {
  let closed = 3
  const bodies: string[] = []
  const { sandbox } = listening({
    async deliver(request) {
      if (closed-- > 0) throw new Error('closed')
      bodies.push(JSON.parse(request.body.toString()).body)
      return true
    },
  })
  sandbox.write({ from: NUMBERS.rosa, to: LIBRARY, body: 'Are you there?' })
  await expect.poll(() => bodies).toEqual(['Are you there?'])
})

test('a picture comes in with its address', async () => {
  const { sandbox, heard } = listening()
  const media = [{ url: 'https://pictures.example.org/cat.jpg', type: 'image/jpeg' }]
  sandbox.write({ from: NUMBERS.rosa, to: LIBRARY, body: '', media })
  await expect.poll(() => heard[0]).toMatchObject({ body: '', media })
})

test('every number that does something says what', () => {
  expect(sandboxNumbers.map(({ number }) => number)).toEqual(Array.from({ length: 10 }, (_, i) => `555-015${i}`))
})
