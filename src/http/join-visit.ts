// A visit to one of the pages where people say yes: of which library, in which language, what it offers, and how its pages
// are sent. Nobody is looked up here.
import type { FastifyReply, FastifyRequest } from 'fastify'
import { inLibrary } from '../db/scope.ts'
import { type Library, libraryByKey } from '../patrons/library.ts'
import type { SignUpDesk } from '../signups/begin.ts'
import { type JoinPage, readPublicPage } from '../signups/offer.ts'
import type { Language } from '../words/languages.ts'
import { notHere, openPremises } from './access.ts'
import { chooseLanguage } from './choose-language.ts'
import type { Html } from './html.ts'
import { rootOf } from './page.ts'
import type { Premises, Site } from './premises.ts'
import { sendReaderPage } from './reader-link.ts'
import { allowFramesOf } from './security-headers.ts'

export const PLACES = ['join', 'renew', 'embed'] as const
export type Place = (typeof PLACES)[number]

export interface Visit {
  premises: Premises
  desk: SignUpDesk
  library: Library
  page: JoinPage
  language: Language
  now: Date
  /** From this page to the first of this place: '../maple/join'. */
  way: string
}

/** Throws Problem 'not-found': no such library, or nobody whom it lets show this in a frame. */
export async function enter(site: Site, request: FastifyRequest, reply: FastifyReply, place: Place): Promise<Visit> {
  const premises = openPremises(site)
  const { logins, keys } = premises
  const library = await libraryByKey(logins, (request.params as { library: string }).library)
  if (library === null) throw notHere()
  const page = await inLibrary(logins, 'circulation', library.libraryNo, (scope) => readPublicPage(scope, library))
  if (place === 'embed') {
    if (page.origins.length === 0) throw notHere()
    allowFramesOf(reply, page.origins)
  }
  return {
    premises,
    desk: { logins, keys, publicUrl: site.publicUrl },
    library,
    page,
    language: chooseLanguage(request, { library: library.language }),
    now: premises.clock.now(),
    way: `${rootOf(request.url)}${library.key}/${place}`,
  }
}

export const send = (
  request: FastifyRequest,
  reply: FastifyReply,
  { library, language }: Visit,
  title: string,
  body: Html,
  more: { switches?: boolean } = { switches: request.method === 'GET' },
): FastifyReply => sendReaderPage(request, reply, { library, language }, { title, body, ...more })
