// What every carrier of texts must do, as tests: each provider's test file runs this suite on its own double.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readsHooks } from './hook-contract.ts'
import type { HookRequest, OutgoingText, TextProvider } from './text-provider.ts'

export interface TextCarrier {
  provider: TextProvider
  /** The same with nobody at the other end. */
  nowhere?: TextProvider
  /** The words of every text that arrived under this reference. */
  arrived(reference: string): readonly string[]
  /** The other end says this to the next request. */
  answerNext?(status: number, body: string): void
  /** Hooks as the provider makes and signs them. Each carries a field that we do not know. */
  textHook(text: { id: string; from: string; to: string; body: string }): HookRequest
  reportHook(report: {
    id: string
    reference: string
    state: 'accepted' | 'delivered' | 'landline' | 'odd'
  }): HookRequest
  /** Truly the provider's, and nothing that we know. */
  strangeHook(): HookRequest
  forgeries(request: HookRequest): readonly HookRequest[]
  stop(): Promise<void>
}

/** The last digits decide what becomes of a text, at every double and in the sandbox. */
export const NUMBERS = {
  rosa: '+16145550101',
  landline: '+16145550150',
  notInUse: '+16145550151',
  busy: '+16145550152',
  oddCode: '+16145550156',
  lineDies: '+16145550157',
} as const
export const LIBRARY = '+16145550100'

let serial = 0
export const textTo = (to: string, body = 'Your book is here.'): OutgoingText => ({
  reference: `text-${process.pid}-${++serial}`,
  from: LIBRARY,
  to,
  body,
})
const always = () => true

export function carriesTexts(name: string, start: () => Promise<TextCarrier>) {
  describe(`${name} carries texts`, () => {
    let carrier: TextCarrier
    beforeAll(async () => {
      carrier = await start()
    })
    afterAll(() => carrier.stop())
    const handOver = (text: OutgoingText, ...asking: [(() => boolean)?, (() => Promise<boolean>)?]) =>
      carrier.provider.handOver(text, asking[0] ?? always, asking[1])

    test.each(['Your book is here.', 'a & b = c + 100% ;?#', 'two\nlines', '¿Así? “Yes” 📚 日本語', ' blanks  kept '])(
      'a text arrives once, word for word: %j',
      async (body) => {
        const text = textTo(NUMBERS.rosa, body)
        const outcome = await handOver(text)
        expect(outcome).toMatchObject({ kind: 'accepted', providerId: expect.stringMatching(/./) })
        expect(carrier.arrived(text.reference)).toEqual([body])
      },
    )

    test('Mei Lin stops while her text is already taken: it is not handed over', async () => {
      for (const yesses of [0, 1]) {
        let asked = 0
        const text = textTo(NUMBERS.rosa)
        expect(await handOver(text, () => asked++ < yesses)).toEqual({ kind: 'stale' })
        expect(asked).toBe(yesses + 1)
        expect(carrier.arrived(text.reference)).toEqual([])
      }
    })

    test('what cannot be noted as begun does not leave, and freshness is asked after it was noted', async () => {
      const text = textTo(NUMBERS.rosa)
      expect(await handOver(text, always, async () => false)).toEqual({ kind: 'stale' })
      expect(carrier.arrived(text.reference)).toEqual([])
      const asked: string[] = []
      const fresh = () => asked.push('fresh') > 0
      await handOver(textTo(NUMBERS.rosa), fresh, async () => asked.push('begun') > 0)
      expect(asked).toEqual(['fresh', 'begun', 'fresh'])
    })

    test('a number that is not in use is refused for good, and the next text still goes', async () => {
      const outcome = await handOver(textTo(NUMBERS.notInUse))
      expect(outcome).toMatchObject({ kind: 'refused', permanent: true })
      expect(await handOver(textTo(NUMBERS.rosa))).toMatchObject({ kind: 'accepted' })
    })

    test('a busy line is refused for now, and a code that nobody knows is, too', async () => {
      for (const to of [NUMBERS.busy, NUMBERS.oddCode]) {
        const outcome = await handOver(textTo(to))
        expect(outcome).toMatchObject({ kind: 'refused', permanent: false, code: expect.stringMatching(/./) })
      }
      expect(carrier.provider.faultOf!('a code of next year')).toBe('unknown')
    })

    test('when the line dies after the request, nobody says that it was refused or accepted', async () => {
      expect(await handOver(textTo(NUMBERS.lineDies))).toMatchObject({
        kind: 'unknown',
        why: expect.stringMatching(/./),
      })
    })

    test('when nobody is there, it is refused for now', async () => {
      const outcome = await carrier.nowhere?.handOver(textTo(NUMBERS.rosa), always)
      if (outcome) expect(outcome).toMatchObject({ kind: 'refused', permanent: false })
    })

    test.each(['', 'Rosa', '+1 614 555 0101', '+16145550101,+16145550102', '+16145550101\n', '١٢٣٤'])(
      'what is no number is refused for good and asked of nobody: %j',
      async (to) => {
        const text = textTo(to)
        const outcome = await handOver(text)
        expect(outcome).toMatchObject({ kind: 'refused', permanent: true, code: 'not-a-number' })
        expect(carrier.provider.faultOf!('not-a-number')).toBe('wrong number')
        expect(carrier.arrived(text.reference)).toEqual([])
      },
    )

    test('answers that nobody understands never throw, never count as accepted and fail nobody for good', async () => {
      if (!carrier.answerNext) return
      for (const status of [200, 201, 202, 301, 400, 401, 404, 429, 500, 502, 503])
        for (const body of [
          '',
          '{}',
          'null',
          '[]',
          '<html>Bad gateway</html>',
          '{"data":{"id":7}',
          '{"errors":[{}]}',
        ]) {
          carrier.answerNext(status, body)
          const outcome = await handOver(textTo(NUMBERS.rosa))
          const isOut = status < 300 || (status >= 500 && status !== 503)
          if (isOut) expect(outcome, `${status} ${body}`).toMatchObject({ kind: 'unknown' })
          else expect(outcome, `${status} ${body}`).toMatchObject({ kind: 'refused', permanent: false })
        }
    })

    test('many at once all arrive, each once', async () => {
      const texts = Array.from({ length: 50 }, (_, i) => textTo(NUMBERS.rosa, `number ${i}`))
      const outcomes = await Promise.all(texts.map((text) => handOver(text)))
      expect(outcomes.filter(({ kind }) => kind === 'accepted')).toHaveLength(50)
      for (const text of texts) expect(carrier.arrived(text.reference)).toEqual([text.body])
      const ids = outcomes.map((outcome) => outcome.kind === 'accepted' && outcome.providerId)
      expect(new Set(ids).size).toBe(50)
    })

    test('closing waits for the text under way, and what comes later is refused for now', async () => {
      const other = await start()
      const text = textTo(NUMBERS.rosa)
      const underWay = other.provider.handOver(text, always)
      await other.provider.close()
      expect(other.arrived(text.reference)).toEqual([text.body])
      expect(await underWay).toMatchObject({ kind: 'accepted' })
      const late = await other.provider.handOver(textTo(NUMBERS.rosa), always)
      expect(late).toMatchObject({ kind: 'refused', permanent: false })
      await other.stop()
    })

    readsHooks(() => carrier)
  })
}
