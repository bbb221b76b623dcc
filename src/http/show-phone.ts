// The two halves of the sandbox phone's page: the phone as its owner holds it, and beside it what the library sees.
import type { PhoneText } from '../channels/sms/sandbox.ts'
import { sayPhone } from '../conversations/tell-library.ts'
import { hourIn } from '../lib/clock.ts'
import type { Answering } from '../patrons/answering.ts'
import { sayFate, sayStanding } from './conversation-words.ts'
import { type Html, html } from './html.ts'
import { type Beside, FAILING, onPhone, PEOPLE, type Room, type SentText } from './sandbox-room.ts'
import { sayMoment } from './spoken-time.ts'

export function showPhone(room: Room, root: string): Html {
  const { library, phone } = room
  const texts = onPhone(room).slice(-NEWEST)
  const here = `${root}sandbox/phone`
  const chosen = html`<input type="hidden" name="phone" value="${phone}">`
  const name = PEOPLE.get(phone) ?? (FAILING.has(phone) ? `A phone that fails: ${FAILING.get(phone)}` : REACHED)
  const others = new Map(room.others.map((one) => [one, REACHED]))
  return html`<div>
<form method="get" action="${here}" class="row"><p><label for="phone">Whose phone</label><br><select id="phone" name="phone"><optgroup label="People">${options(PEOPLE, phone)}${options(others, phone)}</optgroup><optgroup label="Phones that fail in a known way">${options(FAILING, phone)}</optgroup></select></p><button class="quiet">Pick it up</button></form>
<section class="handset" aria-labelledby="owner"><h2 id="owner">${name}<span class="small">${sayPhone(phone)}</span></h2>
<div id="screen" class="screen" data-live tabindex="0" role="group" aria-label="Texts on this phone">${texts.length === 0 ? html`<p class="small">No texts yet. Ask the library something.</p>` : html`<ol class="bubbles">${texts.map(bubble(room, root))}</ol>`}</div>
<form method="post" action="${here}/write">${chosen}<p><label for="body">Text ${library.name}</label><br><textarea id="body" name="body" rows="2" maxlength="1600" required></textarea></p><div class="buttons"><button>Send</button><button class="quiet" name="picture" value="1" formnovalidate>Send a picture</button></div></form></section>
<div class="buttons"><form method="post" action="${here}/notice">${chosen}<button class="quiet">Let the library send a notice</button></form><a class="button quiet" href="${here}?phone=${encodeURIComponent(phone)}">Look again</a></div>
<h2>Try this</h2>${FAILING.has(phone) ? tryFailing : tryPerson}</div>`
}

const REACHED = 'Somebody whom a note reached'
/** As many as load in a blink. */
const NEWEST = 8

const tryPerson = html`<ul class="small"><li>Ask something: “Do you lend telescopes?” It is on the desk at once. Answer it there.</li><li>Say “wrong number” or “she died”. Texts pause, and staff can undo it.</li><li>Say <strong>STOP</strong>, then ask for a notice. Nothing comes.</li><li>Pick up a phone that fails, and send it a notice.</li></ul>`
const tryFailing = html`<ul class="small"><li>Let the library send a notice, and see beside it what became of it.</li><li>Text the library from it: what comes twice is answered once.</li></ul>`

const options = (phones: ReadonlyMap<string, string>, chosen: string): Html[] =>
  [...phones].map(
    ([number, name]) =>
      html`<option value="${number}"${number === chosen && html` selected`}>${name[0]!.toUpperCase() + name.slice(1)} (${number.slice(-7, -4)}-${number.slice(-4)})</option>`,
  )

const bubble =
  ({ library, premises }: Room, root: string) =>
  ({ way, body, pictures, at }: PhoneText): Html =>
    html`<li class="${way === 'in' ? 'mine' : 'theirs'}"><span class="unseen">${way === 'in' ? 'From this phone:' : 'From the library:'}</span>${body !== '' && html`<span class="said" dir="auto">${body}</span>`}${pictures > 0 && html`<img src="${root}sandbox/phone/picture" alt="An open book under a low sun" width="96" height="72">`}<span class="small">${sayMoment(library, at, premises.clock.now())}</span></li>`

export function showBeside(room: Room, beside: Beside, root: string): Html {
  const { library, premises } = room
  const { answering, sent, conversations, mails } = beside
  const desk = { library, answering, now: premises.clock.now() }
  return html`<div><section aria-labelledby="desk"><h2 id="desk">The library’s desk</h2><div id="list" data-live>${
    conversations.length === 0
      ? html`<p>Nothing yet. What people text is here at once.</p>`
      : html`<ul class="mails">${conversations.map((one) => html`<li><a href="${root}conversations/${one.conversationNo}?library=${library.key}"><strong>${sayPhone(one.phone ?? 'A number that is not kept any more')}</strong></a> <span dir="auto">${one.lastWords === '' ? '(a picture)' : one.lastWords}</span><br><span class="small">${sayStanding(desk, one)}</span></li>`)}</ul>`
  }</div><p><a href="${root}conversations?library=${library.key}">All conversations</a>, as staff see them</p></section>
<section aria-labelledby="box"><h2 id="box">The library’s mailbox</h2><div id="mailbox" data-live>${
    mails.length === 0
      ? html`<p>No mail yet. What people text comes here within seconds.</p>`
      : html`<ul class="mails">${mails.map(({ no, mail }) => html`<li><a href="${root}mailroom/answers/${no}?library=${library.key}"><strong dir="auto">${mail.subject}</strong></a></li>`)}</ul>`
  }</div></section>
<section aria-labelledby="became"><h2 id="became">What became of the library’s texts to this phone</h2><div id="sent" data-live>${
    sent.length === 0
      ? html`<p>${onPhone(room).some(({ way }) => way === 'out') ? 'It got the note of a mailing.' : 'The library has not texted this phone yet.'}</p>`
      : html`<ul class="mails">${sent.map((one) => html`<li><span dir="auto">${one.body ?? '(not kept any more)'}</span><br><span class="small">${sayBecame(room, answering, one)}</span></li>`)}</ul>`
  }</div></section></div>`
}

/** What the sandbox's codes mean, in words. */
const CODES: Readonly<Record<string, string>> = {
  landline: 'it is a landline. It stands on the fix-up list, and is not texted again',
  'not-in-use': 'the number is not in use. It stands on the fix-up list, and is not texted again',
  'out-of-reach': 'the phone is switched off. It is tried again',
  'stopped-here': 'the provider blocks it after their STOP. It stands on the fix-up list',
  'code-of-next-year': 'the provider gave a reason that nobody knows yet. It is tried again',
}

function sayBecame({ library, premises }: Room, { textsFromHour, textsUntilHour }: Answering, text: SentText): string {
  const now = premises.clock.now()
  const hour = hourIn(library.timezone, now)
  if (text.state === 'waiting' && text.quiet && (hour < textsFromHour || hour >= textsUntilHour))
    return `It waits until people are awake: notices leave from ${textsFromHour} to ${textsUntilHour} o’clock.`
  const later = text.state === 'waiting' && text.dueAt !== null && text.dueAt > now
  const why = text.code === null || text.state === 'delivered' ? undefined : CODES[text.code]
  return `It ${sayFate(text)}${why === undefined ? '' : `: ${why}`}${later ? ` at ${sayMoment(library, text.dueAt!, now)}` : ''}.`
}
