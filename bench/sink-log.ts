// The log of the counting sink, read back: what really arrived, the one witness that no database can talk to.
import { closeSync, existsSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs'

export interface SinkLog {
  mails: number
  /** How often each Message-ID arrived. */
  byId: Map<string, number>
  /** When mails for an address arrived, in milliseconds of the wall clock. */
  byAddress: Map<string, number[]>
  all: { id: string; address: string; at: number }[]
}

export function readSinkLog(file: string): SinkLog {
  const log: SinkLog = { mails: 0, byId: new Map(), byAddress: new Map(), all: [] }
  for (const line of existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []) {
    if (line === '') continue
    const [id, address, at] = line.split('\t') as [string, string, string]
    log.mails++
    log.all.push({ id, address, at: Number(at) })
    log.byId.set(id, (log.byId.get(id) ?? 0) + 1)
    const times = log.byAddress.get(address)
    if (times) times.push(Number(at))
    else log.byAddress.set(address, [Number(at)])
  }
  return log
}

/** How many have arrived by now, asked again and again: reads only what has come since. */
export function countArrived(file: string): () => number {
  let [from, mails] = [0, 0]
  return () => {
    if (!existsSync(file)) return 0
    const handle = openSync(file, 'r')
    const come = Buffer.alloc(fstatSync(handle).size - from)
    from += readSync(handle, come, 0, come.length, from)
    closeSync(handle)
    for (const byte of come) if (byte === 0x0a) mails++
    return mails
  }
}
