// "Why did I get this?": the yes that the message rested on, with its date, its occasion and the very words shown; what
// was looked at; what is never done. Mails are forwarded, so the page names nobody and masks the address.
import type { FastifyInstance } from 'fastify'
import { dateIn } from '../lib/clock.ts'
import { dateInWords } from '../messages/render.ts'
import { type Html, html } from './html.ts'
import { lifeLinks } from './preferences.ts'
import type { Site } from './premises.ts'
import { callOrWrite, openLink, type ReaderView, sendReaderPage, viewFor } from './reader-link.ts'

export function addWhy(app: FastifyInstance, site: Site, knock: (token: string) => void): void {
  app.get('/why/:token', { config: { access: 'public' } }, async (request, reply) => {
    const view = await viewFor(await openLink(site, request, knock), request, reply)
    return view === null
      ? reply
      : sendReaderPage(request, reply, view, { title: view.words.why.title, body: answer(view) })
  })
}

function answer(view: ReaderView): Html {
  const { words, token, language, library, record } = view
  const { why } = words
  const list = (sentences: readonly string[]) =>
    html`<ul>${sentences.map((sentence) => html`<li>${sentence}</li>`)}</ul>`
  return html`<h1>${why.title}</h1>
${yesOf(view)}
${record.stopped && html`<p class="note">${why.stoppedSince}</p>`}
${!record.stopped && record.pausedUntil && html`<p class="note">${why.pausedSince(day(view, record.pausedUntil))}</p>`}
<h2>${why.lookedTitle}</h2>${list(why.looked)}
<h2>${why.neverTitle}</h2>${list(why.never)}
<h2>${why.changeTitle}</h2>
<p class="buttons"><a class="button quiet" href="../less/${token}?lang=${language}">${why.fewer}</a> <a class="button quiet" href="../u/${token}?lang=${language}">${why.none}</a></p>
<p><a href="../p/${token}?lang=${language}">${view.preferences.all}</a></p>
<p>${words.callUs}</p>
${callOrWrite(library, words)}
${lifeLinks(view, '../p/')}`
}

const day = ({ language, library }: ReaderView, at: Date): string => dateInWords(language, dateIn(library.timezone, at))

function yesOf(view: ReaderView): Html {
  const { words, record, purpose } = view
  const { why, methods, purposes } = words
  const sentTo = record.maskedAddress && html` ${why.sentTo(record.maskedAddress)}`
  if (record.yes === null || purpose === null) return html`<p>${why.noRecord}${sentTo}</p>`
  const { decidedAt, method, said } = record.yes
  // A way of asking that we have no words for stands in the library's own.
  const ours = Object.hasOwn(methods, method) ? methods[method] : undefined
  const where = ours === undefined ? ` (${method})` : ` ${why.where(ours)}`
  return html`<p><strong>${why.youSaidYes(day(view, decidedAt), purposes[purpose])}</strong>${where}${sentTo}</p>
${said && html`<p>${why.askedWith}</p><blockquote dir="auto">${said}</blockquote>`}`
}
