// The one way by which this program calls a web address that somebody typed in. It asks the address after its name was
// looked up, so that a name cannot point into the library's own network, and it follows nobody further: no redirect, ten
// seconds, a small answer.
import { lookup } from 'node:dns'
import { request } from 'node:https'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { Problem, sayError } from './errors.ts'

/** What IANA sets aside; of IPv6 everything but the part that is handed out to networks of the world (2000::/3). */
const setAside = new BlockList()
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  setAside.addSubnet(net, bits, 'ipv4')
const world = new BlockList()
world.addSubnet('2000::', 3, 'ipv6')
// Inside it: tunnels, which carry an IPv4 address of any kind, and addresses for documents.
for (const [net, bits] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  setAside.addSubnet(net, bits, 'ipv6')

export function isPublicAddress(address: string): boolean {
  const family = isIP(address)
  if (family === 0) return false
  if (family === 4) return !setAside.check(address, 'ipv4')
  return world.check(address, 'ipv6') && !setAside.check(address, 'ipv6')
}

export interface Egress {
  /** Throws Problem 'not-allowed' (an address that is not called) or 'unavailable'. Returns the status. */
  post(url: string, body: string): Promise<number>
}

const LONGEST_MS = 10_000
const MOST_BYTES = 64 * 1024

/** The options are for tests, which have only this machine to call. */
export function openEgress(
  more: { mayCall?: (address: string) => boolean; certificate?: string; longestMs?: number } = {},
): Egress {
  const { mayCall = isPublicAddress, certificate, longestMs = LONGEST_MS } = more
  const onlyPublic: LookupFunction = (name, options, done) =>
    lookup(name, { ...options, all: true }, (error, addresses) => {
      if (error) return done(error, [])
      const refused = addresses.find(({ address }) => !mayCall(address))
      if (refused || addresses.length === 0) return done(notCalled(), [])
      if (options.all) return done(null, addresses)
      done(null, addresses[0]!.address, addresses[0]!.family)
    })
  return {
    async post(text, body) {
      const url = readWebhook(text)
      const bare = url.hostname.replace(/^\[|\]$/g, '')
      // An address that stands there as a number is never looked up.
      if (isIP(bare) !== 0 && !mayCall(bare)) throw notCalled()
      try {
        return await send(url, body, { lookup: onlyPublic, ca: certificate, longestMs })
      } catch (error) {
        if (error instanceof Problem) throw error
        throw new Problem('unavailable', `${url.host} did not take it: ${sayError(error)}`, { cause: error })
      }
    },
  }
}

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
  body: string,
  { lookup, ca, longestMs }: { lookup: LookupFunction; ca?: string; longestMs: number },
): Promise<number> =>
  new Promise((resolve, reject) => {
    const call = request(
      url,
      {
        method: 'POST',
        agent: false, // no connection is kept: the next call looks the name up anew
        lookup,
        ca,
        signal: AbortSignal.timeout(longestMs),
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      },
      (response) => {
        let bytes = 0
        response.on('data', (chunk: Buffer) => {
          bytes += chunk.length
          if (bytes > MOST_BYTES) response.destroy(new Error('its answer was too long'))
        })
        response.on('end', () => resolve(response.statusCode ?? 0))
        response.on('error', reject)
      },
    )
    call.on('error', reject)
    call.end(body)
  })
