// The step at which a reader proves that the address is theirs: a code goes to it, and the page asks for the digits. What
// they wished for goes along in the form, so that it need not be said twice.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { normaliseEmail } from '../lib/addresses.ts'
import { sendFreshCode } from '../preferences/fresh-code.ts'
import { type ReaderChoices, readChoices } from '../preferences/reader-choices.ts'
import { type Html, html } from './html.ts'
import type { Site } from './premises.ts'
import { openLink, type ReaderView, sendReaderPage, viewFor } from './reader-link.ts'

type Fields = readonly (readonly [name: string, value: string])[]

/** What goes along with a wish from page to page; anything else in a form is dropped. */
const CARRIED = ['was', 'yes', 'topic', 'pace', 'language', 'resume', 'pause']

export function addCodeStep(app: FastifyInstance, site: Site, knock: (token: string) => void): void {
  app.post('/p/:token/code', { config: { access: 'public' } }, async (request, reply) => {
    const view = await viewFor(await openLink(site, request, knock), request, reply)
    if (view === null) return reply
    const { premises, library, link } = view
    const choices = await readChoices(premises.logins, library, link, premises.clock.now())
    return askForCode(request, reply, view, choices, carried(request.body), { up: '../' })
  })
}

/** Sends a code to the address that we know, or to the one that is typed if it is the link's own; then asks for it. */
export async function askForCode(
  request: FastifyRequest,
  reply: FastifyReply,
  view: ReaderView,
  choices: ReaderChoices | null,
  wish: Fields,
  { up = '' }: { up?: string } = {},
): Promise<FastifyReply> {
  const { premises, library, link, language, preferences } = view
  const typed = z.object({ email: z.string().max(300) }).safeParse(request.body)
  if (choices?.email == null && !typed.success) return sendCodePage(request, reply, view, addressForm(view, wish, up))
  const to = choices?.email ?? ownAddress(view, typed.data?.email ?? '')
  const now = premises.clock.now()
  // Whether a code left is told by the mailbox alone: not when there were too many, and not when it is no longer theirs.
  if (to !== null) await sendFreshCode(premises, library, link, { to, language, now })
  const said = choices?.maskedAddress ? preferences.code.sent(choices.maskedAddress) : preferences.code.sentBlind
  return sendCodePage(request, reply, view, codeForm(view, wish, up, html`<p role="status">${said}</p>`))
}

/** The typed address, if our message went there. The page says the same when it did not. */
function ownAddress({ premises, library, link }: ReaderView, email: string): string | null {
  const to = normaliseEmail(email)
  return to !== null && premises.logins.seals.hashFor(library.key)('email', to).equals(link.addressHash) ? to : null
}

export const sendCodePage = (
  request: FastifyRequest,
  reply: FastifyReply,
  view: ReaderView,
  body: Html,
): FastifyReply =>
  sendReaderPage(request, reply, view, {
    title: view.preferences.code.title,
    switches: false,
    body: html`<h1>${view.preferences.code.title}</h1>${body}`,
  })

/** Inputs relative to the page that shows the form: `up` leads to /p/. */
export function codeForm(view: ReaderView, wish: Fields, up: string, note: Html): Html {
  const { preferences, token, language } = view
  const { code } = preferences
  return html`${note}
${wish.length > 0 && html`<p>${code.wider}</p>`}
<form method="post" action="${up}${token}/own?lang=${language}">${hidden(wish)}
<p><label for="code">${code.label}</label><br><input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="12" required dir="ltr"></p>
<button>${code.button}</button></form>
<p class="small">${code.nothingCame}</p>
${again(view, wish, up)}
<p><a href="${up}${token}?lang=${language}">${preferences.back}</a></p>`
}

export const again = ({ preferences: { code }, token, language }: ReaderView, wish: Fields, up: string): Html =>
  html`<form method="post" action="${up}${token}/code?lang=${language}">${hidden(wish)}<button class="quiet">${code.again}</button></form>`

const addressForm = ({ preferences: { code }, token, language }: ReaderView, wish: Fields, up: string): Html =>
  html`<h2>${code.address}</h2><p>${code.addressText}</p>
<form method="post" action="${up}${token}/code?lang=${language}">${hidden(wish)}
<p><label for="email">${code.addressLabel}</label><br><input id="email" type="email" name="email" autocomplete="email" maxlength="254" required dir="ltr"></p>
<button>${code.addressButton}</button></form>`

const hidden = (fields: Fields): Html[] =>
  fields.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)

/** The wish in a posted form, field by field. */
export function carried(body: unknown): [string, string][] {
  const fields = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {}
  return CARRIED.flatMap((name) =>
    (Array.isArray(fields[name]) ? fields[name] : [fields[name]])
      .filter((value): value is string => typeof value === 'string' && value.length <= 2_000)
      .slice(0, 50)
      .map((value): [string, string] => [name, value]),
  )
}
