// The sandbox phone: the texts of an invented person as they see them, a field to text back, and beside it the library's
// mailbox. What is typed here comes in as a signed hook, as from a real provider.
import type { FastifyInstance } from 'fastify'
import PostalMime, { type Email } from 'postal-mime'
import { z } from 'zod'
import { readFromMailroom } from '../channels/email/mailroom.ts'
import type { PhoneText, Sandbox } from '../channels/sms/sandbox.ts'
import { sandboxNumbers } from '../channels/sms/sandbox-numbers.ts'
import { inLibrary } from '../db/scope.ts'
import { Problem } from '../lib/errors.ts'
import { listAnswers } from '../messages/answers.ts'
import { allLinesOf, type Line } from '../messages/lines.ts'
import { queueNotice } from '../messages/queue-text.ts'
import { readAnswering } from '../patrons/answering.ts'
import type { Library } from '../patrons/library.ts'
import { notHere, openPremises, shownLibraries } from './access.ts'
import { type Html, html } from './html.ts'
import type { Live } from './live.ts'
import { rootOf, sendPage } from './page.ts'
import type { Premises, Site } from './premises.ts'
import { instant } from './report.ts'
import { allowLive } from './security-headers.ts'

const PEOPLE = [
  ['+17405550101', 'Rosa'],
  ['+17405550103', 'Karl'],
  ['+17405550104', 'Mei Lin'],
  ['+17405550106', 'Tomás'],
] as const
const PHONES: ReadonlyMap<string, string> = new Map([
  ...PEOPLE,
  ...sandboxNumbers.map(({ number, says }) => [`+1740${number.replace('-', '')}`, `${number}: ${says}`] as const),
])
const asked = z.object({ phone: z.string().default(PEOPLE[0][0]), library: z.string().optional() })
const typed = z.object({ phone: z.string(), body: z.string().trim().min(1).max(1600) })

interface Room {
  premises: Premises
  library: Library
  line: Line
  sandbox: Sandbox
  /** Of all numbers of the library: its notices and its campaigns. */
  texts: readonly PhoneText[]
  phone: string
}

export function addSandboxPhone(app: FastifyInstance, site: Site, live: Live): void {
  const demo = { config: { access: 'demo' } } as const

  app.get('/sandbox/phone', demo, async (request, reply) => {
    const room = await enter(site, asked.safeParse(request.query).data?.phone)
    const mails = await mailbox(room)
    return sendPage(request, allowLive(reply), showRoom(room, mails, rootOf(request.url)))
  })

  app.get('/sandbox/phone/events', demo, async (request, reply) => {
    const room = await enter(site, asked.safeParse(request.query).data?.phone)
    return live(reply, async () => JSON.stringify([onPhone(room).at(-1), (await mailbox(room)).map((m) => m.no)]))
  })

  app.post('/sandbox/phone/write', demo, async (request, reply) => {
    const read = typed.safeParse(request.body)
    if (!read.success) throw new Problem('bad-input', 'Type a text of 1 to 1,600 characters. Nothing was sent.')
    const { sandbox, line, phone } = await enter(site, read.data.phone)
    sandbox.write({ from: phone, to: line.number, body: read.data.body })
    return reply.redirect(`../phone?phone=${encodeURIComponent(phone)}`, 303)
  })

  app.post('/sandbox/phone/notice', demo, async (request, reply) => {
    const { premises, library, line, phone } = await enter(site, asked.safeParse(request.body).data?.phone)
    const { logins, clock } = premises
    const answering = await readAnswering(logins, library.libraryNo)
    await inLibrary(logins, 'circulation', library.libraryNo, (scope) =>
      queueNotice(
        scope,
        library,
        { line, answering },
        {
          phone,
          body: `${library.name}: 3 items are ready for you at the Main Library.`,
          language: 'en',
          askedBy: 'whoever sat at the sandbox phone',
          now: clock.now(),
        },
      ),
    )
    return reply.redirect(`../phone?phone=${encodeURIComponent(phone)}`, 303)
  })
}

async function enter(site: Site, phone = ''): Promise<Room> {
  const premises = openPremises(site)
  for (const library of await shownLibraries(premises, site)) {
    const lines = (await allLinesOf(premises.logins, library.libraryNo)).filter(
      ({ provider }) => provider === 'sandbox',
    )
    const sandboxes = lines.flatMap((line) => {
      const sandbox = premises.textCarriers.providerFor(line) as Sandbox | null
      return sandbox ? [{ line, sandbox }] : []
    })
    const own = sandboxes.find(({ line }) => !line.forOutreach)
    if (own === undefined) continue
    const texts = sandboxes.flatMap(({ line, sandbox }) =>
      sandbox.texts().filter((text) => text.library === line.number),
    )
    if (!PHONES.has(phone) && !texts.some((text) => text.phone === phone)) throw notHere()
    return { premises, library, ...own, texts, phone }
  }
  throw new Problem('not-ready', 'No library here has a number of the sandbox. "gentle demo" makes one.')
}

