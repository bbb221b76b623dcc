// The door for programs: every request below /api/v1/{library}/ shows a key of that library, and gets JSON whatever
// happens. A wrong key, an ended one and a library that is not there are answered alike.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { Problem } from '../lib/errors.ts'
import { type Library, listLibraries } from '../patrons/library.ts'
import { openWithKey, type Right } from '../staff/api-key.ts'
import { openPremises } from './access.ts'
import type { Site } from './premises.ts'
import { addressKey } from './rate-limit.ts'

/** Who is at the door: set before any route below it runs. */
interface Program {
  library: Library
  keyNo: number
  name: string
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What a key must be allowed to do to come in here. */
    may?: Right
  }
  interface FastifyRequest {
    program: Program | null
  }
}

type Knock = (who: string) => void

/** `addRoutes` gets the door: its routes stand below /api/v1/:library and name the right they ask for. */
export async function addProgramDoor(
  app: FastifyInstance,
  site: Site,
  { byKey, byWrongKey }: { byKey: Knock; byWrongKey: Knock },
  addRoutes: (door: FastifyInstance) => void,
): Promise<void> {
  await app.register(
    async (door) => {
      door.decorateRequest('program', null)
      door.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => done(null, body))
      door.addHook('onRoute', ({ url, config }) => {
        if (config?.access !== 'key' || config.may === undefined)
          throw new Error(`The route ${url} does not say what a key must be allowed to do (config.may).`)
      })
      door.addHook('onRequest', async (request) => {
        const { logins, clock } = openPremises(site)
        const { library: libraryKey } = request.params as { library: string }
        const secret = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
        const library = (await listLibraries(logins)).find((one) => one.key === libraryKey)
        const key = secret !== undefined && library ? await openWithKey(logins, library, secret, clock.now()) : null
        if (key === null || library === undefined) {
          byWrongKey(`wrong key from ${addressKey(request.ip)}`)
          throw new Problem(
            'no-key',
            'This needs a key of the library in the address: "Authorization: Bearer gentle_…". "gentle key add" makes one; one that has ended opens nothing.',
          )
        }
        byKey(`${library.key} ${key.keyNo}`)
        const { may } = request.routeOptions.config
        if (may === undefined || !key.may.includes(may))
          throw new Problem('not-allowed', `This key may not do that: it would need the right "${may}".`)
        request.program = { library, keyNo: key.keyNo, name: key.name }
      })
      addRoutes(door)
    },
    { prefix: '/api/v1/:library' },
  )
}

export function programOf(request: FastifyRequest): Program {
  if (request.program === null) throw new Error('no program came in by this door')
  return request.program
}

/** The body in its shape. Throws Problem 'bad-input' that names each field that is wrong. */
export function readBody<Shape extends z.ZodType>(request: FastifyRequest, shape: Shape): z.infer<Shape> {
  let held: unknown
  try {
    held = JSON.parse(String(request.body))
  } catch {
    throw new Problem('bad-input', 'The body is not JSON. Nothing was recorded.')
  }
  const read = shape.safeParse(held)
  if (read.success) return read.data
  const said = read.error.issues.map(({ path, message }) => `${path.join('.') || 'the body'}: ${message}`)
  throw new Problem('bad-input', `Nothing was recorded. ${said.join('; ')}.`)
}
