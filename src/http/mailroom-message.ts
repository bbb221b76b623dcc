// One mail of the mailroom: as its reader sees it, as plain text, and as the bytes that would have left; with the
// answer to "why did this person get this?" and the stop button that a mail program would show.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import PostalMime, { type Email } from 'postal-mime'
import { readFromMailroom } from '../channels/email/mailroom.ts'
import { RULES } from '../consent/rules.ts'
import { type Why, whyPatron } from '../consent/why.ts'
import { inLibrary } from '../db/scope.ts'
import { findSent, type SentMessage } from '../messages/list-sent.ts'
import type { Library } from '../patrons/library.ts'
import { writeAudit } from '../staff/audit.ts'
import { notHere, openPremises, shownLibraries } from './access.ts'
import { type Html, html } from './html.ts'
import { sayMessageState } from './mailing-words.ts'
import { languageOf, mailName } from './mailroom.ts'
import { rootOf, sendPage } from './page.ts'
import type { Premises, Site } from './premises.ts'
import { instant } from './report.ts'
import { allowMailStyles, allowOwnFrame } from './security-headers.ts'

export function addMailroomMessage(app: FastifyInstance, site: Site): void {
  app.get('/mailroom/:messageNo', { config: { access: 'demo' } }, async (request, reply) => {
    const premises = openPremises(site)
    const found = await findMail(site, premises, request)
    const why = await askAgain(premises, found)
    const root = rootOf(request.url)
    return sendPage(request, allowOwnFrame(reply), {
      title: `${found.mail.subject ?? 'A mail'} – Mailroom`,
      head: html`<p class="name"><a href="${root}">Gentle Reader</a></p><nav aria-label="Pages"><a href="${root}mailroom">Mailroom</a></nav>`,
      body: showMail(found, why, root),
    })
  })

  app.get('/mailroom/:messageNo/html', { config: { access: 'demo' } }, async (request, reply) => {
    const { mail } = await findMail(site, openPremises(site), request)
    // Links of the mail open beside the frame: inside it our own pages refuse to be shown.
    const body = (mail.html ?? '').replace(/<head>/i, '<head><base target="_blank">')
    return allowMailStyles(reply).type('text/html; charset=utf-8').send(body)
  })
}

interface Found {
  library: Library
  message: SentMessage
  mail: Email
  raw: Buffer
}

async function findMail(site: Site, premises: Premises, request: FastifyRequest): Promise<Found> {
  const { messageNo } = request.params as { messageNo: string }
  if (!/^[1-9]\d{0,17}$/.test(messageNo)) throw notHere()
  for (const library of await shownLibraries(premises, site)) {
    const message = await findSent(premises.logins, library, messageNo)
    const raw = message && (await readFromMailroom(premises.mailroom, mailName(library, messageNo)))
    if (message && raw) return { library, message, raw, mail: await PostalMime.parse(raw) }
  }
  throw notHere()
}

/** Every rule once more, as things stand now. A look at a patron, so it leaves its entry. */
const askAgain = ({ logins, clock }: Premises, { library, message }: Found): Promise<Why | null> =>
  inLibrary(logins, 'circulation', library.libraryNo, async (scope) => {
    await writeAudit(scope, {
      who: 'whoever sat at the mailroom',
      did: 'looked at why a message was sent',
      about: { message: message.messageNo, patron: message.patronNo },
    })
    const question = { library, purpose: message.purpose, channel: 'email', now: clock.now() } as const
    return whyPatron(scope, question, message.patronNo)
  })

function showMail(found: Found, why: Why | null, root: string): Html {
  const { library, message, mail, raw } = found
  const token = tokenOf(mail)
  return html`<h1 dir="auto"${languageOf(mail) && html` lang="${languageOf(mail)}"`}>${mail.subject ?? 'A mail'}</h1>
<dl class="facts"><dt>To</dt><dd>${mail.to?.[0]?.address ?? 'nobody'}</dd><dt>From</dt><dd>${mail.from?.name} &lt;${mail.from?.address}&gt;</dd>
<dt>Mailing</dt><dd>${message.campaign ?? 'none'}</dd><dt>What became of it</dt><dd>${sayMessageState[message.state]}${message.at && ` (${instant(library, message.at)})`}</dd></dl>
<section aria-labelledby="seen"><h2 id="seen">As its reader sees it</h2>
<iframe src="${message.messageNo}/html" title="The mail as its reader sees it" sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe></section>
${token && stopSection(token, root)}
${whySection(why, token, root)}
<section aria-labelledby="other"><h2 id="other">The same mail in other forms</h2>
<details><summary>Plain text</summary><pre dir="auto">${mail.text}</pre></details>
<details><summary>Raw source with its headers</summary><pre>${raw.toString('utf8')}</pre></details></section>`
}

/** The link that stands in the mail itself. */
const tokenOf = (mail: Email): string | null =>
  /\/u\/([A-Za-z0-9_-]+)>/.exec(mail.headers.find((header) => header.key === 'list-unsubscribe')?.value ?? '')?.[1] ??
  null

const stopSection = (token: string, root: string): Html =>
  html`<section class="card" aria-labelledby="leave"><h2 id="leave">Leave, as the reader would</h2>
<p>Mail programs show an “Unsubscribe” button beside such a mail. This one presses it:</p>
<div class="buttons"><form method="post" action="${root}u/${token}"><button>Unsubscribe</button></form>
<a class="button quiet" href="${root}u/${token}">Open the link in the mail instead</a></div>
<p>Then look at <a href="${root}#quiet">who is left alone</a> on the first page: this person has moved there.</p></section>`

function whySection(why: Why | null, token: string | null, root: string): Html {
  const withheld = why?.rules.filter((rule) => !rule.passed) ?? []
  return html`<section aria-labelledby="why"><h2 id="why">Why did this person get this?</h2>
<p>At the moment it left, every one of these was asked, and each let it pass. The reader:</p>
<ul class="tight">${RULES.map((rule) => html`<li>${rule.passes}</li>`)}</ul>
${token && html`<p><a href="${root}why/${token}">What the reader is told</a> has the date of their yes and the words they saw.</p>`}
<h3>And if we asked again now?</h3>
${
  why === null
    ? html`<p>There is no such person in the patron file any more. Nothing would be sent.</p>`
    : withheld.length === 0
      ? html`<p>Every rule would let a note pass.</p>`
      : html`<p>No note would leave. The reader:</p><ul>${withheld.map((rule) => html`<li>${rule.because}</li>`)}</ul>`
}</section>`
}
