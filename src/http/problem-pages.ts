// The one place where a Problem becomes a status and a page: what happened, what it means, what to do. What we did not
// foresee becomes a sentence too; its details go to the program's own output, never to the reader.
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { LOST_CONNECTION } from '../db/out-of-reach.ts'
import { Problem, type ProblemCode, sayError } from '../lib/errors.ts'
import { wordsOf } from '../words/languages.ts'
import { notHere } from './access.ts'
import { chooseLanguage } from './choose-language.ts'
import { html } from './html.ts'
import { rootOf, sendPage } from './page.ts'
import { setSecurityHeaders } from './security-headers.ts'

const statuses: Record<ProblemCode, number> = {
  'bad-input': 400,
  'no-key': 401,
  'not-found': 404,
  conflict: 409,
  'not-allowed': 403,
  'not-ready': 503,
  'too-many': 429,
  unavailable: 503,
}

const titles: Record<ProblemCode | 'our-fault', string> = {
  'bad-input': 'We could not read that',
  'no-key': 'A key is needed here',
  'not-found': 'There is no page here',
  conflict: 'That does not fit any more',
  'not-allowed': 'That is not done from here',
  'not-ready': 'Not ready yet',
  'too-many': 'A little slower, please',
  unavailable: 'We cannot reach our records',
  'our-fault': 'Something went wrong on our side',
}

export function setProblemPages(app: FastifyInstance, say: (line: string) => void): void {
  app.setNotFoundHandler({}, (request, reply) => sendProblem(request, reply, notHere()))
  app.setErrorHandler((error, request, reply) => {
    const problem = asProblem(error as FastifyError)
    if (problem === null)
      say(`A page failed (${request.method} ${request.routeOptions.url ?? '?'}): ${sayError(error)}`)
    return sendProblem(request, reply, problem)
  })
}

/** Null when it is our own fault. */
function asProblem(error: FastifyError): Problem | null {
  if (error instanceof Problem) return error
  const code = String(error.code ?? '')
  if (/^(08...|57P0[1-3]|ECONN.*|EPIPE|ETIMEDOUT|ENOTFOUND)$/.test(code) || LOST_CONNECTION.test(error.message))
    return new Problem('unavailable', 'Our database does not answer. Nothing was changed; try again in a minute.')
  if (/^(55P03|40P01|40001)$/.test(code))
    return new Problem('unavailable', 'Other work was in the way. Nothing was changed; try again in a minute.')
  // NUL, or a letter that the database's encoding has no place for.
  if (/^(22021|22P05)$/.test(code))
    return new Problem(
      'bad-input',
      'There is a character in it that no screen can show. Nothing was done; type it anew.',
    )
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500)
    return new Problem(
      'bad-input',
      'What your browser sent could not be read, so nothing was done. Go back and try again.',
    )
  return null
}

function sendProblem(request: FastifyRequest, reply: FastifyReply, problem: Problem | null): FastifyReply {
  reply.code(problem === null ? 500 : statuses[problem.code])
  if (!reply.hasHeader('content-security-policy')) setSecurityHeaders(reply, 'public')
  if (problem?.code === 'too-many' || problem?.code === 'not-ready') reply.header('retry-after', '30')
  if (isProgramDoor(request.url)) return sendToProgram(reply, problem)
  if (request.routeOptions.config?.access !== 'demo' && isReaderDoor(request.url))
    return sendToReader(request, reply, problem)
  const title = titles[problem?.code ?? 'our-fault']
  return sendPage(request, reply, {
    title,
    head: html`<p class="name">Gentle Reader</p>`,
    body: html`<h1>${title}</h1>
<p>${problem?.message ?? 'Nothing is lost. Try again in a minute; if it stays like this, look at what the program printed where it was started.'}</p>
<p><a class="button" href="${rootOf(request.url)}">Back to the first page</a></p>`,
  })
}

const isProgramDoor = (url: string): boolean => url.startsWith('/api/')

/** Programs get the same sentence with its code, as JSON. */
function sendToProgram(reply: FastifyReply, problem: Problem | null): FastifyReply {
  if (problem?.code === 'no-key') reply.header('www-authenticate', 'Bearer')
  return reply.send({
    error: {
      code: problem?.code ?? 'our-fault',
      message: problem?.message ?? 'Something went wrong on our side. Nothing is lost; try again in a minute.',
    },
  })
}

/** Opened by the link of a message. */
const isLinkDoor = (url: string): boolean => /^\/(u|less|why|keep|p)\//.test(url)
/** Typed, or linked to from a library's website. */
const isLibraryDoor = (url: string): boolean => /^\/[a-z0-9-]+\/(join|renew|embed|preferences)([/?]|$)/.test(url)
const isReaderDoor = (url: string): boolean => isLinkDoor(url) || isLibraryDoor(url)

/** Readers get a sentence in their own language, whatever went wrong. */
function sendToReader(request: FastifyRequest, reply: FastifyReply, problem: Problem | null): FastifyReply {
  const language = chooseLanguage(request, {})
  const words = wordsOf[language].pages
  const [title, said] =
    problem?.code === 'not-found'
      ? isLibraryDoor(request.url)
        ? words.noSuchPage
        : words.unknownLink
      : problem?.code === 'bad-input'
        ? words.unreadable
        : problem?.code === 'too-many'
          ? words.tooMany
          : words.failed
  return sendPage(request, reply, {
    title,
    language,
    head: html`<p class="name">${words.aLibrary}</p>`,
    body: html`<h1>${title}</h1><p>${said}</p>`,
  })
}
