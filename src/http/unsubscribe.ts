// "No more notes": the page whose button stops, and the same address for the stop button of mail programs (RFC 8058).
// GET never acts, because link scanners follow every link before the reader does; POST asks for no cookie and no origin.
import type { FastifyInstance } from 'fastify'
import { stopByLink } from '../consent/link-choices.ts'
import { html } from './html.ts'
import type { Site } from './premises.ts'
import { callOrWrite, openLink, sendReaderPage, viewFor } from './reader-link.ts'

export function addUnsubscribe(app: FastifyInstance, site: Site, knock: (token: string) => void): void {
  app.get('/u/:token', { config: { access: 'public' } }, async (request, reply) => {
    const opened = await openLink(site, request, knock)
    const view = await viewFor(opened, request, reply)
    if (view === null) return reply
    const { library, words, token, language } = view
    return sendReaderPage(request, reply, view, {
      title: words.stop.title,
      body: html`<h1>${words.stop.title}</h1>
<p>${words.stop.asks(library.name)}</p>
<p>${words.stop.stays}</p>
<form method="post" action="?lang=${language}"><button>${words.stop.button}</button></form>
<p><a href="../less/${token}?lang=${language}">${words.stop.lessInstead}</a></p>`,
    })
  })

  app.post('/u/:token', { config: { access: 'public' } }, async (request, reply) => {
    const opened = await openLink(site, request, knock)
    const oneClick = isOneClick(request.body)
    const { premises, library, link } = opened
    if (library !== null)
      await stopByLink(premises, library, link, {
        purpose: 'all',
        method: oneClick ? 'one-click unsubscribe' : 'unsubscribe page',
        now: premises.clock.now(),
      })
    // A mail program shows nothing of the answer; it only wants to know that it was heard.
    if (oneClick) return reply.type('text/plain; charset=utf-8').send('Done. No more notes.\n')
    const view = await viewFor(opened, request, reply)
    if (view === null) return reply
    const { words } = view
    return sendReaderPage(request, reply, view, {
      title: words.stop.done,
      switches: false,
      body: html`<h1>${words.stop.done}</h1>
<p role="status">${words.stop.doneText(view.library.name)}</p>
<p>${words.stop.stays}</p>
<p>${words.stop.byMistake}</p>
${callOrWrite(view.library, words)}`,
    })
  })
}

/** As a form, or as multipart/form-data: RFC 8058 leaves the choice to the mail program. */
const isOneClick = (body: unknown): boolean =>
  typeof body === 'string'
    ? /name="?List-Unsubscribe"?\s[\s\S]*One-Click|List-Unsubscribe=One-Click/i.test(body)
    : (body as Record<string, unknown> | null | undefined)?.['List-Unsubscribe'] === 'One-Click'
