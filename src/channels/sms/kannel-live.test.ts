// The whole way through a real gateway: our hand-over, Kannel, a fake phone network, its receipts, and a phone that writes.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasKannel, type Kannel, mustHaveKannel, startKannel } from '../../../test/kannel.ts'
import { openEgress } from '../../lib/egress.ts'
import { kannelProvider } from './kannel.ts'
import { NUMBERS, textTo } from './provider-contract.ts'
import type { HookRead, TextIn, TextProvider, TextReport } from './text-provider.ts'

test.runIf(mustHaveKannel)('Kannel is installed where our own tests run', () => expect(hasKannel).toBe(true))

describe.skipIf(!hasKannel)('texts go through Debian’s Kannel', () => {
  const secret = 'a-secret-of-20-letters-or-more'
  const hooks: HookRead[] = []
  let door: Server
  let refuseNext = 0
  let kannel: Kannel
  let provider: TextProvider

  beforeAll(async () => {
    door = createServer((request, response) => {
      const url = `${hookUrl}${request.url!.slice(request.url!.indexOf('?'))}`
      if (refuseNext-- > 0) return response.writeHead(503).end('<p>Not now.</p>')
      const headers = request.headers as Record<string, string>
      hooks.push(provider.readHook({ method: request.method!, url, headers, body: Buffer.alloc(0), now: new Date() }))
      response.writeHead(200, { 'content-type': provider.hookAnswer.type }).end(provider.hookAnswer.body)
    })
    await new Promise<void>((listening) => door.listen(0, '127.0.0.1', listening))
    const hookUrl = `http://127.0.0.1:${(door.address() as AddressInfo).port}/hooks/texts/kannel`
    kannel = await startKannel({ hookUrl, secret })
    const egress = openEgress({ neighbours: [kannel.url] })
    const login = { name: 'gentle', password: 'a-password-for-gentle' }
    provider = kannelProvider({ url: kannel.url, ...login, secret, egress, hookUrl })
  })
  afterAll(async () => {
    await kannel.stop()
    door.close()
  })

  const brought = () => hooks.flatMap((hook) => (hook.kind === 'read' ? hook.brings : []))
  const texts = () => brought().filter((one): one is TextIn => one.kind === 'text')
  const reports = (reference: string) =>
    brought().filter((one): one is TextReport => one.kind === 'report' && one.reference === reference)
  const handOver = (body: string, to: string = NUMBERS.rosa) => {
    const text = textTo(to, body)
    return provider.handOver(text, () => true).then((outcome) => ({ outcome, reference: text.reference }))
  }

  test('a text reaches the phone, and both receipts come back under our reference', async () => {
    const { outcome, reference } = await handOver('Your book is here. ¿Sí? [é] 10 € + tax')
    expect(outcome).toMatchObject({ kind: 'accepted', providerId: reference })
    await expect
      .poll(
        () =>
          reports(reference)
            .map(({ state }) => state)
            .sort(),
        { timeout: 10_000 },
      )
      .toEqual(['accepted', 'delivered'])
  })

  test('plain and Unicode texts arrive word for word', async () => {
    for (const body of ['Hello é ñ [10 €] {a} + & %41', 'Mañana sí, 📚 日本'])
      expect((await handOver(body)).outcome).toMatchObject({ kind: 'accepted' })
    await expect
      .poll(() => kannel.reached(), { timeout: 10_000 })
      .toContain(`+16145550100 ${NUMBERS.rosa} text Hello é ñ [10 €] {a} + & %41`)
    const ucs2 = () => kannel.reached().flatMap((part) => / ucs-2 (.*)$/.exec(part)?.[1] ?? [])
    const asText = (words: string) => {
      const bytes = words
        .replaceAll('+', ' ')
        .replace(/%(..)/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
      return new TextDecoder('utf-16be').decode(Buffer.from(bytes, 'latin1'))
    }
    await expect.poll(() => ucs2().map(asText), { timeout: 10_000 }).toContain('Mañana sí, 📚 日本')
  })

  test('a long text leaves in as many parts as we count, and is told about once', async () => {
    const before = kannel.reached().length
    const { reference } = await handOver('word '.repeat(70))
    await expect.poll(() => kannel.reached().length - before, { timeout: 10_000 }).toBe(3)
    await expect.poll(() => reports(reference).filter(({ state }) => state === 'delivered').length).toBe(1)
  })

  test('what Kannel has no way for is refused for now, because its set-up is ours to mend', async () => {
    const { outcome } = await handOver('Hello', NUMBERS.busy)
    expect(outcome).toMatchObject({ kind: 'refused', permanent: false, said: expect.stringContaining('Not routable') })
  })

  test('what its own list denies is refused for good', async () => {
    const { outcome } = await handOver('Hello', NUMBERS.notInUse)
    expect(outcome).toMatchObject({ kind: 'refused', permanent: true, code: 'denied' })
    expect(provider.faultOf!('denied')).toBe('blocked')
  })

  test('a wrong password fails nobody for good', async () => {
    const egress = openEgress({ neighbours: [kannel.url] })
    const login = { name: 'gentle', password: 'wrong', secret, egress, hookUrl: 'http://127.0.0.1:9' }
    const outcome = await kannelProvider({ url: kannel.url, ...login }).handOver(textTo(NUMBERS.rosa), () => true)
    expect(outcome).toMatchObject({ kind: 'refused', permanent: false, code: 'http-403' })
  })

  test('Rosa writes back, plainly and with accents, and her words come in once each', async () => {
    for (const body of ['Yes please & thank you + 100%', 'Жду вас 📚']) {
      kannel.write({ from: NUMBERS.rosa, to: '+16145550100', body })
      await expect.poll(() => texts().map((text) => text.body), { timeout: 10_000 }).toContain(body)
    }
    expect(texts().every(({ from, to }) => from === NUMBERS.rosa && to === '+16145550100')).toBe(true)
    expect(new Set(texts().map(({ providerId }) => providerId)).size).toBe(2)
    expect(texts().every(({ sentAt }) => Math.abs(Date.now() - sentAt!.getTime()) < 120_000)).toBe(true)
  })

  test('while our door is closed Kannel keeps a text and brings it later, and no error page goes to the phone', async () => {
    const before = kannel.reached().length
    refuseNext = 1
    kannel.write({ from: NUMBERS.rosa, to: '+16145550100', body: 'Are you there?' })
    await expect.poll(() => texts().map((text) => text.body), { timeout: 15_000 }).toContain('Are you there?')
    expect(kannel.reached().length).toBe(before)
  })
})
