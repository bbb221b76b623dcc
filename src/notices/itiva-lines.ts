// The records of an i-tiva file, out of its bytes. Koha writes it without escaping anything, so a line end within a title
// is a line end like any other: what does not begin like a record belongs to the one before.
import { isUtf8 } from 'node:buffer'
import { Problem } from '../lib/errors.ts'

export interface ItivaRecord {
  /** The first of its lines, counted from 1. */
  line: number
  text: string
}

/** Longer than any record: a file of something else must not gather in memory. */
const LONGEST = 1 << 16

export const COLUMNS = 17

/** Three short quoted words: medium, language and type. */
const BEGINS = /^"[^"]{0,12}","[^"]{0,12}","[^"]{0,40}",/

/** Streams: never more than one record and one chunk are held. Throws Problem 'bad-input' where no lines end. */
export async function* readItivaRecords(bytes: AsyncIterable<Buffer>): AsyncGenerator<ItivaRecord> {
  let record: ItivaRecord | null = null
  // Of the record so far, so that a record of many lines is not looked through again with each of them.
  let begins = false
  let delimiters = 0
  let isWhole = false
  for await (const { line, text } of physicalLines(bytes)) {
    if (text.trim() === '') continue // between records, and within a title nothing is lost by it
    const beginsHere = BEGINS.test(text)
    const goesOn: boolean = record !== null && !beginsHere && begins && !isWhole
    if (goesOn && record!.text.length + text.length < LONGEST) record!.text += ` ${text}`
    else {
      if (record !== null) yield record
      record = { line, text }
      begins = beginsHere
      delimiters = 0
    }
    delimiters += text.split('","').length - 1
    isWhole = text.trimEnd().endsWith('"') && delimiters >= COLUMNS - 1
  }
  if (record !== null) yield record
}

async function* physicalLines(bytes: AsyncIterable<Buffer>): AsyncGenerator<ItivaRecord> {
  let waiting: Buffer = Buffer.alloc(0)
  let line = 0
  for await (const chunk of bytes) {
    let rest = waiting.length === 0 ? chunk : Buffer.concat([waiting, chunk])
    for (let end = rest.indexOf(10); end !== -1; end = rest.indexOf(10)) {
      yield { line: ++line, text: decode(rest.subarray(0, end), line) }
      rest = rest.subarray(end + 1)
    }
    if (rest.length > LONGEST)
      throw new Problem(
        'bad-input',
        `After line ${line} no line ends for ${LONGEST} bytes, so this is no file of notices. Nothing below that line was read.`,
      )
    waiting = rest
  }
  if (waiting.length > 0) yield { line: line + 1, text: decode(waiting, line + 1) }
}

/** Older library systems write Latin-1; only the name of a place is read of what is not plain ASCII. */
function decode(raw: Buffer, line: number): string {
  const text = isUtf8(raw) ? raw.toString() : raw.toString('latin1')
  return (line === 1 ? text.replace(/^\uFEFF/, '') : text).replace(/\r$/, '')
}
