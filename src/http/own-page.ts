// The page behind the fresh code: all choices, every message of the last year and why it came, and a way to have an address
// put right; of a cardholder the rest opens with the card number. What was proven lives as a seal in the page's forms for a
// quarter of an hour; there is no cookie, no address to reload, and nothing to leave open on a shared machine.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { exportPatron, type PatronRecord } from '../consent/export-patron.ts'
import { inLibrary } from '../db/scope.ts'
import { askForTexts } from '../preferences/ask-for-texts.ts'
import { compare, doLess, doMore } from '../preferences/change-choices.ts'
import type { OwnProof } from '../preferences/own-proof.ts'
import type { ReaderChoices } from '../preferences/reader-choices.ts'
import type { PhoneStep } from '../signups/prove-phone.ts'
import { writeAudit } from '../staff/audit.ts'
import { reportAddress } from '../staff/life-event.ts'
import { wordsOf } from '../words/languages.ts'
import { carried } from './code-step.ts'
import { type Html, html } from './html.ts'
import { phoneStep } from './join-pages.ts'
import { cardSection, tryCard } from './own-card.ts'
import { comeIn, ownForm, sendNotIn } from './own-door.ts'
import { isShared, messagesOf, recordOf } from './own-record.ts'
import { choicesForm, doneNote, readAsked } from './preference-form.ts'
import { asking, choicesOf, formView, mistake } from './preferences.ts'
import type { Site } from './premises.ts'
import { callOrWrite, openLink, type ReaderView, sendReaderPage, viewFor } from './reader-link.ts'

const posted = z.object({
  code: z.string().optional(),
  act: z.enum(['choices', 'address', 'card']).optional(),
  said: z.string().max(1_000).default(''),
  card: z.string().max(64).default(''),
})

export function addOwnPage(app: FastifyInstance, site: Site, knock: (token: string) => void): void {
  app.post('/p/:token/own', { config: { access: 'public' } }, async (request, reply) => {
    const view = await viewFor(await openLink(site, request, knock), request, reply)
    if (view === null) return reply
    const own = await comeIn(view, request.body)
    if (typeof own === 'string') return sendNotIn(request, reply, view, own)
    const { code, act, said, card } = posted.parse(request.body)
    const choices = await choicesOf(view)
    // With a code comes the wish that asked for it; with the page's own forms, what they are for.
    if (choices !== null && (act === 'choices' || (code !== undefined && carried(request.body).length > 0)))
      return sendOwn(request, reply, view, own, { note: await changed(view, choices, request.body) })
    if (act === 'address') return sendOwn(request, reply, view, own, { note: await passOn(view, said) })
    if (act === 'card' && own.opens !== 'all') {
      const { own: opened, why } = await tryCard(view, own, card)
      return sendOwn(request, why === null ? reply : reply.code(400), view, opened, { cardWrong: why })
    }
    return sendOwn(request, reply, view, own)
  })
}

/** Everything that is kept, read for the reader; the look is written down like anybody's. */
export const ownRecord = ({ premises, library, link }: ReaderView): Promise<PatronRecord> =>
  inLibrary(premises.logins, 'circulation', library.libraryNo, async (scope) => {
    await writeAudit(scope, { who: 'the patron', did: 'looked at all of a patron', about: { patronNo: link.patron } })
    return exportPatron(scope, library, link.patron, premises.clock.now())
  })

/** What was done; and, where texts were asked for, the step by which the phone is proven. */
async function changed(view: ReaderView, before: ReaderChoices, body: unknown): Promise<Html | null> {
  const asked = readAsked(body, formView(view, before))
  if (typeof asked === 'string') return mistake(view, asked)
  const { less, more } = compare(before, asked)
  // What is more first: a yes ends the pauses before it, and a new pause in the same form must outlive it.
  const done = more === null ? null : await doMore(asking(view), before, more)
  await doLess(asking(view), less)
  const texts =
    done === null || done.texts.length === 0
      ? null
      : await askForTexts(asking(view), before, { yes: done.texts, topics: done.more.topics })
  const note = doneNote(formView(view, before), less, done, texts)
  return typeof texts === 'object' && texts !== null ? html`${note}${phoneSection(view, texts)}` : note
}

const phoneSection = ({ language, library }: ReaderView, texts: PhoneStep): Html =>
  html`<section class="note"><h2>${wordsOf[language].join.phoneSent.title}</h2>
${phoneStep({ ...texts, language, email: null, way: `../../${library.key}/join` })}</section>`

async function passOn({ premises, library, link, preferences: { own } }: ReaderView, said: string): Promise<Html> {
  if (said.trim() === '') return html`<p class="mistake" role="alert">${own.addressMissing}</p>`
  const { patron, addressHash } = link
  await reportAddress(premises, library, { patron, addressHash, said: said.trim(), now: premises.clock.now() })
  return html`<p class="note" role="status">${own.addressDone}</p>`
}

async function sendOwn(
  request: FastifyRequest,
  reply: FastifyReply,
  view: ReaderView,
  own: OwnProof,
  { note, cardWrong }: { note?: Html | null; cardWrong?: 'wrong' | 'over' | null } = {},
): Promise<FastifyReply> {
  const { library, language, preferences, words, token } = view
  const { own: says } = preferences
  const choices = await choicesOf(view)
  const record = await ownRecord(view)
  const here = `?lang=${language}`
  return sendReaderPage(request, reply, view, {
    title: says.title,
    switches: false,
    body: html`<h1>${says.title}</h1>
${note}
<p>${says.open}</p>
${cardWrong && cardSection(view, own, 'own', cardWrong)}
<section><h2>${preferences.title}</h2>
${choices === null ? html`<p>${words.why.noRecord}</p>` : choicesForm(formView(view, choices), { action: `own${here}`, proof: own.seal })}</section>
<section><h2>${says.messages}</h2>${messagesOf(view, record)}</section>
${own.opens === 'all' && !isShared(record) && recordOf(view, record)}
<section><h2>${says.address}</h2><p>${says.addressText}</p>
${ownForm(
  `own${here}`,
  own,
  html`<input type="hidden" name="act" value="address"><p><label for="said">${says.addressLabel}</label><br><textarea id="said" name="said" rows="4" maxlength="1000" required></textarea></p>
<button class="quiet">${says.addressButton}</button>`,
)}</section>
${isShared(record) ? html`<p class="note">${says.shared}</p>` : own.opens === 'all' ? rights(view, own) : !cardWrong && cardSection(view, own, 'own')}
<section><p><a href="../${token}${here}">${preferences.back}</a></p>
<p>${words.callUs}</p>${callOrWrite(library, words)}</section>`,
  })
}

function rights({ preferences: { own: says }, language }: ReaderView, own: OwnProof): Html {
  const to = (what: 'file' | 'erase', button: string) =>
    ownForm(`own/${what}?lang=${language}`, own, html`<button class="quiet">${button}</button>`)
  return html`<section><h2>${says.file}</h2><p>${says.fileText}</p>${to('file', says.fileButton)}</section>
<section><h2>${says.erase}</h2><p>${says.eraseText}</p>${to('erase', says.eraseButton)}</section>`
}
