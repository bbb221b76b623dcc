// The typesetting layer under every document that we print: text that is real, selectable and tagged, set at a place or
// in the flow, and drawings that are decoration and say so (PDF/UA). It knows pages and type and nothing of libraries.
import PDFDocument from 'pdfkit'
import { FACES, type Face, faceBytes, INKS, NO_GLYPH, type Style } from './type.ts'

/** What a piece of text is to somebody who hears the page. */
export type Role = 'H1' | 'H2' | 'H3' | 'P' | 'BlockQuote' | 'Lbl' | 'LBody' | 'TH' | 'TD' | 'Caption'
type GroupRole = 'Sect' | 'Div' | 'L' | 'LI' | 'Table' | 'TR'

export interface Place {
  x: number
  y: number
  width: number
}

export type PaperSize = 'letter' | 'a4'

export interface SheetOptions {
  title: string
  /** BCP 47; of the whole document. */
  language: string
  size: PaperSize
  /** Stands in the file as the time it was made, so that the same facts give the same bytes. */
  made: Date
  margin?: number
}

export interface Sheet {
  readonly width: number
  readonly height: number
  readonly margin: number
  /** Of the text between the margins. */
  readonly measure: number
  /** Where the flow goes on, from the top of the page. */
  y: number
  /** Counts from 1. */
  readonly page: number
  /** Whether a sign was asked for that the type does not have: the printed words are not all of them. */
  readonly incomplete: boolean
  /** Sets text at the place, or in the flow and moves it on. Returns where the text ends. */
  say(role: Role, said: string, style: Style, options?: { at?: Place; language?: string; indent?: number }): number
  heightOf(said: string, style: Style, width?: number): number
  group(role: GroupRole, work: () => void): void
  /** A drawing that means something; `alt` is what it says to those who do not see it. */
  figure(alt: string, at: Place & { height: number }, draw: (pen: PDFKit.PDFDocument) => void): void
  /** A drawing that means nothing: rules, cut lines, washes. */
  decorate(draw: (pen: PDFKit.PDFDocument) => void): void
  skip(points: number): void
  /** A new page when so much does not fit on this one any more. */
  need(height: number): void
  newPage(): void
  /** Ends the document; `foot` is set under every page. */
  finish(foot?: (page: number, pages: number) => string): Promise<Buffer>
}

interface FontInUse {
  _font: { font: { hasGlyphForCodePoint(code: number): boolean } }
}

const SIZES = { letter: 'LETTER', a4: 'A4' } as const

export function openSheet(options: SheetOptions): Sheet {
  const margin = options.margin ?? 64
  const doc = new PDFDocument({
    size: SIZES[options.size],
    margins: { top: margin, bottom: margin, left: margin, right: margin },
    bufferPages: true,
    tagged: true,
    subset: 'PDF/UA' as PDFKit.Mixins.PDFSubsets, // its types do not know it yet
    pdfVersion: '1.7',
    lang: options.language,
    displayTitle: true,
    info: { Title: options.title, CreationDate: options.made, ModDate: options.made, Producer: 'Gentle Reader' },
    font: null as unknown as string, // none of the standard fonts: they are not embedded
  })
  const bytes: Buffer[] = []
  doc.on('data', (chunk: Buffer) => bytes.push(chunk))
  const ended = new Promise<Buffer>((resolve, reject) => {
    doc.on('end', () => resolve(Buffer.concat(bytes)))
    doc.on('error', reject)
  })
  for (const face of FACES) doc.registerFont(face, faceBytes(face))

  let parent = doc.struct('Document')
  doc.addStructure(parent)
  const within = (role: string, work: () => void) => {
    const outer = parent
    parent = doc.struct(role as 'Sect')
    outer.add(parent)
    work()
    parent.end()
    parent = outer
  }
  let incomplete = false
  /** The text as a face can set it: composed, without control characters, and a block for each sign it does not have. */
  const settable = (said: string, face: Face): string => {
    doc.font(face)
    const has = (sign: string) => (doc as unknown as FontInUse)._font.font.hasGlyphForCodePoint(sign.codePointAt(0)!)
    return [...said.normalize('NFC').replace(/[^\n\P{Cc}]|\p{Bidi_Control}/gu, '')]
      .map((sign) => {
        if (sign === '\n' || has(sign)) return sign
        incomplete = true
        return NO_GLYPH
      })
      .join('')
  }
  const ink = (style: Style) => {
    doc
      .font(style.face)
      .fontSize(style.size)
      .fillColor(INKS[style.ink ?? 'ink'])
  }
  const setting = (style: Style, width: number) => {
    ink(style)
    return {
      width,
      align: style.align ?? 'left',
      lineGap: style.size * (style.leading ?? 1.3) - doc.currentLineHeight(false),
      characterSpacing: style.spacing ?? 0,
    } as const
  }
  const artifact = (draw: () => void) => {
    doc.markContent('Artifact', { type: 'Layout' })
    draw()
    doc.endMarkedContent()
  }

  const sheet: Sheet = {
    width: doc.page.width,
    height: doc.page.height,
    margin,
    measure: doc.page.width - 2 * margin,
    y: margin,
    get page() {
      return doc.bufferedPageRange().count
    },
    get incomplete() {
      return incomplete
    },
    say(role, said, style, { at, language, indent = 0 } = {}) {
      const place = at ?? { x: margin + indent, y: sheet.y, width: sheet.measure - indent }
      const text = settable(said, style.face)
      const element = doc.struct(role as 'P', language === undefined ? {} : { lang: language }, () => {
        const { bottom } = doc.page.margins
        if (at !== undefined) doc.page.margins.bottom = 0 // what has its place never asks for a new page
        doc.text(text, place.x, place.y, setting(style, place.width))
        if (at !== undefined) doc.page.margins.bottom = bottom
      })
      parent.add(element)
      element.end()
      if (at === undefined) sheet.y = doc.y
      return doc.y
    },
    heightOf: (said, style, width = sheet.measure) =>
      doc.heightOfString(settable(said, style.face), setting(style, width)),
    group: (role, work) => within(role, work),
    figure(alt, { x, y, width, height }, draw) {
      const element = doc.struct('Figure', { alt, bbox: [x, y, x + width, y + height] } as object, () => draw(doc))
      parent.add(element)
      element.end()
    },
    decorate: (draw) => artifact(() => draw(doc)),
    skip(points) {
      sheet.y += points
    },
    need(height) {
      if (sheet.y + height > sheet.height - margin) sheet.newPage()
    },
    newPage() {
      doc.addPage()
      sheet.y = margin
    },
    async finish(foot) {
      const { count } = doc.bufferedPageRange()
      for (let page = 0; foot && page < count; page++) {
        doc.switchToPage(page)
        const style: Style = { face: 'sans', size: 8, ink: 'quiet' }
        // Below the margin, where text would otherwise ask for a new page.
        doc.page.margins.bottom = 0
        artifact(() =>
          doc.text(
            settable(foot(page + 1, count), 'sans'),
            margin,
            sheet.height - margin * 0.6,
            setting(style, sheet.measure),
          ),
        )
      }
      parent.end()
      doc.end()
      return ended
    },
  }
  return sheet
}
