// Reads a large first patron file in a thread of its own, while this one remembers who shares what and feeds PostgreSQL. The
// same batches come out as from readFirst, in the same order. The memory of their lines goes to and fro, because what
// passes between threads is freed late, and hundreds of megabytes would wait for it.
import { on } from 'node:events'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { FileRefused } from './file-refused.ts'
import { type FirstBatch, type FirstEnd, type FirstReading, readFirst } from './read-first.ts'

/** Smaller files are read before a thread has begun. */
const WORTH_A_THREAD = 16 << 20
/** Batches of some 2,000 lines that may wait to be written. */
const AHEAD = 3
const THREAD = 'reads a first patron file'

/** Whoever takes the next batch is done with the lines of the last one. */
export const readFirstFile = (reading: FirstReading, bytes: number): AsyncGenerator<FirstBatch, FirstEnd> =>
  bytes < WORTH_A_THREAD ? readFirst(reading) : readAside(reading)

type Told = { batch: FirstBatch } | { end: FirstEnd } | { refused: { reason: FileRefused['reason']; detail: string } }

export async function* readAside(reading: FirstReading): AsyncGenerator<FirstBatch, FirstEnd> {
  // Lines live for a moment only; a heap of the usual size would hold on to 50 MB of them.
  const resourceLimits = { maxYoungGenerationSizeMb: 6, maxOldGenerationSizeMb: 64 }
  const worker = new Worker(new URL(import.meta.url), { workerData: { thread: THREAD, reading }, resourceLimits })
  try {
    for await (const [told] of on(worker, 'message') as AsyncIterable<[Told]>) {
      if ('end' in told) return told.end
      if ('refused' in told) throw new FileRefused(told.refused.reason, told.refused.detail)
      yield told.batch
      const memory = memoryOf(told.batch)
      worker.postMessage(memory, memory)
    }
    throw new Error('The thread that read the file went away.')
  } finally {
    await worker.terminate()
  }
}

const memoryOf = ({ patrons, low, high }: FirstBatch): ArrayBuffer[] =>
  [patrons, low, high].map(({ buffer }) => buffer as ArrayBuffer)

if (!isMainThread && workerData?.thread === THREAD) await readHere(workerData.reading)

async function readHere(reading: FirstReading): Promise<void> {
  const port = parentPort!
  const tell = (told: Told, give: ArrayBuffer[] = []) => port.postMessage(told, give)
  let ahead = 0
  const given: ArrayBuffer[] = []
  let room = () => {}
  port.on('message', (memory: ArrayBuffer[]) => {
    given.push(...memory)
    ahead--
    room()
  })
  const batches = readFirst(reading, () => given.splice(0))
  try {
    for (;;) {
      const next = await batches.next()
      if (next.done) {
        tell({ end: next.value })
        break
      }
      tell({ batch: next.value }, memoryOf(next.value))
      if (++ahead >= AHEAD)
        await new Promise<void>((go) => {
          room = go
        })
    }
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error
    tell({ refused: { reason: error.reason, detail: error.message } })
  }
  port.close()
}
