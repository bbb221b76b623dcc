// The poster: one question, one code that opens the join page, and what we promise. To be read from three steps away.
import { type KitBasis, paperWords } from './kit-words.ts'
import { drawQr } from './qr.ts'
import { openSheet, type Sheet } from './sheet.ts'
import { INKS, type Style } from './type.ts'

const centred = (style: Style): Style => ({ ...style, align: 'center' })
const TITLE_LEADING = 1.16
const LINES = {
  sender: centred({ face: 'strong', size: 15, ink: 'accent', spacing: 0.4 }),
  title: centred({ face: 'serif', size: 45, leading: TITLE_LEADING }),
  said: centred({ face: 'sans', size: 18, leading: 1.4 }),
  scan: centred({ face: 'strong', size: 15 }),
  small: centred({ face: 'sans', size: 13, ink: 'quiet', leading: 1.4 }),
  address: centred({ face: 'strong', size: 17, ink: 'accent' }),
  foot: centred({ face: 'sans', size: 10.5, ink: 'quiet', leading: 1.45 }),
} satisfies Record<string, Style>

const CODE = 232
const SMALLEST_CODE = 130

export async function makePoster(basis: KitBasis, joinUrl: string): Promise<Buffer> {
  const words = paperWords(basis).poster
  const { library, language, size, made } = basis
  const sheet = openSheet({ title: `${words.title} – ${library.name}`, language, size, made, margin: 40 })
  const middle = { width: sheet.width - 124 }

  const line = (role: 'H1' | 'P', said: string, style: Style, y: number) => {
    const width = balancedWidth(sheet, said, style, middle.width)
    return sheet.say(role, said, style, { at: { x: (sheet.width - width) / 2, y, width } })
  }
  let y = line('P', library.name, LINES.sender, 64)
  shortRule(sheet, y + 16)
  y = line('H1', words.title, titleThatFits(sheet, words.title, middle.width), y + 46) + 22
  for (const said of words.said) y = line('P', said, LINES.said, y)

  // The code and its words hang from the bottom, so that a long name or question above only takes from the white.
  const foot = sheet.height - 52 - sheet.heightOf(words.foot, LINES.foot, middle.width)
  const shown = joinUrl.replace(/^https?:\/\//, '')
  const under = foot - 34 - sheet.heightOf(words.desk, LINES.small, middle.width)
  const address = under - 14 - sheet.heightOf(shown, LINES.address, middle.width)
  const type = address - 2 - sheet.heightOf(words.type, LINES.small, middle.width)
  const above = sheet.heightOf(words.scan, LINES.scan, middle.width) - 10
  const side = Math.max(SMALLEST_CODE, Math.min(CODE, type + 6 - above - (y + 20)))
  const code = type + 6 - side
  const scan = code - above
  line('P', words.scan, LINES.scan, scan)
  drawQr(sheet, joinUrl, { x: (sheet.width - side) / 2, y: code, width: side }, words.picture(joinUrl))
  line('P', words.type, LINES.small, type)
  line('P', shown, LINES.address, address)
  line('P', words.desk, LINES.small, under)
  line('P', words.foot, LINES.foot, foot)
  return sheet.finish()
}

const shortRule = (sheet: Sheet, y: number) =>
  sheet.decorate((pen) =>
    pen
      .moveTo(sheet.width / 2 - 22, y)
      .lineTo(sheet.width / 2 + 22, y)
      .lineWidth(1.4)
      .strokeColor(INKS.accent)
      .stroke(),
  )

/** As large as two lines allow, if they are large enough then; else three, and smaller for a very long one. */
function titleThatFits(sheet: Sheet, title: string, width: number): Style {
  for (const [lines, smallest] of [
    [2, 38],
    [3, 24],
  ] as const)
    for (let { size } = LINES.title; size >= smallest; size--) {
      const style = { ...LINES.title, size }
      if (sheet.heightOf(title, style, width) < (lines + 0.5) * size * TITLE_LEADING) return style
    }
  return { ...LINES.title, size: 24 }
}

/** The narrowest width at which the text has no more lines than in the whole one: no single word on the last line. */
function balancedWidth(sheet: Sheet, said: string, style: Style, width: number): number {
  const height = sheet.heightOf(said, style, width)
  let [narrow, wide] = [width / 3, width]
  while (wide - narrow > 2) {
    const between = (narrow + wide) / 2
    if (sheet.heightOf(said, style, between) > height) narrow = between
    else wide = between
  }
  return wide
}
