// One conversation as staff see it: who waits until when, what holds texts back, the texts of both sides, what happened,
// and the forms that answer, hand on, note and close. What is live is told apart from what somebody is typing.
import type { HeldBack } from '../conversations/held-back.ts'
import type { MailingOfPhone } from '../conversations/mailings-of-phone.ts'
import type { ConversationText, WholeConversation } from '../conversations/read-conversations.ts'
import { sayPhone } from '../conversations/tell-library.ts'
import { type Desk, sayFate, sayMeaning, sayNote, sayRead, sayStanding } from './conversation-words.ts'
import { type Html, type HtmlValue, html } from './html.ts'
import { sayMoment } from './spoken-time.ts'

export interface Shown extends Desk, WholeConversation {
  heldBack: HeldBack
  mailings: readonly MailingOfPhone[]
  /** The name that answers are signed with inside the library; '' when it is not known yet. */
  as: string
  /** Of the form that does this. */
  action: (act: string) => string
  pictureAddress: (pictureNo: string) => string
  /** Of this page, without a name. */
  someoneElse: string
  /** Of the page that shows all texts and notes; null when this is it. */
  whole: string | null
  /** What was just done, as a sentence. */
  done: string | null
}

/** As many as load in a blink. */
const FIRST = 12

export const phoneOf = ({ conversation }: WholeConversation): string =>
  sayPhone(conversation.phone ?? 'A number that is not kept any more')

export function showConversation(shown: Shown): Html {
  const { conversation, done, library, now, whole } = shown
  const all = [...shown.texts, ...shown.mailings].sort((a, b) => a.at.getTime() - b.at.getTime())
  const [texts, notes] = whole === null ? [all, shown.notes] : [all.slice(-FIRST), shown.notes.slice(-FIRST)]
  const isCut = texts.length < all.length || notes.length < shown.notes.length
  return html`<h1>${phoneOf(shown)}</h1>
${done && html`<p class="note" role="status">${done}</p>`}
<p id="standing" role="status" data-live><strong>${sayStanding(shown, conversation)}</strong></p>
<div id="held" data-live>${showHeldBack(shown)}</div>
<div id="texts" data-live>${isCut && html`<p class="small">The latest. <a href="${whole}">Show everything before</a></p>`}<ol class="bubbles desk">${texts.map((one) => ('mailing' in one ? mailingBubble(shown, one) : bubble(shown, one)))}</ol></div>
${answerForm(shown)}
<section aria-labelledby="others"><h2 id="others">Or</h2>${otherForms(shown)}</section>
<section aria-labelledby="happened"><h2 id="happened">What happened</h2><ul id="notes" class="plain tight" data-live>${notes.map((note) => html`<li>${sayNote(note)} <span class="small">· ${sayMoment(library, note.at, now)}</span></li>`)}</ul></section>`
}

function showHeldBack(shown: Shown): Html {
  const { stopped, readByRule } = shown.heldBack
  return html`${stopped && html`<p class="note"><strong>They have stopped all our texts.</strong> No answer can go to this phone until they text START themselves. Call them, if you know who it is; then close this.</p>`}
${readByRule.map((one) => html`<p class="note">${sayRead(one)}</p>`)}`
}

function bubble(shown: Shown, text: ConversationText): Html {
  const { library, now } = shown
  const isOurs = text.direction === 'out'
  const rule = text.askedBy?.startsWith('rule: ') ?? false
  const who = isOurs ? html`<bdi>${rule ? 'By rule' : text.askedBy}</bdi>` : 'They'
  const fate = isOurs ? sayFate(text) : ''
  const meaning = isOurs ? null : sayMeaning(text.meaning)
  return html`<li class="${isOurs ? 'mine' : 'theirs'}">${text.body !== '' && html`<span class="said" dir="auto">${text.body ?? '(not kept any more)'}</span>`}${showPictures(shown, text)}<span class="small">${who} · ${sayMoment(library, text.at, now)}${fate !== '' && ` · ${fate}`}${text.repeatOf !== null && ' · the same words came a moment before'}${meaning !== null && html`<br>${meaning}`}</span></li>`
}

