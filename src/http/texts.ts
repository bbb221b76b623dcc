// /api/v1/{library}/texts: a program of the library's own, mostly its library system, sends a notice as a text and asks what
// became of it. Whether the phone may be texted is decided when it leaves; nothing here tells whether a phone is known.
import type { FastifyInstance } from 'fastify'
import { sql } from 'kysely'
import { type NoticeAnswer, shapeOfNotice } from '../contract/texts.ts'
import { inLibrary, rowOf } from '../db/scope.ts'
import { isAbroad, normalisePhone } from '../lib/addresses.ts'
import { Problem } from '../lib/errors.ts'
import { lineFor } from '../messages/lines.ts'
import { queueNotice } from '../messages/queue-text.ts'
import { readAnswering } from '../patrons/answering.ts'
import { findPatron } from '../patrons/find-patron.ts'
import { knownLanguage } from '../words/languages.ts'
import { openPremises } from './access.ts'
import type { Site } from './premises.ts'
import { programOf, readBody } from './program-door.ts'

export function addTexts(door: FastifyInstance, site: Site): void {
  door.post('/texts', { config: { access: 'key', may: 'text' } }, async (request, reply) => {
    const { library, name } = programOf(request)
    const { logins, clock } = openPremises(site)
    const body = readBody(request, shapeOfNotice)
    const phone = normalisePhone(body.to)
    if (phone === null) throw new Problem('bad-input', `"${body.to}" is no telephone number. Nothing was sent.`)
    const line = await lineFor(logins, library.libraryNo, body.from)
    if (isAbroad(phone, line.number))
      throw new Problem(
        'bad-input',
        `"${body.to}" is a number abroad, or one that costs extra; texts from ${line.number} go to numbers at home. Nothing was sent.`,
      )
    const answering = await readAnswering(logins, library.libraryNo)
    const queued = await inLibrary(logins, 'circulation', library.libraryNo, async (scope) => {
      const patronNo = body.patron_id === undefined ? null : await findPatron(scope, library, body.patron_id)
      const language = knownLanguage(body.language ?? '') ?? knownLanguage(library.language) ?? 'en'
      return queueNotice(
        scope,
        library,
        { line, answering },
        {
          phone,
          body: body.text,
          language,
          askedBy: `key “${name}”`,
          patronNo,
          once: body.once === undefined ? undefined : `key ${body.once}`,
          now: clock.now(),
        },
      )
    })
    return reply
      .code(queued === null ? 200 : 201)
      .send({ text: queued?.textNo ?? null, parts: queued?.parts ?? null } satisfies NoticeAnswer)
  })

  door.get('/texts/:text', { config: { access: 'key', may: 'text' } }, async (request) => {
    const { library } = programOf(request)
    const { text } = request.params as { text: string }
    const found = /^\d{1,18}$/.test(text)
      ? await inLibrary(openPremises(site).logins, 'circulation', library.libraryNo, (scope) =>
          rowOf(
            scope,
            sql<{ text: string; state: string; parts: number; reasons: string[] | null }>`
            select text_no as text, state, parts, reasons from mail.text
            where library_no = ${scope.library} and text_no = ${text}::bigint and direction = 'out'`,
          ),
        )
      : null
    if (found === null) throw new Problem('not-found', `There is no text ${text} here.`)
    return found
  })
}
