// /api/v1/{library}/notices: a library system hands over its file of notices (i-tiva) and asks what became of them, as
// "gentle notices" does. The file is read as it comes in; nothing of it is kept but what the texts need.
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { inLibrary } from '../db/scope.ts'
import { Problem } from '../lib/errors.ts'
import { importNotices } from '../notices/import-notices.ts'
import { noticeResults, RESULT_DAYS, resultsFile } from '../notices/notice-results.ts'
import { openPremises } from './access.ts'
import type { Site } from './premises.ts'
import { programOf } from './program-door.ts'

/** A day's notices of a large state are some 20 MB. */
const MOST_BYTES = 64 << 20

export function addNotices(door: FastifyInstance, site: Site): void {
  door.addContentTypeParser('text/csv', (_request, stream, done) => done(null, stream))

  door.post('/notices', { config: { access: 'key', may: 'text' } }, async (request) => {
    const { library, name } = programOf(request)
    const { logins, clock } = openPremises(site)
    const { voice, from, dry } = readQuery(request.query)
    if (!isBytes(request.body))
      throw new Problem('bad-input', 'Send the file itself, with "Content-Type: text/csv". Nothing was sent.')
    const imported = await importNotices(logins, library, upTo(request.body), {
      from,
      voiceAsText: voice === 'text',
      dryRun: dry === 'yes',
      askedBy: `key “${name}”`,
      now: clock.now(),
    })
    const { refused, ...counts } = imported
    return { ...counts, refused: refused.map(({ messageId, ...row }) => ({ ...row, message_id: messageId })) }
  })

  door.get('/notices/results', { config: { access: 'key', may: 'text' } }, async (request, reply) => {
    const { library } = programOf(request)
    const { logins, clock } = openPremises(site)
    const { days = String(RESULT_DAYS) } = request.query as { days?: string }
    if (!/^[1-9]\d{0,2}$/.test(days)) throw new Problem('bad-input', '"days" is a number of days, from 1 to 999.')
    const now = clock.now()
    const since = new Date(now.getTime() - Number(days) * 86_400_000)
    const results = await inLibrary(logins, 'circulation', library.libraryNo, (scope) =>
      noticeResults(scope, { since, now }),
    )
    return reply.type('text/csv; charset=utf-8').send(resultsFile(results))
  })
}

/** Strictly: a "dry=true" that we passed over would send a whole file to phones. */
const query = z.strictObject({
  voice: z.literal('text').optional(),
  from: z.string().optional(),
  dry: z.literal('yes').optional(),
})

function readQuery(given: unknown): z.infer<typeof query> {
  const read = query.safeParse(given)
  if (read.success) return read.data
  throw new Problem(
    'bad-input',
    'Behind the question mark can stand "voice=text", "from=" with one of your numbers, and "dry=yes", each once. Nothing was sent.',
  )
}

const isBytes = (body: unknown): body is AsyncIterable<Buffer> =>
  typeof body === 'object' && body !== null && Symbol.asyncIterator in body

async function* upTo(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let read = 0
  for await (const chunk of bytes) {
    read += chunk.length
    if (read > MOST_BYTES)
      throw new Problem(
        'bad-input',
        'The file is longer than 64 MB. Send all of it again in several parts: nothing is sent twice.',
      )
    yield chunk
  }
}
