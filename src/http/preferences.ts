// "Your choices": what a reader may be sent, how often, in which language, and a way out. Opened by the link of a message,
// which is forwarded now and then: so it masks the address, does at once whatever means less, and asks for a code sent to
// the address itself before anything more is sent or shown. GET shows, POST acts.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { dateIn } from '../lib/clock.ts'
import { type AskedFor, compare, doLess } from '../preferences/change-choices.ts'
import { type ReaderChoices, readChoices } from '../preferences/reader-choices.ts'
import { LIFE_EVENTS } from '../staff/tasks.ts'
import { askForCode } from './code-step.ts'
import { type Html, html } from './html.ts'
import { choicesForm, doneNote, type FormView, readAsked } from './preference-form.ts'
import type { Site } from './premises.ts'
import { callOrWrite, openLink, type ReaderView, sendReaderPage, viewFor } from './reader-link.ts'

export function addPreferences(app: FastifyInstance, site: Site, knock: (token: string) => void): void {
  app.get('/p/:token', { config: { access: 'public' } }, async (request, reply) => {
    const view = await viewFor(await openLink(site, request, knock), request, reply)
    return view === null ? reply : sendChoices(request, reply, view, await choicesOf(view))
  })

  app.post('/p/:token', { config: { access: 'public' } }, async (request, reply) => {
    const view = await viewFor(await openLink(site, request, knock), request, reply)
    if (view === null) return reply
    const before = await choicesOf(view)
    if (before === null) return sendChoices(request, reply.code(400), view, null)
    const asked = readAsked(request.body, formView(view, before))
    if (typeof asked === 'string') return sendChoices(request, reply.code(400), view, before, mistake(view, asked))
    const { less, more } = compare(before, asked)
    await doLess(asking(view), less)
    if (more !== null) return askForCode(request, reply, view, before, wishFields(view, asked))
    return sendChoices(request, reply, view, await choicesOf(view), doneNote(formView(view, before), less, null))
  })
}

export const choicesOf = ({ premises, library, link }: ReaderView): Promise<ReaderChoices | null> =>
  readChoices(premises.logins, library, link, premises.clock.now())

export const formView = ({ library, language, premises }: ReaderView, choices: ReaderChoices): FormView => ({
  library,
  language,
  choices,
  now: premises.clock.now(),
})

export const asking = ({ premises, library, link, language }: ReaderView) => ({
  ...premises,
  library,
  link,
  language,
  now: premises.clock.now(),
})

export const mistake = ({ words, preferences }: ReaderView, wrong: 'unreadable' | 'pause'): Html =>
  html`<p class="mistake" role="alert">${wrong === 'pause' ? preferences.pauseWrong : words.unreadable[1]}</p>`

/** The wish as it goes along while the code is fetched; whoever has the code may wish for anything, so it is not sealed. */
const wishFields = (
  { library }: ReaderView,
  { was, wanted, topics, paceDays, language, pauseUntil, resume }: AskedFor,
): [string, string][] => [
  ['was', [...was].join(' ')],
  ...[...wanted].map((key): [string, string] => ['yes', key]),
  ...[...topics].map((key): [string, string] => ['topic', key]),
  ['pace', String(paceDays ?? 'library')],
  ...(language === null ? [] : ([['language', language]] as [string, string][])),
  ...(resume ? ([['resume', 'yes']] as [string, string][]) : []),
  ...(pauseUntil === null ? [] : ([['pause', dateIn(library.timezone, pauseUntil)]] as [string, string][])),
]

function sendChoices(
  request: FastifyRequest,
  reply: FastifyReply,
  view: ReaderView,
  choices: ReaderChoices | null,
  note?: Html | null,
): FastifyReply {
  const { preferences: words } = view
  return sendReaderPage(request, reply, view, {
    title: words.title,
    switches: request.method === 'GET',
    body: html`<h1>${words.title}</h1>
${note}
${choices === null ? nobody(view) : choicesBody(view, choices)}
<h2>${view.words.less.else}</h2>
<p>${view.words.callUs}</p>
${callOrWrite(view.library, view.words)}`,
  })
}

/** Somebody since erased: what still can be done is to stop the address for good. */
const nobody = (view: ReaderView): Html => html`<p>${view.words.why.noRecord}</p>${leave(view)}${lifeLinks(view)}`

function choicesBody(view: ReaderView, choices: ReaderChoices): Html {
  const { preferences: words, language, library, token } = view
  return html`<p>${words.intro(library.name)}${choices.maskedAddress && ` ${words.about(choices.maskedAddress)}`}</p>
<p>${words.notices}</p>
${choices.waitsForStaff && html`<p class="note">${words.waitsForStaff}</p>`}
${choicesForm(formView(view, choices), { action: `${token}?lang=${language}`, proof: null })}
${leave(view)}
<section><h2>${words.more}</h2>
<p>${words.moreText}</p>
<form method="post" action="${token}/code?lang=${language}"><button class="quiet">${words.moreButton}</button></form></section>
${lifeLinks(view)}`
}

const leave = ({ preferences: words, words: pages, token, language }: ReaderView): Html =>
  html`<section><h2>${words.leave}</h2><p>${words.leaveText}</p>
<form method="post" action="../u/${token}?lang=${language}"><button class="quiet">${pages.stop.button}</button></form></section>`

/** Links to the three quiet pages; `up` is the way to /p/ from another page. */
export const lifeLinks = ({ preferences: words, token, language }: ReaderView, up = ''): Html =>
  html`<section class="small"><h2>${words.life}</h2>
<ul class="plain">${LIFE_EVENTS.map(
    (event) =>
      html`<li><a href="${up}${token}/life/${event}?lang=${language}">${words.lifeEvents[event].link}</a></li>`,
  )}</ul></section>`
