import { expect, test } from 'vitest'
import { startLoop } from './loop.ts'

const breath = () => new Promise((resolve) => setTimeout(resolve, 5))

test('looks again when its time has come, at once when woken, and no more when stopped', async () => {
  let looks = 0
  const loop = startLoop(async () => (++looks === 1 ? 1 : 3_600_000))
  expect(looks).toBe(0)
  while (looks < 2) await breath()
  loop.wake()
  await breath()
  expect(looks).toBe(3)
  await loop.stop()
  loop.wake()
  await breath()
  expect([looks, loop.stopping()]).toEqual([3, true])
})

test('ends when the look under way has ended, and not before', async () => {
  let end = () => {}
  let ended = false
  const loop = startLoop(async () => {
    await new Promise<void>((resolve) => {
      end = resolve
    })
    ended = true
    return 3_600_000
  })
  await breath()
  const stopped = loop.stop()
  await breath()
  expect(ended).toBe(false)
  end()
  await stopped
  expect(ended).toBe(true)
})
