// Until there is a staff desk: what people texted an invented library, what is due first, and one conversation with its
// texts and notes. Looking changes nothing; what changes something is in conversation-acts.ts.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Conversation, NoteKind } from '../conversations/conversation.ts'
import { listConversations, readConversation, type WholeConversation } from '../conversations/read-conversations.ts'
import { sayPhone } from '../conversations/tell-library.ts'
import { inLibrary, type Scope } from '../db/scope.ts'
import type { Library } from '../patrons/library.ts'
import { writeAudit } from '../staff/audit.ts'
import { notHere, openPremises, shownLibraries } from './access.ts'
import { type Html, html } from './html.ts'
import type { Live } from './live.ts'
import { rootOf, sendPage } from './page.ts'
import type { Premises, Site } from './premises.ts'
import { instant } from './report.ts'
import { allowLive } from './security-headers.ts'

export interface Visit {
  premises: Premises
  library: Library
  /** The name that answers are signed with inside the library; nobody has an account here. */
  as: string
}

const query = z.object({
  library: z.string().max(60).optional(),
  as: z.string().trim().max(60).default(''),
  said: z.string().max(400).optional(),
})

export async function visit(site: Site, given: unknown): Promise<Visit> {
  const read = query.safeParse(given)
  if (!read.success) throw notHere()
  const premises = openPremises(site)
  const libraries = await shownLibraries(premises, site)
  const { library: key, as } = read.data
  const library =
    key === undefined ? (libraries.find(({ demo }) => demo) ?? libraries[0]) : libraries.find((one) => one.key === key)
  if (library === undefined) throw notHere()
  return { premises, library, as }
}

export const inVisit = <R>(
  { premises, library }: Visit,
  work: (scope: Scope<'circulation'>) => Promise<R>,
): Promise<R> => inLibrary(premises.logins, 'circulation', library.libraryNo, work)

export const addressOf = ({ library, as }: Visit): string =>
  `?library=${library.key}${as === '' ? '' : `&as=${encodeURIComponent(as)}`}`

const head = (root: string): Html =>
  html`<p class="name"><a href="${root}">Gentle Reader</a></p><nav aria-label="Pages"><a href="${root}mailroom">Mailroom</a> <a href="${root}sandbox/phone">Phone</a> <a href="${root}conversations" aria-current="true">Conversations</a></nav>`

export function addConversationPages(app: FastifyInstance, site: Site, live: Live): void {
  const demo = { config: { access: 'demo' } } as const

  app.get('/conversations', demo, async (request, reply) => {
    const here = await visit(site, request.query)
    const found = await inVisit(here, async (scope) => {
      const all = await listConversations(scope, {})
      await writeAudit(scope, {
        who: 'whoever sat at the demo',
        did: 'looked at conversations',
        about: { conversations: all.length },
      })
      return all
    })
    const root = rootOf(request.url)
    const waiting = found.filter(({ waitingSince }) => waitingSince !== null).length
    return sendPage(request, allowLive(reply), {
      title: 'Conversations – Gentle Reader',
      head: head(root),
      body: html`<h1>Conversations</h1>
<div id="list" data-live data-events="${root}conversations/events${addressOf(here)}"><p><strong>${waiting === 0 ? 'Nobody waits for an answer.' : waiting === 1 ? '1 person waits for an answer.' : `${waiting} people wait for an answer.`}</strong></p>
${found.length === 0 && html`<p>Nobody has texted yet. <a href="${root}sandbox/phone">Text as one of the town</a>.</p>`}
<ul class="mails">${found.map((one) => html`<li><a href="${root}conversations/${one.conversationNo}${addressOf(here)}"><strong>${sayPhone(one.phone ?? 'forgotten')}</strong></a> <span dir="auto">${one.lastWords}</span><br><span class="small">${sayStanding(here.library, one)}</span></li>`)}</ul></div>
<p><a class="button quiet" href="${addressOf(here)}">Look again</a></p><script src="${root}live.js" defer></script>`,
    })
  })

  app.get('/conversations/events', demo, async (request, reply) => {
    const here = await visit(site, request.query)
    return live(reply, () =>
      inVisit(here, async (scope) =>
        (await listConversations(scope, {}))
          .reduce((newest, { changeNo }) => Math.max(newest, Number(changeNo)), 0)
          .toString(),
      ),
    )
  })

  app.get('/conversations/:no', demo, async (request, reply) => {
    const here = await visit(site, request.query)
    const no = numberOf(request)
    const whole = await inVisit(here, async (scope) => {
      await writeAudit(scope, {
        who: 'whoever sat at the demo',
        did: 'read a conversation',
        about: { conversationNo: no },
      })
      return readConversation(scope, no)
    })
    if (whole === null) throw notHere()
    return sendPage(request, allowLive(reply), showWhole(here, whole, rootOf(request.url)))
  })
}

