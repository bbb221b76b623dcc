// Asking for the way to one's choices: an address is typed, and a mail goes there. The answer on the page is the same for
// every address, so that nobody learns from it who gets mail from the library.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { Problem } from '../lib/errors.ts'
import { type Library, listLibraries } from '../patrons/library.ts'
import { askForLink } from '../preferences/ask-for-link.ts'
import { type Language, wordsOf } from '../words/languages.ts'
import { openPremises } from './access.ts'
import { chooseLanguage } from './choose-language.ts'
import { type Html, html } from './html.ts'
import type { Premises, Site } from './premises.ts'
import { addressKey, knockMailbox } from './rate-limit.ts'
import { callOrWrite, sendReaderPage } from './reader-link.ts'

export function addAskForLink(app: FastifyInstance, site: Site, limits: AskLimits): void {
  app.get('/:library/preferences', { config: { access: 'public' } }, async (request, reply) => {
    const asked = await libraryOf(openPremises(site), request)
    return send(request, reply, asked, { body: form(asked) })
  })

  app.post('/:library/preferences', { config: { access: 'public' } }, async (request, reply) => {
    const premises = openPremises(site)
    const asked = await libraryOf(premises, request)
    const { library, language } = asked
    const words = wordsOf[language].preferences.ask
    limits.byAddress(addressKey(request.ip))
    limits.byLibrary(`ask ${library.key}`)
    const read = z.object({ email: z.string().max(300) }).safeParse(request.body)
    const email = read.success ? read.data.email : ''
    knockMailbox(limits, library, email)
    const { publicUrl } = site
    if (!(await askForLink(premises, library, { email, language, publicUrl, now: premises.clock.now() })))
      return send(request, reply.code(400), asked, { body: form(asked, email) })
    return send(request, reply, asked, {
      title: words.done,
      body: html`<h1>${words.done}</h1><p role="status">${words.doneText}</p>${callOrWrite(library, wordsOf[language].pages)}`,
    })
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

function form({ library, language }: Asked, wrong?: string): Html {
  const { ask } = wordsOf[language].preferences
  return html`<h1>${ask.title}</h1>
<p>${ask.text(library.name)}</p>
<form method="post" action="preferences?lang=${language}">
${wrong !== undefined && html`<p id="wrong" class="mistake" role="alert">${ask.wrong}</p>`}
<p><label for="email">${ask.label}</label><br><input id="email" type="email" name="email" autocomplete="email" maxlength="254" required dir="ltr"${wrong !== undefined && html` value="${wrong}" aria-invalid="true" aria-describedby="wrong"`}></p>
<button>${ask.button}</button>
</form>`
}
