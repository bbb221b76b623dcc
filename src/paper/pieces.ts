// The pieces that documents of more than one page are made of: a section with its title, facts in two columns, a
// quotation, a list. They flow, and keep a title with what follows it.
import type { Sheet } from './sheet.ts'
import { INKS, STYLES } from './type.ts'

const LABEL = 128
const GAP = 12

/** `keep`: what has to fit below the title, or both go to the next page. */
export function section(sheet: Sheet, title: string, work: () => void, keep = 40): void {
  sheet.skip(13)
  sheet.need(24 + keep)
  sheet.group('Sect', () => {
    sheet.say('H2', title, STYLES.section)
    sheet.skip(4)
    work()
  })
}

/** The title of a part of a section, with room for `keep` below it. */
export function part(sheet: Sheet, title: string, keep = 70): void {
  sheet.skip(6)
  sheet.need(keep)
  sheet.say('H3', title, STYLES.part)
  sheet.skip(3)
}

/** A table of two columns: what it is, and what it says. */
export function facts(sheet: Sheet, rows: readonly (readonly [string, string])[], wide = LABEL): void {
  if (rows.length === 0) return
  sheet.group('Table', () => {
    for (const [label, said] of rows) {
      const width = sheet.measure - wide - GAP
      const style = SEAL.test(said) ? STYLES.seal : STYLES.body
      const height = Math.max(sheet.heightOf(label, STYLES.body, wide), sheet.heightOf(said, style, width))
      sheet.need(height + 5)
      const y = sheet.y + 2.2
      hairline(sheet, sheet.y)
      sheet.group('TR', () => {
        sheet.say('TH', label, { ...STYLES.body, ink: 'quiet' }, { at: { x: sheet.margin, y, width: wide } })
        sheet.say('TD', said, style, { at: { x: sheet.margin + wide + GAP, y, width } })
      })
      sheet.y = y + height + 2.2
    }
    hairline(sheet, sheet.y)
  })
  sheet.skip(4)
}

/** The room that a quotation asks for; a long one may run over the page. */
export const roomFor = (sheet: Sheet, said: string): number =>
  Math.min(sheet.heightOf(said, STYLES.quote, sheet.measure - 16), 200)

/** Exact words of somebody else's eye: set apart, with a line along them. */
export function quotation(sheet: Sheet, said: string): void {
  sheet.need(roomFor(sheet, said))
  const [top, page] = [sheet.y, sheet.page]
  sheet.say('BlockQuote', said, STYLES.quote, { indent: 16 })
  const bottom = sheet.y
  // One that runs over the page goes without.
  if (sheet.page === page)
    sheet.decorate((pen) =>
      pen
        .moveTo(sheet.margin + 1, top + 2)
        .lineTo(sheet.margin + 1, bottom - 2)
        .lineWidth(1.6)
        .strokeColor(INKS.accent)
        .stroke(),
    )
  sheet.skip(4)
}

export function bullets(sheet: Sheet, items: readonly string[]): void {
  sheet.group('L', () => {
    for (const item of items)
      sheet.group('LI', () => {
        sheet.need(sheet.heightOf(item, STYLES.body, sheet.measure - 14))
        sheet.say('Lbl', '•', STYLES.body, { at: { x: sheet.margin, y: sheet.y, width: 10 } })
        sheet.say('LBody', item, STYLES.body, { indent: 14 })
        sheet.skip(2)
      })
  })
  sheet.skip(4)
}

export const paragraph = (sheet: Sheet, said: string): void => {
  sheet.say('P', said, STYLES.body)
  sheet.skip(6)
}

const hairline = (sheet: Sheet, y: number) =>
  sheet.decorate((pen) =>
    pen
      .moveTo(sheet.margin, y)
      .lineTo(sheet.width - sheet.margin, y)
      .lineWidth(0.5)
      .strokeColor(INKS.line)
      .stroke(),
  )

const SEAL = /^([0-9a-f]{8} ){7}[0-9a-f]{8}$/

/** 64 digits in groups of eight, for an eye that compares. */
export const grouped = (digits: string): string => digits.replace(/(.{8})(?=.)/g, '$1 ')
