// A provider of texts as a web server of this machine: it keeps what it hears and answers by the number that a text goes
// to, in the words of whichever provider a test plays. The numbers are those of the sandbox.
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Heard {
  method: string
  path: string
  headers: IncomingHttpHeaders
  body: string
}
export interface DoubleAnswer {
  status: number
  type?: string
  body: string
}

export interface TextDouble {
  origin: string
  heard: Heard[]
  /** Says this to the next request, whatever it is. */
  answerNext(answer: DoubleAnswer): void
  stop(): Promise<void>
}

/** `answer` null: the line is cut after the request was heard. */
export async function textDouble(answer: (heard: Heard) => DoubleAnswer | null): Promise<TextDouble> {
  const heard: Heard[] = []
  const next: DoubleAnswer[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk) => chunks.push(chunk))
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request
      const one = { method, path, headers, body: Buffer.concat(chunks).toString() }
      heard.push(one)
      const reply = next.shift() ?? answer(one)
      if (reply === null) return request.socket.destroy()
      response.writeHead(reply.status, { 'content-type': reply.type ?? 'application/json' }).end(reply.body)
    })
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard,
    answerNext: (reply) => next.push(reply),
    async stop() {
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
    },
  }
}
