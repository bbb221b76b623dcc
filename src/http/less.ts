// "Fewer notes": choices between all and nothing, for a reader who would otherwise leave. GET shows, POST acts.
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { pauseByLink, stopByLink } from '../consent/link-choices.ts'
import { dateIn } from '../lib/clock.ts'
import { dateInWords } from '../messages/render.ts'
import { type Html, html } from './html.ts'
import type { Site } from './premises.ts'
import { callOrWrite, openLink, type ReaderView, sendReaderPage, viewFor } from './reader-link.ts'

const METHOD = 'choose-less page'
const months = { 'half-year': 6, year: 12 } as const
const choiceMade = z.object({ choice: z.enum(['half-year', 'year', 'this-kind', 'nothing']) })

export function addLess(app: FastifyInstance, site: Site, knock: (token: string) => void): void {
  app.get('/less/:token', { config: { access: 'public' } }, async (request, reply) => {
    const view = await viewFor(await openLink(site, request, knock), request, reply)
    return view === null
      ? reply
      : sendReaderPage(request, reply, view, { title: view.words.less.title, body: choices(view) })
  })

  app.post('/less/:token', { config: { access: 'public' } }, async (request, reply) => {
    const view = await viewFor(await openLink(site, request, knock), request, reply)
    if (view === null) return reply
    const made = choiceMade.safeParse(request.body)
    if (!made.success)
      return sendReaderPage(request, reply.code(400), view, { title: view.words.less.title, body: choices(view, true) })
    const [title, said] = await act(view, made.data.choice)
    const { words, library } = view
    return sendReaderPage(request, reply, view, {
      title,
      switches: false,
      body: html`<h1>${title}</h1><p role="status">${said}</p><p>${words.callUs}</p>${callOrWrite(library, words)}`,
    })
  })
}

async function act(
  { premises, library, link, purpose, words, language }: ReaderView,
  choice: z.infer<typeof choiceMade>['choice'],
): Promise<readonly [title: string, said: string]> {
  const now = premises.clock.now()
  if (choice === 'half-year' || choice === 'year') {
    const until = await pauseByLink(premises, library, link, { months: months[choice], now })
    return [words.less.paused, words.less.pausedText(dateInWords(language, dateIn(library.timezone, until)))]
  }
  // A purpose that this release does not know any more: then all, rather than none.
  const which = choice === 'this-kind' && purpose !== null ? purpose : 'all'
  await stopByLink(premises, library, link, { purpose: which, method: METHOD, now })
  return which === 'all'
    ? [words.stop.done, `${words.stop.doneText(library.name)} ${words.stop.stays}`]
    : [words.less.stoppedKind(words.purposes[which]), words.less.stoppedKindText]
}

function choices(view: ReaderView, missing = false): Html {
  const { words, preferences, library, purpose, language, token } = view
  const { less } = words
  const rows: [string, string, string][] = [
    ['half-year', less.halfYear, less.halfYearText],
    ['year', less.year, less.yearText],
    ...(purpose === null
      ? []
      : ([['this-kind', less.thisKind(words.purposes[purpose]), less.thisKindText]] as [string, string, string][])),
    ['nothing', less.nothing, less.nothingText],
  ]
  return html`<h1>${less.title}</h1>
<form method="post" action="?lang=${language}">
<fieldset${missing && html` aria-describedby="missing"`}><legend>${less.asks}</legend>
${missing && html`<p id="missing" class="mistake" role="alert">${less.choose}</p>`}
${rows.map(
  ([value, label, text]) =>
    html`<label class="choice"><input type="radio" name="choice" value="${value}" required><span><strong>${label}</strong><br>${text}</span></label>`,
)}
</fieldset>
<button>${less.button}</button>
</form>
<h2>${less.else}</h2>
<p><a href="../p/${token}?lang=${language}">${preferences.all}</a></p>
<p>${words.callUs}</p>
${callOrWrite(library, words)}`
}
