// Who may come in by which door. Every route says so itself, and one that does not is refused when the server is built.
// 'public' is for readers with a token; 'demo' shows invented people, or on a developer's machine anybody's mailroom;
// 'key' is for programs that show a key of the library (program-door.ts), 'hook' for providers, who sign what they bring
// (provider-hooks.ts); 'staff' has no route until there are accounts.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Problem } from '../lib/errors.ts'
import { type Library, listLibraries } from '../patrons/library.ts'
import type { Premises, Site } from './premises.ts'

export type Access = 'public' | 'demo' | 'key' | 'hook' | 'staff'

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access
  }
  interface FastifyInstance {
    declaredRoutes: { method: string; url: string; access: Access }[]
  }
}

/** Call before any route is added. */
export function declareAccess(app: FastifyInstance, site: Site): void {
  const declared: FastifyInstance['declaredRoutes'] = []
  app.decorate('declaredRoutes', declared)
  app.addHook('onRoute', (route) => {
    const access = route.config?.access
    if (access === undefined) throw new Error(`The route ${route.url} does not say who may come in (config.access).`)
    for (const method of [route.method].flat()) declared.push({ method, url: route.url, access })
  })
  app.addHook('onRequest', async (request) => {
    const access = request.routeOptions.config?.access
    if (access === 'staff') throw notHere()
    if (access !== 'demo') return
    refuseForeignHost(request, site)
    if (request.method !== 'GET' && request.method !== 'HEAD') refuseForeignForm(request)
    if ((await shownLibraries(openPremises(site), site)).length === 0) throw notHere()
  })
}

export const notHere = () =>
  new Problem(
    'not-found',
    'The address may have been mistyped, or what stood here is gone. Nothing is wrong on your side.',
  )

/** Throws Problem 'not-ready' while the database is being opened. */
export function openPremises(site: Site): Premises {
  const readiness = site.readiness()
  if (readiness.kind === 'open') return readiness.premises
  throw new Problem('not-ready', 'Gentle Reader is starting. Nothing is lost; try again in a few seconds.')
}

/** Libraries whose mailroom may be looked at: invented ones, and in development any. */
export const shownLibraries = async (premises: Premises, site: Site): Promise<Library[]> =>
  (await listLibraries(premises.logins)).filter((library) => library.demo || site.mode === 'development')

const LOCAL = ['localhost', '127.0.0.1', '[::1]']

/** A name that somebody else has pointed at this machine (DNS rebinding) must not make a browser here talk to us. */
function refuseForeignHost(request: FastifyRequest, site: Site): void {
  const name = hostName(request.headers.host)
  const known = [...LOCAL, hostName(site.host), new URL(site.publicUrl).hostname]
  if (name === null || !known.includes(name))
    throw new Problem(
      'not-allowed',
      `This page is not shown under the name "${name ?? 'none'}". Open it as ${site.publicUrl} instead.`,
    )
}

/** Signed-out forms have no secret to check, so the browser's own word counts: was the form one of our pages? */
function refuseForeignForm({ headers }: FastifyRequest): void {
  const site = headers['sec-fetch-site']
  const ours =
    site === undefined
      ? typeof headers.origin === 'string' &&
        URL.canParse(headers.origin) &&
        new URL(headers.origin).host === headers.host?.toLowerCase()
      : site === 'same-origin'
  if (!ours)
    throw new Problem(
      'not-allowed',
      'This was asked for by another page than ours, so nothing was done. Press the button on our own page.',
    )
}

const hostName = (host: string | undefined): string | null => {
  if (host === undefined || host === '') return null
  const written = /^[0-9a-f]*:[0-9a-f:.]*$/i.test(host) ? `[${host}]` : host
  return URL.canParse(`http://${written}`) ? new URL(`http://${written}`).hostname : null
}
