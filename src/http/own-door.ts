// Coming in to a reader's own page: by a fresh code, or by the seal that an earlier form of the page carried along. Whoever
// does not come in is told why, and what they wished for is not lost.
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { checkFreshCode } from '../preferences/fresh-code.ts'
import { type OwnProof, proofOfCode, readProof } from '../preferences/own-proof.ts'
import { again, carried, codeForm, sendCodePage } from './code-step.ts'
import { type Html, html } from './html.ts'
import { type ReaderView, sendReaderPage } from './reader-link.ts'

const posted = z.object({ code: z.string().max(40).optional(), proof: z.string().max(2_100).optional() })

type NotIn = 'wrong' | 'over' | 'closed'

/** What opens the page, fresh from a right code or as it came along in a form. */
export async function comeIn({ premises, library, link }: ReaderView, body: unknown): Promise<OwnProof | NotIn> {
  const now = premises.clock.now()
  const read = posted.safeParse(body ?? {})
  const { code, proof } = read.success ? read.data : {}
  if (code === undefined)
    return (proof === undefined ? null : await readProof(premises, library, link, proof, now)) ?? 'closed'
  const checked = await checkFreshCode(premises, library, link, { code, now })
  return checked === 'right' ? ((await proofOfCode(premises, library, link, now)) ?? 'closed') : checked
}

/** `up` leads to /p/. */
export function sendNotIn(
  request: FastifyRequest,
  reply: FastifyReply,
  view: ReaderView,
  why: NotIn,
  up = '../',
): FastifyReply {
  const { preferences: words, token, language } = view
  const wish = carried(request.body)
  const alert = (text: string) => html`<p class="mistake" role="alert">${text}</p>`
  if (why === 'wrong')
    return sendCodePage(request, reply.code(400), view, codeForm(view, wish, up, alert(words.code.wrong)))
  const back = html`<p><a href="${up}${token}?lang=${language}">${words.back}</a></p>`
  if (why === 'over')
    return sendCodePage(request, reply.code(400), view, html`${alert(words.code.over)}${again(view, wish, up)}${back}`)
  const [title, text] = words.own.over
  return sendReaderPage(request, reply.code(403), view, {
    title,
    switches: false,
    body: html`<h1>${title}</h1><p>${text}</p>${back}`,
  })
}

/** A form of the page: a hidden seal, and what else it holds. */
export const ownForm = (action: string, { seal }: OwnProof, inside: Html): Html =>
  html`<form method="post" action="${action}"><input type="hidden" name="proof" value="${seal}">${inside}</form>`
