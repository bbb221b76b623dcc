// "Yes, go on": where a reader says an old yes once more. It shows the words they said yes to, and the button confirms what
// it shows and nothing else. GET shows, POST acts.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { sayKinds } from '../consent/ledger.ts'
import { readYeses, renewByLink, type YesInForce } from '../consent/renew.ts'
import { dateIn } from '../lib/clock.ts'
import { dateInWords } from '../messages/render.ts'
import { wordsOf } from '../words/languages.ts'
import { type Html, html } from './html.ts'
import type { Site } from './premises.ts'
import { callOrWrite, openLink, type ReaderView, sendReaderPage, viewFor } from './reader-link.ts'

export function addKeep(app: FastifyInstance, site: Site, knock: (token: string) => void): void {
  app.get('/keep/:token', { config: { access: 'public' } }, async (request, reply) => {
    const view = await viewFor(await openLink(site, request, knock), request, reply)
    if (view === null) return reply
    return sendAsks(request, reply, view)
  })

  app.post('/keep/:token', { config: { access: 'public' } }, async (request, reply) => {
    const view = await viewFor(await openLink(site, request, knock), request, reply)
    if (view === null) return reply
    const { premises, library, link, language } = view
    const read = posted.safeParse(request.body ?? {})
    const shown = read.success ? [read.data.purpose].flat() : []
    const kept = await renewByLink(premises.logins, library, link, { shown, now: premises.clock.now() })
    // Nothing of what was shown is in force any more, or nothing was shown: then it is asked anew.
    if (kept.length === 0) return sendAsks(request, reply, view)
    const words = wordsOf[language].keep
    return sendReaderPage(request, reply, view, {
      title: words.done,
      switches: false,
      body: html`<h1>${words.done}</h1><p role="status">${words.doneText(library.name)}</p>${callOrWrite(library, view.words)}`,
    })
  })
}

const posted = z.object({
  purpose: z.union([z.string().max(40), z.array(z.string().max(40)).max(20)]).default([]),
})

async function sendAsks(request: FastifyRequest, reply: FastifyReply, view: ReaderView): Promise<FastifyReply> {
  const { premises, library, link, token, language } = view
  const yeses = await readYeses(premises.logins, library, link, premises.clock.now())
  if (yeses.length === 0) return sendReaderPage(request, reply, view, nothingToKeep(view))
  const words = wordsOf[language].keep
  return sendReaderPage(request, reply, view, {
    title: words.title,
    switches: request.method === 'GET',
    body: html`<h1>${words.title}</h1>
<p>${words.asks(library.name)}</p>
${yeses.map((yes) => shown(view, yes))}
<p>${words.together}</p>
<form method="post" action="?lang=${language}">${yeses.map(({ purpose }) => html`<input type="hidden" name="purpose" value="${purpose}">`)}<button>${words.button}</button></form>
${library.consentMonths !== null && html`<p>${words.otherwise}</p>`}
<p><a href="../p/${token}?lang=${language}">${view.preferences.all}</a></p>
<p><a href="../less/${token}?lang=${language}">${view.words.stop.lessInstead}</a></p>`,
  })
}

function shown({ language, library, words, preferences }: ReaderView, yes: YesInForce): Html {
  const { purpose, decidedAt, said, kinds } = yes
  const on = dateInWords(language, dateIn(library.timezone, decidedAt))
  return html`<p>${wordsOf[language].keep.since(on, words.purposes[purpose])}</p><blockquote dir="auto">${said}</blockquote>${kinds.length > 0 && html`<p>${preferences.own.record.kinds(sayKinds(yes, language))}</p>`}`
}

function nothingToKeep({ language, library, words }: ReaderView) {
  const [title, said] = wordsOf[language].keep.nothing
  return { title, body: html`<h1>${title}</h1><p>${said}</p>${callOrWrite(library, words)}` }
}
