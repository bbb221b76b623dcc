// What a reader may take with them and have forgotten: the file of everything, and erasing it, which is asked about once
// more. Both only behind the fresh code and a cardholder's number, and neither where several people read one mailbox.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { erasePatron } from '../consent/erase-patron.ts'
import { dateIn } from '../lib/clock.ts'
import type { OwnProof } from '../preferences/own-proof.ts'
import { type Html, html } from './html.ts'
import { sendNeedsCard } from './own-card.ts'
import { comeIn, ownForm, sendNotIn } from './own-door.ts'
import { ownRecord } from './own-page.ts'
import { isShared } from './own-record.ts'
import type { Site } from './premises.ts'
import { callOrWrite, openLink, type ReaderView, sendReaderPage, viewFor } from './reader-link.ts'

export function addOwnRights(app: FastifyInstance, site: Site, knock: (token: string) => void): void {
  app.post('/p/:token/own/file', { config: { access: 'public' } }, async (request, reply) => {
    const view = await viewFor(await openLink(site, request, knock), request, reply)
    if (view === null) return reply
    const own = await comeIn(view, request.body)
    if (typeof own === 'string') return sendNotIn(request, reply, view, own, '../../')
    const record = await ownRecord(view)
    if (isShared(record)) return sendShared(request, reply, view)
    if (own.opens !== 'all') return sendNeedsCard(request, reply, view, own)
    const { library, premises } = view
    const name = `${library.key}-${dateIn(library.timezone, premises.clock.now())}.json`
    return reply
      .type('application/json; charset=utf-8')
      .header('content-disposition', `attachment; filename="${name}"`)
      .send(`${JSON.stringify(record, null, 2)}\n`)
  })

  app.post('/p/:token/own/erase', { config: { access: 'public' } }, async (request, reply) => {
    const view = await viewFor(await openLink(site, request, knock), request, reply)
    if (view === null) return reply
    const own = await comeIn(view, request.body)
    if (typeof own === 'string') return sendNotIn(request, reply, view, own, '../../')
    if (isShared(await ownRecord(view))) return sendShared(request, reply, view)
    if (own.opens !== 'all') return sendNeedsCard(request, reply, view, own)
    const read = z
      .object({ step: z.enum(['now']).optional(), sure: z.enum(['yes']).optional() })
      .safeParse(request.body)
    const { step, sure } = read.success ? read.data : {}
    if (step === undefined) return sendAsks(request, reply, view, own)
    if (sure === undefined) return sendAsks(request, reply.code(400), view, own, true)
    return erase(request, reply, view)
  })
}

async function erase(request: FastifyRequest, reply: FastifyReply, view: ReaderView): Promise<FastifyReply> {
  const { premises, library, link, preferences, words } = view
  await erasePatron(premises, library, { patron: link.patron, by: 'the patron', now: premises.clock.now() })
  const { own } = preferences
  return sendReaderPage(request, reply, view, {
    title: own.erased,
    switches: false,
    body: html`<h1>${own.erased}</h1><p role="status">${own.erasedText(library.name)}</p><p>${words.callUs}</p>${callOrWrite(library, words)}`,
  })
}

function sendAsks(
  request: FastifyRequest,
  reply: FastifyReply,
  view: ReaderView,
  own: OwnProof,
  notSure = false,
): FastifyReply {
  const { preferences, library, language, token } = view
  const { own: says } = preferences
  return sendReaderPage(request, reply, view, {
    title: says.eraseTitle,
    switches: false,
    body: html`<h1>${says.eraseTitle}</h1>
<ul>${[...says.eraseAsks, says.eraseRest(library.name)].map((sentence) => html`<li>${sentence}</li>`)}</ul>
${ownForm(
  `erase?lang=${language}`,
  own,
  html`<input type="hidden" name="step" value="now">
${notSure && html`<p id="first" class="mistake" role="alert">${says.eraseFirst}</p>`}
<label class="choice"><input type="checkbox" name="sure" value="yes" required${notSure && html` aria-describedby="first"`}><span>${says.eraseSure}</span></label>
<button>${says.eraseNow}</button>`,
)}
<p><a href="../../${token}?lang=${language}">${preferences.back}</a></p>`,
  })
}

const sendShared = (request: FastifyRequest, reply: FastifyReply, view: ReaderView): FastifyReply => {
  const { preferences, library, words } = view
  const body: Html = html`<h1>${preferences.own.title}</h1><p>${preferences.own.shared}</p>${callOrWrite(library, words)}`
  return sendReaderPage(request, reply.code(403), view, { title: preferences.own.title, switches: false, body })
}
