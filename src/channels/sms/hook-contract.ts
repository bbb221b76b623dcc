// What every provider must do with a hook, as tests: believe only its own, read it word for word, lose nothing odd, and
// give the same text the same id each time. A part of the contract of providers.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { TextCarrier } from './provider-contract.ts'
import type { HookRequest } from './text-provider.ts'

const ROSA = '+16145550101'
const LIBRARY = '+16145550100'

export function readsHooks(carrier: () => TextCarrier) {
  const answer = { id: 'in-1', from: ROSA, to: LIBRARY, body: 'Yes please! ¿Mañana? 📚\n+ & = %20' }
  const read = (request: HookRequest) => carrier().provider.readHook(request)

  test('a text that comes in is read word for word, and read again it has the same id', () => {
    const first = read(carrier().textHook(answer))
    expect(first).toMatchObject({
      kind: 'read',
      brings: [
        { kind: 'text', providerId: expect.stringMatching(/./), from: answer.from, to: answer.to, body: answer.body },
      ],
    })
    expect(read(carrier().textHook(answer))).toEqual(first)
    const other = read(carrier().textHook({ ...answer, id: 'in-2' }))
    expect(other.kind === 'read' && other.brings[0]!.providerId).not.toBe(
      first.kind === 'read' && first.brings[0]!.providerId,
    )
  })

  test('odd words survive: none at all, halves of characters, a NUL, ten thousand letters', () => {
    for (const body of ['', ' ', '\ud83d', 'a\0b', '\u202e', 'x'.repeat(10_000), '<script>', "'; --"]) {
      const hook = read(carrier().textHook({ ...answer, body }))
      const storable = body.toWellFormed().replaceAll('\0', '\ufffd')
      expect(hook, JSON.stringify(body.slice(0, 20))).toMatchObject({ kind: 'read', brings: [{ body: storable }] })
    }
  })

  test('what became of a text is told with our reference, and a fault with what it means for the number', () => {
    const report = (state: 'accepted' | 'delivered' | 'landline' | 'odd') => {
      const hook = read(carrier().reportHook({ id: 'out-1', reference: 'text-1', state }))
      return hook.kind === 'read' ? hook.brings[0] : hook
    }
    const ours = { kind: 'report', reference: 'text-1' }
    expect(report('accepted')).toMatchObject({ ...ours, state: 'accepted', fault: null })
    expect(report('delivered')).toMatchObject({ ...ours, state: 'delivered', fault: null })
    expect(report('landline')).toMatchObject({ ...ours, state: 'failed', permanent: true })
    expect(report('odd')).toMatchObject({ ...ours, state: 'failed', fault: 'unknown', permanent: false })
  })

  test('forged hooks are refused, and so is one whose proof is missing', () => {
    for (const hook of [
      carrier().textHook(answer),
      carrier().reportHook({ id: 'o', reference: 'r', state: 'delivered' }),
    ])
      for (const forged of carrier().forgeries(hook)) expect(read(forged)).toMatchObject({ kind: 'forged' })
  })

  test('a true hook that nobody understands is kept, not refused', () => {
    expect(read(carrier().strangeHook())).toMatchObject({ kind: 'unreadable', why: expect.stringMatching(/./) })
  })

  test('whatever comes to the door, reading never throws and believes nothing', () => {
    const { url } = carrier().textHook(answer)
    const own = new URL(url).origin + new URL(url).pathname
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.dictionary(fc.string(), fc.string()), (bytes, headers) => {
        const request = { method: 'POST', url: own, headers, body: Buffer.from(bytes), now: new Date() }
        expect(read(request)).toMatchObject({ kind: 'forged' })
      }),
    )
  })
}
