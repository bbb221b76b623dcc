// /i/TOKEN: the page that an invitation in a notice opens. It is the join form without a card number, because the link
// stands for the card. It names nobody and shows no part of an address, and a yes is noted with the card only when it is
// proven at the very address that we have for that card: whoever was forwarded the notice can sign up for themselves alone.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { inLibrary } from '../db/scope.ts'
import { Problem } from '../lib/errors.ts'
import { invitationSigner } from '../lib/invitation-links.ts'
import { keyedHexFor } from '../lib/keyed-hash.ts'
import { type Library, libraryByNo } from '../patrons/library.ts'
import { beginSignUp } from '../signups/begin.ts'
import { type JoinPage, readPublicPage } from '../signups/offer.ts'
import { newSecret, writeToken } from '../signups/secrets.ts'
import { type Language, wordsOf } from '../words/languages.ts'
import { notHere, openPremises } from './access.ts'
import { chooseLanguage } from './choose-language.ts'
import { formStamp } from './form-stamp.ts'
import type { JoinLimits } from './join.ts'
import { joinForm } from './join-form.ts'
import { codePage } from './join-pages.ts'
import { rootOf } from './page.ts'
import type { Premises, Site } from './premises.ts'
import { addressKey, knockMailbox } from './rate-limit.ts'
import { emptyFields, type JoinFields, meaningOf, readFields, type Wrong, whatIsWrong } from './read-join-form.ts'
import { sendReaderPage } from './reader-link.ts'

interface Opened {
  premises: Premises
  library: Library
  patron: string
  page: JoinPage
  language: Language
  now: Date
}

export function addInvitation(
  app: FastifyInstance,
  site: Site,
  limits: Pick<JoinLimits, 'byAddress' | 'byLibrary' | 'byMailbox'> & { byToken: (key: string) => void },
): void {
  const config = { config: { access: 'public' as const } }

  app.get('/i/:token', config, async (request, reply) => {
    const opened = await open(site, request, limits.byToken)
    return sendForm(request, reply, opened, emptyFields(opened.language), {})
  })

  app.post('/i/:token', config, async (request, reply) => {
    const opened = await open(site, request, limits.byToken)
    const { premises, library, page, language, now, patron } = opened
    limits.byAddress(addressKey(request.ip))
    limits.byLibrary(library.key)
    const fields = { ...readFields(request, language), card: '' }
    const sendCode = (ref: string) =>
      sendReaderPage(request, reply, opened, {
        title: wordsOf[language].join.sent.title,
        body: codePage({ ref, email: fields.email, language, way: `${rootOf(request.url)}${library.key}/join` }),
        switches: false,
      })
    // Who fills in what nobody sees is told what everybody is told.
    if (fields.website !== '') return sendCode(writeToken({ signUpNo: '0', secret: newSecret() }))
    const wrong = whatIsWrong(fields, page)
    const stamped = formStamp(premises.keys.links).check(library.libraryNo, fields.stamp, now)
    if (stamped !== 'good' && Object.keys(wrong).length === 0) wrong.lookOver = true
    if (Object.keys(wrong).length > 0)
      return sendForm(request, reply.code(wrong.lookOver ? 200 : 400), opened, fields, wrong)
    const hash = keyedHexFor(premises.keys.hashing, library.key)
    const typed = meaningOf(fields, { page, place: '/i', language, hash, invited: patron })
    const desk = { logins: premises.logins, keys: premises.keys, publicUrl: site.publicUrl }
    knockMailbox(limits, library, fields.email)
    return sendCode(await beginSignUp(desk, library, typed, now))
  })
}

/** Throws Problem 'not-found' for a token that we did not sign, or of a library that is gone. */
async function open(site: Site, request: FastifyRequest, knock: (token: string) => void): Promise<Opened> {
  const premises = openPremises(site)
  const { token } = request.params as { token: string }
  const invitation = invitationSigner(premises.keys.links, premises.keys.earlierLinks).read(token)
  if (invitation === null) throw new Problem('not-found', 'This link was not made by us, or it was cut off on its way.')
  knock(token)
  const library = await libraryByNo(premises.logins, invitation.library)
  if (library === null) throw notHere()
  return {
    premises,
    library,
    patron: invitation.patron,
    page: await inLibrary(premises.logins, 'circulation', library.libraryNo, (scope) => readPublicPage(scope, library)),
    language: chooseLanguage(request, { library: library.language }),
    now: premises.clock.now(),
  }
}

function sendForm(
  request: FastifyRequest,
  reply: FastifyReply,
  opened: Opened,
  fields: JoinFields,
  wrong: Wrong,
): FastifyReply {
  const { premises, library, page, language, now } = opened
  const stamps = formStamp(premises.keys.links)
  const kept = stamps.check(library.libraryNo, fields.stamp, now) !== 'none'
  const stamp = kept ? String(fields.stamp) : stamps.make(library.libraryNo, now)
  return sendReaderPage(request, reply, opened, {
    title: wordsOf[language].join.title(library.name),
    body: joinForm({ library, page, place: 'invitation', language, fields, wrong, stamp }),
    switches: request.method === 'GET',
  })
}
