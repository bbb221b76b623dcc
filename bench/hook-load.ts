// Writes requests that were made before to a server over sockets that stay open, each socket one after the other, and tells
// how long each answer took. As little as it can do, because it runs on the same processors as what it measures.
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

export interface Loaded {
  ms: number
  /** Of each answer. */
  took: number[]
  /** Which request each of them answers. */
  asked: number[]
  /** Answers that were not 200. */
  refused: number
}

export async function loadWith(port: number, requests: readonly Buffer[], width: number): Promise<Loaded> {
  const loaded: Loaded = { ms: 0, took: [], asked: [], refused: 0 }
  const next = requests.entries()
  const sockets = await Promise.all(Array.from({ length: width }, () => openSocket(port)))
  const began = performance.now()
  await Promise.all(
    sockets.map(async (ask) => {
      for (const [n, request] of next) {
        const from = performance.now()
        if ((await ask(request)) !== 200) loaded.refused++
        loaded.took.push(performance.now() - from)
        loaded.asked.push(n)
      }
      ask.close()
    }),
  )
  loaded.ms = performance.now() - began
  return loaded
}

export interface Ask {
  /** The status of the answer. Rejects when the line breaks before there is one. */
  (request: Buffer): Promise<number>
  close(): void
}

export async function openSocket(port: number): Promise<Ask> {
  const socket: Socket = connect(port, '127.0.0.1').setNoDelay(true)
  let answer = ''
  let heard: { resolve: (status: number) => void; reject: (why: Error) => void } | null = null
  socket.on('data', (chunk) => {
    answer += chunk.toString('latin1')
    const end = answer.indexOf('\r\n\r\n')
    if (end === -1) return
    const length = Number(/^content-length: (\d+)/im.exec(answer)?.[1] ?? 0)
    if (answer.length < end + 4 + length) return
    const status = Number(answer.slice(9, 12))
    answer = answer.slice(end + 4 + length)
    heard?.resolve(status)
    heard = null
  })
  const broken = () => {
    heard?.reject(new Error('the line broke'))
    heard = null
  }
  socket.on('close', broken)
  socket.on('error', broken)
  await once(socket, 'connect')
  const ask = (request: Buffer) =>
    new Promise<number>((resolve, reject) => {
      if (socket.destroyed) return reject(new Error('the line broke'))
      heard = { resolve, reject }
      socket.write(request)
    })
  return Object.assign(ask, { close: () => void socket.destroy() })
}
