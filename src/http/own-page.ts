// The page behind the fresh code: all choices, every message of the last year and why it came, all that is kept, and the
// ways to have an address put right. A right code is exchanged for a seal that lives in the page's forms for a quarter of
// an hour; there is no cookie, no address to reload, and nothing to leave open on a shared machine.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { exportPatron, type PatronRecord } from '../consent/export-patron.ts'
import { inLibrary } from '../db/scope.ts'
import { compare, doLess, doMore } from '../preferences/change-choices.ts'
import { checkFreshCode, isProof, sealProof } from '../preferences/fresh-code.ts'
import type { ReaderChoices } from '../preferences/reader-choices.ts'
import { writeAudit } from '../staff/audit.ts'
import { reportAddress } from '../staff/life-event.ts'
import { again, carried, codeForm, sendCodePage } from './code-step.ts'
import { type Html, html } from './html.ts'
import { isShared, recordSections } from './own-record.ts'
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
    const own = await comeIn(view, request.body)
    if (typeof own === 'string') return sendNotIn(request, reply, view, own)
    const { code, act, said } = posted.parse(request.body)
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
export async function comeIn(
  { premises, library, link }: ReaderView,
  body: unknown,
): Promise<{ proof: string } | NotIn> {
  const now = premises.clock.now()
  const read = posted.safeParse(body ?? {})
  const { code, proof } = read.success ? read.data : {}
  if (code === undefined)
    return proof !== undefined && (await isProof(premises, library, link, proof, now)) ? { proof } : 'closed'
  const checked = await checkFreshCode(premises, library, link, { code, now })
  return checked === 'right' ? { proof: sealProof(premises, library, link, now) } : checked
}

/** Everything that is kept, read for the reader; the look is written down like anybody's. */
export const ownRecord = ({ premises, library, link }: ReaderView): Promise<PatronRecord> =>
  inLibrary(premises.logins, 'circulation', library.libraryNo, async (scope) => {
    await writeAudit(scope, { who: 'the patron', did: 'looked at all of a patron', about: { patronNo: link.patron } })
    return withoutSecrets(await exportPatron(scope, library, link.patron, premises.clock.now()))
  })

/**
 * A code proves a mailbox, which a partner or a parent may read: where a cardholder lives, or wrote that they do, and when
 * they come stays out.
 */
function withoutSecrets(record: PatronRecord): PatronRecord {
  const { identity, facts } = record
  if (facts === null || facts.patronId === null) return record
  const street = { addressLine1: '', addressLine2: '', city: '', region: '', postalCode: '', country: '' }
  return {
    ...record,
    identity: identity && { ...identity, ...street, phone: null },
    facts: { ...facts, lastUse: null },
    tasks: record.tasks.map((task) => ({ ...task, said: null })),
  }
}

/** `up` leads to /p/. */
export function sendNotIn(
  request: FastifyRequest,
  reply: FastifyReply,
  view: ReaderView,
  why: NotIn,
  up = '../',
): FastifyReply {
  const { preferences: words, token, language } = view
  const wish = carried(request.body)
  const alert = (text: string) => html`<p class="mistake" role="alert">${text}</p>`
  if (why === 'wrong')
    return sendCodePage(request, reply.code(400), view, codeForm(view, wish, up, alert(words.code.wrong)))
  const back = html`<p><a href="${up}${token}?lang=${language}">${words.back}</a></p>`
  if (why === 'over')
    return sendCodePage(request, reply.code(400), view, html`${alert(words.code.over)}${again(view, wish, up)}${back}`)
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

/** A form of this page: a hidden seal, and what else it holds. */
export const ownForm = (action: string, proof: string, inside: Html): Html =>
  html`<form method="post" action="${action}"><input type="hidden" name="proof" value="${proof}">${inside}</form>`

async function sendOwn(
  request: FastifyRequest,
  reply: FastifyReply,
  view: ReaderView,
  { proof }: { proof: string },
  note?: Html,
): Promise<FastifyReply> {
  const { library, language, preferences, words, token } = view
  const { own } = preferences
  const choices = await choicesOf(view)
  const record = await ownRecord(view)
  const here = `?lang=${language}`
  return sendReaderPage(request, reply, view, {
    title: own.title,
    switches: false,
    body: html`<h1>${own.title}</h1>
${note}
<p>${own.open}</p>
<section><h2>${preferences.title}</h2>
${choices === null ? html`<p>${words.why.noRecord}</p>` : choicesForm(formView(view, choices), { action: `own${here}`, proof })}</section>
${recordSections(view, record)}
<section><h2>${own.address}</h2><p>${own.addressText}</p>
${ownForm(
  `own${here}`,
  proof,
  html`<input type="hidden" name="act" value="address"><p><label for="said">${own.addressLabel}</label><br><textarea id="said" name="said" rows="4" maxlength="1000" required></textarea></p>
<button class="quiet">${own.addressButton}</button>`,
)}</section>
${
  !isShared(record) &&
  html`<section><h2>${own.file}</h2><p>${own.fileText}</p>${ownForm(`own/file${here}`, proof, html`<button class="quiet">${own.fileButton}</button>`)}</section>
<section><h2>${own.erase}</h2><p>${own.eraseText}</p>${ownForm(`own/erase${here}`, proof, html`<button class="quiet">${own.eraseButton}</button>`)}</section>`
}
<section><p><a href="../${token}${here}">${preferences.back}</a></p>
<p>${words.callUs}</p>${callOrWrite(library, words)}</section>`,
  })
}
