import { createServer as createPlainServer, type RequestListener } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { localhostCertificate, localhostKey } from '../../test/mail-servers.ts'
import { openEgress, readWebhook } from './egress.ts'

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

test('a call brings back status, type and answer, and carries the words it was given', async () => {
  const url = await webhook((request, response) => {
    response.writeHead(201, { 'content-type': 'application/json' }).end(`{"saw":"${request.headers['x-word']}"}`)
  })
  const answer = await here().call({ method: 'POST', url, headers: { 'x-word': 'hello' }, body: 'a=1' })
  expect(answer).toMatchObject({ kind: 'answered', status: 201, type: 'application/json' })
  expect(answer.kind === 'answered' && answer.body.toString()).toBe('{"saw":"hello"}')
})

test('what is called off at the last moment never leaves, though the line stood', async () => {
  let called = 0
  const url = await webhook((_request, response) => {
    called++
    response.end()
  })
  for (const beforeLeaving of [() => false, async () => false])
    expect(await here().call({ method: 'POST', url, body: 'x', beforeLeaving })).toEqual({ kind: 'held' })
  expect(called).toBe(0)
})

test('a line that goes dead tells whether the request may have left', async () => {
  const dying = await webhook((request) => request.socket.destroy())
  const half = await webhook((_request, response) => {
    response.writeHead(200, { 'content-length': '100' }).write('half of it')
    setTimeout(() => response.destroy(), 20)
  })
  for (const url of [dying, half])
    expect(await here().call({ method: 'POST', url, body: 'x' })).toMatchObject({ kind: 'failed', mayHaveLeft: true })
  const nobody = 'https://localhost:1/'
  expect(await here().call({ method: 'POST', url: nobody, body: 'x' })).toMatchObject({ mayHaveLeft: false })
  const untrusted = openEgress({ mayCall: () => true })
  expect(await untrusted.call({ method: 'POST', url: dying, body: 'x' })).toMatchObject({ mayHaveLeft: false })
})

test('only a neighbour that the settings name is called in a private network and in the clear', async () => {
  const server = createPlainServer((_request, response) => response.end('ok'))
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const call = { method: 'GET', url: `${origin}/x` } as const
  expect(await openEgress({ neighbours: [origin] }).call(call)).toMatchObject({ kind: 'answered', status: 200 })
  expect(await openEgress().call(call)).toMatchObject({ kind: 'failed', mayHaveLeft: false })
  const other = openEgress({ neighbours: ['http://127.0.0.1:1'] })
  expect(await other.call(call)).toMatchObject({ kind: 'failed', mayHaveLeft: false })
  server.close()
})