export function numberOf(request: FastifyRequest): string {
  const { no } = request.params as { no: string }
  if (!/^[1-9]\d{0,17}$/.test(no)) throw notHere()
  return no
}

function sayStanding(library: Library, one: Conversation): string {
  const who = one.owner === null ? 'nobody has it' : `${one.owner} has it`
  if (one.state === 'closed') return `closed by ${one.closedBy ?? `a rule: ${one.closedRule}`}`
  if (one.waitingSince === null) return `answered · ${who}`
  return `waits since ${instant(library, one.waitingSince)}${one.dueAt === null ? '' : ` · answer by ${instant(library, one.dueAt)}`} · ${who}`
}

/** What a state means to whoever reads it: a state's own name says nothing to a person. */
const FATES: Readonly<Record<string, string>> = {
  waiting: 'has not left yet',
  handing: 'is leaving',
  accepted: 'left',
  delivered: 'arrived',
  withheld: 'was not sent: this phone is not texted',
  cancelled: 'was called off',
  failed: 'could not be sent',
  bounced: 'could not be delivered',
  unknown: 'may have left; we can’t tell, and it won’t be sent again',
}

const sayFate = ({ meaning, state }: WholeConversation['texts'][number]): string => {
  const fate = meaning ? `read as ${meaning}` : FATES[state]
  return fate === undefined ? '' : ` · ${fate}`
}

const HAPPENED: Readonly<Record<NoteKind, string>> = {
  opened: 'Began to wait',
  taken: 'Taken by',
  assigned: 'Handed on by',
  answered: 'Answered by',
  noted: 'Note of',
  escalated: 'Nobody answered in time',
  acknowledged: 'Told that we are closed',
  'read-as': 'Read by',
  undone: 'Put right by',
  closed: 'Closed by',
}

function showWhole(here: Visit, { conversation, texts, notes }: WholeConversation, root: string) {
  const { library, as } = here
  const phone = sayPhone(conversation.phone ?? 'forgotten')
  const lastNo = texts.at(-1)?.textNo ?? ''
  const form = (act: string, fields: Html, button: string, quiet = true) =>
    html`<form method="post" action="${root}conversations/${conversation.conversationNo}/${act}"><input type="hidden" name="library" value="${library.key}">${fields}<p><label for="as-${act}">Your name</label><br><input id="as-${act}" name="as" value="${as}" maxlength="60" required></p><button${quiet && html` class="quiet"`}>${button}</button></form>`
  const field = (name: string, label: string) =>
    html`<p><label for="${name}">${label}</label><br><input id="${name}" name="${name}" maxlength="300" required></p>`
  return {
    title: `${phone} – Conversations`,
    head: head(root),
    body: html`<h1>${phone}</h1>
<div id="whole" data-live data-events="${root}conversations/events${addressOf(here)}"><p><strong>${sayStanding(library, conversation)}</strong></p>
<ol class="bubbles">${texts.map((text) => html`<li class="${text.direction === 'out' ? 'mine' : 'theirs'}"><span dir="auto">${text.body ?? 'forgotten'}</span><br><span class="small">${text.direction === 'in' ? 'they wrote' : text.askedBy} · ${instant(library, text.at)} ${sayFate(text)}</span></li>`)}</ol>
<h2>What happened</h2><ul>${notes.map((note) => html`<li>${HAPPENED[note.kind]}: ${note.who}${note.said && html`, <span dir="auto">${note.said}</span>`} · ${instant(library, note.at)}</li>`)}</ul></div>
<section class="card" aria-labelledby="answering"><h2 id="answering">Answer</h2>${form('answer', html`<input type="hidden" name="seen" value="${lastNo}"><p><label for="body">Your answer</label><br><textarea id="body" name="body" rows="3" maxlength="1600" required></textarea></p>`, 'Send it', false)}</section>
<details><summary>Take it, hand it on, note, close</summary>${form('take', html``, 'Take it')}${form('assign', field('to', 'Hand it to'), 'Hand it on')}${form('note', field('note', 'A note'), 'Note it')}${form('close', field('reason', 'Why nothing more is needed'), 'Close it')}</details>
<p><a class="button quiet" href="${addressOf(here)}">Look again</a></p><script src="${root}live.js" defer></script>`,
  }
}
