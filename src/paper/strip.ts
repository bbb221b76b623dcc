// The strip for the card application and the renewal form: what is asked, word for word, with empty boxes, as many to a
// page as fit, and cut lines between them. Whoever enters a strip finds on it which words the person saw.
import { Problem } from '../lib/errors.ts'
import { asksForTexts, type Offer } from '../signups/offer.ts'
import { languages, wordsOf } from '../words/languages.ts'
import { type KitBasis, paperWords, shortWordingId } from './kit-words.ts'
import { openSheet, type Place, type Sheet } from './sheet.ts'
import { INKS, type Style } from './type.ts'

const LINES = {
  title: { face: 'serif', size: 17, leading: 1.2 },
  sender: { face: 'strong', size: 8.5, ink: 'quiet', spacing: 0.4 },
  intro: { face: 'sans', size: 9.5, ink: 'quiet', leading: 1.35 },
  offer: { face: 'strong', size: 9.5, leading: 1.3 },
  wording: { face: 'serif', size: 10, leading: 1.34 },
  box: { face: 'strong', size: 10.5, leading: 1.3 },
  field: { face: 'sans', size: 8.5, ink: 'quiet', leading: 1.3 },
  tiny: { face: 'sans', size: 7.5, ink: 'quiet', leading: 1.35 },
} as const satisfies Record<string, Style>

const WORDING_SIZES = [10, 9.6, 9.2, 8.8, 8.5]
const MARGIN = 42
const PAD = 15
const YES = 54 // the width of a box with its word
const NO = 88
const FIELD = 31
const GAP = 22

export async function makeStrips(basis: KitBasis): Promise<Buffer> {
  const { library, language, size, made } = basis
  const words = paperWords(basis).strip
  const sheet = openSheet({ title: `${words.title} – ${library.name}`, language, size, made, margin: 0 })
  const tries = WORDING_SIZES.map((wording) => {
    const height = drawStrip(measuring(sheet), basis, { top: 0, wording }) + 2 * PAD
    return { wording, height, fit: Math.min(4, Math.floor(sheet.height / height)) }
  })
  // Two to a page or more, if the words can be read at that size; else one, as large as it may be.
  const { wording, height, fit } = tries.find((one) => one.fit > 1) ?? tries.find((one) => one.fit === 1) ?? tries[0]!
  if (fit === 0)
    throw new Problem(
      'bad-input',
      `${basis.page.offers.length} questions do not fit on one page. Ask fewer at once: a form that long is not read.`,
    )
  const each = sheet.height / fit
  for (let i = 0; i < fit; i++) {
    sheet.group('Sect', () => drawStrip(sheet, basis, { top: i * each + (each - height) / 2 + PAD, wording }))
    if (i > 0) cutLine(sheet, i * each, words.cut)
  }
  return sheet.finish()
}

