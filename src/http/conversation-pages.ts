// Until there is a staff desk: what people texted an invented library, what is due first, and one conversation with its
// texts and notes. Looking changes nothing; what changes something is in conversation-acts.ts.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { findConversation } from '../conversations/conversation.ts'
import { readHeldBack } from '../conversations/held-back.ts'
import { mailingsOfPhone } from '../conversations/mailings-of-phone.ts'
import { readPicture } from '../conversations/pictures.ts'
import {
  countWaiting,
  listConversations,
  newestChange,
  readConversation,
  stampOfConversation,
} from '../conversations/read-conversations.ts'
import { findUnanswered } from '../conversations/unanswered.ts'
import { inLibrary, type Scope } from '../db/scope.ts'
import { openAlarms } from '../messages/mailbox-alarm.ts'
import { type Answering, readAnswering } from '../patrons/answering.ts'
import type { Library } from '../patrons/library.ts'
import { writeAudit } from '../staff/audit.ts'
import { notHere, openPremises, shownLibraries } from './access.ts'
import { showList } from './conversation-list.ts'
import { type Html, html } from './html.ts'
import type { Live } from './live.ts'
import { phoneOf, showConversation } from './one-conversation.ts'
import { rootOf, sendPage } from './page.ts'
import type { Premises, Site } from './premises.ts'
import { allowLive, allowNothing } from './security-headers.ts'

export interface Visit {
  premises: Premises
  library: Library
  libraries: readonly Library[]
  answering: Answering
  /** The name that answers are signed with inside the library; nobody has an account here. */
  as: string
  done: Done | null
  /** Everything, and not only what fits a page that loads in a blink on a slow line. */
  all: boolean
}

/** What somebody has just done, told once on the page they come back to. */
const DONE = {
  answer: 'Your answer is on its way.',
  'send-asked': 'Your answer is on its way.',
  take: 'You have it now.',
  assign: 'It is handed on.',
  release: 'Everybody may take it now.',
  note: 'Your note stands below.',
  close: 'It is closed. If they write again it comes back by itself.',
  undo: 'It is undone: texts to this phone go on.',
} as const
type Done = keyof typeof DONE

const query = z.object({
  library: z.string().max(60).optional(),
  as: z.string().trim().max(60).default(''),
  done: z
    .enum(Object.keys(DONE) as [Done, ...Done[]])
    .nullable()
    .catch(null)
    .default(null),
  all: z.string().optional(),
})

export async function visit(site: Site, given: unknown): Promise<Visit> {
  const read = query.safeParse(given)
  if (!read.success) throw notHere()
  const premises = openPremises(site)
  const libraries = await shownLibraries(premises, site)
  const { library: key, as, done, all } = read.data
  const library =
    key === undefined ? (libraries.find(({ demo }) => demo) ?? libraries[0]) : libraries.find((one) => one.key === key)
  if (library === undefined) throw notHere()
  return {
    ...{ premises, library, libraries, as, done, all: all !== undefined },
    answering: await readAnswering(premises.logins, library.libraryNo),
  }
}

export const inVisit = <R>(
  { premises, library }: Pick<Visit, 'premises' | 'library'>,
  work: (scope: Scope<'circulation'>) => Promise<R>,
): Promise<R> => inLibrary(premises.logins, 'circulation', library.libraryNo, work)

export const addressOf = ({ library, as }: Pick<Visit, 'library' | 'as'>): string =>
  `?library=${library.key}${as === '' ? '' : `&as=${encodeURIComponent(as)}`}`

const head = (root: string): Html =>
  html`<p class="name"><a href="${root}">Gentle Reader</a></p><nav aria-label="Pages"><a href="${root}mailroom">Mailroom</a> <a href="${root}sandbox/phone">Phone</a> <a href="${root}conversations" aria-current="true">Conversations</a></nav>`

const FIRST = 20
const MOST = 100
const PROOF_DAYS = 7
const BY = 'whoever sat at the demo'

