// What staff do with a conversation on the plain page: answer, take, hand on, note, close. The first to answer wins; what
// is long, or came second, is kept and sent only when its writer presses once more.
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { type Answered, answerText, sendAsked } from '../conversations/answer-text.ts'
import {
  assignConversation,
  closeConversation,
  noteOnConversation,
  takeConversation,
} from '../conversations/change-conversation.ts'
import { findConversation } from '../conversations/conversation.ts'
import type { Place } from '../conversations/desk.ts'
import type { Scope } from '../db/scope.ts'
import { Problem } from '../lib/errors.ts'
import { lineByNo } from '../messages/lines.ts'
import { readAnswering } from '../patrons/answering.ts'
import { notHere } from './access.ts'
import { addressOf, inVisit, numberOf, type Visit, visit } from './conversation-pages.ts'
import { html } from './html.ts'
import { rootOf, sendPage } from './page.ts'
import type { Site } from './premises.ts'

const shape = z.object({
  as: z.string().trim().min(1).max(60),
  body: z.string().max(1600).default(''),
  seen: z
    .string()
    .regex(/^\d{1,18}$/)
    .nullish()
    .catch(null),
  to: z.string().max(60).default(''),
  note: z.string().max(300).default(''),
  reason: z.string().max(300).default(''),
})

export function addConversationActs(app: FastifyInstance, site: Site): void {
  app.post('/conversations/:no/:act', { config: { access: 'demo' } }, async (request, reply) => {
    const here = await visit(site, request.body)
    const read = shape.safeParse(request.body)
    if (!read.success) throw new Problem('bad-input', 'Say your name, so that others see who did it. Nothing was done.')
    const conversationNo = numberOf(request)
    const { act } = request.params as { act: string }
    const answered = await inVisit(here, (scope) => perform(scope, here, { ...read.data, conversationNo, act }))
    const back = `../${conversationNo}${addressOf(here)}`
    if (answered === null || answered.kind === 'sent') return reply.redirect(back, 303)
    return sendPage(request, reply.code(409), {
      title: 'Not sent yet – Conversations',
      head: html`<p class="name"><a href="${rootOf(request.url)}">Gentle Reader</a></p>`,
      body: html`<h1>Not sent${answered.asked && ' yet'}</h1><p role="alert">${sayWhy(answered)}</p>
${answered.other && html`<blockquote dir="auto">${answered.other.body}</blockquote>`}
${answered.asked && html`<form method="post" action="send-asked"><input type="hidden" name="library" value="${here.library.key}"><input type="hidden" name="as" value="${here.as}"><button>Send mine all the same</button></form>`}
<p><a href="${back}">Back to the conversation</a></p>`,
    })
  })
}

type Done = z.infer<typeof shape> & { conversationNo: string; act: string }

async function perform(scope: Scope<'circulation'>, here: Visit, done: Done): Promise<Answered | null> {
  const { conversationNo, as: by, body, seen, to, note, reason } = done
  const step = { conversationNo, by, now: here.premises.clock.now() }
  switch (done.act) {
    case 'answer':
      return answerText(scope, await placeIn(scope, here, conversationNo), { ...step, body, seen: seen ?? null })
    case 'send-asked':
      return sendAsked(scope, await placeIn(scope, here, conversationNo), step)
    case 'take':
      await takeConversation(scope, step)
      return null
    case 'assign':
      await assignConversation(scope, { ...step, to: to.trim() || null })
      return null
    case 'note':
      await noteOnConversation(scope, { ...step, said: note })
      return null
    case 'close':
      await noteOnConversation(scope, { ...step, said: reason })
      await closeConversation(scope, step)
      return null
    default:
      throw notHere()
  }
}

async function placeIn(scope: Scope<'circulation'>, { library }: Visit, conversationNo: string): Promise<Place> {
  const inside = { circulation: scope.tx }
  const conversation = await findConversation(scope, conversationNo)
  const line = conversation && (await lineByNo(inside, conversation.lineNo))
  if (!line) throw notHere()
  return { library, line, answering: await readAnswering(inside, library.libraryNo) }
}

function sayWhy(answered: Extract<Answered, { kind: 'not sent' }>): string {
  const { why, parts, other } = answered
  if (other !== null) return `${other.by} answered first:`
  if (why === 'too long') return `This would be ${parts} texts in a row, and is paid for as ${parts}.`
  if (why === 'stopped') return 'This person has said STOP. No text goes to them until they say START.'
  if (why === 'repeated') return 'The same words went out a few minutes ago.'
  return `It was not sent: ${why}.`
}
