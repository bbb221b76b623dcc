// A QR code as a drawing: dark squares on white with the quiet border that cameras need (four modules, ISO 18004).
import { encode } from 'uqr'
import type { Place, Sheet } from './sheet.ts'
import { INKS } from './type.ts'

const BORDER = 4

/** True = dark, without the border. A quarter of it may be hidden or dirty and it is still read. */
export const qrMatrix = (text: string): boolean[][] => encode(text, { ecc: 'Q', border: 0 }).data

/** Draws it as large as `at.width`, border included; `alt` is for those who do not see it. */
export function drawQr(sheet: Sheet, text: string, at: Place, alt: string): void {
  const matrix = qrMatrix(text)
  const module = at.width / (matrix.length + 2 * BORDER)
  sheet.figure(alt, { ...at, height: at.width }, (pen) => {
    for (const [row, cells] of matrix.entries())
      for (const [column, dark] of cells.entries()) {
        if (!dark) continue
        // A hair larger, or printers leave white seams between neighbours.
        pen.rect(at.x + (column + BORDER) * module, at.y + (row + BORDER) * module, module * 1.02, module * 1.02)
      }
    pen.fill(INKS.ink)
  })
}
