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
  undoMeaning,
} from '../conversations/change-conversation.ts'
import { findConversation } from '../conversations/conversation.ts'
import type { Place } from '../conversations/desk.ts'
import type { Scope } from '../db/scope.ts'
import { Problem } from '../lib/errors.ts'
import { lineByNo } from '../messages/lines.ts'
import { wordsOf } from '../words/languages.ts'
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
    const back = `../${conversationNo}${addressOf(here)}`
    const done = await performOrSay(here, { ...read.data, conversationNo, act })
    if (done === null || ('kind' in done && done.kind === 'sent'))
      return reply.redirect(`${back}&done=${encodeURIComponent(act)}`, 303)
    const isAsked = 'kind' in done && done.asked
    const other = 'kind' in done ? done.other : null
    return sendPage(request, reply.code(409), {
      title: 'Not done – Conversations',
      head: html`<p class="name"><a href="${rootOf(request.url)}">Gentle Reader</a></p>`,
      body: html`<h1>${'kind' in done ? (isAsked ? 'Not sent yet' : 'Not sent') : 'Nothing was changed'}</h1><p role="alert">${'kind' in done ? sayWhy(done) : done.why}</p>
${other && html`<blockquote dir="auto">${other.body}</blockquote>`}
${isAsked && html`<h2>Yours</h2><blockquote dir="auto">${read.data.body}</blockquote><form method="post" action="send-asked"><input type="hidden" name="library" value="${here.library.key}"><input type="hidden" name="as" value="${here.as}"><button>Send mine all the same</button></form>`}
<p><a href="${back}">Back to the conversation</a></p>`,
    })
  })
}

type Asked = z.infer<typeof shape> & { conversationNo: string; act: string }

/** What does not fit any more (somebody else has it, it is closed) is an answer here and no error. */
async function performOrSay(here: Visit, asked: Asked): Promise<Answered | { why: string } | null> {
  try {
    return await inVisit(here, (scope) => perform(scope, here, asked))
  } catch (error) {
    if (error instanceof Problem && error.code === 'conflict') return { why: error.message }
    throw error
  }
}

async function perform(scope: Scope<'circulation'>, here: Visit, asked: Asked): Promise<Answered | null> {
  const { conversationNo, as: by, body, seen, to, note, reason } = asked
  const step = { conversationNo, by, now: here.premises.clock.now() }
  switch (asked.act) {
    case 'answer':
      return answerText(scope, await placeIn(scope, here, conversationNo), { ...step, body, seen: seen ?? null })
    case 'send-asked': {
      const sent = await sendAsked(scope, await placeIn(scope, here, conversationNo), step)
      if (sent === null) throw new Problem('conflict', 'It has been sent already, or is not kept any more.')
      return sent
    }
    case 'take':
      await takeConversation(scope, step)
      return null
    case 'assign':
      if (to.trim() === '') throw new Problem('bad-input', 'Say to whom you hand it. Nothing was done.')
      await assignConversation(scope, { ...step, to: to.trim() })
      return null
    case 'release':
      await assignConversation(scope, { ...step, to: null })
      return null
    case 'note':
      await noteOnConversation(scope, { ...step, said: note })
      return null
    case 'close':
      if (reason.trim() === '')
        throw new Problem('bad-input', 'Say why nothing more is needed, so that others can tell. It stays open.')
      await closeConversation(scope, { ...step, reason: reason.trim(), seen: seen ?? null })
      return null
    case 'undo':
      await undoMeaning(scope, step)
      return null
    default:
      throw notHere()
  }
}

async function placeIn(
  scope: Scope<'circulation'>,
  { library, answering }: Visit,
  conversationNo: string,
): Promise<Place> {
  const conversation = await findConversation(scope, conversationNo)
  const line = conversation && (await lineByNo({ circulation: scope.tx }, conversation.lineNo))
  if (!line) throw notHere()
  return { library, line, answering }
}

function sayWhy({ why, parts, other }: Extract<Answered, { kind: 'not sent' }>): string {
  if (other !== null) return `${other.by} answered first:`
  if (why === 'too long')
    return `It is long: it would travel as ${parts} parts, and each is paid for. Send it as it is, or go back and write it shorter.`
  if (why === 'empty') return 'There is nothing in it to send. Go back and write your answer.'
  return wordsOf.en.texts.staff.notSent[why]
}
