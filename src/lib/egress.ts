// The one way by which this program calls a web address that somebody typed in. It asks the address after its name was
// looked up, so that a name cannot point into the library's own network, and it follows nobody further: no redirect, ten
// seconds, a small answer. It knows whether a request had begun to leave when a line went dead, because a text that may be
// out is not sent again.
import { lookup } from 'node:dns'
import { request as requestInClear } from 'node:http'
import { request } from 'node:https'
import { isIP, type LookupFunction, type Socket } from 'node:net'
import { Problem, sayError } from './errors.ts'
import { isPublicAddress } from './public-address.ts'

export interface EgressCall {
  method: 'GET' | 'POST'
  url: string
  headers?: Record<string, string>
  body?: string
  /** Asked when the line stands and not a byte was written; after a no nothing leaves. */
  beforeLeaving?: () => boolean | Promise<boolean>
  /** Default 64 KiB. */
  mostBytes?: number
}

export type EgressAnswer =
  | {
      kind: 'answered'
      status: number
      type: string /** Where a redirect points, or ''. */
      location: string
      body: Buffer
    }
  | { kind: 'held' } // `beforeLeaving` said no
  | { kind: 'failed'; mayHaveLeft: boolean; why: string; problem?: Problem }

export interface Egress {
  /** Throws Problem 'not-allowed' (an address that is not called) or 'unavailable'. Returns the status. */
  post(url: string, body: string): Promise<number>
}

/** The same way out for those who need the answer, too. */
export interface Caller {
  /** Never throws. */
  call(call: EgressCall): Promise<EgressAnswer>
}

interface EgressOptions {
  /**
   * Origins (`http://127.0.0.1:13013`) that whoever runs this machine named in its settings: they alone may be in a private
   * network, and be called in the clear.
   */
  neighbours?: readonly string[]
  /** The rest is for tests, which have only this machine to call. */
  mayCall?: (address: string) => boolean
  certificate?: string
  longestMs?: number
}

const LONGEST_MS = 10_000
const MOST_BYTES = 64 * 1024

export function openEgress(options: EgressOptions = {}): Egress & Caller {
  const { neighbours = [], mayCall = isPublicAddress, certificate, longestMs = LONGEST_MS } = options
  const onlyPublic: LookupFunction = (name, options, done) =>
    lookup(name, { ...options, all: true }, (error, addresses) => {
      if (error) return done(error, [])
      const refused = addresses.find(({ address }) => !mayCall(address))
      if (refused || addresses.length === 0) return done(notCalled(), [])
      if (options.all) return done(null, addresses)
      done(null, addresses[0]!.address, addresses[0]!.family)
    })

  async function call(one: EgressCall): Promise<EgressAnswer> {
    const isNeighbour = URL.canParse(one.url) && neighbours.includes(new URL(one.url).origin)
    try {
      const url = isNeighbour ? new URL(one.url) : readWebhook(one.url)
      const bare = url.hostname.replace(/^\[|\]$/g, '')
      // An address that stands there as a number is never looked up.
      if (!isNeighbour && isIP(bare) !== 0 && !mayCall(bare)) throw notCalled()
      return await send(url, one, { lookup: isNeighbour ? undefined : onlyPublic, ca: certificate, longestMs })
    } catch (error) {
      return failed(error, false)
    }
  }

  return {
    call,
    async post(text, body) {
      const answer = await call({ method: 'POST', url: text, headers: { 'content-type': 'application/json' }, body })
      if (answer.kind === 'answered') return answer.status
      if (answer.kind === 'held') throw new Problem('unavailable', 'It was held back.')
      throw answer.problem ?? new Problem('unavailable', `${new URL(text).host} did not take it: ${answer.why}`)
    },
  }
}

const failed = (error: unknown, mayHaveLeft: boolean): EgressAnswer => ({
  kind: 'failed',
  mayHaveLeft,
  why: sayError(error),
  ...(error instanceof Problem && { problem: error }),
})

const notCalled = () =>
  new Problem('not-allowed', 'This address belongs to a private network, and such are not called. Nothing was sent.')

/** Throws Problem 'bad-input'. */
export function readWebhook(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || url.protocol !== 'https:' || url.username !== '' || url.password !== '' || url.hash !== '')
    throw new Problem('bad-input', 'A webhook is an address that begins with https:// and holds no name and password.')
  return url
}

const send = (
  url: URL,
  { method, headers = {}, body = '', beforeLeaving, mostBytes = MOST_BYTES }: EgressCall,
  { lookup, ca, longestMs }: { lookup?: LookupFunction; ca?: string; longestMs: number },
): Promise<EgressAnswer> =>
  new Promise((resolve) => {
    let begun = false
    const fail = (error: unknown) => resolve(failed(error, begun))
    const secure = url.protocol === 'https:'
    const outgoing = (secure ? request : requestInClear)(
      url,
      {
        method,
        agent: false, // no connection is kept: the next call looks the name up anew
        lookup,
        ...(secure && { ca }),
        signal: AbortSignal.timeout(longestMs),
        headers: { ...headers, ...(method === 'POST' && { 'content-length': String(Buffer.byteLength(body)) }) },
      },
      (response) => {
        const chunks: Buffer[] = []
        let bytes = 0
        response.on('data', (chunk: Buffer) => {
          bytes += chunk.length
          chunks.push(chunk)
          if (bytes > mostBytes) response.destroy(new Error('its answer was too long'))
        })
        response.on('end', () => {
          const { 'content-type': type = '', location = '' } = response.headers
          resolve({ kind: 'answered', status: response.statusCode ?? 0, type, location, body: Buffer.concat(chunks) })
        })
        response.on('error', fail)
      },
    )
    outgoing.on('error', fail)
    const leave = async () => {
      if (beforeLeaving && !(await beforeLeaving())) {
        outgoing.destroy()
        return resolve({ kind: 'held' })
      }
      begun = true
      outgoing.end(body)
    }
    outgoing.on('socket', (socket: Socket) => {
      socket.once(secure ? 'secureConnect' : 'connect', () => leave().catch((error) => outgoing.destroy(error)))
    })
  })
