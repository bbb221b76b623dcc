// Pages that change while they are open: the one small script, and the streams that tell it to look again. A stream says
// only that something changed, never what; the page is fetched by the same door as before. Streams that wait for the same
// thing share one look at the database, however many pages are open.
import { readFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { join } from 'node:path'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Problem } from '../lib/errors.ts'
import { packageRoot } from '../lib/package-root.ts'

const LOOK_MS = 300
const MOST_STREAMS = 200
/** Proxies end a line that is silent for a minute, and a page that is gone is noticed only by writing to it. */
const HEARTBEAT_MS = 25_000

export interface Watched {
  /** What is watched; those who name the same share the looks. */
  name: string
  /** Differs whenever the page would; one word of letters, digits and dashes. */
  stamp: () => Promise<string>
}

/** The page tells in its address of the stream (`at`) which stamp it was made with, so that nothing between is missed. */
export type Live = (request: FastifyRequest, reply: FastifyReply, watched: Watched) => Promise<FastifyReply>

export function addLive(app: FastifyInstance): Live {
  const script = readFileSync(join(packageRoot, 'src', 'http', 'live.js'))
  app.get('/live.js', { config: { access: 'public' } }, (_request, reply) =>
    reply.type('text/javascript; charset=utf-8').header('cache-control', 'public, max-age=300').send(script),
  )
  const watches = new Map<string, Watch>()
  app.addHook('preClose', async () => {
    for (const watch of watches.values()) watch.end()
  })
  return async (request, reply, { name, stamp }) => {
    const open = [...watches.values()].reduce((sum, watch) => sum + watch.streams.size, 0)
    if (open >= MOST_STREAMS)
      throw new Problem('too-many', 'Too many pages are open. This one still works; look again by its button.')
    const now = await stamp()
    reply.hijack()
    const stream = reply.raw
    // Whoever left while we looked says no second time that they left.
    if (stream.destroyed) return reply
    stream.writeHead(200, { ...(reply.getHeaders() as object), 'content-type': 'text/event-stream' })
    stream.write('retry: 1000\n\n')
    if (seenBy(request) !== now) stream.write(changed(now))
    let watch = watches.get(name)
    if (watch === undefined) {
      watch = openWatch({ shown: now, stamp, onEmpty: () => watches.delete(name) })
      watches.set(name, watch)
    }
    watch.streams.add(stream)
    stream.on('close', () => watch.leave(stream))
    return reply
  }
}

/** After a broken line the browser says what it heard last; before, the page says what it shows. */
const seenBy = ({ headers, query }: FastifyRequest): unknown =>
  headers['last-event-id'] || (query as { at?: unknown } | undefined)?.at

const changed = (stamp: string): string => `id: ${stamp}\ndata: changed\n\n`

interface Watch {
  streams: Set<ServerResponse>
  leave(stream: ServerResponse): void
  end(): void
}

function openWatch(options: { shown: string; stamp: () => Promise<string>; onEmpty: () => void }): Watch {
  const { stamp, onEmpty } = options
  const streams = new Set<ServerResponse>()
  let { shown } = options
  let looking = false
  const end = () => {
    for (const stream of streams) stream.end() // the browser asks again
  }
  const timer = setInterval(async () => {
    if (looking) return
    looking = true
    try {
      const now = await stamp()
      if (now !== shown) for (const stream of streams) stream.write(changed(now))
      shown = now
    } catch {
      end()
    }
    looking = false
  }, LOOK_MS)
  const heartbeat = setInterval(() => {
    for (const stream of streams) stream.write(': here\n\n')
  }, HEARTBEAT_MS)
  return {
    streams,
    end,
    leave(stream) {
      streams.delete(stream)
      if (streams.size > 0) return
      clearInterval(timer)
      clearInterval(heartbeat)
      onEmpty()
    },
  }
}
