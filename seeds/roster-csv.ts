// Writes generated lines as a patron file (CSV, quoted only where needed), in pieces large enough that a million lines
// cost seconds and small enough that memory stays flat.
import { type GeneratedPatron, rosterColumns } from './roster-columns.ts'

const PIECE = 256 * 1024

export const rosterHeader = `${rosterColumns.join(',')}\n`

export async function* rosterCsv(rows: Iterable<GeneratedPatron>): AsyncGenerator<string> {
  let piece = rosterHeader
  for (const row of rows) {
    piece += rosterLine(row)
    if (piece.length >= PIECE) {
      yield piece
      piece = ''
    }
  }
  if (piece !== '') yield piece
}

export function rosterLine(row: GeneratedPatron): string {
  let line = field(row.patron_id)
  for (let place = 1; place < rosterColumns.length; place++) line += `,${field(row[rosterColumns[place]!])}`
  return `${line}\n`
}

const field = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
