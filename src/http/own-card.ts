// The card number beside the code: a mailbox may be read by a partner or an employer, so of a cardholder a code alone opens
// only what went to that mailbox. A number that is wrong gets one answer, whoever the person is.
import type { FastifyReply, FastifyRequest } from 'fastify'
import { checkCard, type OwnProof } from '../preferences/own-proof.ts'
import { type Html, html } from './html.ts'
import { ownForm } from './own-door.ts'
import { callOrWrite, type ReaderView, sendReaderPage } from './reader-link.ts'

type Why = 'wrong' | 'over'

/** Tries the number that was typed. `why`: what is to be told on the page that follows. */
export async function tryCard(
  { premises, library, link }: ReaderView,
  own: OwnProof,
  card: string,
): Promise<{ own: OwnProof; why: Why | null }> {
  if (card.trim() === '') return { own, why: 'wrong' }
  const checked = await checkCard(premises, library, link, { card, now: premises.clock.now() })
  return checked.kind === 'right' ? { own: checked.proof, why: null } : { own, why: checked.kind }
}

/** `action` leads to the own page. */
export function cardSection(view: ReaderView, own: OwnProof, action: string, why: Why | null = null): Html {
  const { card: words } = view.preferences.own
  return html`<section><h2>${words.title}</h2><p>${words.text}</p>
${why === 'over' && html`<p class="mistake" role="alert">${words.over}</p>`}
${
  why !== 'over' &&
  ownForm(
    `${action}?lang=${view.language}`,
    own,
    html`<input type="hidden" name="act" value="card">
${why && html`<p id="card-wrong" class="mistake" role="alert">${words.wrong}</p>`}
<p><label for="card">${words.label}</label><br><input id="card" name="card" autocomplete="off" maxlength="64" required dir="ltr"${why && html` aria-invalid="true" aria-describedby="card-wrong"`}></p>
<button class="quiet">${words.button}</button>`,
  )
}</section>`
}

/** For the doors behind the page, which the code alone does not open. */
export function sendNeedsCard(
  request: FastifyRequest,
  reply: FastifyReply,
  view: ReaderView,
  own: OwnProof,
): FastifyReply {
  const { preferences, words, library } = view
  return sendReaderPage(request, reply.code(403), view, {
    title: preferences.own.card.title,
    switches: false,
    body: html`<h1>${preferences.own.title}</h1>${cardSection(view, own, '../own')}${callOrWrite(library, words)}`,
  })
}
