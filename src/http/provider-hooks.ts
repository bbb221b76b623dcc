// POST and GET /hooks/texts/{line}: what a provider of texts tells us. Signed, verified, stored, and only then answered. A
// GET acts here as nowhere else, because Kannel can do no other; its secret stands in the address and is checked like a
// signature. Whoever forges is answered 403 and slowed down; who signs is not.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { keepHook } from '../conversations/receive-from-provider.ts'
import { openHookStore } from '../conversations/store-hook.ts'
import { Problem } from '../lib/errors.ts'
import { type Line, lineByNo } from '../messages/lines.ts'
import { notHere, openPremises } from './access.ts'
import type { Site } from './premises.ts'
import { addressKey } from './rate-limit.ts'

/** A text with ten pictures is a few kilobytes of addresses; a batch of reports may be more. */
const BODY_BYTES = 256 * 1024
/** How long a line is remembered: a change of its settings holds after this. */
const LINE_MS = 2_000

export async function addProviderHooks(
  app: FastifyInstance,
  site: Site,
  byForger: (who: string) => void,
): Promise<void> {
  const lines = new Map<number, { line: Promise<Line | null>; until: number }>()
  const storeHook = openHookStore()
  await app.register(async (door) => {
    // The bytes as they came: they are what is signed.
    door.removeAllContentTypeParsers()
    door.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: BODY_BYTES }, (_request, body, done) =>
      done(null, body),
    )
    door.route({
      method: ['GET', 'POST'],
      url: '/hooks/texts/:line',
      bodyLimit: BODY_BYTES,
      config: { access: 'hook' },
      async handler(request, reply) {
        const premises = openPremises(site)
        const line = await findLine((request.params as { line: string }).line)
        const provider = line && premises.textCarriers.providerFor(line)
        if (!line || !provider) throw notHere()
        const now = premises.clock.now()
        const raw = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
        const read = provider.readHook({
          method: request.method,
          url: `${site.publicUrl}${request.url}`,
          headers: plainHeaders(request),
          body: raw,
          now,
        })
        if (read.kind === 'forged') {
          byForger(`forged hook from ${addressKey(request.ip)}`)
          throw new Problem('not-allowed', `This is not signed as ${provider.name} signs: ${read.why}.`)
        }
        const whole = raw.length > 0 ? raw : Buffer.from(withoutSecret(request.url))
        const desk = { logins: premises.logins, journal: premises.journal, replyDomain: premises.replyDomain }
        if (read.kind === 'unreadable') await keepHook(desk, line, { why: read.why, brought: null, raw: whole, now })
        else await storeHook(desk, line, { brings: read.brings, raw: whole, now })
        const { type, body } = provider.hookAnswer
        return reply.type(type).send(body)
      },
    })
  })

  async function findLine(text: string): Promise<Line | null> {
    if (!/^\d{1,9}$/.test(text)) return null
    const known = lines.get(Number(text))
    if (known && known.until > performance.now()) return known.line
    // Kept before it is there: a burst asks once.
    const line = lineByNo(openPremises(site).logins, Number(text))
    line.catch(() => lines.delete(Number(text)))
    if (lines.size > 1_000) lines.clear()
    lines.set(Number(text), { line, until: performance.now() + LINE_MS })
    return line
  }
}

const plainHeaders = (request: FastifyRequest): Record<string, string | undefined> =>
  Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  )

/** A request that is kept may be looked at, and Kannel's carries its secret in the address. */
const withoutSecret = (url: string): string => url.replace(/([?&]secret=)[^&]*/g, '$1…')