export function addConversationPages(app: FastifyInstance, site: Site, live: Live): void {
  const demo = { config: { access: 'demo' } } as const

  app.get('/conversations', demo, async (request, reply) => {
    const here = await visit(site, request.query)
    const now = here.premises.clock.now()
    const listed = await inVisit(here, async (scope) => {
      // First, so that what changes meanwhile is told to the page.
      const stamp = await stampOfList(scope)
      const found = await listConversations(scope, { most: here.all ? MOST : FIRST })
      await writeAudit(scope, { who: BY, did: 'looked at conversations', about: { conversations: found.length } })
      const proof = await findUnanswered(scope, new Date(now.getTime() - PROOF_DAYS * 86_400_000))
      return { stamp, found, waiting: await countWaiting(scope), proof }
    })
    const root = rootOf(request.url)
    const list = showList({
      ...{ ...listed, ...here, now, phonePage: `${root}sandbox/phone` },
      isCut: listed.found.length === FIRST && !here.all,
      address: (no) => `${root}conversations${no === null ? '' : `/${no}`}${addressOf(here)}`,
    })
    return sendPage(request, allowLive(reply), {
      title: `Conversations – ${here.library.name}`,
      head: head(root),
      body: html`<h1>Conversations</h1>
${chooser(here, root)}
<div id="list" data-live data-events="${root}conversations/events${addressOf(here)}&at=${listed.stamp}">${list}</div>
<p><a class="button quiet" href="${addressOf(here)}">Look again</a></p><script src="${root}live.js" defer></script>`,
    })
  })

  app.get('/conversations/events', demo, async (request, reply) => {
    const here = await visit(site, request.query)
    return live(request, reply, {
      name: `conversations of ${here.library.libraryNo}`,
      stamp: () => inVisit(here, stampOfList),
    })
  })

  app.get('/conversations/:no', demo, async (request, reply) => {
    const here = await visit(site, request.query)
    const no = numberOf(request)
    const whole = await inVisit(here, async (scope) => {
      await writeAudit(scope, { who: BY, did: 'read a conversation', about: { conversationNo: no } })
      const stamp = await stampOfConversation(scope, no)
      const read = await readConversation(scope, no)
      if (read === null) return null
      const mailings = await mailingsOfPhone(scope, here.library, read.conversation)
      return { ...read, mailings, stamp, heldBack: await readHeldBack(scope, read.conversation) }
    })
    if (whole === null) throw notHere()
    const root = rootOf(request.url)
    const own = `${root}conversations/${no}`
    const shown = showConversation({
      ...{ ...here, ...whole, now: here.premises.clock.now() },
      pictureAddress: (picture) => `${own}/pictures/${picture}${addressOf(here)}`,
      action: (act) => `${own}/${act}`,
      whole: here.all ? null : `${own}${addressOf(here)}&all=1`,
      someoneElse: `${own}${addressOf({ ...here, as: '' })}`,
      done: here.done && DONE[here.done],
    })
    return sendPage(request, allowLive(reply), {
      title: `${phoneOf(whole)} – Conversations`,
      head: head(root),
      body: html`<p><a href="${root}conversations${addressOf(here)}">All conversations of ${here.library.name}</a></p>
<div data-events="${own}/events${addressOf(here)}&at=${whole.stamp}">${shown}</div>
<p><a class="button quiet" href="${own}${addressOf(here)}">Look again</a></p><script src="${root}live.js" defer></script>`,
    })
  })

  app.get('/conversations/:no/pictures/:picture', demo, async (request, reply) => {
    const here = await visit(site, request.query)
    const wanted = { conversationNo: numberOf(request), pictureNo: numberOf(request, 'picture') }
    const picture = await inVisit(here, (scope) => readPicture(scope, wanted))
    if (picture === null) throw notHere()
    return allowNothing(reply).type(picture.type).header('content-disposition', 'inline').send(picture.bytes)
  })

  app.get('/conversations/:no/events', demo, async (request, reply) => {
    const here = await visit(site, request.query)
    const no = numberOf(request)
    // Each name that is listened to costs looks of its own, so only what is there may be named.
    if ((await inVisit(here, (scope) => findConversation(scope, no))) === null) throw notHere()
    return live(request, reply, {
      name: `conversation ${no} of ${here.library.libraryNo}`,
      stamp: () => inVisit(here, (scope) => stampOfConversation(scope, no)),
    })
  })
}

const stampOfList = async (scope: Scope<'circulation'>): Promise<string> =>
  `${await newestChange(scope)}-${(await openAlarms(scope)).length}`

const chooser = ({ libraries, library }: Visit, root: string): Html | null =>
  libraries.length < 2
    ? null
    : html`<form method="get" action="${root}conversations" class="row"><p><label for="library">Library</label><br><select id="library" name="library">${libraries.map((one) => html`<option value="${one.key}"${one.key === library.key && html` selected`}>${one.name}</option>`)}</select></p><button class="quiet">Show it</button></form>`

export function numberOf(request: FastifyRequest, name = 'no'): string {
  const no = (request.params as Record<string, string>)[name]
  if (no === undefined || !/^[1-9]\d{0,17}$/.test(no)) throw notHere()
  return no
}
