// The page behind the fresh code: all choices, every message of the last year and why it came, and the ways to have an
// address put right. A right code is exchanged for a seal that lives in the page's forms for a quarter of an hour; there
// is no cookie, no address to reload, and nothing to leave open on a shared machine.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { dateIn } from '../lib/clock.ts'
import { dateInWords } from '../messages/render.ts'
import { compare, doLess, doMore } from '../preferences/change-choices.ts'
import { checkFreshCode, isProof, sealProof } from '../preferences/fresh-code.ts'
import { messagesOfReader, type ReaderMessage } from '../preferences/messages-of-reader.ts'
import type { ReaderChoices } from '../preferences/reader-choices.ts'
import { reportAddress } from '../staff/life-event.ts'
import { again, carried, codeForm, sendCodePage } from './code-step.ts'
import { type Html, html } from './html.ts'
import { choicesForm, doneNote, readAsked } from './preference-form.ts'
import { asking, choicesOf, formView, mistake } from './preferences.ts'
import type { Site } from './premises.ts'
import { callOrWrite, openLink, type ReaderView, sendReaderPage, viewFor } from './reader-link.ts'

const posted = z.object({
  code: z.string().max(40).optional(),
  proof: z.string().max(2_100).optional(),
  act: z.enum(['choices', 'address']).optional(),
  said: z.string().max(1_000).default(''),
})

export function addOwnPage(app: FastifyInstance, site: Site, knock: (token: string) => void): void {
  app.post('/p/:token/own', { config: { access: 'public' } }, async (request, reply) => {
    const view = await viewFor(await openLink(site, request, knock), request, reply)
    if (view === null) return reply
    const read = posted.safeParse(request.body ?? {})
    const { code, proof, act, said = '' } = read.success ? read.data : {}
    const own = await comeIn(view, { code, proof })
    if (typeof own === 'string') return sendNotIn(request, reply, view, own)
    const choices = await choicesOf(view)
    // With a code comes the wish that asked for it; with the page's own forms, what they are for.
    if (choices !== null && (act === 'choices' || (code !== undefined && carried(request.body).length > 0)))
      return sendOwn(request, reply, view, own, await changed(view, choices, request.body))
    if (act === 'address') return sendOwn(request, reply, view, own, await passOn(view, said))
    return sendOwn(request, reply, view, own)
  })
}

type NotIn = 'wrong' | 'over' | 'closed'

/** The seal that opens this page, fresh from a right code or as it came along in a form. */
async function comeIn(
  { premises, library, link }: ReaderView,
  brought: { code: string | undefined; proof: string | undefined },
): Promise<{ proof: string } | NotIn> {
  const now = premises.clock.now()
  if (brought.code === undefined)
    return brought.proof !== undefined && isProof(premises, library, link, brought.proof, now)
      ? { proof: brought.proof }
      : 'closed'
  const checked = await checkFreshCode(premises, library, link, { code: brought.code, now })
  return checked === 'right' ? { proof: sealProof(premises, library, link, now) } : checked
}

function sendNotIn(request: FastifyRequest, reply: FastifyReply, view: ReaderView, why: NotIn): FastifyReply {
  const { preferences: words, token, language } = view
  const wish = carried(request.body)
  const alert = (text: string) => html`<p class="mistake" role="alert">${text}</p>`
  if (why === 'wrong')
    return sendCodePage(request, reply.code(400), view, codeForm(view, wish, '../', alert(words.code.wrong)))
  const back = html`<p><a href="../${token}?lang=${language}">${words.back}</a></p>`
  if (why === 'over')
    return sendCodePage(
      request,
      reply.code(400),
      view,
      html`${alert(words.code.over)}${again(view, wish, '../')}${back}`,
    )
  const [title, text] = words.own.over
  return sendReaderPage(request, reply.code(403), view, {
    title,
    switches: false,
    body: html`<h1>${title}</h1><p>${text}</p>${back}`,
  })
}

async function changed(view: ReaderView, before: ReaderChoices, body: unknown): Promise<Html> {
  const asked = readAsked(body, formView(view, before))
  if (typeof asked === 'string') return mistake(view, asked)
  const { less, more } = compare(before, asked)
  // What is more first: a yes ends the pauses before it, and a new pause in the same form must outlive it.
  if (more !== null) await doMore(asking(view), before, more)
  await doLess(asking(view), less)
  return doneNote(formView(view, before), less, more)
}

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
  { proof }: { proof: string },
  note?: Html,
): Promise<FastifyReply> {
  const { premises, library, link, language, preferences, words, token } = view
  const { own } = preferences
  const choices = await choicesOf(view)
  const messages = await messagesOfReader(premises.logins, library, {
    patron: link.patron,
    language,
    now: premises.clock.now(),
  })
  return sendReaderPage(request, reply, view, {
    title: own.title,
    switches: false,
    body: html`<h1>${own.title}</h1>
${note}
<p>${own.open}</p>
<section><h2>${preferences.title}</h2>
${choices === null ? html`<p>${words.why.noRecord}</p>` : choicesForm(formView(view, choices), { action: `own?lang=${language}`, proof })}</section>
<section><h2>${own.messages}</h2>${messages.length === 0 ? html`<p>${own.noMessages}</p>` : html`<ul class="mails">${messages.map((m) => oneMessage(view, m))}</ul>`}</section>
<section><h2>${own.address}</h2><p>${own.addressText}</p>
<form method="post" action="own?lang=${language}"><input type="hidden" name="proof" value="${proof}"><input type="hidden" name="act" value="address">
<p><label for="said">${own.addressLabel}</label><br><textarea id="said" name="said" rows="4" maxlength="1000" required></textarea></p>
<button class="quiet">${own.addressButton}</button></form></section>
<section><p><a href="../${token}?lang=${language}">${preferences.back}</a></p>
<p>${words.callUs}</p>${callOrWrite(library, words)}</section>`,
  })
}

function oneMessage({ words, preferences, language, library }: ReaderView, message: ReaderMessage): Html {
  const day = (at: Date) => dateInWords(language, dateIn(library.timezone, at))
  const { own, reasons, otherReason } = preferences
  const said = message.reasons.map((code) => (Object.hasOwn(reasons, code) ? reasons[code]! : otherReason))
  const why =
    message.fate === 'held back'
      ? said.length > 0 && own.heldBack(said.join('; '))
      : message.agreedAt && own.because(day(message.agreedAt), words.purposes[message.purpose])
  return html`<li><strong>${day(message.at)}${message.subject && html`: <span dir="auto">${message.subject}</span>`}</strong><br>
${own.states[message.fate]}${why && ` ${why}`}</li>`
}
