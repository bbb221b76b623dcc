// Builds the server: limits, headers, doors and pages, in the order in which a request meets them. It keeps no state of
// its own and sets no cookie; listening and closing are done by whoever built it.
import formbody from '@fastify/formbody'
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify'
import { declareAccess } from './access.ts'
import { addAskForLink } from './ask-for-link.ts'
import { addChoices } from './choices.ts'
import { addCodeStep } from './code-step.ts'
import { addConversationActs } from './conversation-acts.ts'
import { addConversationPages } from './conversation-pages.ts'
import { addConversations } from './conversations.ts'
import { addHome } from './home.ts'
import { addInvitation } from './invitation.ts'
import { addInvitations } from './invitations.ts'
import { addJoin } from './join.ts'
import { addKeep } from './keep.ts'
import { addLess } from './less.ts'
import { addLifeEvents } from './life-events.ts'
import { addLive } from './live.ts'
import { addMailing } from './mailing.ts'
import { addMailroom } from './mailroom.ts'
import { addMailroomAnswer } from './mailroom-answer.ts'
import { addMailroomMessage } from './mailroom-message.ts'
import { addNotices } from './notices.ts'
import { addOwnPage } from './own-page.ts'
import { addOwnRights } from './own-rights.ts'
import { addPreferences } from './preferences.ts'
import type { Site } from './premises.ts'
import { setProblemPages } from './problem-pages.ts'
import { addProgramDoor } from './program-door.ts'
import { addProviderHooks } from './provider-hooks.ts'
import { addressKey, type Limits, openLimiter, usualLimits } from './rate-limit.ts'
import { addSandboxPhone } from './sandbox-phone.ts'
import { setSecurityHeaders } from './security-headers.ts'
import { addStyle } from './style.ts'
import { addTexts } from './texts.ts'
import { addUnsubscribe } from './unsubscribe.ts'
import { addWhy } from './why.ts'

export interface ServerOptions extends Site {
  limits?: Partial<Limits>
  say?: (line: string) => void
}

/** Larger than any form here, smaller than any trouble. */
const BODY_BYTES = 16 * 1024

export async function buildServer(options: ServerOptions): Promise<FastifyInstance> {
  const { limits: given, say = () => {}, ...site } = options
  const limits = { ...usualLimits, ...given }
  const app = Fastify({
    logger: false, // a log of addresses asked for would be a list of who left
    trustProxy: 'loopback', // a proxy on this machine says who is asking; nobody else may
    bodyLimit: BODY_BYTES,
    connectionTimeout: 30_000,
    requestTimeout: 15_000,
    keepAliveTimeout: 5_000,
    routerOptions: { maxParamLength: 200 },
    forceCloseConnections: 'idle',
    frameworkErrors: (_error, _request, broken) => {
      const reply = broken as FastifyReply
      setSecurityHeaders(reply, 'public')
      return reply.code(400).type('text/plain; charset=utf-8').send('That address cannot be read.\n')
    },
  })
  const byAddress = openLimiter(limits.address)
  const byToken = openLimiter(limits.token)

  app.addHook('onRequest', async (request, reply) => {
    const access = request.routeOptions.config?.access ?? 'public'
    setSecurityHeaders(reply, access)
    if (access === 'public' || access === 'key') byAddress(addressKey(request.ip))
  })
  declareAccess(app, site)
  app.removeAllContentTypeParsers()
  // Registered before the next one, which is for whatever a mail program may send as its stop: read, and mostly ignored.
  await app.register(formbody, { bodyLimit: BODY_BYTES })
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body))
  setProblemPages(app, say)

  addStyle(app)
  addUnsubscribe(app, site, byToken)
  addLess(app, site, byToken)
  addWhy(app, site, byToken)
  const joinLimits = {
    byAddress: openLimiter(limits.form),
    byLibrary: openLimiter(limits.library),
    byCard: openLimiter(limits.card),
    byMailbox: openLimiter(limits.mailbox),
  }
  addJoin(app, site, joinLimits)
  addInvitation(app, site, { ...joinLimits, byToken })
  addKeep(app, site, byToken)
  await addProgramDoor(app, site, { byKey: openLimiter(limits.key), byWrongKey: openLimiter(limits.token) }, (door) => {
    addChoices(door, site)
    addInvitations(door, site)
    addTexts(door, site)
    addNotices(door, site)
    addConversations(door, site)
  })
  await addProviderHooks(app, site, openLimiter(limits.token))
  addPreferences(app, site, byToken)
  addCodeStep(app, site, byToken)
  addOwnPage(app, site, byToken)
  addOwnRights(app, site, byToken)
  addLifeEvents(app, site, byToken)
  addAskForLink(app, site, joinLimits)
  addHome(app, site)
  addMailing(app, site)
  addMailroom(app, site)
  addMailroomMessage(app, site)
  addMailroomAnswer(app, site)
  const live = addLive(app)
  addSandboxPhone(app, site, live)
  addConversationPages(app, site, live)
  addConversationActs(app, site)
  return app
}
