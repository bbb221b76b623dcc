// Asking for the way to one's choices: an address is typed, and a mail goes there. The answer on the page is the same for
// every address, so that nobody learns from it who gets mail from the library. Against robots it has what the sign-up form
// has: a stamp of when it was made, and a field that no person sees.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { normaliseEmail } from '../lib/addresses.ts'
import { Problem } from '../lib/errors.ts'
import { type Library, listLibraries } from '../patrons/library.ts'
import { askForLink } from '../preferences/ask-for-link.ts'
import { type Language, wordsOf } from '../words/languages.ts'
import { openPremises } from './access.ts'
import { chooseLanguage } from './choose-language.ts'
import { formStamp } from './form-stamp.ts'
import { type Html, html } from './html.ts'
import type { Premises, Site } from './premises.ts'
import { addressKey, knockMailbox } from './rate-limit.ts'
import { callOrWrite, sendReaderPage } from './reader-link.ts'

export function addAskForLink(app: FastifyInstance, site: Site, limits: AskLimits): void {
  app.get('/:library/preferences', { config: { access: 'public' } }, async (request, reply) => {
    const asked = await libraryOf(openPremises(site), request)
    return send(request, reply, asked, { body: form(asked, freshStamp(openPremises(site), asked)) })
  })

  app.post('/:library/preferences', { config: { access: 'public' } }, async (request, reply) => {
    const premises = openPremises(site)
    const asked = await libraryOf(premises, request)
    const { library, language } = asked
    limits.byAddress(addressKey(request.ip))
    limits.byLibrary(`ask ${library.key}`)
    const read = posted.safeParse(request.body)
    const { email, stamp, website } = read.success ? read.data : { email: '', stamp: '', website: '' }
    // Who fills in what nobody sees is told what everybody is told.
    if (website !== '') return sendDone(request, reply, asked)
    const now = premises.clock.now()
    const checked = formStamp(premises.keys.links).check(library.libraryNo, stamp, now)
    const next = checked === 'none' ? freshStamp(premises, asked) : stamp
    if (normaliseEmail(email) === null)
      return send(request, reply.code(400), asked, { body: form(asked, next, { email, why: 'wrong' }) })
    if (checked !== 'good') return send(request, reply, asked, { body: form(asked, next, { email, why: 'lookOver' }) })
    knockMailbox(limits, library, email)
    await askForLink(premises, library, { email, language, publicUrl: site.publicUrl, now })
    return sendDone(request, reply, asked)
  })
}

const posted = z.object({
  email: z.string().max(300),
  stamp: z.string().max(60).default(''),
  website: z.string().max(300).default(''),
})

const freshStamp = ({ keys, clock }: Premises, { library }: Asked): string =>
  formStamp(keys.links).make(library.libraryNo, clock.now())

function sendDone(request: FastifyRequest, reply: FastifyReply, asked: Asked): FastifyReply {
  const { preferences, pages } = wordsOf[asked.language]
  const { done, doneText } = preferences.ask
  return send(request, reply, asked, {
    title: done,
    body: html`<h1>${done}</h1><p role="status">${doneText}</p>${callOrWrite(asked.library, pages)}`,
  })
}

/** Like those of the sign-up form: each press sends a mail to an address that anybody can type. */
interface AskLimits {
  byAddress: (key: string) => void
  byLibrary: (key: string) => void
  byMailbox: (key: string) => void
}

interface Asked {
  library: Library
  language: Language
}

/** Throws Problem 'not-found'. */
async function libraryOf(premises: Premises, request: FastifyRequest): Promise<Asked> {
  const { library: key } = z.object({ library: z.string() }).parse(request.params)
  const library = (await listLibraries(premises.logins)).find((one) => one.key === key)
  if (!library) throw new Problem('not-found', 'There is no such library here.')
  return { library, language: chooseLanguage(request, { library: library.language }) }
}

const send = (request: FastifyRequest, reply: FastifyReply, asked: Asked, page: { title?: string; body: Html }) =>
  sendReaderPage(request, reply, asked, {
    title: wordsOf[asked.language].preferences.ask.title,
    switches: request.method === 'GET',
    ...page,
  })

/** `again`: what was typed, and why it is shown once more. */
function form({ library, language }: Asked, stamp: string, again?: { email: string; why: 'wrong' | 'lookOver' }): Html {
  const { preferences, join } = wordsOf[language]
  const { ask } = preferences
  const wrong = again?.why === 'wrong'
  return html`<h1>${ask.title}</h1>
<p>${ask.text(library.name)}</p>
<form method="post" action="preferences?lang=${language}">
${wrong && html`<p id="wrong" class="mistake" role="alert">${ask.wrong}</p>`}
${again?.why === 'lookOver' && html`<div class="note" role="alert"><p>${join.wrong.lookOver}</p></div>`}
<p><label for="email">${ask.label}</label><br><input id="email" type="email" name="email" autocomplete="email" maxlength="254" required dir="ltr"${again && html` value="${again.email}"`}${wrong && html` aria-invalid="true" aria-describedby="wrong"`}></p>
<p class="unseen" aria-hidden="true"><label for="website">${join.leaveEmpty}</label><input id="website" name="website" tabindex="-1" autocomplete="off"></p>
<input type="hidden" name="stamp" value="${stamp}">
<button>${ask.button}</button>
</form>`
}
