// Pages that change while they are open: the one small script, and the streams that tell it to look again. A stream says
// only that something changed, never what; the page is fetched by the same door as before.
import { readFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { join } from 'node:path'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { Problem } from '../lib/errors.ts'
import { packageRoot } from '../lib/package-root.ts'

const LOOK_MS = 300
const MOST_STREAMS = 50

/** `stamp` differs whenever the page would. */
export type Live = (reply: FastifyReply, stamp: () => Promise<string>) => Promise<FastifyReply>

export function addLive(app: FastifyInstance): Live {
  const script = readFileSync(join(packageRoot, 'src', 'http', 'live.js'))
  app.get('/live.js', { config: { access: 'public' } }, (_request, reply) =>
    reply.type('text/javascript; charset=utf-8').header('cache-control', 'public, max-age=300').send(script),
  )
  const open = new Set<ServerResponse>()
  app.addHook('preClose', async () => {
    for (const stream of open) stream.end()
  })
  return async (reply, stamp) => {
    if (open.size >= MOST_STREAMS)
      throw new Problem('too-many', 'Too many pages are open. This one still works; look again by its button.')
    let shown = await stamp()
    reply.hijack()
    const stream = reply.raw
    stream.writeHead(200, { ...(reply.getHeaders() as object), 'content-type': 'text/event-stream' })
    stream.write('retry: 1000\n\n')
    open.add(stream)
    let looking = false
    const timer = setInterval(async () => {
      if (looking) return
      looking = true
      try {
        const now = await stamp()
        if (now !== shown) stream.write('data: changed\n\n')
        shown = now
      } catch {
        stream.end() // the browser asks again
      }
      looking = false
    }, LOOK_MS)
    stream.on('close', () => {
      clearInterval(timer)
      open.delete(stream)
    })
    return reply
  }
}
