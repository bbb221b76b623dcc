// The mailroom: the mails that stayed on this machine, newest first and paged by their number. What stands in the list
// is read from the mails themselves, because no address is kept beside a message.
import type { FastifyInstance } from 'fastify'
import PostalMime, { type Email } from 'postal-mime'
import { z } from 'zod'
import { readFromMailroom } from '../channels/email/mailroom.ts'
import { inLibrary } from '../db/scope.ts'
import { listAnswers, type QueuedAnswer } from '../messages/answers.ts'
import { listSent, type SentMessage } from '../messages/list-sent.ts'
import type { Library } from '../patrons/library.ts'
import { notHere, openPremises, shownLibraries } from './access.ts'
import { type Html, html } from './html.ts'
import { sayMessageState } from './mailing-words.ts'
import { rootOf, sendPage } from './page.ts'
import type { Premises, Site } from './premises.ts'
import { instant } from './report.ts'

const PAGE = 25
const query = z.object({
  library: z.string().optional(),
  before: z
    .string()
    .regex(/^[1-9]\d{0,17}$/)
    .optional(),
})

export function addMailroom(app: FastifyInstance, site: Site): void {
  app.get('/mailroom', { config: { access: 'demo' } }, async (request, reply) => {
    const premises = openPremises(site)
    const libraries = await shownLibraries(premises, site)
    const asked = query.safeParse(request.query)
    if (!asked.success) throw notHere()
    const { library: key, before } = asked.data
    const library = key === undefined ? firstOf(libraries) : libraries.find((one) => one.key === key)
    if (library === undefined) throw notHere()
    const found = await listSent(premises.logins, library, { before: before ?? null, most: PAGE + 1 })
    const shown = await Promise.all(found.slice(0, PAGE).map((message) => withMail(premises, library, message)))
    const answers =
      before === undefined
        ? await inLibrary(premises.logins, 'circulation', library.libraryNo, (scope) => listAnswers(scope, 10))
        : []
    const root = rootOf(request.url)
    return sendPage(request, reply, {
      title: 'Mailroom – Gentle Reader',
      head: html`<p class="name"><a href="${root}">Gentle Reader</a></p><nav aria-label="Pages"><a href="${root}mailroom" aria-current="page">Mailroom</a></nav>`,
      body: html`<h1>Mailroom</h1>
<p>What ${library.name} has sent, each mail as its reader would see it. These mails never left this machine.</p>
${libraries.length > 1 && chooser(libraries, library)}
${shown.length === 0 ? emptyRoom(before !== undefined, root) : list(library, shown)}
${pager(library, before, found.length > PAGE ? shown.at(-1)!.message.messageNo : null)}
${answers.length > 0 && answerList(library, answers)}`,
    })
  })
}

const firstOf = (libraries: Library[]): Library | undefined => libraries.find((one) => one.demo) ?? libraries[0]

interface Shown {
  message: SentMessage
  to: string | null
  subject: string | null
  language: string | null
}

async function withMail({ mailroom }: Premises, library: Library, message: SentMessage): Promise<Shown> {
  const raw = await readFromMailroom(mailroom, mailName(library, message.messageNo))
  if (raw === null) return { message, to: null, subject: null, language: null }
  const mail = await PostalMime.parse(raw)
  return {
    message,
    to: mail.to?.[0]?.address ?? null,
    subject: mail.subject ?? null,
    language: languageOf(mail),
  }
}

export const languageOf = (mail: Email): string | null =>
  mail.headers.find((header) => header.key === 'content-language')?.value ?? null

/** The local part of a message's Message-ID, by which the mailroom keeps it. */
export const mailName = (library: Library, messageNo: string): string => `${library.key}.${messageNo}`

const languageNames = new Intl.DisplayNames('en', { type: 'language' })
const languageName = (tag: string): string => {
  try {
    return languageNames.of(tag) ?? tag
  } catch {
    return tag
  }
}

const list = (library: Library, shown: Shown[]): Html =>
  html`<ul class="mails">${shown.map(
    ({ message, to, subject, language }) =>
      html`<li>${
        to === null
          ? html`<strong>Message ${message.messageNo}</strong>`
          : html`<a href="mailroom/${message.messageNo}"><strong dir="auto"${language && html` lang="${language}"`}>${subject || 'No subject'}</strong> to ${to}</a>`
      }<br><span class="small">${[
        language && languageName(language),
        sayMessageState[message.state],
        message.at && instant(library, message.at),
      ]
        .filter(Boolean)
        .join(' · ')}${to === null && ' · no mail of it was kept'}</span></li>`,
  )}</ul>`

const answerList = (library: Library, answers: QueuedAnswer[]): Html =>
  html`<section aria-labelledby="answers"><h2 id="answers">Answers</h2>
<p>One mail each, to somebody who did something on a page a moment ago: a link, a code.</p>
<ul class="mails">${answers.map(
    ({ answerNo, kind, state, at }) =>
      html`<li><a href="mailroom/answers/${answerNo}?library=${library.key}"><strong>Answer ${answerNo}</strong></a> (${kind})<br><span class="small">${
        { waiting: 'waits for its turn', accepted: 'left', failed: 'could not be sent' }[state]
      } · ${instant(library, at)}</span></li>`,
  )}</ul></section>`

const emptyRoom = (later: boolean, root: string): Html =>
  later
    ? html`<p>There are no older mails.</p>`
    : html`<p><strong>Nothing has left yet.</strong> Launch the mailing on <a href="${root}#mailing">the first page</a>, press “Start now” there, and come back.</p>`

const chooser = (libraries: Library[], shown: Library): Html =>
  html`<nav aria-label="Libraries"><ul class="plain">${libraries.map(
    (library) =>
      html`<li><a href="?library=${library.key}"${library.key === shown.key && html` aria-current="true"`}>${library.name}</a></li>`,
  )}</ul></nav>`

const pager = (library: Library, before: string | undefined, next: string | null): Html | null =>
  before === undefined && next === null
    ? null
    : html`<nav class="buttons" aria-label="More mails">${before !== undefined && html`<a class="button quiet" href="?library=${library.key}">Newest</a>`}${next !== null && html`<a class="button quiet" href="?library=${library.key}&amp;before=${next}">Older</a>`}</nav>`