const mailingBubble = ({ library, now }: Shown, { mailing, note, state, at }: MailingOfPhone): Html =>
  html`<li class="mine">${note !== null && html`<span class="said" dir="auto">${note}</span>`}<span class="small">Mailing “<bdi>${mailing}</bdi>” · ${sayMoment(library, at, now)} · ${sayFate({ state, reasons: null, parts: 1 })}</span></li>`

/** Of texts that came before pictures were kept only their number is known. */
function showPictures({ pictures, pictureAddress }: Shown, { textNo, media }: ConversationText): HtmlValue {
  const theirs = pictures.filter((one) => one.textNo === textNo)
  const known = theirs.map(({ pictureNo, state, why }) => {
    if (state === 'kept') {
      const address = pictureAddress(pictureNo)
      return html`<a href="${address}"><img src="${address}" alt="The picture they sent" loading="lazy"></a>`
    }
    const said = why === null ? '' : ` ${why}`
    return html`<span class="small said">${state === 'waiting' ? `A picture came along and is being fetched.${said === '' ? '' : `${said} It is tried again.`}` : `A picture came along, and could not be fetched.${said}`}</span>`
  })
  const count = media?.length ?? 0
  return known.length > 0 || count === 0
    ? known
    : html`<span class="small said">${count === 1 ? 'A picture' : `${count} pictures`} came along.</span>`
}

/** Only so that a text which came, or an answer of somebody else, is not taken for read by whoever was typing. */
const seen = ({ texts }: Shown, act: string): Html =>
  html`<span id="seen-${act}" data-live data-unless-typing><input type="hidden" name="seen" value="${texts.at(-1)?.textNo ?? ''}"></span>`

function answerForm(shown: Shown): Html | null {
  if (shown.conversation.phone === null || shown.heldBack.stopped) return null
  return html`<section class="card" aria-labelledby="answering"><h2 id="answering">Answer</h2>
${form(shown, 'answer', html`${seen(shown, 'answer')}<p><label for="body">Your answer</label><br><textarea id="body" name="body" rows="3" maxlength="1600" aria-describedby="long" required></textarea></p><p class="small" id="long">It goes out as a text from the library. About 450 letters go at once; what is longer is asked about first.</p>`, 'Send it', false)}</section>`
}

function otherForms(shown: Shown): Html {
  const { conversation, as } = shown
  const field = (name: string, label: string) =>
    html`<p><label for="${name}">${label}</label><br><input id="${name}" name="${name}" maxlength="300" required></p>`
  const isMine = as !== '' && conversation.owner === as
  const acts = [
    shown.heldBack.readByRule.length > 0 && [
      'Undo what the rule read',
      form(shown, 'undo', html``, 'It is not so: undo it'),
    ],
    !isMine && ['Take it', form(shown, 'take', html``, 'I take it')],
    ['Hand it on', form(shown, 'assign', field('to', 'To whom'), 'Hand it on')],
    conversation.owner !== null && ['Give it back to everybody', form(shown, 'release', html``, 'Give it back')],
    ['Note something', form(shown, 'note', field('note', 'A note for the others; it is never sent'), 'Note it')],
    conversation.state === 'open' && [
      'Close it',
      form(shown, 'close', html`${seen(shown, 'close')}${field('reason', 'Why nothing more is needed')}`, 'Close it'),
    ],
  ] as const
  return html`${acts.map((act) => act && html`<details><summary>${act[0]}</summary>${act[1]}</details>`)}
${as !== '' && html`<p class="small">You are <bdi>${as}</bdi>. <a href="${shown.someoneElse}">Somebody else?</a></p>`}`
}

function form({ library, as, action }: Shown, act: string, fields: Html, button: string, quiet = true): Html {
  const name =
    as === ''
      ? html`<p><label for="as-${act}">Your name</label><br><input id="as-${act}" name="as" maxlength="60" autocomplete="given-name" required></p>`
      : html`<input type="hidden" name="as" value="${as}">`
  return html`<form method="post" action="${action(act)}"><input type="hidden" name="library" value="${library.key}">${fields}${name}<button${quiet && html` class="quiet"`}>${button}</button></form>`
}
