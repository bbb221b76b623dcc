// A PDF read back as a reader's own program would: its text, what its pieces are, its language and title, and the dark
// squares of a QR code, as a camera would see them.
import { inflateSync } from 'node:zlib'
import jsQR from 'jsqr'
import { extractText, getDocumentProxy } from 'unpdf'

interface Tag {
  role?: string
  alt?: string
  children?: Tag[]
}

export interface ReadPdf {
  title: string
  language: string
  tagged: boolean
  pages: number
  /** With single spaces, and words whole that a line end cut at their hyphen. */
  text: string
  /** Every role in reading order. */
  roles: string[]
  alts: string[]
}

export async function readPdf(bytes: Buffer): Promise<ReadPdf> {
  const pdf = await getDocumentProxy(new Uint8Array(bytes))
  const { info } = (await pdf.getMetadata()) as unknown as { info: { Title: string; Language: string } }
  const tags: Tag[] = []
  for (let n = 1; n <= pdf.numPages; n++) tags.push(...flatten((await (await pdf.getPage(n)).getStructTree()) as Tag))
  const { text } = await extractText(pdf, { mergePages: true })
  return {
    title: info.Title,
    language: info.Language,
    tagged: (await pdf.getMarkInfo())?.Marked === true,
    pages: pdf.numPages,
    text: text.replace(/-\n/g, '-').replace(/\s+/g, ' '),
    roles: tags.flatMap((tag) => tag.role ?? []),
    alts: tags.flatMap((tag) => tag.alt ?? []),
  }
}

const flatten = (tag: Tag | null): Tag[] => (tag === null ? [] : [tag, ...(tag.children ?? []).flatMap(flatten)])

/** What the QR code on the first page says: its squares are taken from the page as printed and looked at as a picture. */
export function readQr(bytes: Buffer): string | null {
  const squares = contentStreams(bytes)
    .flatMap((stream) => [...stream.matchAll(/^([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+) re$/gm)])
    .map(([, ...numbers]) => numbers.map(Number) as [number, number, number, number])
  const side = 600
  const picture = new Uint8ClampedArray(side * side * 4).fill(255)
  const [left, top] = [Math.min(...squares.map(([x]) => x)), Math.min(...squares.map(([, y]) => y))]
  const scale = (side - 120) / (Math.max(...squares.map(([x, , w]) => x + w)) - left)
  for (const [x, y, w, h] of squares)
    for (let row = at(y - top); row < at(y - top + h); row++)
      for (let column = at(x - left); column < at(x - left + w); column++)
        picture.fill(0, (row * side + column) * 4, (row * side + column) * 4 + 3)
  return jsQR.default(picture, side, side)?.data ?? null

  function at(points: number): number {
    return Math.round(points * scale) + 60
  }
}

function contentStreams(bytes: Buffer): string[] {
  const streams: string[] = []
  for (let from = bytes.indexOf('stream\n'); from >= 0; from = bytes.indexOf('stream\n', from + 1)) {
    try {
      streams.push(inflateSync(bytes.subarray(from + 7)).toString('latin1'))
    } catch {
      // not a deflated stream, or the end of one
    }
  }
  return streams
}
