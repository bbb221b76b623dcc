// "Yes, go on": where a reader says an old yes once more. It shows the words they said yes to; GET shows, POST acts.
import type { FastifyInstance } from 'fastify'
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
    const { premises, library, link, token, language } = view
    const yeses = await readYeses(premises.logins, library, link, premises.clock.now())
    if (yeses.length === 0) return sendReaderPage(request, reply, view, nothingToKeep(view))
    const words = wordsOf[language].keep
    return sendReaderPage(request, reply, view, {
      title: words.title,
      body: html`<h1>${words.title}</h1>
<p>${words.asks(library.name)}</p>
${yeses.map((yes) => shown(view, yes))}
<form method="post" action="?lang=${language}"><button>${words.button}</button></form>
${library.consentMonths !== null && html`<p>${words.otherwise}</p>`}
<p><a href="../less/${token}?lang=${language}">${view.words.stop.lessInstead}</a></p>`,
    })
  })

  app.post('/keep/:token', { config: { access: 'public' } }, async (request, reply) => {
    const view = await viewFor(await openLink(site, request, knock), request, reply)
    if (view === null) return reply
    const { premises, library, link, language } = view
    const kept = await renewByLink(premises.logins, library, link, premises.clock.now())
    if (kept.length === 0) return sendReaderPage(request, reply, view, nothingToKeep(view))
    const words = wordsOf[language].keep
    return sendReaderPage(request, reply, view, {
      title: words.done,
      switches: false,
      body: html`<h1>${words.done}</h1><p role="status">${words.doneText(library.name)}</p>${callOrWrite(library, view.words)}`,
    })
  })
}

function shown({ language, library, words }: ReaderView, { purpose, decidedAt, said }: YesInForce): Html {
  const on = dateInWords(language, dateIn(library.timezone, decidedAt))
  return html`<p>${wordsOf[language].keep.since(on, words.purposes[purpose])}</p><blockquote>${said}</blockquote>`
}

function nothingToKeep({ language, library, words }: ReaderView) {
  const [title, said] = wordsOf[language].keep.nothing
  return { title, body: html`<h1>${title}</h1><p>${said}</p>${callOrWrite(library, words)}` }
}
