// The sandbox phone: the texts of an invented person as they see them, a field to text back, and beside it the library's
// desk and mailbox. What is typed here comes in as a signed hook, as from a real provider.
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { SANDBOX_PICTURE_URL, sandboxPicture } from '../channels/sms/sandbox-picture.ts'
import { inLibrary } from '../db/scope.ts'
import { Problem } from '../lib/errors.ts'
import { queueNotice } from '../messages/queue-text.ts'
import { readAnswering } from '../patrons/answering.ts'
import { html } from './html.ts'
import type { Live } from './live.ts'
import { rootOf, sendPage } from './page.ts'
import type { Site } from './premises.ts'
import { enterRoom, FIRST_PHONE, lookBeside, stampOfRoom } from './sandbox-room.ts'
import { allowLive, allowNothing } from './security-headers.ts'
import { showBeside, showPhone } from './show-phone.ts'

const asked = z.object({ phone: z.string().default(FIRST_PHONE) })
const typed = z
  .object({ phone: z.string(), body: z.string().trim().max(1600).default(''), picture: z.string().optional() })
  .refine(({ body, picture }) => body !== '' || picture !== undefined)

export function addSandboxPhone(app: FastifyInstance, site: Site, live: Live): void {
  const demo = { config: { access: 'demo' } } as const

  app.get('/sandbox/phone', demo, async (request, reply) => {
    const room = await enterRoom(site, asked.safeParse(request.query).data?.phone)
    const stamp = await stampOfRoom(room)
    const beside = await lookBeside(room)
    const root = rootOf(request.url)
    const chosen = `?phone=${encodeURIComponent(room.phone)}`
    return sendPage(request, allowLive(reply), {
      title: 'The sandbox phone – Gentle Reader',
      head: html`<p class="name"><a href="${root}">Gentle Reader</a></p><nav aria-label="Pages"><a href="${root}mailroom">Mailroom</a> <a href="${root}sandbox/phone${chosen}" aria-current="page">Phone</a> <a href="${root}conversations">Conversations</a></nav>`,
      body: html`<h1>The sandbox phone</h1>
<p>Text ${room.library.name} as one of its invented people, and watch beside it what the library sees. No text leaves this machine.</p>
<div class="columns" data-events="${root}sandbox/phone/events${chosen}&at=${stamp}">
${showPhone(room, root)}
${showBeside(room, beside, root)}
</div>
<script src="${root}live.js" defer></script>`,
    })
  })

  app.get('/sandbox/phone/events', demo, async (request, reply) => {
    const room = await enterRoom(site, asked.safeParse(request.query).data?.phone)
    return live(request, reply, { name: `the phone ${room.phone}`, stamp: () => stampOfRoom(room) })
  })

  app.get('/sandbox/phone/picture', demo, (_request, reply) =>
    allowNothing(reply).type('image/png').send(sandboxPicture),
  )

  app.post('/sandbox/phone/write', demo, async (request, reply) => {
    const read = typed.safeParse(request.body)
    if (!read.success) throw new Problem('bad-input', 'Type a text of 1 to 1,600 characters. Nothing was sent.')
    const { sandbox, line, phone } = await enterRoom(site, read.data.phone)
    const { body, picture } = read.data
    const media = picture === undefined ? [] : [{ url: SANDBOX_PICTURE_URL, type: 'image/png' }]
    sandbox.write({ from: phone, to: line.number, body, media })
    return reply.redirect(`../phone?phone=${encodeURIComponent(phone)}`, 303)
  })

  app.post('/sandbox/phone/notice', demo, async (request, reply) => {
    const { premises, library, line, phone } = await enterRoom(site, asked.safeParse(request.body).data?.phone)
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
