// The doors by which somebody says yes: /{library}/join, its variant for a renewal, and the one that a library's website
// may show in a frame; then the code, the mail's link, and the thanks. GET shows and POST acts, and every answer is the
// same whoever asks: nothing here looks anybody up before the address is proven.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { keyedHexFor } from '../lib/keyed-hash.ts'
import type { Library } from '../patrons/library.ts'
import { beginSignUp, sendNewCode } from '../signups/begin.ts'
import { confirmSignUp, lookAtLink, type Proof } from '../signups/confirm.ts'
import { newSecret, writeToken } from '../signups/secrets.ts'
import type { Typed } from '../signups/typed.ts'
import { wordsOf } from '../words/languages.ts'
import { formStamp } from './form-stamp.ts'
import { type JoinForm, joinForm } from './join-form.ts'
import {
  type CodePage,
  codePage,
  donePage,
  lookPage,
  phoneDonePage,
  phonePage,
  saidPage,
  type Way,
} from './join-pages.ts'
import { phoneIn, reportPhone } from './join-phone.ts'
import { enter, PLACES, type Place, send, type Visit } from './join-visit.ts'
import type { Site } from './premises.ts'
import { addressKey, knockMailbox } from './rate-limit.ts'
import { emptyFields, meaningOf, readFields, type Wrong, whatIsWrong } from './read-join-form.ts'

export interface JoinLimits {
  byAddress: (key: string) => void
  byLibrary: (key: string) => void
  byCard: (key: string) => void
  byMailbox: (key: string) => void
}

export function addJoin(app: FastifyInstance, site: Site, limits: JoinLimits): void {
  for (const place of PLACES) {
    const config = { config: { access: 'public' as const } }
    const visit = (request: FastifyRequest, reply: FastifyReply) => enter(site, request, reply, place)

    app.get(`/:library/${place}`, config, async (request, reply) => {
      const here = await visit(request, reply)
      return sendForm(request, reply, here, place, { fields: emptyFields(here.language), wrong: {} })
    })

    app.post(`/:library/${place}`, config, async (request, reply) => {
      const here = await visit(request, reply)
      knock(limits, request, here.library)
      return takeForm(request, reply, here, place, limits)
    })

    app.post(`/:library/${place}/code`, config, async (request, reply) => {
      const here = await visit(request, reply)
      const { ref, code } = (request.body ?? {}) as Record<string, unknown>
      const proof = { ref: String(ref ?? ''), code: String(code ?? '').slice(0, 20) }
      return sendProven(request, reply, here, { proof, ...phoneIn(request) })
    })

    app.post(`/:library/${place}/again`, config, async (request, reply) => {
      const here = await visit(request, reply)
      knock(limits, request, here.library)
      const ref = String(((request.body ?? {}) as Record<string, unknown>).ref ?? '')
      const mayMail = (email: string) => knockMailbox(limits, here.library, email)
      await sendNewCode(here.desk, here.library, { ref, now: here.now, mayMail })
      return sendCode(request, reply, here, { ref, email: null, asked: true, ...phoneIn(request) })
    })
  }
  addLinkOfTheMail(app, site)
}

function addLinkOfTheMail(app: FastifyInstance, site: Site): void {
  app.get('/:library/join/yes/:token', { config: { access: 'public' } }, async (request, reply) => {
    const here = await enter(site, request, reply, 'join')
    const typed = await lookAtLink(here.desk, here.library, (request.params as { token: string }).token, here.now)
    const words = wordsOf[here.language].join
    if (typed === null) return sendOver(request, reply.code(404), here)
    if (typed === 'already') return sendAlready(request, reply, here)
    return send(request, reply, here, words.look.title, lookPage(here.library, here.language, typed))
  })

  app.post('/:library/join/yes/:token', { config: { access: 'public' } }, async (request, reply) => {
    const here = await enter(site, request, reply, 'join')
    const proof = { link: (request.params as { token: string }).token }
    return sendProven(request, reply, here, { proof })
  })
}

function knock(limits: JoinLimits, request: FastifyRequest, library: Library): void {
  limits.byAddress(addressKey(request.ip))
  limits.byLibrary(library.key)
}

