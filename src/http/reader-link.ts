// Opens the link of a message for the pages that readers see: who it is for, of which library, in which language. A
// token that is not ours, or was cut on its way, ends in a kind page; a library since removed in another.
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { type LinkRecord, readLinkRecord } from '../consent/link-record.ts'
import { type Purpose, purposeOfBit } from '../consent/purposes.ts'
import { Problem } from '../lib/errors.ts'
import type { MessageLink } from '../lib/signed-links.ts'
import { type Library, libraryByNo } from '../patrons/library.ts'
import { type Language, languages, wordsOf } from '../words/languages.ts'
import type { PageWords, PreferenceWords } from '../words/shape.ts'
import { openPremises } from './access.ts'
import { chooseLanguage } from './choose-language.ts'
import { type Html, html, webAddress } from './html.ts'
import { sendPage } from './page.ts'
import type { Premises, Site } from './premises.ts'

export interface OpenedLink {
  premises: Premises
  token: string
  link: MessageLink
  /** Null when the library is gone. */
  library: Library | null
  purpose: Purpose | null
}

const params = z.object({ token: z.string().max(200) })

/** Throws Problem 'not-found' for a token that we did not sign. `knock` is asked before anything is read. */
export async function openLink(
  site: Site,
  request: FastifyRequest,
  knock: (token: string) => void,
): Promise<OpenedLink> {
  const premises = openPremises(site)
  const { token } = params.parse(request.params)
  const link = premises.links.read(token)
  if (link === null) throw new Problem('not-found', 'This link was not made by us, or it was cut off on its way.')
  knock(token)
  const library = await libraryByNo(premises.logins, link.library)
  return { premises, token, link, library, purpose: purposeOfBit(link.purpose) }
}

export interface ReaderView extends OpenedLink {
  library: Library
  record: LinkRecord
  language: Language
  words: PageWords
  preferences: PreferenceWords
}

/** What a page shows; null when there is no such library any more, and then the answer has been sent. */
export async function viewFor(
  opened: OpenedLink,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<ReaderView | null> {
  const { premises, library, link } = opened
  if (library === null) {
    sendGone(request, reply)
    return null
  }
  const record = await readLinkRecord(premises.logins, library, link, premises.clock.now())
  const language = chooseLanguage(request, { message: record.language, library: library.language })
  const { pages, preferences } = wordsOf[language]
  return { ...opened, library, record, language, words: pages, preferences }
}

function sendGone(request: FastifyRequest, reply: FastifyReply): void {
  const language = chooseLanguage(request, {})
  const words = wordsOf[language].pages
  const [title, said] = words.gone
  sendPage(request, reply, {
    title,
    language,
    head: html`<p class="name">${words.aLibrary}</p>`,
    body: html`<h1>${title}</h1><p>${said}</p>`,
  })
}

/** A page of a library in the language of whoever reads it. */
export const sendReaderPage = (
  request: FastifyRequest,
  reply: FastifyReply,
  { library, language }: { library: Library; language: Language },
  page: { title: string; body: Html; switches?: boolean },
): FastifyReply =>
  sendPage(request, reply, {
    title: `${page.title} – ${library.name}`,
    language,
    head: html`<p class="name">${library.name}</p>${page.switches !== false && languageSwitch(language)}`,
    body: page.body,
    foot: imprint(library),
  })

const languageSwitch = (current: Language): Html =>
  html`<p class="languages">${languages
    .filter((language) => language !== current)
    .map(
      (language) =>
        html`<a href="?lang=${language}" lang="${language}" hreflang="${language}">${wordsOf[language].pages.ownName}</a> `,
    )}</p>`

const imprint = (library: Library): Html => {
  const site = webAddress(library.url)
  return html`<address>${library.name}<br>${library.postalAddress}${site && html`<br><a href="${site}">${site.replace(/^https?:\/\/|\/$/g, '')}</a>`}</address>`
}

/** How to reach a person at the library. */
export const callOrWrite = (library: Library, words: PageWords): Html =>
  html`<ul class="plain"><li>${words.phone}: <a href="tel:${library.phone.replace(/[^+\d]/g, '')}">${library.phone}</a></li>
<li>${words.email}: <a href="mailto:${library.email}">${library.email}</a></li></ul>`