const onPhone = ({ texts, phone }: Room): PhoneText[] =>
  texts.filter((text) => text.phone === phone).sort((a, b) => a.at.getTime() - b.at.getTime())

/** The phones to pick up: the people of the stories, those that fail in known ways, and some that got a mailing's text. */
function phonesOf({ texts, phone }: Room): ReadonlyMap<string, string> {
  const others = [...new Set(texts.map((text) => text.phone))].filter((one) => !PHONES.has(one))
  const shown = others.filter((one, place) => place < 4 || one === phone)
  return new Map([...PHONES, ...shown.map((one) => [one, `${one}: got a text`] as const)])
}

interface Mail {
  no: string
  mail: Email
}

/** The latest mails to the library itself; what is for a reader is not shown here. */
async function mailbox({ premises, library }: Room): Promise<Mail[]> {
  const { logins, mailroom } = premises
  const { email } = await readAnswering(logins, library.libraryNo)
  const answers = await inLibrary(logins, 'circulation', library.libraryNo, (scope) => listAnswers(scope, 8))
  const mails: Mail[] = []
  for (const { answerNo } of answers) {
    const raw = await readFromMailroom(mailroom, `${library.key}.answer-${answerNo}`)
    const mail = raw && (await PostalMime.parse(raw))
    if (mail && mail.to?.[0]?.address === (email ?? library.email)) mails.push({ no: answerNo, mail })
  }
  return mails
}

function showRoom(room: Room, mails: Mail[], root: string) {
  const { library, phone } = room
  const texts = onPhone(room)
  const here = `${root}sandbox/phone?phone=${encodeURIComponent(phone)}`
  return {
    title: 'The sandbox phone – Gentle Reader',
    head: html`<p class="name"><a href="${root}">Gentle Reader</a></p><nav aria-label="Pages"><a href="${root}mailroom">Mailroom</a> <a href="${here}" aria-current="page">Phone</a> <a href="${root}conversations">Conversations</a></nav>`,
    body: html`<h1>The sandbox phone</h1>
<p>Text ${library.name} as one of its people. No text leaves this machine. <strong>STOP</strong> works.</p>
<form method="get" action="${root}sandbox/phone"><p><label for="phone">Whose phone</label><br><select id="phone" name="phone">${[...phonesOf(room)].map(([number, name]) => html`<option value="${number}"${number === phone && html` selected`}>${name}</option>`)}</select></p><button class="quiet">Pick it up</button></form>
<section class="card" aria-labelledby="texts" data-events="${root}sandbox/phone/events?phone=${encodeURIComponent(phone)}"><h2 id="texts">${phonesOf(room).get(phone)}</h2>
<div id="screen" data-live>${texts.length === 0 ? html`<p>No texts yet.</p>` : html`<ol class="bubbles">${texts.map(bubble(library))}</ol>`}</div>
<form method="post" action="${root}sandbox/phone/write"><input type="hidden" name="phone" value="${phone}"><p><label for="body">Text the library</label><br><textarea id="body" name="body" rows="2" maxlength="1600" required></textarea></p><button>Send</button></form>
<div class="buttons"><form method="post" action="${root}sandbox/phone/notice"><input type="hidden" name="phone" value="${phone}"><button class="quiet">Let the library send a notice</button></form><a class="button quiet" href="${here}">Look again</a></div>
<p class="small">A notice waits for the hours in which people are awake. What a person asked for does not.</p></section>
<section aria-labelledby="box"><h2 id="box">The library’s mailbox</h2><div id="mailbox" data-live>${
      mails.length === 0
        ? html`<p>No mail yet. What people text comes here within seconds.</p>`
        : html`<ul class="mails">${mails.map(({ no, mail }) => html`<li><a href="${root}mailroom/answers/${no}?library=${library.key}"><strong dir="auto">${mail.subject}</strong></a></li>`)}</ul>`
    }</div><p><a href="${root}conversations">The same on the staff’s page</a>, where it can be answered.</p></section>
<script src="${root}live.js" defer></script>`,
  }
}

const bubble =
  (library: Library) =>
  ({ way, body, at }: PhoneText): Html =>
    html`<li class="${way === 'in' ? 'mine' : 'theirs'}"><span class="unseen">${way === 'in' ? 'From this phone:' : 'From the library:'}</span> <span dir="auto">${body}</span><br><span class="small">${instant(library, at)}</span></li>`
