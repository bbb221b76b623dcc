// "I have moved", "this isn't me", "this person has died": three quiet ways to say so, each with one button. What is said
// pauses at once and gives a person at the library something to do; the page thanks, and asks for nothing.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { Problem } from '../lib/errors.ts'
import { reportLifeEvent } from '../staff/life-event.ts'
import { LIFE_EVENTS, type LifeEvent } from '../staff/tasks.ts'
import { html } from './html.ts'
import type { Site } from './premises.ts'
import { callOrWrite, openLink, sendReaderPage, viewFor } from './reader-link.ts'

export function addLifeEvents(app: FastifyInstance, site: Site, knock: (token: string) => void): void {
  app.get('/p/:token/life/:event', { config: { access: 'public' } }, async (request, reply) => {
    const event = eventOf(request)
    const view = await viewFor(await openLink(site, request, knock), request, reply)
    if (view === null) return reply
    const { preferences, library, token, language, words } = view
    const said = preferences.lifeEvents[event]
    return sendReaderPage(request, reply, view, {
      title: said.title,
      body: html`<h1>${said.title}</h1>
<p>${said.asks(library.name)}</p>
${event === 'moved' && html`<p>${words.stop.stays}</p>`}
<form method="post" action="${event}?lang=${language}"><button>${said.button}</button></form>
<p><a href="../../${token}?lang=${language}">${preferences.back}</a></p>`,
    })
  })

  app.post('/p/:token/life/:event', { config: { access: 'public' } }, async (request, reply) => {
    const event = eventOf(request)
    const view = await viewFor(await openLink(site, request, knock), request, reply)
    if (view === null) return reply
    const { premises, preferences, library, link, words } = view
    const { patron, addressHash } = link
    await reportLifeEvent(premises, library, { event, patron, addressHash, now: premises.clock.now() })
    const said = preferences.lifeEvents[event]
    return sendReaderPage(request, reply, view, {
      title: said.done,
      switches: false,
      body: html`<h1>${said.done}</h1>
<p role="status">${said.doneText(library.name)}</p>
<p>${words.callUs}</p>
${callOrWrite(library, words)}`,
    })
  })
}

const params = z.object({ event: z.enum(LIFE_EVENTS) })

function eventOf(request: FastifyRequest): LifeEvent {
  const read = params.safeParse(request.params)
  if (!read.success) throw new Problem('not-found', 'There is no such page behind this link.')
  return read.data.event
}
