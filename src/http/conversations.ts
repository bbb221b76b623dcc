// /api/v1/{library}/conversations: what people texted, for a program that shows it to staff and brings their answers. Each
// look at a conversation leaves an entry in the audit, under the name of the key.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { shapeOfAnswer, shapeOfClose, shapeOfNote, shapeOfOwner, shapeOfStep } from '../contract/texts.ts'
import { answerText } from '../conversations/answer-text.ts'
import {
  assignConversation,
  closeConversation,
  noteOnConversation,
  takeConversation,
  undoMeaning,
} from '../conversations/change-conversation.ts'
import { type Conversation, findConversation } from '../conversations/conversation.ts'
import { mailingsOfPhone } from '../conversations/mailings-of-phone.ts'
import { type ListedConversation, listConversations, readConversation } from '../conversations/read-conversations.ts'
import { inLibrary, type Scope } from '../db/scope.ts'
import { Problem } from '../lib/errors.ts'
import { lineByNo } from '../messages/lines.ts'
import { type MailboxAlarm, openAlarms } from '../messages/mailbox-alarm.ts'
import { readAnswering } from '../patrons/answering.ts'
import { writeAudit } from '../staff/audit.ts'
import { openPremises } from './access.ts'
import type { Site } from './premises.ts'
import { programOf, readBody } from './program-door.ts'

const mayAnswer = { config: { access: 'key', may: 'answer' } } as const

export function addConversations(door: FastifyInstance, site: Site): void {
  const inScope = <R>(
    request: FastifyRequest,
    work: (scope: Scope<'circulation'>, now: Date) => Promise<R>,
  ): Promise<R> => {
    const { logins, clock } = openPremises(site)
    return inLibrary(logins, 'circulation', programOf(request).library.libraryNo, (scope) => work(scope, clock.now()))
  }

  door.get('/conversations', mayAnswer, (request) => {
    const { state, changed_after: changedAfter } = request.query as Record<string, string | undefined>
    if (state !== undefined && !['open', 'closed', 'waiting'].includes(state))
      throw new Problem('bad-input', `"${state}" is no state; there is open, closed and waiting.`)
    if (changedAfter !== undefined && !/^\d{1,18}$/.test(changedAfter))
      throw new Problem('bad-input', 'changed_after is the change_no of a conversation that was read before.')
    return inScope(request, async (scope) => {
      const found = await listConversations(scope, { state: state as 'open' | undefined, changedAfter })
      await writeAudit(scope, {
        who: who(request),
        did: 'looked at conversations',
        about: { conversations: found.length },
      })
      return { conversations: found.map(shown), alarms: (await openAlarms(scope)).map(shownAlarm) }
    })
  })

  door.get('/conversations/:conversation', mayAnswer, (request) =>
    inScope(request, async (scope) => {
      const conversationNo = numberOf(request)
      const whole = await readConversation(scope, conversationNo)
      if (whole === null) throw notThere(conversationNo)
      await writeAudit(scope, { who: who(request), did: 'read a conversation', about: { conversationNo } })
      const mailings = await mailingsOfPhone(scope, programOf(request).library, whole.conversation)
      return {
        conversation: shown({ ...whole.conversation, lastWords: null, lastDirection: null }),
        texts: whole.texts.map(({ textNo, askedBy, repeatOf, ...text }) => ({
          text: textNo,
          ...text,
          by: askedBy,
          repeat_of: repeatOf,
          pictures: whole.pictures
            .filter((one) => one.textNo === textNo)
            .map(({ pictureNo, state, why }) => ({ picture: pictureNo, state, why })),
        })),
        mailings: mailings.map(({ messageNo, ...mailing }) => ({ message: messageNo, ...mailing })),
        notes: whole.notes.map(({ noteNo, ...note }) => ({ note: noteNo, ...note })),
      }
    }),
  )

  door.post('/conversations/:conversation/answers', mayAnswer, async (request, reply) => {
    const { library } = programOf(request)
    const { text: body, by, seen, once, ...even } = readBody(request, shapeOfAnswer)
    const conversationNo = numberOf(request)
    const answered = await inScope(request, async (scope, now) => {
      const inside = { circulation: scope.tx }
      const conversation = await findConversation(scope, conversationNo)
      const line = conversation && (await lineByNo(inside, conversation.lineNo))
      if (!line) throw notThere(conversationNo)
      const place = { library, line, answering: await readAnswering(inside, library.libraryNo) }
      return answerText(scope, place, {
        conversationNo,
        body,
        by,
        seen,
        once: once === undefined ? undefined : `key ${once}`,
        evenIfLong: even.even_if_long,
        evenIfAnswered: even.even_if_answered,
        now,
      })
    })
    return answered.kind === 'sent'
      ? reply.code(201).send({ sent: true, text: answered.textNo, parts: answered.parts })
      : reply.code(409).send({ sent: false, why: answered.why, parts: answered.parts, other: answered.other })
  })

  const step = (
    path: string,
    act: (scope: Scope<'circulation'>, request: FastifyRequest, now: Date) => Promise<void>,
  ) =>
    door.post(`/conversations/:conversation/${path}`, mayAnswer, async (request, reply) => {
      await inScope(request, (scope, now) => act(scope, request, now))
      return reply.code(204).send()
    })
  const plain = (act: typeof takeConversation) => (scope: Scope<'circulation'>, request: FastifyRequest, now: Date) =>
    act(scope, { conversationNo: numberOf(request), by: readBody(request, shapeOfStep).by, now })

  step('take', plain(takeConversation))
  step('close', (scope, request, now) =>
    closeConversation(scope, { conversationNo: numberOf(request), ...readBody(request, shapeOfClose), now }),
  )
  step('undo', plain(undoMeaning))
  step('owner', (scope, request, now) =>
    assignConversation(scope, { conversationNo: numberOf(request), ...readBody(request, shapeOfOwner), now }),
  )
  step('notes', (scope, request, now) => {
    const { by, note } = readBody(request, shapeOfNote)
    return noteOnConversation(scope, { conversationNo: numberOf(request), by, said: note, now })
  })
}

const who = (request: FastifyRequest): string => `key “${programOf(request).name}”`
const notThere = (conversationNo: string) =>
  new Problem('not-found', `There is no conversation ${conversationNo} here.`)

function numberOf(request: FastifyRequest): string {
  const { conversation } = request.params as { conversation: string }
  if (!/^\d{1,18}$/.test(conversation)) throw notThere(conversation)
  return conversation
}

const shownAlarm = ({ mailbox, how, said, since, lastAt, mails, told }: MailboxAlarm) => ({
  ...{ mailbox, how, said, since, mails, told },
  last_at: lastAt,
})

const shown = (c: ListedConversation | (Conversation & { lastWords: null; lastDirection: null })) => ({
  conversation: c.conversationNo,
  phone: c.phone,
  state: c.state,
  owner: c.owner,
  language: c.language,
  waiting_since: c.waitingSince,
  due_at: c.dueAt,
  last_in_at: c.lastInAt,
  last_out_at: c.lastOutAt,
  closed_at: c.closedAt,
  closed_by: c.closedBy,
  closed_rule: c.closedRule,
  last_words: c.lastWords,
  last_direction: c.lastDirection,
  change_no: c.changeNo,
})
