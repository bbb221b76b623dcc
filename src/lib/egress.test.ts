import type { RequestListener } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { localhostCertificate, localhostKey } from '../../test/mail-servers.ts'
import { isPublicAddress, openEgress, readWebhook } from './egress.ts'

const servers: Server[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise((closed) => server.close(closed))
  }
})

/** A web server of this machine, reached by name. */
async function webhook(answer: RequestListener): Promise<string> {
  const server = createServer({ cert: localhostCertificate, key: localhostKey }, answer)
  servers.push(server)
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return `https://localhost:${(server.address() as AddressInfo).port}/heads`
}

/** Allows this machine, which is all that a test has to call. */
const here = (more: { longestMs?: number } = {}) =>
  openEgress({ mayCall: (address) => address === '127.0.0.1', certificate: localhostCertificate, ...more })

describe('an address is called only where it is public', () => {
  test.each(['8.8.8.8', '93.184.216.34', '2606:4700::1111'])('%s is', (address) => {
    expect(isPublicAddress(address)).toBe(true)
  })
  test.each([
    '0.0.0.0', '10.1.2.3', '100.64.0.1', '127.0.0.1', '127.255.255.254', '169.254.169.254', '172.16.0.1', '172.31.255.255',
    '192.168.1.1', '198.18.0.1', '224.0.0.1', '255.255.255.255', '::', '::1', '::ffff:127.0.0.1', '::ffff:7f00:1',
    '64:ff9b::7f00:1', 'fc00::1', 'fd12::1', 'fe80::1', 'ff02::1', '2001:db8::1', '2002:7f00:1::', '2001:0:7f00:1::', 'localhost', '',
  ])('%s is not', (address) => { expect(isPublicAddress(address)).toBe(false) }) // biome-ignore format: a list of addresses
})

test.each([
  'https://localhost/x',
  'https://127.0.0.1/x',
  'https://127.1/x',
  'https://2130706433/x',
  'https://0x7f.0.0.1/x',
  'https://[::1]/x',
  'https://[::ffff:127.0.0.1]/x',
  'https://169.254.169.254/latest/meta-data',
])('this machine is not called by another of its names: %s', async (url) => {
  await expect(openEgress().post(url, '{}')).rejects.toMatchObject({ code: 'not-allowed' })
})

test.each(['http://hooks.example.org/x', 'file:///etc/passwd', 'https://name:word@hooks.example.org/', 'hooks', ''])(
  'what is no webhook is refused: %s',
  (url) => {
    expect(() => readWebhook(url)).toThrow('begins with https://')
  },
)

test('what is posted arrives whole, and the status comes back', async () => {
  let heard = ''
  const url = await webhook((request, response) => {
    request.on('data', (chunk) => {
      heard += chunk
    })
    request.on('end', () => response.writeHead(202).end('thanks'))
  })
  expect(await here().post(url, JSON.stringify({ said: 'año' }))).toBe(202)
  expect(heard).toBe('{"said":"año"}')
})

test('a redirect is not followed', async () => {
  let called = 0
  const url = await webhook((_request, response) => {
    called++
    response.writeHead(302, { location: 'https://169.254.169.254/' }).end()
  })
  expect(await here().post(url, '{}')).toBe(302)
  expect(called).toBe(1)
})

test('a server that says nothing, or never stops, is left', async () => {
  const silent = await webhook(() => {})
  await expect(here({ longestMs: 200 }).post(silent, '{}')).rejects.toMatchObject({ code: 'unavailable' })
  const endless = await webhook((_request, response) => {
    const timer = setInterval(() => response.write('x'.repeat(50_000)), 5)
    response.on('close', () => clearInterval(timer))
  })
  await expect(here().post(endless, '{}')).rejects.toMatchObject({ code: 'unavailable' })
})

test('a certificate that nobody vouches for is not taken', async () => {
  const url = await webhook((_request, response) => response.end())
  const trusting = openEgress({ mayCall: () => true })
  await expect(trusting.post(url, '{}')).rejects.toMatchObject({ code: 'unavailable' })
})
