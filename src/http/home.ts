// The first page: the library, its roster, whom a mailing would reach and why not the others, and the mailing that is
// ready. It shows invented libraries only; a real one's data is for the staff desk with accounts, which is not built yet.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { listCampaigns } from '../campaigns/campaign.ts'
import { type Library, listLibraries } from '../patrons/library.ts'
import { summariseRoster } from '../reports/roster-summary.ts'
import { previewSegment } from '../segments/preview.ts'
import { notHere, openPremises } from './access.ts'
import { type Html, html } from './html.ts'
import { showMailing } from './mailing.ts'
import { rootOf, sendPage } from './page.ts'
import type { Premises, Site } from './premises.ts'
import { firstDay, LAPSED, lapsedReport, libraryFacts } from './report.ts'

export function addHome(app: FastifyInstance, site: Site): void {
  app.get('/', { config: { access: 'public' } }, async (request, reply) => {
    const readiness = site.readiness()
    if (readiness.kind === 'opening' || readiness.doing !== null)
      return sendPreparing(request, reply, readiness.doing ?? 'Almost there.')
    const { premises } = readiness
    const libraries = await listLibraries(premises.logins)
    const [demo] = libraries.filter((library) => library.demo)
    if (demo === undefined) return sendNoDemo(request, reply, libraries)
    return sendLibrary(request, reply, { premises, site, library: demo, libraries })
  })

  app.get('/library/:key', { config: { access: 'demo' } }, async (request, reply) => {
    const premises = openPremises(site)
    const libraries = await listLibraries(premises.logins)
    const { key } = request.params as { key: string }
    const library = libraries.find((one) => one.demo && one.key === key)
    if (library === undefined) throw notHere()
    return sendLibrary(request, reply, { premises, site, library, libraries })
  })
}

interface Shown {
  premises: Premises
  site: Site
  library: Library
  libraries: Library[]
}

async function sendLibrary(
  request: FastifyRequest,
  reply: FastifyReply,
  { premises, library, libraries }: Shown,
): Promise<FastifyReply> {
  const now = premises.clock.now()
  const [summary, preview, [campaign]] = await Promise.all([
    summariseRoster(premises.logins, library),
    previewSegment(premises.logins, { library, purpose: 'reengagement', channel: 'email', now }, LAPSED),
    listCampaigns(premises.logins, library),
  ])
  const root = rootOf(request.url)
  return sendPage(request, reply, {
    title: `${library.name} – Gentle Reader`,
    head: head(root),
    body: html`<h1>${library.name}</h1>
<p class="note">This is a demo: the town and its people are invented, and no mail leaves this machine.</p>
${texting(root)}
${await showMailing(premises, library, campaign ?? null, root)}
${libraryFacts(library, summary)}
${lapsedReport(preview)}
${firstDay}
${otherLibraries(library, libraries, root)}`,
    foot: html`<p>Gentle Reader writes to cardholders who agreed to it, rarely, and can say why. It never learns what anybody borrows.</p>`,
  })
}

const head = (root: string): Html =>
  html`<p class="name"><a href="${root}">Gentle Reader</a></p><nav aria-label="Pages"><a href="${root}mailroom">Mailroom</a> <a href="${root}sandbox/phone">Phone</a> <a href="${root}conversations">Conversations</a></nav>`

const texting = (root: string): Html =>
  html`<section class="card" aria-labelledby="texting"><h2 id="texting">Text the library</h2><p>Take the phone of one of the town’s people, text the library, and see it arrive on the desk and in its mailbox. Then answer it as staff do.</p><div class="buttons"><a class="button" href="${root}sandbox/phone">Pick up a phone</a><a class="button quiet" href="${root}conversations">Sit at the desk</a></div></section>`

const COMMAND_LINE = html`<p>Their data is only shown on the command line, to whoever may sign in to this machine, until there is a staff desk with accounts. <code>gentle lapsed --library KEY</code> is a good beginning; <code>gentle help</code> lists the rest.</p>`

function otherLibraries(shown: Library, libraries: Library[], root: string): Html | null {
  const demos = libraries.filter((library) => library.demo && library.key !== shown.key)
  const real = libraries.filter((library) => !library.demo).length
  if (demos.length === 0 && real === 0) return null
  return html`<section><h2>Other libraries here</h2>
${demos.length > 0 && html`<ul>${demos.map((library) => html`<li><a href="${root}library/${library.key}">${library.name}</a></li>`)}</ul>`}
${real > 0 && html`<p>${real === 1 ? 'One real library is' : `${real} real libraries are`} on this installation, too.</p>${COMMAND_LINE}`}</section>`
}

/** In production this page is open to the world: it does not even say how many libraries there are. */
function sendNoDemo(request: FastifyRequest, reply: FastifyReply, libraries: Library[]): FastifyReply {
  return sendPage(request, reply, {
    title: 'Gentle Reader',
    head: head(rootOf(request.url)),
    body: html`<h1>Gentle Reader is running</h1>
${
  libraries.length === 0
    ? html`<p>There is no library here yet. Add yours on the command line with <code>gentle library add</code>, or look around in an invented one first: <code>gentle demo</code>.</p>`
    : html`<p>It writes for real libraries. ${COMMAND_LINE}</p>`
}`,
  })
}

function sendPreparing(request: FastifyRequest, reply: FastifyReply, doing: string): FastifyReply {
  // Not the page yet: whoever waits for it by program goes on waiting, and a person sees how far it is.
  void reply.code(503).header('retry-after', '2')
  // This page holds nothing that a reload could interrupt.
  reply.header('refresh', '2')
  return sendPage(request, reply, {
    title: 'Getting ready – Gentle Reader',
    head: html`<p class="name">Gentle Reader</p>`,
    body: html`<h1>Getting ready</h1>
<p role="status">${doing}</p>
<p>The first start makes a database and an invented town to look around in. It takes less than half a minute, and this page looks again by itself. <a href="${rootOf(request.url)}">Look again now</a></p>`,
  })
}
