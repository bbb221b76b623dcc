// One answer in the mailroom: the mail with a code or a link that somebody just asked for, as its reader sees it. Where no
// mail leaves this machine, this is how a sign-up can be tried to its end.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import PostalMime, { type Email } from 'postal-mime'
import { readFromMailroom } from '../channels/email/mailroom.ts'
import type { Library } from '../patrons/library.ts'
import { notHere, openPremises, shownLibraries } from './access.ts'
import { html } from './html.ts'
import { languageOf } from './mailroom.ts'
import { rootOf, sendPage } from './page.ts'
import type { Site } from './premises.ts'
import { allowMailStyles, allowOwnFrame } from './security-headers.ts'

export function addMailroomAnswer(app: FastifyInstance, site: Site): void {
  app.get('/mailroom/answers/:answerNo', { config: { access: 'demo' } }, async (request, reply) => {
    const { library, answerNo, mail } = await findAnswer(site, request)
    const root = rootOf(request.url)
    return sendPage(request, allowOwnFrame(reply), {
      title: `${mail.subject ?? 'An answer'} – Mailroom`,
      head: html`<p class="name"><a href="${root}">Gentle Reader</a></p><nav aria-label="Pages"><a href="${root}mailroom?library=${library.key}">Mailroom</a></nav>`,
      body: html`<h1 dir="auto"${languageOf(mail) && html` lang="${languageOf(mail)}"`}>${mail.subject ?? 'An answer'}</h1>
<dl class="facts"><dt>To</dt><dd>${mail.to?.[0]?.address ?? 'nobody'}</dd><dt>From</dt><dd>${mail.from?.name} &lt;${mail.from?.address}&gt;</dd></dl>
<iframe src="${answerNo}/html?library=${library.key}" title="The mail as its reader sees it" sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>
<details><summary>Plain text</summary><pre dir="auto">${mail.text}</pre></details>`,
    })
  })

  app.get('/mailroom/answers/:answerNo/html', { config: { access: 'demo' } }, async (request, reply) => {
    const { mail } = await findAnswer(site, request)
    const body = (mail.html ?? '').replace(/<head>/i, '<head><base target="_blank">')
    return allowMailStyles(reply).type('text/html; charset=utf-8').send(body)
  })
}

async function findAnswer(
  site: Site,
  request: FastifyRequest,
): Promise<{ library: Library; answerNo: string; mail: Email }> {
  const premises = openPremises(site)
  const { answerNo } = request.params as { answerNo: string }
  const { library: key } = request.query as { library?: unknown }
  const library = (await shownLibraries(premises, site)).find((one) => one.key === key)
  if (library === undefined || !/^[1-9]\d{0,17}$/.test(answerNo)) throw notHere()
  const raw = await readFromMailroom(premises.mailroom, `${library.key}.answer-${answerNo}`)
  if (raw === null) throw notHere()
  return { library, answerNo, mail: await PostalMime.parse(raw) }
}