async function takeForm(
  request: FastifyRequest,
  reply: FastifyReply,
  here: Visit,
  place: Place,
  limits: JoinLimits,
): Promise<FastifyReply> {
  const { premises, desk, library, page, language, now } = here
  const fields = readFields(request, language)
  // Who fills in what nobody sees is told what everybody is told.
  if (fields.website !== '') {
    const ref = writeToken({ signUpNo: '0', secret: newSecret() })
    return sendCode(request, reply, here, { ref, email: fields.email })
  }
  const stamped = formStamp(premises.keys.links).check(library.libraryNo, fields.stamp, now)
  const wrong = whatIsWrong(fields, page)
  // The short form on a library's own website has no stamp and no boxes: it is the beginning, and no mistake.
  if (fields.stamp === '' && fields.yes.length === 0)
    return sendForm(request, reply, here, place, { fields, wrong: {} })
  if (stamped !== 'good' && Object.keys(wrong).length === 0) wrong.lookOver = true
  if (Object.keys(wrong).length > 0)
    return sendForm(request, reply.code(wrong.lookOver ? 200 : 400), here, place, { fields, wrong })
  if (fields.card !== '') limits.byCard(library.key)
  knockMailbox(limits, library, fields.email)
  const hash = keyedHexFor(premises.keys.hashing, library.key)
  const typed = meaningOf(fields, { page, place: `/${library.key}/${place}`, language, hash })
  const ref = await beginSignUp(desk, library, typed, now)
  return sendCode(request, reply, here, { ref, email: typed.email })
}

function sendForm(
  request: FastifyRequest,
  reply: FastifyReply,
  here: Visit,
  place: Place,
  { fields, wrong }: Pick<JoinForm, 'fields'> & { wrong: Wrong },
): FastifyReply {
  const { premises, library, page, language, now } = here
  const stamps = formStamp(premises.keys.links)
  // A stamp that is still good, or will be in a moment, goes along: whoever mends a mistake need not wait again.
  const kept = stamps.check(library.libraryNo, fields.stamp, now) !== 'none'
  const stamp = kept ? String(fields.stamp) : stamps.make(library.libraryNo, now)
  const words = wordsOf[language].join
  const title = (place === 'renew' ? words.renewTitle : words.title)(library.name)
  return send(request, reply, here, title, joinForm({ library, page, place, language, fields, wrong, stamp }), {
    switches: request.method === 'GET',
  })
}

function sendCode(
  request: FastifyRequest,
  reply: FastifyReply,
  here: Visit,
  asked: Omit<CodePage, 'language' | 'way'>,
  noted: Typed | null = null,
): FastifyReply {
  const { language, way } = here
  const { sent, phoneSent } = wordsOf[language].join
  const page = { ...asked, language, way }
  return page.phone === undefined
    ? send(request, reply, here, sent.title, codePage(page))
    : send(request, reply, here, phoneSent.title, phonePage({ ...page, phone: page.phone }, noted))
}

async function sendProven(
  request: FastifyRequest,
  reply: FastifyReply,
  here: Visit,
  { proof, phone }: { proof: Proof; phone?: string },
): Promise<FastifyReply> {
  const { premises, desk, library, language, now } = here
  const outcome = await confirmSignUp(desk, library, proof, now)
  const words = wordsOf[language].join
  const page = phone === undefined ? {} : { phone }
  switch (outcome.kind) {
    case 'confirmed':
      if (outcome.texts !== null && outcome.texts !== 'cannot')
        return sendCode(request, reply, here, { ...outcome.texts, email: null }, outcome.typed)
      if (outcome.typed.yeses.length === 0)
        return send(request, reply, here, words.textsNotYet[0], saidPage(words.textsNotYet, choicesWay(here)))
      return send(request, reply, here, words.done.title, donePage(language, outcome, choicesWay(here)))
    case 'phone-confirmed':
      if (outcome.notOnCard !== null)
        await reportPhone(premises, library, { ...outcome, patron: outcome.notOnCard, now })
      return send(request, reply, here, words.phoneDone.title, phoneDonePage(language, outcome.typed, choicesWay(here)))
    case 'already':
      return sendAlready(request, reply, here)
    case 'unknown':
      if ('link' in proof) return sendOver(request, reply.code(404), here)
      return sendCode(request, reply.code(400), here, { ref: proof.ref, email: null, problem: 'wrongCode', ...page })
    default: {
      const ref = 'ref' in proof ? proof.ref : ''
      const problem = outcome.kind === 'no-code' ? 'noCode' : 'wrongCode'
      return sendCode(request, reply.code(400), here, { ref, email: null, problem, ...page })
    }
  }
}

const sendAlready = (request: FastifyRequest, reply: FastifyReply, here: Visit): FastifyReply => {
  const words = wordsOf[here.language].join
  return send(request, reply, here, words.already[0], saidPage(words.already, choicesWay(here)))
}

/** On from here: to the page that leads to one's choices. */
const choicesWay = ({ way, language }: Visit): Way => ({
  href: `${way.replace(/[^/]+$/, 'preferences')}?lang=${language}`,
  says: wordsOf[language].join.choices,
})

function sendOver(request: FastifyRequest, reply: FastifyReply, here: Visit): FastifyReply {
  const words = wordsOf[here.language].join
  const way = { href: `${here.way}?lang=${here.language}`, says: words.signUp }
  return send(request, reply, here, words.over[0], saidPage(words.over, way))
}
