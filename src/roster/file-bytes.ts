// The bytes of a patron file as UTF-8 text in chunks, whatever it was written in: plain or gzip, UTF-8 or a declared encoding.
// Nothing is kept: a file of any size passes through in a few chunks of memory.
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { createGunzip } from 'node:zlib'
import { sayError } from '../lib/errors.ts'
import { FileRefused } from './file-refused.ts'

/** About 2,000 rows of 20 columns. */
const CHUNK = 384 * 1024

export interface FileKind {
  path: string
  totalBytes: number
  gzip: boolean
  /** A WHATWG encoding name; 'utf-8' passes through unchanged and is checked where the records are split. */
  encoding: string
}

/** Looks at the first bytes only. `declared` is what the person said, for example 'iso-8859-1' or 'utf-16'. */
export async function identifyFile(path: string, declared?: string): Promise<FileKind> {
  const encoding = nameOfEncoding(declared ?? 'utf-8')
  const file = await open(path).catch((cause: unknown) => {
    throw new FileRefused('unreadable', `The file ${path} could not be opened: ${whyNotOpened(cause)}.`, { cause })
  })
  try {
    const stat = await file.stat()
    if (!stat.isFile()) throw new FileRefused('unreadable', `${path} is not a file.`)
    const start = Buffer.alloc(4)
    await file.read(start, 0, 4, 0)
    return { path, totalBytes: stat.size, gzip: start[0] === 0x1f && start[1] === 0x8b, encoding }
  } finally {
    await file.close()
  }
}

function whyNotOpened(cause: unknown): string {
  const code = (cause as { code?: string }).code
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'there is no such file'
  if (code === 'EACCES' || code === 'EPERM') return 'this account may not read it'
  return sayError(cause)
}

function nameOfEncoding(declared: string): string {
  try {
    return new TextDecoder(declared).encoding
  } catch (cause) {
    const known = 'utf-8, utf-16, iso-8859-1 and windows-1252 are the usual ones'
    throw new FileRefused('wrong-encoding', `“${declared}” is not an encoding we know: ${known}.`, { cause })
  }
}

/** UTF-8 without a byte order mark. `onBytes` hears how far into the file itself reading has come. */
export async function* readText(kind: FileKind, onBytes?: (bytesRead: number) => void): AsyncGenerator<Buffer> {
  let decode: ((chunk: Buffer | null) => Buffer) | null = null
  for await (const chunk of firstChunkWhole(kind.gzip ? inflate(kind, onBytes) : readBytes(kind, onBytes))) {
    decode ??= decoderFor(kind.encoding, chunk)
    const text = decode(chunk)
    if (text.length > 0) yield text
  }
  const rest = decode?.(null)
  if (rest !== undefined && rest.length > 0) yield rest
}

async function* readBytes(kind: FileKind, onBytes?: (bytesRead: number) => void): AsyncGenerator<Buffer> {
  let bytesRead = 0
  for await (const chunk of createReadStream(kind.path, { highWaterMark: CHUNK }) as AsyncIterable<Buffer>) {
    bytesRead += chunk.length
    onBytes?.(bytesRead)
    yield chunk
  }
}

async function* inflate(kind: FileKind, onBytes?: (bytesRead: number) => void): AsyncGenerator<Buffer> {
  const source = createReadStream(kind.path, { highWaterMark: CHUNK })
  const gunzip = createGunzip({ chunkSize: CHUNK })
  source.on('error', (error) => gunzip.destroy(error))
  source.pipe(gunzip)
  try {
    for await (const chunk of gunzip as AsyncIterable<Buffer>) {
      onBytes?.(source.bytesRead)
      yield chunk
    }
  } catch (cause) {
    if ((cause as { code?: string }).code === 'Z_BUF_ERROR') {
      throw new FileRefused('cut-short', 'The gzip file ends in the middle: copy or make it again.', { cause })
    }
    throw new FileRefused('unreadable', `The gzip file is damaged (${sayError(cause)}).`, { cause })
  } finally {
    source.destroy()
    gunzip.destroy()
  }
}

/** A byte order mark must not be torn between two chunks, however the bytes arrive. */
async function* firstChunkWhole(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let start: Buffer | null = Buffer.alloc(0)
  for await (const chunk of chunks) {
    if (start === null) {
      yield chunk
      continue
    }
    start = start.length === 0 ? chunk : Buffer.concat([start, chunk])
    if (start.length >= 4) {
      yield start
      start = null
    }
  }
  if (start !== null && start.length > 0) yield start
}

/** Gives UTF-8 for each chunk, and for null what was left in the middle of a character. */
function decoderFor(declared: string, first: Buffer): (chunk: Buffer | null) => Buffer {
  const encoding = markedEncoding(first) ?? declared
  const nothing = Buffer.alloc(0)
  if (encoding === 'utf-8') {
    let marked = first[0] === 0xef && first[1] === 0xbb && first[2] === 0xbf
    return (chunk) => {
      const text = marked && chunk !== null ? chunk.subarray(3) : (chunk ?? nothing)
      marked = false
      return text
    }
  }
  const decoder = new TextDecoder(encoding, { fatal: true })
  let line = 1
  return (chunk) => {
    try {
      const text = chunk === null ? decoder.decode() : decoder.decode(chunk, { stream: true })
      const bytes = Buffer.from(text)
      for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) line++
      return bytes
    } catch (cause) {
      if (chunk === null) {
        throw new FileRefused('cut-short', `The file ends in the middle of a character on line ${line}.`, { cause })
      }
      const detail = `The file is not ${encoding}: after line ${line} stand bytes that mean nothing in it.`
      throw new FileRefused('wrong-encoding', detail, { cause })
    }
  }
}

/** UTF-16 says so itself in its first two bytes. */
const markedEncoding = (first: Buffer): string | null =>
  first[0] === 0xff && first[1] === 0xfe ? 'utf-16le' : first[0] === 0xfe && first[1] === 0xff ? 'utf-16be' : null
