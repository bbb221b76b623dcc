import Fastify from 'fastify'
import { afterEach, beforeAll, expect, test } from 'vitest'
import { listening } from '../../test/browser.ts'
import { addLive } from './live.ts'

let stamp = 'first'
let looks = 0
/** How long a look takes. */
let slow = 0
const app = Fastify()
const live = addLive(app)
app.get('/events', (request, reply) =>
  live(request, reply, {
    name: 'conversations of Maple Falls',
    async stamp() {
      looks++
      if (slow > 0) await new Promise((resolve) => setTimeout(resolve, slow))
      return stamp
    },
  }),
)

const open: AbortController[] = []
afterEach(() => {
  for (const one of open.splice(0)) one.abort()
})
let base: string
beforeAll(async () => {
  base = await listening(app)
})

/** What a page that shows `at` hears, as it comes. */
async function listenAt(at: string, headers: Record<string, string> = {}): Promise<{ heard: string }> {
  const leaving = new AbortController()
  open.push(leaving)
  const answer = await fetch(`${base}/events?at=${at}`, { headers, signal: leaving.signal })
  const page = { heard: '' }
  const read = async () => {
    for await (const part of answer.body!.pipeThrough(new TextDecoderStream())) page.heard += part
  }
  read().catch(() => {})
  return page
}

test('forty open pages of one library ask the database no more often than one', async () => {
  const pages = await Promise.all(Array.from({ length: 40 }, () => listenAt('first')))
  looks = 0
  await new Promise((resolve) => setTimeout(resolve, 1_000))
  expect(looks).toBeLessThan(6)
  stamp = 'second'
  await expect.poll(() => pages.filter(({ heard }) => heard.includes('data: changed')).length).toBe(40)
})

test('what changed between a page and its stream is told at once, also after the line broke', async () => {
  stamp = 'third'
  const late = await listenAt('second')
  await expect.poll(() => late.heard).toContain('id: third\ndata: changed')
  const again = await listenAt('second', { 'last-event-id': 'third' })
  await new Promise((resolve) => setTimeout(resolve, 700))
  expect(again.heard).not.toContain('changed')
  for (const one of open.splice(0)) one.abort()
  await new Promise((resolve) => setTimeout(resolve, 400))
})

test('whoever leaves while we look is not counted as somebody who listens', async () => {
  looks = 0
  slow = 300
  const leaving = new AbortController()
  const answer = fetch(`${base}/events?at=third`, { signal: leaving.signal })
  answer.catch(() => {})
  await expect.poll(() => looks).toBe(1)
  leaving.abort()
  await new Promise((resolve) => setTimeout(resolve, 600))
  slow = 0
  looks = 0
  await new Promise((resolve) => setTimeout(resolve, 700))
  expect(looks).toBe(0)
})

test('when nobody listens any more, nobody asks', async () => {
  await expect
    .poll(async () => {
      looks = 0
      await new Promise((resolve) => setTimeout(resolve, 700))
      return looks
    })
    .toBe(0)
  await app.close()
})