/** Draws a strip from `top` and returns how high it is. */
function drawStrip(sheet: Sheet, basis: KitBasis, { top, wording }: { top: number; wording: number }): number {
  const words = paperWords(basis).strip
  const { library } = basis
  const x = MARGIN
  const width = sheet.width - 2 * MARGIN
  let y = sheet.say('P', library.name, LINES.sender, { at: { x, y: top, width } })
  y = sheet.say('H1', words.title, LINES.title, { at: { x, y: y + 2, width } })
  y = sheet.say('P', words.intro, LINES.intro, { at: { x, y: y + 2, width } }) + 9

  for (const offer of basis.page.offers) y = drawOffer(sheet, basis, offer, { x, y, width, wording })
  rule(sheet, x, y, width)
  y += 6

  const fields = (labels: readonly string[]) => {
    const each = (width - GAP * (labels.length - 1)) / labels.length
    for (const [i, label] of labels.entries())
      if (label !== '') field(sheet, label, { x: x + i * (each + GAP), y, width: each })
    y += FIELD
  }
  fields([words.name, words.email])
  fields([words.card, asksForTexts(basis.page) ? words.phoneForTexts : words.phone])
  y = sheet.say('P', `☐  ${words.ratherNot}`, LINES.field, { at: { x, y: y + 8, width } }) - 2
  const tongues = languages.map((language) => `☐  ${wordsOf[language].pages.ownName}`).join('    ')
  sheet.say('P', words.language, LINES.tiny, { at: { x, y: y + FIELD - 6, width: width / 3 } })
  sheet.say('P', tongues, LINES.field, { at: { x, y: y + FIELD - 19, width: width / 3 } })
  fields(['', words.date, words.staff])
  const ids = basis.page.offers.map((offer) => shortWordingId(offer, basis.language)).join('  ')
  sheet.say('P', ids, { ...LINES.tiny, align: 'right' }, { at: { x: x + width - 130, y: y + 6, width: 130 } })
  y = sheet.say(
    'P',
    [words.after, words.young, basis.page.publicRecords ? wordsOf[basis.language].join.publicRecords : '']
      .join(' ')
      .trim(),
    LINES.tiny,
    { at: { x, y: y + 6, width: width - 150 } },
  )
  return y - top
}

/** One question with its two boxes. Returns where it ends. */
function drawOffer(
  sheet: Sheet,
  basis: KitBasis,
  offer: Offer,
  { x, y, width, wording }: Place & { wording: number },
): number {
  const words = paperWords(basis).strip
  const { title, says } = offer.words[basis.language]
  let end = y
  sheet.group('Sect', () => {
    rule(sheet, x, y, width)
    const right = x + width
    const asked = sheet.say('H2', title, LINES.offer, { at: { x, y: y + 6, width: width - YES - NO - 10 } })
    end = sheet.say('P', says, { ...LINES.wording, size: wording }, { at: { x, y: asked + 2, width } })
    if (offer.topics.length > 0) {
      const kinds = offer.topics.map(({ labels }) => `☐ ${labels[basis.language]}`).join('   ')
      end = sheet.say('P', `${wordsOf[basis.language].join.kinds}:   ${kinds}`, LINES.field, {
        at: { x, y: end + 2, width },
      })
    }
    // After the words, for those who hear the page.
    sheet.say('P', `☐  ${words.yes}`, LINES.box, { at: { x: right - YES - NO, y: y + 5, width: YES } })
    sheet.say('P', `☐  ${words.no}`, LINES.box, { at: { x: right - NO, y: y + 5, width: NO } })
  })
  return end + 7
}

/** A label with a line to write on above it, in the way of forms that are filled in by hand. */
function field(sheet: Sheet, label: string, { x, y, width }: Place): void {
  rule(sheet, x, y + FIELD - 8, width, INKS.quiet)
  sheet.say('P', label, LINES.tiny, { at: { x, y: y + FIELD - 6, width } })
}

const rule = (sheet: Sheet, x: number, y: number, width: number, ink: string = INKS.line) =>
  sheet.decorate((pen) =>
    pen
      .moveTo(x, y)
      .lineTo(x + width, y)
      .lineWidth(0.6)
      .strokeColor(ink)
      .stroke(),
  )

function cutLine(sheet: Sheet, y: number, said: string): void {
  sheet.decorate((pen) => {
    pen
      .moveTo(0, y)
      .lineTo(sheet.width, y)
      .lineWidth(0.5)
      .dash(4, { space: 4 })
      .strokeColor(INKS.quiet)
      .stroke()
      .undash()
    pen
      .font('sans')
      .fontSize(6.5)
      .fillColor(INKS.quiet)
      .text(said, 12, y + 2, { lineBreak: false })
  })
}

/** The same sheet with a pen that leaves nothing. */
const measuring = (sheet: Sheet): Sheet => ({
  ...sheet,
  say: (_role, said, style, options) => (options?.at?.y ?? 0) + sheet.heightOf(said, style, options?.at?.width),
  group: (_role, work) => work(),
  decorate: () => {},
})
