// A backup as a file: one gzip of plain text that can be read without this program. First a line of JSON, the manifest;
// then each table's rows as COPY writes them, up to a line `\.`; last a line of JSON, the seal, with each table's count
// and checksum. A file without its seal was cut short. Whoever reads it checks it, every time, as it goes by.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { createGunzip } from 'node:zlib'
import { z } from 'zod'
import { Problem } from '../lib/errors.ts'

/** Raised when a program that knows only the older form would misread a file. */
export const BACKUP_VERSION = 1

const manifestShape = z.object({
  format: z.literal('gentle-backup'),
  version: z.literal(BACKUP_VERSION),
  release: z.string(),
  madeAt: z.iso.datetime(),
  keysFingerprint: z.string(),
  migrations: z.array(z.object({ name: z.string(), hash: z.string() })),
  tables: z.array(z.object({ name: z.string(), columns: z.array(z.string()) })),
  sequences: z.array(z.object({ name: z.string(), lastValue: z.string().regex(/^\d+$/), isCalled: z.boolean() })),
})
export type Manifest = z.infer<typeof manifestShape>

const sealShape = z.object({
  manifestSha256: z.string(),
  tables: z.array(z.object({ name: z.string(), rows: z.number(), sha256: z.string() })),
})
export type TableSum = z.infer<typeof sealShape>['tables'][number]

const END_OF_TABLE = Buffer.from('\\.\n')
const END_INSIDE = Buffer.from('\n\\.\n')
const LINE_END = 0x0a

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')
const jsonLine = (value: object): Buffer => Buffer.from(`${JSON.stringify(value)}\n`)

/** Counts and sums the rows that go by. COPY writes a line end inside a value as \n, so each one ends a row. */
function tally() {
  const hash = createHash('sha256')
  let rows = 0
  return {
    add(chunk: Buffer) {
      hash.update(chunk)
      for (let at = chunk.indexOf(LINE_END); at >= 0; at = chunk.indexOf(LINE_END, at + 1)) rows++
    },
    sum: (name: string): TableSum => ({ name, rows, sha256: hash.digest('hex') }),
  }
}

/** The text of a backup, not yet compressed; `sums` is filled as tables end. `copyOut` yields a table's rows. */
export async function* backupText(
  manifest: Manifest,
  copyOut: (table: Manifest['tables'][number]) => AsyncIterable<Buffer>,
  sums: TableSum[],
): AsyncGenerator<Buffer> {
  const first = jsonLine(manifest)
  yield first
  for (const table of manifest.tables) {
    const seen = tally()
    for await (const chunk of copyOut(table)) {
      seen.add(chunk)
      yield chunk
    }
    yield END_OF_TABLE
    sums.push(seen.sum(table.name))
  }
  yield jsonLine({ manifestSha256: sha256(first), tables: sums })
}

export type Part =
  | { kind: 'manifest'; manifest: Manifest }
  | { kind: 'rows'; rows: Buffer }
  | { kind: 'table-end' }
  | { kind: 'seal'; tables: TableSum[] }

/**
 * The parts of a backup in the order in which they stand. Ends with the seal, after comparing every count and checksum
 * with it; throws a Problem as soon as the file is not what it should be. `onBytes`: of the file, as read so far.
 */
export async function* readBackup(file: string, onBytes: (bytes: number) => void = () => {}): AsyncGenerator<Part> {
  let manifest: Manifest | null = null
  let manifestSha256 = ''
  let sealed = false
  let seen = tally()
  const sums: TableSum[] = []
  for await (let lines of wholeLines(file, onBytes)) {
    while (lines.length > 0) {
      if (manifest !== null && sums.length < manifest.tables.length) {
        const end = endOfTable(lines)
        const rows = end < 0 ? lines : lines.subarray(0, end)
        if (rows.length > 0) {
          seen.add(rows)
          yield { kind: 'rows', rows }
        }
        lines = end < 0 ? lines.subarray(lines.length) : lines.subarray(end + END_OF_TABLE.length)
        if (end < 0) continue
        sums.push(seen.sum(manifest.tables[sums.length]!.name))
        seen = tally()
        yield { kind: 'table-end' }
        continue
      }
      const line = lines.subarray(0, lines.indexOf(LINE_END) + 1)
      lines = lines.subarray(line.length)
      if (manifest === null) {
        manifest = readManifest(file, line)
        manifestSha256 = sha256(line)
        yield { kind: 'manifest', manifest }
      } else {
        const seal = sealShape.safeParse(parse(line))
        if (sealed || !seal.success || JSON.stringify(seal.data) !== JSON.stringify({ manifestSha256, tables: sums }))
          throw damaged(file, 'its contents do not fit its checksums')
        sealed = true
      }
    }
  }
  if (!sealed) throw damaged(file, 'it was cut short, its end is missing')
  yield { kind: 'seal', tables: sums }
}

