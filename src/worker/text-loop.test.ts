import { expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make } from '../../test/make.ts'
import { brings, makeLine, textDouble, textIn } from '../../test/texts.ts'
import { inLibrary } from '../db/scope.ts'
import type { Line } from '../messages/lines.ts'
import { queueNotice } from '../messages/queue-text.ts'
import { openTakeLogs } from '../messages/take-log.ts'
import { USUAL_ANSWERING } from '../patrons/answering.ts'
import type { Library } from '../patrons/library.ts'
import { openTextCarriers } from './text-carriers.ts'
import { startTextLoop } from './text-loop.ts'

const house = openHouse()
const MONDAY = new Date('2026-11-23T15:00:00Z')
const phoneNo = (n: number) => `+1614555${String(n).padStart(4, '0')}`

const running = async <R>(provider: ReturnType<typeof textDouble>, work: () => Promise<R>): Promise<R> => {
  const { logins } = house.database
  const loop = startTextLoop({
    post: { logins, takeLogs: openTakeLogs(house.folder), now: () => MONDAY },
    carriers: openTextCarriers(logins, () => provider),
  })
  try {
    return await work()
  } finally {
    await loop.stop()
  }
}

const notices = (library: Library, line: Line, phones: readonly string[]) =>
  inLibrary(house.database.logins, 'circulation', library.libraryNo, async (scope) => {
    for (const phone of phones)
      await queueNotice(
        scope,
        library,
        { line, answering: USUAL_ANSWERING },
        {
          ...{ phone, body: 'Your hold is here.', language: 'en', askedBy: 'the test' },
          now: MONDAY,
        },
      )
  })

const until = async (what: () => boolean, ms = 10_000) => {
  const end = performance.now() + ms
  while (!what() && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 5))
  expect(what()).toBe(true)
}

test('a busy library delays no other on the same number, and a STOP is confirmed while it sends', async () => {
  const [busy, quiet] = [await make.library(house), await make.library(house)]
  const line = await makeLine(house, [busy, quiet], { partsPerSecond: 100_000 })
  await notices(
    busy,
    line,
    Array.from({ length: 300 }, (_, n) => phoneNo(1000 + n)),
  )
  const slow = textDouble()
  const provider = {
    ...slow,
    handOver: async (...given: Parameters<typeof slow.handOver>) => {
      await new Promise((resolve) => setTimeout(resolve, 10))
      return slow.handOver(...given)
    },
  }
  await running(provider, async () => {
    await until(() => slow.sent.length > 20)
    const began = performance.now()
    await notices(quiet, line, [phoneNo(101)])
    await until(() => slow.sent.some(({ to, body }) => to === phoneNo(101) && body === 'Your hold is here.'))
    expect(performance.now() - began).toBeLessThan(2_000)
    const stopped = performance.now()
    await brings(house, line, [textIn(line, phoneNo(1299), 'STOP')], MONDAY)
    await until(() => slow.sent.some(({ to, body }) => to === phoneNo(1299) && /NOTICES/.test(body)))
    expect(performance.now() - stopped).toBeLessThan(2_000)
  })
})

test('two loops beside each other send each text once', async () => {
  const library = await make.library(house)
  const line = await makeLine(house, [library], { partsPerSecond: 100_000 })
  await notices(
    library,
    line,
    Array.from({ length: 60 }, (_, n) => phoneNo(1000 + n)),
  )
  const provider = textDouble()
  await running(provider, () => running(provider, () => until(() => provider.sent.length >= 120)))
  expect(new Set(provider.sent.map(({ reference }) => reference)).size).toBe(provider.sent.length)
})
