import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { openEgress } from '../../lib/egress.ts'
import { fetchPicture } from './fetch-picture.ts'
import { sandboxPicture } from './sandbox-picture.ts'
import { twilioProvider } from './twilio.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections()
})
async function place(answer: RequestListener): Promise<string> {
  const server = createServer(answer)
  servers.push(server)
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const png = sandboxPicture

test('a picture is fetched from where its provider redirects to, and the key stays with the provider', async () => {
  const keys: (string | undefined)[] = []
  const store = await place((request, response) => {
    keys.push(request.headers.authorization)
    response.end(png)
  })
  const api = await place((request, response) => {
    keys.push(request.headers.authorization)
    response.writeHead(307, { location: `${store}/cat` }).end()
  })
  const egress = openEgress({ neighbours: [api, store] })
  const headers = { authorization: 'Basic key' }
  const picture = await fetchPicture(egress, { url: `${api}/Media/ME1`, headers })
  expect(picture).toEqual({ kind: 'picture', type: 'image/png', bytes: png })
  expect(keys).toEqual(['Basic key', undefined])
})

test('the key of Twilio goes to Twilio alone', () => {
  const twilio = twilioProvider({ account: 'AC1', token: 't', egress: openEgress(), hookUrl: 'https://x.example.org/' })
  expect(twilio.pictureHeaders!('https://api.twilio.com/2010-04-01/x')).toHaveProperty('authorization')
  for (const url of ['https://api.twilio.com.example.org/x', 'http://api.twilio.com/x', 'https://example.org/', ''])
    expect(twilio.pictureHeaders!(url)).toEqual({})
})

test('nobody is led into the library’s own network, nor in a circle', async () => {
  const inside = await place((_request, response) => response.end(png))
  const leading = await place((_request, response) => response.writeHead(302, { location: inside }).end())
  const egress = openEgress({ neighbours: [leading] })
  expect(await fetchPicture(egress, { url: leading })).toMatchObject({ kind: 'not-fetched' })
  const circle = await place((_request, response) => response.writeHead(302, { location: '/again' }).end())
  expect(await fetchPicture(openEgress({ neighbours: [circle] }), { url: circle })).toMatchObject({ permanent: true })
})

test.each([
  '<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>',
  '<html>',
  '%PDF-1.7',
  'BEGIN:VCARD',
  '',
])('what is no picture is not taken for one, whatever it calls itself: %j', async (body) => {
  const url = await place((_request, response) => response.writeHead(200, { 'content-type': 'image/png' }).end(body))
  const answer = await fetchPicture(openEgress({ neighbours: [url] }), { url })
  expect(answer).toMatchObject({ kind: 'not-fetched', permanent: true })
})

test('what is gone is not asked for again; a provider that fails is, and so is one that never ends', async () => {
  const answers = new Map<string, number>([
    ['/gone', 410],
    ['/lost', 404],
    ['/down', 503],
  ])
  const url = await place((request, response) => {
    const status = answers.get(request.url!)
    if (status) return response.writeHead(status).end()
    response.write(Buffer.alloc(6 * 1024 * 1024))
    response.end()
  })
  const at = (path: string) => fetchPicture(openEgress({ neighbours: [url] }), { url: url + path })
  expect(await at('/gone')).toMatchObject({ permanent: true })
  expect(await at('/lost')).toMatchObject({ permanent: true })
  expect(await at('/down')).toMatchObject({ permanent: false })
  expect(await at('/huge')).toMatchObject({ kind: 'not-fetched' })
  expect(await fetchPicture(openEgress(), { url: 'nowhere' })).toMatchObject({ kind: 'not-fetched' })
})