/** The manifest alone, from the first bytes of the file. */
export async function peekManifest(file: string): Promise<Manifest> {
  for await (const part of readBackup(file)) if (part.kind === 'manifest') return part.manifest
  throw notOurs(file)
}

/** `lines` begins at the start of a line, so the end of a table is either its first line or stands after a line end. */
function endOfTable(lines: Buffer): number {
  if (lines.subarray(0, END_OF_TABLE.length).equals(END_OF_TABLE)) return 0
  const at = lines.indexOf(END_INSIDE)
  return at < 0 ? -1 : at + 1
}

/** The unpacked text in pieces that begin and end with a line. */
async function* wholeLines(file: string, onBytes: (bytes: number) => void): AsyncGenerator<Buffer> {
  const source = createReadStream(file, { highWaterMark: 1 << 18 })
  const text = source.pipe(createGunzip({ chunkSize: 1 << 18 }))
  source.on('error', (error) => text.destroy(error)) // pipe does not pass errors on
  let torn: Buffer[] = []
  try {
    for await (const chunk of text as AsyncIterable<Buffer>) {
      onBytes(source.bytesRead)
      const cut = chunk.lastIndexOf(LINE_END) + 1
      if (cut > 0) {
        yield torn.length === 0 ? chunk.subarray(0, cut) : Buffer.concat([...torn, chunk.subarray(0, cut)])
        torn = []
      }
      if (cut < chunk.length) torn.push(chunk.subarray(cut))
    }
  } catch (error) {
    throw explain(file, error)
  } finally {
    source.destroy()
  }
  if (torn.length > 0) throw damaged(file, 'it was cut short, its end is missing')
}

function explain(file: string, error: unknown): unknown {
  const code = (error as { code?: string })?.code ?? ''
  if (code === 'ENOENT') return new Problem('not-found', `There is no file ${file}.`, { cause: error })
  if (code === 'Z_BUF_ERROR') return damaged(file, 'it was cut short, its end is missing', error)
  if (code === 'EISDIR' || /incorrect header check/.test(String(error))) return notOurs(file, error)
  if (code.startsWith('Z_')) return damaged(file, 'it cannot be unpacked', error)
  if (/^E[A-Z]+$/.test(code))
    return new Problem('unavailable', `${file} cannot be read (${code}). Nothing was changed.`, { cause: error })
  return error
}

function readManifest(file: string, line: Buffer): Manifest {
  const found = parse(line) as { format?: unknown; version?: unknown; release?: unknown } | null
  if (found?.format !== 'gentle-backup') throw notOurs(file)
  if (typeof found.version === 'number' && found.version > BACKUP_VERSION)
    throw new Problem(
      'conflict',
      `${file} was made by a newer release of Gentle Reader (${String(found.release)}), in a form that this one does not know. Nothing was changed; restore it with that release.`,
    )
  const read = manifestShape.safeParse(found)
  if (!read.success) throw damaged(file, 'its first line makes no sense')
  return read.data
}

function parse(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString('utf8'))
  } catch {
    return null
  }
}

export const damaged = (file: string, how: string, cause?: unknown): Problem =>
  new Problem(
    'bad-input',
    `${file} is damaged: ${how}. Nothing was changed; fetch it once more from where it is kept, or take another backup.`,
    { cause },
  )

const notOurs = (file: string, cause?: unknown): Problem =>
  new Problem('bad-input', `${file} is not a backup of Gentle Reader. Nothing was changed.`, { cause })
