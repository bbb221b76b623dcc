import { expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make } from '../../test/make.ts'
import { conversationOf } from '../../test/text-traces.ts'
import { makeLine, sendAllTexts, textsOf } from '../../test/texts.ts'
import type { Sandbox } from '../channels/sms/sandbox.ts'
import { fixedClock } from '../lib/clock.ts'
import { textCarriersOf } from './open-text-provider.ts'

const house = openHouse()
const MONDAY = new Date('2026-11-23T15:00:00Z')
const ROSA = '+16145550101'

const carriers = () =>
  textCarriersOf(
    {
      config: { publicUrl: 'https://letters.example.org', replyDomain: null },
      ...{ logins: house.database.logins, journal: house.journal, clock: fixedClock(MONDAY) },
    },
    () => {},
  )

test.each([
  ['twilio', { account: 'AC1' }, { token: 'x' }],
  ['telnyx', { publicKey: 'x'.repeat(43) }, { apiKey: 'x' }],
  ['kannel', { url: 'http://127.0.0.1:13013', name: 'x' }, { password: 'x', secret: 'a'.repeat(24) }],
  ['nobody', {}, {}],
])('a line of %s has its provider, or none', async (provider, settings, secrets) => {
  const line = await makeLine(house, [await make.library(house)], { provider, settings, secrets })
  expect(carriers().providerFor(line)?.name ?? 'nobody').toBe(provider)
})

test('what somebody types on a phone of the sandbox is on the list, and the answer shows on the phone', async () => {
  const library = await make.library(house)
  const line = await makeLine(house, [library], { provider: 'sandbox', secrets: { secret: 'a'.repeat(24) } })
  const opened = carriers()
  const sandbox = opened.providerFor(line) as Sandbox
  sandbox.write({ from: ROSA, to: line.number, body: 'Are you open?' })
  sandbox.write({ from: ROSA, to: line.number, body: 'STOP' })
  for (let i = 0; i < 100 && (await textsOf(house, library)).filter((t) => t.direction === 'in').length < 2; i++)
    await new Promise((resolve) => setTimeout(resolve, 20))
  expect(await conversationOf(house, library, ROSA)).toMatchObject({ state: 'open' })
  await sendAllTexts(house, sandbox, line, MONDAY)
  expect(
    sandbox
      .texts()
      .filter(({ way }) => way === 'out')
      .map(({ body }) => body),
  ).toEqual([expect.stringMatching(/NOTICES/)])
  await opened.close()
})
